"""Operators that build anew what is gone: a value as the one beside it is computed, a result, a first value kept."""

from __future__ import annotations

import ast
import difflib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from grader.operators.scope import Scope, bracketed, number
from grader.operators.texts import Edit
from grader.operators.unread import numbers_taken

_MOST_BESIDE = 5  # values beside one that it may be like
_MOST_TEXTS = 4  # that one of them is rewritten to
_MOST_GONE = 3  # names of the value beside it that another name may stand for
_MOST_RESULTS, _MOST_BOUNDS = 6, 4  # results that there are, and ends of slices
_MOST_NAMES = 6
_POOR = (ast.Name, ast.Constant, ast.Attribute, ast.Subscript)


@dataclass(frozen=True)
class _Value:
    """A value with the name that it is given to; "" for a result."""

    name: str
    node: ast.expr
    statement: ast.stmt


def as_beside(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a, u = a_t, u + u_t` → `a + a_t, …`; `v = g.T @ x` beside `u = h.T @ g` → `v = x.T @ g`."""
    if not isinstance(node, (ast.Assign, ast.AugAssign, ast.Return)):
        return
    every = _values(scope)
    for own in [value for value in every if value.statement is node]:
        others = [value for value in every if value.node is not own.node]
        is_idle = scope.text.of(own.node) == own.name  # `x = x`: all that stands there may be gone
        others.sort(key=lambda other: _distance(scope, own, other))
        for other in others if is_idle else others[:_MOST_BESIDE]:
            texts = itertools.islice(_rewritten(scope, own, other), _MOST_TEXTS)
            for text in dict.fromkeys(texts):
                yield scope.text.instead("as_beside", own.node, text)


def _distance(scope: Scope, own: _Value, other: _Value) -> tuple[bool, bool, float]:
    """How far another value is: of the same statement first, then of the same names, then of names alike."""
    alike = difflib.SequenceMatcher(None, own.name, other.name).ratio()
    are_same = {*_names(scope, own.node)} == {*_names(scope, other.node)}
    return own.statement is not other.statement, not are_same, -alike


@lru_cache(maxsize=8)
def _values(scope: Scope) -> list[_Value]:
    """All values that a function gives to names, or gives back."""
    values: list[_Value] = []
    for node in scope.nodes:
        pairs: list[tuple[ast.AST | None, ast.expr]] = []
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            pairs = [(None, part) for part in node.value.elts]
        elif isinstance(node, ast.AugAssign):
            pairs = [(node.target, node.value)]
        elif isinstance(node, ast.Assign):
            target, value = node.targets[-1], node.value
            is_each = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            if is_each and len(target.elts) == len(value.elts):  # type: ignore[attr-defined]
                pairs = [*zip(target.elts, value.elts)]  # type: ignore[attr-defined]
            else:  # several names may be given the parts of one value: they are none of its own
                pairs = [(None if isinstance(target, ast.Tuple) else target, value)]
        for target_node, value in pairs:
            root = target_node
            while isinstance(root, ast.Subscript):
                root = root.value
            name = scope.text.of(root) if root is not None else ""
            if "\n" not in scope.text.of(value) and not isinstance(value, ast.Starred):
                values.append(_Value(name, value, node))  # type: ignore[arg-type]
    return values


def _rewritten(scope: Scope, own: _Value, other: _Value) -> Iterator[str]:
    """The text of another value in the names of one's own: what is not its own stands for what the other has not."""
    mine, theirs = _names(scope, own.node), _names(scope, other.node)
    is_poor = isinstance(own.node, _POOR)
    if isinstance(other.node, _POOR):
        return
    for index in _never_asked(scope, other.node):
        yield _renamed(scope, other.node, {}, index)
    if not (is_poor or len(mine) == len(theirs) or {*mine} < {*theirs}):
        return
    mapping = {other.name: own.name} if other.name in theirs and own.name and own.name not in theirs else {}
    fresh = [name for name in mine if name not in theirs and name not in mapping.values()]
    gone = [name for name in theirs if name not in mine and name not in mapping][:_MOST_GONE]
    if fresh and len(gone) >= len(fresh):
        for chosen in itertools.permutations(gone, len(fresh)):
            yield _renamed(scope, other.node, {**mapping, **dict(zip(chosen, fresh))})
        return
    numbers = {number(part) for part in ast.walk(own.node) if number(part) is not None}
    if len(numbers) == 1 and not fresh:
        yield _renamed(scope, other.node, mapping, next(iter(numbers)))
    if mapping:
        yield _renamed(scope, other.node, mapping)
    lost = [name for name in (*scope.unused, *scope.forgotten) if name not in theirs]
    if len(lost) > 1 and len(gone) >= len(lost):
        yield _renamed(scope, other.node, {**mapping, **dict(zip(gone[-len(lost) :], lost))})
    for old, new in itertools.product(gone, lost[:2]):
        yield _renamed(scope, other.node, {**mapping, old: new})


def _never_asked(scope: Scope, node: ast.expr) -> list[int]:
    """The number at which nothing takes a part of what a value takes one of, between others: 1 of 0, 2 and 3."""
    inside = [part for part in ast.walk(node) if isinstance(part, ast.Subscript)]
    arrays = {scope.text.of(part.value) for part in inside if number(part.slice) is not None}
    if len(arrays) != 1:
        return []
    numbers = numbers_taken(scope).get(arrays.pop(), frozenset())
    return sorted({*range(max(numbers, default=0))} - numbers) if len(numbers) > 1 else []


def _names(scope: Scope, node: ast.expr) -> list[str]:
    """The names in a value, each once, without modules and functions that are called."""
    called = {inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call)}
    inner_names = [inner for inner in ast.walk(node) if isinstance(inner, ast.Name) and inner not in called]
    counted = {inner.id for inner in inner_names if isinstance(inner.ctx, ast.Store)}  # `k` of `for k in …`
    others = {*scope.modules, *counted, "self"}
    inner_names.sort(key=lambda inner: scope.text.span(inner))
    return [*dict.fromkeys(inner.id for inner in inner_names if inner.id not in others)]


def _renamed(scope: Scope, node: ast.expr, names: dict[str, str], index: int | None = None) -> str:
    """The text of a value with other names, and one number for all of its numbers."""
    start, end = scope.text.span(node)
    spans = [
        (*scope.text.span(inner), names[inner.id])
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name) and inner.id in names
    ]
    if index is not None:
        spans += [
            (*scope.text.span(inner), str(index))
            for inner in ast.walk(node)
            if isinstance(inner, ast.Constant) and number(inner) is not None
        ]
    text = scope.text.source[start:end]
    for first, last, instead in sorted(spans, reverse=True):
        text = f"{text[: first - start]}{instead}{text[last - start :]}"
    return text


def result_beside(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return f(a), f(b)` → one more: like one of them with a name that is never read, or a part between them."""
    value = node.value if isinstance(node, ast.Return) else None
    if not isinstance(value, ast.Tuple) or not 0 < len(value.elts) <= _MOST_RESULTS:
        return
    own = [scope.text.of(part) for part in value.elts]
    more: dict[str, None] = {}
    for part in value.elts:
        if isinstance(part, ast.Call | ast.BinOp):
            for old, new in itertools.product(_names(scope, part), scope.unused[:2]):
                more[_renamed(scope, part, {old: new})] = None
    more |= dict.fromkeys(_parts_between(scope, value.elts))
    for place, text in itertools.product(range(len(own) + 1), more):
        if text not in own and "\n" not in text:
            at = (
                scope.text.span(value.elts[place])[0]
                if place < len(own)
                else scope.text.span(value.elts[-1])[1]
            )
            yield scope.text.edit("result_beside", (at, at, f"{text}, " if place < len(own) else f", {text}"))


def _parts_between(scope: Scope, results: Sequence[ast.expr]) -> Iterator[str]:
    """Parts of the arrays of which parts are given back, from one end that stands there to another."""
    sliced = [part for part in results if isinstance(part, ast.Subscript)]
    bounds: dict[str, None] = {}
    arrays: dict[tuple[str, str], None] = {}
    for part in sliced:
        lead = [*part.slice.elts[:-1]] if isinstance(part.slice, ast.Tuple) else []
        last = part.slice.elts[-1] if isinstance(part.slice, ast.Tuple) else part.slice
        before = "".join(f"{scope.text.of(index)}, " for index in lead)
        arrays[scope.text.of(part.value), before] = None
        of_it = [last.lower, last.upper] if isinstance(last, ast.Slice) else [last]
        bounds |= dict.fromkeys(scope.text.of(end) for end in of_it if end is not None)
    ends = [*bounds][:_MOST_BOUNDS]
    for array, before in arrays:
        for lower, upper in itertools.permutations(("", *ends), 2):
            yield f"{array}[{before}{lower}:{upper}]"
        yield from (f"{array}[{before}{end}]" for end in ends)


def other_than_twice(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return new, new` → another name in the place of one of them."""
    value = node.value if isinstance(node, ast.Return) else None
    if not isinstance(value, ast.Tuple):
        return
    names = [part.id for part in value.elts if isinstance(part, ast.Name)]
    for part in value.elts:
        if isinstance(part, ast.Name) and names.count(part.id) > 1:
            for other in [*scope.filled][::-1][:_MOST_NAMES]:
                if other not in names:
                    yield scope.text.instead("other_than_twice", part, other)


def first_kept(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In a loop, of a name that is None before it: `a = b` → `b if a is None else a`, and the sum of all."""
    if not isinstance(node, ast.Assign) or not scope.loops(node) or not isinstance(node.targets[0], ast.Name):
        return
    name = node.targets[0].id
    is_none = [
        other
        for other in scope.nodes
        if isinstance(other, ast.Assign)
        and isinstance(other.value, ast.Constant)
        and other.value.value is None
        and name in {part.id for part in ast.walk(other) if isinstance(part, ast.Name)}
    ]
    if not is_none or len(node.targets) > 1:
        return
    inner = [part for part in ast.walk(node.value) if isinstance(part, ast.Name) and part.id != name]
    values = dict.fromkeys([bracketed(scope, node.value), *(part.id for part in inner[:2])])
    for value in [text for text in values if "\n" not in text]:
        for other_text in (
            f"{value} if {name} is None else {name}",
            f"{value} if {name} is None else {name} + {value}",
            f"{value} if {name} is None else [one + more for one, more in zip({name}, {value})]",
        ):
            yield scope.text.instead("first_kept", node.value, other_text)
