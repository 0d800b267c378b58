"""The likely cause of an exception: looks it up in the table of `causes`, and looks names up in the student's source.

Only whether an exception's text fits a row is used of it, and names in it that stand in the student's own source.
Where nothing fits, nothing is said.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from grader.records import Chunk
from grader.subject import operations as ops
from grader.suite.causes import CAUSES

MOST_SHAPES, MOST_AXES, LARGEST = 3, 4, 9999
MOST_SOURCE = 100_000  # characters of a source that are searched for names

#: Whether a word may be shown: it stands in the student's source, or is well known.
Known = Callable[[str], bool]

_ROWS = [
    (re.compile(row.kinds), re.compile(row.text, re.DOTALL), row)
    for row in CAUSES
]  # fmt: skip
_NOT_DEFINED = re.compile(r"name '(\w{1,60})' is not defined")
_NO_ATTRIBUTE = re.compile(r"'(\w{1,60})' object has no attribute '(\w{1,60})'")


def likely(raised: ops.Raised, line: str, chunks: Sequence[Chunk], known: Known) -> str:
    """What may be behind an exception: the shapes in its `line` where they help, and a sentence; or nothing."""
    text = raised.text[:300]
    for kinds, pattern, row in _ROWS:
        found = pattern.search(text) if kinds.fullmatch(raised.kind) else None
        if found is None:
            continue
        names = {key: value for key, value in found.groupdict().items() if value}
        if all(known(word) for value in names.values() for word in re.findall(r"\w+", value)):
            there = _shapes(raised, line) if row.sizes else ""
            return " ".join(filter(None, [there, row.says.format(**names)]))
    if raised.kind == "NameError" and (found := _NOT_DEFINED.fullmatch(text)):
        return _misspelled(found[1], chunks)
    if raised.kind == "AttributeError" and (found := _NO_ATTRIBUTE.fullmatch(text)):
        return _not_stored(found[1], found[2], chunks)
    return ""


def _shapes(raised: ops.Raised, line: str) -> str:
    """The shapes of the arrays in the failing line, as far as their names stand there and their sizes are small."""
    shown = [
        f"{name} ({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
        for name, shape in raised.shapes
        if len(shape) <= MOST_AXES
        and all(size <= LARGEST for size in shape)
        and re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", line)
    ]
    return f"Shapes there: {', '.join(shown[:MOST_SHAPES])}." if shown else ""


def _misspelled(name: str, chunks: Sequence[Chunk]) -> str:
    """A name that nothing defines: a method's weight without self, a typing slip, or nothing to say."""
    names, attributes = _defined(tuple(chunk.source for chunk in chunks))
    if name in attributes:
        return f"There is `self.{name}`: is `self.` missing here?"
    near = difflib.get_close_matches(name, _alike(names, name), n=1, cutoff=0.6)
    return f"Is `{near[0]}` meant?" if near else "Where should it get its value?"


def _alike(names: Iterable[str], name: str) -> list[str]:
    """A bounded number of names that a slip might have meant, in order."""
    return sorted(other for other in names if other != name and abs(len(other) - len(name)) < 4)[:500]


def _not_stored(owner: str, name: str, chunks: Sequence[Chunk]) -> str:
    """An attribute that an object of the student's own class does not have."""
    sources = tuple(chunk.source for chunk in chunks)
    if not any(re.search(rf"\bclass {re.escape(owner)}\b", source) for source in sources):
        return ""
    _, attributes = _defined(sources)
    if name in attributes:
        return f"Is `self.{name}` set before this line, and in `__init__`?"
    near = difflib.get_close_matches(name, _alike(attributes, name), n=1, cutoff=0.6)
    return f"Is `self.{near[0]}` meant?" if near else "Nothing in the class sets it: should `__init__` do so?"


@lru_cache(maxsize=8)
def _defined(sources: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Names that a source gives values to (or takes as arguments, or imports), and attributes that it sets on self."""
    names: set[str] = set()
    attributes: set[str] = set()
    for source in (source[:MOST_SOURCE] for source in sources):
        attributes.update(re.findall(r"\bself\.(\w+)[ \t]*(?::[^=\n]{0,60})?=(?!=)", source))
        names.update(re.findall(r"(?<![\w.])([^\W\d]\w*)[ \t]*=(?!=)", source))
        for found in re.findall(r"\bdef (\w+)\(([^)]*)", source):
            names.update({found[0], *re.findall(r"[^\W\d]\w*", found[1])})
        for found in re.findall(r"\b(?:import|as|for|class)[ \t]+([\w, \t]+)", source):
            names.update(re.findall(r"[^\W\d]\w*", found))
        for found in re.findall(r"^[ \t]*([^\W\d][\w, \t]*)=(?!=)", source, re.MULTILINE):
            names.update(re.findall(r"[^\W\d]\w*", found))
    names -= {"self", "in", "as"}
    return frozenset(names), frozenset(attributes)
