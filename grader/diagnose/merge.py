"""Several edits of one line put together, where each changes other words of it."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from grader.errors import CourseError

Change = tuple[str, str]  # text that stands exactly once in the function, and what stands there instead
Hunk = tuple[int, int, tuple[str, ...]]  # from one word of the text to another, and the words instead


class Edit(Protocol):
    """Changes to one place, "birnn_forward" or "BiRNN.forward"; `name` is what errors call it."""

    @property
    def name(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def changes(self) -> tuple[Change, ...]: ...


@dataclass(frozen=True)
class Joined:
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
    found: list[Edit] = []
    for edit in edits:
        changes = []
        for old, new in edit.changes:
            several = changing[edit.place.split(".")[0], old]
            if len(several) == 1:
                changes.append((old, new))
            elif several[0] is edit:
                changes.append((old, _together(old, several)))
        found.append(Joined(edit.name, edit.place, tuple(changes)))
    return found


def _together(old: str, edits: Sequence[Edit]) -> str:
    """A text as all of these edits change it."""
    together = joined(old, tuple(new for edit in edits for was, new in edit.changes if was == old))
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
    words = _words(old)
    hunks = sorted({hunk for new in news for hunk in _hunks(words, _words(new))})
    for (_, end, _), (start, other_end, _) in itertools.pairwise(hunks):
        if start < end or (start == end == other_end):
            return None
    for start, end, instead in reversed(hunks):
        words[start:end] = instead
    return "".join(words)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _hunks(old: list[str], new: list[str]) -> list[Hunk]:
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(a, b, tuple(new[c:d])) for what, a, b, c, d in codes if what != "equal"]
