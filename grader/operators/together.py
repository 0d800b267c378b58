"""The same wrong edit in all statements that look alike: who misreads one of them misreads the others as well.

`a = x @ w` and `b = y @ u` look alike: they differ in names and numbers alone. So do the lines that make weights.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.operators.scope import is_self
from grader.operators.texts import Edit
from grader.operators.wrong import Site, Wrong

_MOST = 6  # statements of a kind
_SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return)
_VERBS = {
    "is": "are",
    "has": "have",
    "counts": "count",
    "works": "work",
    "loses": "lose",
    "belongs": "belong",
}
_NAMED = re.compile(r"`[^`]+`")
_LONGEST = 100  # characters of a title


def together(site: Site, several: Sequence[Wrong]) -> Iterator[Wrong]:
    """Of the edits of one maker those that are the same in statements that look alike, made at once."""
    places = _places(site)
    if not places:
        return
    groups: dict[tuple[object, ...], dict[int, Wrong]] = {}
    counts: dict[tuple[object, ...], int] = {}
    for wrong in several:
        number = _statement(site, places, wrong.edit)
        if number is None or wrong.drawn:
            continue
        shape = places[number][1]
        key = wrong.kind, shape, _becomes(site, places[number][0], wrong.edit)
        turn = counts.get((number, key), 0)  # of several that look the same: the first goes with the first
        counts[number, key] = turn + 1
        groups.setdefault((key, turn), {})[number] = wrong
        groups.setdefault((wrong.kind, shape, _changes(site, wrong.edit)), {}).setdefault(number, wrong)
    for group in groups.values():
        for some in _groups(site, places, sorted(group)):
            if _are_told_alike(members := [group[number] for number in some]):
                yield _joined_wrong(members)


def _changes(site: Site, edit: Edit) -> tuple[tuple[str, str], ...]:
    """Which texts become which others."""
    source = site.scope.text.source
    return tuple((source[start:end], new) for start, end, new in edit.replacements)


def _are_told_alike(several: Sequence[Wrong]) -> bool:
    """Whether one sentence is true of all: they are told in the same words, but for names."""
    return len({_NAMED.sub("", wrong.title) for wrong in several}) == 1


def _groups(site: Site, places: Sequence[tuple[ast.stmt, str]], numbers: list[int]) -> Iterator[list[int]]:
    """All statements of a group, and of those with one and the same value these alone."""
    if not 1 < len(numbers) <= _MOST:
        return
    yield numbers
    by_value: dict[str, list[int]] = {}
    for number in numbers:
        value = getattr(places[number][0], "value", None)
        by_value.setdefault(site.scope.text.of(value) if value else "", []).append(number)
    yield from (some for some in by_value.values() if 1 < len(some) < len(numbers))


def _places(site: Site) -> list[tuple[ast.stmt, str]]:
    """The statements that look like another one, with what they look like."""
    every = [
        (node, f"{id(site.scope.parent(node))} {_shape(site, node)}")
        for node in site.scope.nodes
        if isinstance(node, _SIMPLE)
    ]
    shapes = [shape for _, shape in every]
    return [(node, shape) for node, shape in every if shapes.count(shape) > 1]


def _statement(site: Site, places: Sequence[tuple[ast.stmt, str]], edit: Edit) -> int | None:
    """Which statement an edit is in; None where it is in none of them, or in several."""
    for number, (node, _) in enumerate(places):
        start, end = site.scope.text.span(node)
        if all(start <= begin and finish <= end for begin, finish, _ in edit.replacements):
            return number
    return None


def _becomes(site: Site, node: ast.stmt, edit: Edit) -> str:
    """What a statement looks like with an edit."""
    start, end = site.scope.text.span(node)
    text = site.scope.text.source[start:end]
    for begin, finish, instead in sorted(edit.replacements, reverse=True):
        text = text[: begin - start] + instead + text[finish - start :]
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return text
    return "; ".join(_shape(site, statement) for statement in tree.body)


def _shape(site: Site, node: ast.AST) -> str:
    """A statement without its names and whole numbers; what is called, and modules, keep theirs."""
    if isinstance(node, ast.Name):
        return node.id if node.id in site.scope.modules else "_"
    if isinstance(node, ast.Attribute) and is_self(node.value):
        return "_"
    if isinstance(node, ast.Constant):
        return "0" if type(node.value) is int else repr(node.value)
    parts = []
    for name, value in ast.iter_fields(node):
        if name in ("ctx", "type_comment", "kind"):
            continue
        called = (
            isinstance(node, ast.Call) and name == "func" and isinstance(value, (ast.Name, ast.Attribute))
        )
        values = value if isinstance(value, list) else [value]
        parts += [
            ast.dump(child) if called else _shape(site, child) if isinstance(child, ast.AST) else str(child)
            for child in values
        ]
    return f"{type(node).__name__}({', '.join(parts)})"


def _joined_wrong(several: Sequence[Wrong]) -> Wrong:
    spans = tuple(sorted(span for wrong in several for span in wrong.edit.replacements))
    lines = sorted({wrong.edit.line for wrong in several})
    edit = Edit(several[0].edit.operator, lines[0], spans, tuple(lines[1:]))
    return replace(several[0], edit=edit, title=_title([wrong.title for wrong in several]))


def _title(titles: Sequence[str]) -> str:
    """One title for several: "`a` is missing", "`b` is missing" → "`a` and `b` are missing".

    Where they differ in more than one name, these are not said: the sentence is to be true of every place.
    """
    first = titles[0]
    if len({*titles}) == 1:
        return f"{first}, in several places"
    names = [_NAMED.findall(title) for title in titles]
    every = [[*dict.fromkeys(slot)] for slot in zip(*names, strict=True)]
    between = [*_NAMED.split(first), ""]
    if sum(len(slot) > 1 for slot in every) == 1:
        title = between[0]
        for slot, behind in zip(every, between[1:]):
            title += ", ".join(slot[:-1]) + " and " * (len(slot) > 1) + slot[-1]
            title += _plural(behind) if len(slot) > 1 else behind
        if len(title) <= _LONGEST:
            return title
    others = iter(("a value", *["another value"] * len(every)))
    title = between[0]
    for slot, behind in zip(every, between[1:]):
        title += (slot[0] if len(slot) == 1 else next(others)) + behind
    return f"In several places: {title[:1].lower()}{title[1:]}"


def _plural(behind: str) -> str:
    """What stands behind a name, with its verb, as it is behind several names."""
    verb, blank, rest = behind.lstrip().partition(" ")
    if verb not in _VERBS:
        return behind
    return f" {_VERBS[verb]}{blank}{rest.replace('it is ', 'they are ').replace('its ', 'their ')}"
