"""The places of a statement that edits change, as parts of its syntax tree: statements in a row, or what a header asks.

Each stands by itself: what an edit puts there is read without what stands around it.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.diagnose.changes import Replaced, edited, replaced
from grader.diagnose.merge import Edit, JoinedEdit
from grader.errors import CourseError

Version = list[ast.stmt] | ast.expr  # statements instead of those of a site, or what a header asks instead


@dataclass(frozen=True, order=True)
class Site:
    """Whole lines (from the first one, 1, to before `end`): statements in a row, or the header of a loop or an `if`."""

    first: int
    end: int
    is_header: bool = False

    def touches(self, other: Site) -> bool:
        """Whether two share a line."""
        return self.first < other.end and other.first < self.end

    def is_around(self, other: Site) -> bool:
        """Whether all lines of another one are in it."""
        return self.first <= other.first and other.end <= self.end


def versions(text: str, tree: ast.Module, edit: Edit) -> dict[Site, tuple[str, Version]]:
    """What an edit makes of each site that it changes, as text and as tree; none where it is more than that."""
    try:
        changes = sorted(replaced(text, edit))
        if _with(text, 0, changes) != edited(text, [edit]):
            return {}
    except (CourseError, SyntaxError):
        return {}
    starts = line_starts(text)
    by_site: dict[Site, list[Replaced]] = {}
    for change in changes:
        site = _site(tree.body, _line(starts, change[0]), _line(starts, max(change[0], change[1] - 1)), False)
        if site is None:
            return {}
        by_site.setdefault(site, []).append(change)
    by_place, widened = {}, set[Site]()
    for site, those in by_site.items():
        version = _read(text, starts, tree, site, those)
        if version is None and site.is_header:
            site = _whole_statement(tree, site)
            widened.add(site)
            those = [change for change in changes if site.first <= _line(starts, change[0]) < site.end]
            version = _read(text, starts, tree, site, those)
        if version is None:
            return {}
        by_place[site] = version
    # What stands in the block of a header that was no site by itself was read with it.
    sites = sorted(
        site for site in by_place if not any(header.is_around(site) for header in widened - {site})
    )
    if any(site.touches(other) for site, other in itertools.pairwise(sites)):
        return {}
    return {site: by_place[site] for site in sites}


def _read(
    text: str, starts: Sequence[int], tree: ast.Module, site: Site, changes: Sequence[Replaced]
) -> tuple[str, Version] | None:
    """The lines of a site with changes, and what they say; None where that is no Python by itself."""
    begin, end = starts[site.first - 1], starts[site.end - 1]
    new = _with(text[begin:end], begin, changes)
    version = read(new, tree, site)
    return None if version is None else (new, version)


def read(text: str, tree: ast.Module, site: Site) -> Version | None:
    """What a text says in place of a site's lines; None where it is no Python by itself."""
    try:
        return _header(text, _statement_with(tree, site)) if site.is_header else _statements(text)
    except SyntaxError:
        return None


def _statements(new: str) -> list[ast.stmt] | None:
    tree = ast.parse("if 1:\n" + new)
    (block,) = tree.body if len(tree.body) == 1 else (None,)
    return block.body if isinstance(block, ast.If) and not block.orelse else None


def _header(new: str, old: ast.stmt | None) -> ast.expr | None:
    """What a header asks or goes over; None where anything else of it is changed."""
    tree = ast.parse(new.strip().removeprefix("el") + "\n pass")
    (node,) = tree.body if len(tree.body) == 1 else (None,)
    if isinstance(node, ast.For) and isinstance(old, ast.For):
        return node.iter if ast.dump(node.target) == ast.dump(old.target) else None
    if isinstance(node, (ast.If, ast.While)) and type(node) is type(old):
        return node.test
    return None


def condition(node: ast.AST) -> ast.expr | None:
    """What the header of a loop or an `if` asks, or goes over."""
    if isinstance(node, (ast.If, ast.While)):
        return node.test
    return node.iter if isinstance(node, ast.For) else None


def header(node: ast.stmt) -> Site | None:
    """The lines of the header of a loop or an `if`, where nothing else stands in them."""
    expression = condition(node)
    end = expression.end_lineno if expression is not None else None
    body: list[ast.stmt] = getattr(node, "body", [])
    return None if end is None or body[0].lineno <= end else Site(node.lineno, end + 1, True)


def _statement_with(tree: ast.AST, site: Site) -> ast.stmt | None:
    return next(
        (node for node in ast.walk(tree) if isinstance(node, ast.stmt) and header(node) == site), None
    )


def _whole_statement(tree: ast.AST, site: Site) -> Site:
    """The statement that has a header."""
    node = _statement_with(tree, site)
    assert node is not None
    return Site(node.lineno, (node.end_lineno or node.lineno) + 1)


def _site(block: Sequence[ast.stmt], first: int, last: int, in_function: bool) -> Site | None:
    """The smallest site of a block that has these lines in it; only in functions."""
    inside = [node for node in block if first_line(node) <= last and (node.end_lineno or 0) >= first]
    if not inside:
        return None
    if len(inside) == 1:
        (node,) = inside
        is_function = isinstance(node, ast.FunctionDef)
        for part in blocks(node):
            if first_line(part[0]) <= first and last <= (part[-1].end_lineno or 0):
                return _site(
                    part, first, last, is_function or (in_function and not isinstance(node, ast.ClassDef))
                )
        head = header(node)
        if in_function and head is not None and head.first <= first and last < head.end:
            return head
    return Site(first_line(inside[0]), (inside[-1].end_lineno or 0) + 1) if in_function else None


def changes_at(text: str, site: Site, edit: Edit) -> JoinedEdit:
    """An edit with those of its changes alone that are in the lines of a site. Raises CourseError."""
    starts = line_starts(text)
    first, end = starts[site.first - 1], starts[site.end - 1]
    there = [
        change
        for change, (start, _, _) in zip(edit.changes, replaced(text, edit), strict=True)
        if first <= start < end
    ]
    return JoinedEdit(edit.name, edit.place, tuple(there))


def with_texts(text: str, instead: Mapping[Site, str]) -> str:
    """A text with others in place of the lines of some sites."""
    starts = line_starts(text)
    places = sorted((starts[site.first - 1], starts[site.end - 1], new) for site, new in instead.items())
    return _with(text, 0, places)


def stands_at(text: str, site: Site, changed: str, instead: Mapping[Site, str]) -> str | None:
    """What stands in the lines of a site in a changed text; None where not all else of that is the text as it was.

    `instead` is what stands at other sites.
    """
    starts = line_starts(text)
    begin, end = starts[site.first - 1], starts[site.end - 1]
    before = with_texts(text[:begin], {place: new for place, new in instead.items() if place < site})
    after = with_texts(text, {place: new for place, new in instead.items() if place > site})[end:]
    fits = changed.startswith(before) and changed.endswith(after) and len(before + after) <= len(changed)
    return changed[len(before) : len(changed) - len(after)] if fits else None


def blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The blocks of statements in a statement."""
    for name in ("body", "orelse", "finalbody"):
        part = getattr(node, name, None)
        if isinstance(part, list) and part:
            yield part


def first_line(node: ast.stmt) -> int:
    """The first line of a statement, that of its decorators."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _with(text: str, begin: int, changes: Sequence[Replaced]) -> str:
    """A text that begins at a place of another one, with the changes of that one's places."""
    parts, last = [], 0
    for start, end, new in changes:
        parts += [text[last : start - begin], new]
        last = end - begin
    return "".join([*parts, text[last:]])


def line_starts(text: str) -> list[int]:
    """Where each line of a text begins, and where the last one ends."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def _line(starts: Sequence[int], place: int) -> int:
    return next(number for number, start in enumerate(starts) if start > place)
