"""Several edits of one line put together, where each changes other words of it."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from grader.diagnose.substitution import composed
from grader.errors import CourseError

Change = tuple[str, str]  # text that stands exactly once in the function, and what stands there instead
Hunk = tuple[int, int, tuple[str, ...]]  # from one word of the text to another, and the words instead


class Edit(Protocol):
    """Changes to one place, "birnn_forward" or "BiRNN.forward"."""

    @property
    def name(self) -> str:
        """What errors call it."""

    @property
    def place(self) -> str:
        """The function or method that it changes, "BiRNN.forward"."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is replaced there, by what."""


@dataclass(frozen=True)
class JoinedEdit:
    """An edit whose changes were put together with those of others."""

    name: str
    place: str
    changes: tuple[Change, ...]


def merged(edits: Sequence[Edit]) -> list[Edit]:
    """The edits, where a text that several of them change is changed once, as all of them do.

    Raises CourseError when two change the same words.
    """
    changing: dict[tuple[str, str], list[Edit]] = {}
    for edit in edits:
        for old, _ in edit.changes:
            changing.setdefault((edit.place.split(".")[0], old), []).append(edit)
    if all(len(several) == 1 for several in changing.values()):
        return list(edits)
    results: list[Edit] = []
    for edit in edits:
        changes = []
        for old, new in edit.changes:
            several = changing[edit.place.split(".")[0], old]
            if len(several) == 1:
                changes.append((old, new))
            elif several[0] is edit:
                changes.append((old, _text_with_all(old, several)))
        results.append(JoinedEdit(edit.name, edit.place, tuple(changes)))
    return results


def _text_with_all(old: str, edits: Sequence[Edit]) -> str:
    """A text as all of these edits change it, the same in whatever order they come."""
    news = {new for edit in edits for was, new in edit.changes if was == old}
    together = joined(old, tuple(sorted(news)))
    if together is None:
        names = " and ".join(edit.name for edit in edits)
        raise CourseError(f"{names} change the same words of {old!r}.")
    return together


@lru_cache(maxsize=4096)
def joined(old: str, news: tuple[str, ...]) -> str | None:
    """A text with the differences to all of several texts; None when two of these touch the same words.

    >>> joined("h = tanh(a + b)", ("h = relu(a + b)", "h = tanh(a - b)"))
    'h = relu(a - b)'
    """
    # `return h, h` and `return h.T`: what stands twice is changed in both places, which words do not show.
    if old.startswith("return ") and (both := _nested_text(old, news)) is not None:
        return both
    words = _words(old)
    hunks = sorted({hunk for new in news for hunk in _hunks(words, _words(new))})
    for (_, end, _), (start, other_end, _) in itertools.pairwise(hunks):
        if start < end or (start == end == other_end):
            return _nested_text(old, news)
    for start, end, instead in reversed(hunks):
        words[start:end] = instead
    return "".join(words)


def _nested_text(old: str, news: Sequence[str]) -> str | None:
    """The texts put into each other, the last outermost; None where none of two has what the other changes.

    >>> _nested_text("h = tanh(a)", ("h = relu(a)", "h = tanh(a) + h0"))
    'h = relu(a) + h0'
    """
    inner = news[0]
    for outer in news[1:]:
        both = _put_in(old, inner, outer) or _put_in(old, outer, inner) or composed(old, inner, outer)
        if both is None:
            return None
        inner = both
    return inner


def _put_in(old: str, inner: str, outer: str) -> str | None:
    """`outer` with `inner` where the old text is a line of it; None where it is none."""
    if outer.count(old) == 1 and old in outer.split("\n") and (outer.startswith(old) or "\n" not in inner):
        return outer.replace(old, inner)
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _hunks(old: list[str], new: list[str]) -> list[Hunk]:
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [_earliest(old, a, b, new[c:d]) for tag, a, b, c, d in codes if tag != "equal"]


def _earliest(old: list[str], start: int, end: int, instead: list[str]) -> Hunk:
    """The same change with what is left out, or put in, as early as it can be: of `a + b + c` " + b", not "b + "."""
    while start and not instead and old[start - 1] == old[end - 1]:
        start, end = start - 1, end - 1
    while start == end and start and old[start - 1] == instead[-1]:
        start, end, instead = start - 1, end - 1, [instead[-1], *instead[:-1]]
    return start, end, tuple(instead)
