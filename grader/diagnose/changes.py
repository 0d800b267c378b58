"""Where in a statement's text a change stands, and what stands there instead."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from grader.diagnose.merge import Change, Edit
from grader.errors import CourseError

Extent = tuple[int, int]  # from one line to before another
Replaced = tuple[int, int, str]  # from one letter of a text to another, and the text instead

#: What may take the lines behind it in: a text of several lines, and a line that goes on in the next.
_GOES_ON = re.compile(r"\"{3}|'{3}|\\$", re.MULTILINE)


def edited(text: str, edits: Sequence[Edit]) -> str:
    """One statement's text after some edits. Raises CourseError for an edit that does not apply; SyntaxError."""
    extents: dict[str, Extent] = {}  # of the places that are known in the text as it is
    for edit in edits if len(edits) > 1 else ():
        with contextlib.suppress(CourseError):  # one before it may make its place
            extents[edit.place] = _lines(text, edit)
    for edit in edits:
        first, last = extents.get(edit.place) or _lines(text, edit)
        lines = text.splitlines(keepends=True)
        body = before = "".join(lines[first:last])
        stays = True
        for change in edit.changes:
            start, end, new = _replacement(body, edit, change)
            stays = stays and _stays_inside(body, start, new)
            body = body[:start] + new + body[end:]
        text = "".join([*lines[:first], body, *lines[last:]])
        extents = (
            _moved_extents(extents, (first, last), body.count("\n") - before.count("\n")) if stays else {}
        )
    return text


def _stays_inside(body: str, start: int, new: str) -> bool:
    """Whether what is put into a function's or class's body is sure to end no block around it."""
    header = body.index("\n") if "\n" in body else len(body)
    depth = len(body) - len(body.lstrip())
    lines = (body[body.rfind("\n", 0, start) + 1 : start] + new).split("\n")
    return (
        start > header
        and not _GOES_ON.search(new)
        and all(len(line) - len(line.lstrip()) > depth for line in lines if line.strip())
    )


def _moved_extents(extents: Mapping[str, Extent], changed: Extent, more: int) -> dict[str, Extent]:
    """Where places are after one of them has become so many lines longer; without those that are inside it."""
    moved = {}
    for place, (first, last) in extents.items():
        if first >= changed[1]:
            moved[place] = first + more, last + more
        elif last <= changed[0]:
            moved[place] = first, last
        elif first <= changed[0] and last >= changed[1]:
            moved[place] = first, last + more
    return moved


def replaced(text: str, edit: Edit) -> list[Replaced]:
    """What an edit changes in a text, each by itself. Raises CourseError where one does not stand there once."""
    first, last = _lines(text, edit)
    lines = text.splitlines(keepends=True)
    before = sum(map(len, lines[:first]))
    body = "".join(lines[first:last])
    places = (_replacement(body, edit, change) for change in edit.changes)
    return [(before + start, before + end, new) for start, end, new in places]


def _lines(text: str, edit: Edit) -> tuple[int, int]:
    try:
        return _place(text, edit.place)
    except LookupError:
        raise CourseError(f"{edit.name}: the reference has no {edit.place}.") from None


def _replacement(body: str, edit: Edit, change: Change) -> Replaced:
    old, new = change
    if body.count(old) != 1:
        raise CourseError(
            f"The edit of {edit.name} does not apply: {old!r} stands {body.count(old)} times"
            " in the reference, once was expected.",
            next_step="Change the edit in mistakes.py so that it fits the reference.",
        )
    start = body.index(old)
    indent = body[body.rfind("\n", 0, start) + 1 : start]
    if indent.strip():
        indent = indent[: len(indent) - len(indent.lstrip())]
    return start, start + len(old), ("\n" + indent).join((new or "pass").split("\n"))


@lru_cache(maxsize=1024)
def _place(text: str, place: str) -> tuple[int, int]:
    """The lines (first, last + 1) of the function or class of this dotted name. Raises LookupError, SyntaxError."""
    nodes: list[ast.stmt] = ast.parse(text).body
    node: ast.stmt | None = None
    for part in place.split("."):
        kinds = (ast.FunctionDef, ast.ClassDef)
        node = next((item for item in nodes if isinstance(item, kinds) and item.name == part), None)
        if node is None:
            raise LookupError(place)
        nodes = getattr(node, "body", [])
    assert node is not None
    return node.lineno - 1, node.end_lineno or node.lineno
