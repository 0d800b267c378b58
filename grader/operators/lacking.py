"""Operators for a part that nothing takes, a factor with its own index, and a sum that is never added to."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

from grader.operators.scope import Scope, bracketed, named, number
from grader.operators.texts import Edit
from grader.operators.unread import numbers_taken
from grader.syntax import dotted

_MOST_HEADS = 3  # functions of one value
_MOST_NAMES = 3  # that are computed just before
_MOST_COUNTERS = 4  # names that stand in indices
_MOST_MODELS = 4  # statements that a missing one may be like
_MOST_NEVER_FILLED = 2


def part_never_taken(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a[0], a[1], a[0]` → `a[0], a[1], a[2]`: the number at which nothing takes a part of a value."""
    if (
        not isinstance(node, ast.Subscript)
        or not isinstance(node.ctx, ast.Load)
        or number(node.slice) is None
    ):
        return
    for whole in _never_taken(scope).get(scope.text.of(node.value), ()):
        yield scope.text.instead("part_never_taken", node.slice, str(whole))


def part_added(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`f(r * b[2])` → `f(r * b[2] + a[2])`: a term more, the part of a value that nothing takes."""
    above = scope.parent(node)
    call = scope.parent(above) if isinstance(above, ast.Attribute) else above
    is_given = isinstance(call, ast.Call) and (call.args == [node] or (call is not above and not call.args))
    if is_given and isinstance(node, (ast.BinOp, ast.Subscript, ast.Name)):
        for array, numbers in _never_taken(scope).items():
            for whole in numbers:
                text = f"{bracketed(scope, node)} + {array}[{whole}]"
                if not array.endswith(".shape"):
                    yield scope.text.instead("part_added", node, f"({text})")


@lru_cache(maxsize=8)
def _never_taken(scope: Scope) -> dict[str, list[int]]:
    """Of each value of which parts are taken at several numbers those between and behind these."""
    return {
        array: sorted({*range(max(numbers) + 2)} - numbers)
        for array, numbers in numbers_taken(scope).items()
        if len(numbers) > 1 and min(numbers) >= 0 and "\n" not in array
    }


def applied_to_another(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`z * a` → `z * f(b)`: what is computed just before, through a function of one value that stands elsewhere."""
    above = scope.parent(node)
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    if not isinstance(above, ast.BinOp) or not isinstance(above.op, ast.Mult):
        return
    if not isinstance(scope.parent(above), (ast.Assign, ast.Return, ast.Tuple)):
        return
    heads = dict.fromkeys(
        scope.text.of(call.func)
        for call in scope.nodes
        if isinstance(call, ast.Call) and len(call.args) == 1 and not call.keywords and dotted(call.func)
    )
    before = [name for name in _names_before(scope, node) if name != node.id]
    for head, name in itertools.product([*heads][-_MOST_HEADS:], before[:_MOST_NAMES]):
        yield scope.text.instead("applied_to_another", node, f"{head}({name})")


def _names_before(scope: Scope, node: ast.AST) -> list[str]:
    """The names that are given values before a node, the last first."""
    start = scope.text.span(node)[0]
    stored = [name for name in named(scope.function, ast.Store) if scope.text.span(name)[0] < start]
    stored.sort(key=lambda name: -scope.text.span(name)[0])
    return [*dict.fromkeys(name.id for name in stored)]


def result_like_another(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return a.T, b` → `return a.T, c.T`: a result as the one beside it, of another value."""
    value = node.value if isinstance(node, ast.Return) else None
    parts = value.elts if isinstance(value, ast.Tuple) else []
    for part, model in itertools.permutations(parts, 2):
        names = {name.id for name in named(model, ast.Load) if name.id in scope.bound}
        if isinstance(model, (ast.Attribute, ast.Call, ast.Subscript)) and len(names) == 1:
            own = names.pop()
            for other in [name for name in _names_before(scope, part) if name != own][:_MOST_NAMES]:
                text = re.sub(rf"\b{own}\b", other, scope.text.of(model))
                yield scope.text.instead("result_like_another", part, text)


def factor_with_index(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`s + a[k]` → `s + a[k] * w[k, j]`: for an argument that nothing reads, and the names that stand in indices."""
    above = scope.parent(node)
    lost = [name for name in scope.spare if name not in scope.switches]
    if not lost or not isinstance(node, (ast.Subscript, ast.Name)) or not scope.loops(node):
        return
    if not isinstance(above, (ast.BinOp, ast.AugAssign)) or not isinstance(node.ctx, ast.Load):
        return
    indices = dict.fromkeys(
        name.id
        for part in scope.nodes
        if isinstance(part, ast.Subscript)
        for name in named(part.slice, ast.Load)
    )
    counters = [*indices][:_MOST_COUNTERS]
    inner = [", ".join(pair) for pair in itertools.permutations(counters, 2)] + counters
    for name, index in itertools.product(lost[:_MOST_NEVER_FILLED], inner):
        yield scope.text.instead("factor_with_index", node, f"{bracketed(scope, node)} * {name}[{index}]")


def never_added_to(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In a loop: `pass`, or nothing, → `dx[i] += g * w[i]`, as `dh[k] += g * u[k]`: a `dx` stays as it began."""
    if not isinstance(node, (ast.Pass, ast.AugAssign)) or not scope.loops(node):
        return
    for name in _never_filled(scope)[:_MOST_NEVER_FILLED]:
        for text in dict.fromkeys(_as_other_sums(scope, node, name)):
            if isinstance(node, ast.Pass):
                yield scope.text.instead("never_added_to", node, text)
            else:
                start = scope.text.span(node)[0]
                yield scope.text.edit("never_added_to", (start, start, f"{text}\n{scope.text.indent(node)}"))


def _never_filled(scope: Scope) -> list[str]:
    """What is made by a call outside of loops, and then only given back."""
    made = [
        (target.id, node)
        for node in scope.nodes
        if isinstance(node, ast.Assign) and not scope.loops(node)
        for target in ast.walk(node.targets[0])
        if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store)
        if any(isinstance(inner, ast.Call) for inner in ast.walk(node.value))
    ]
    reads = {
        name: [
            use
            for use in scope.nodes
            if isinstance(use, ast.Name) and use.id == name and isinstance(use.ctx, ast.Load)
        ]
        for name, _ in made
    }
    return [
        name
        for name, uses in reads.items()
        if scope.bound.get(name) == 1
        and uses
        and all(
            isinstance(scope.parent(use), (ast.Return, ast.Tuple)) and not scope.loops(use) for use in uses
        )
    ]


def _as_other_sums(scope: Scope, node: ast.AST, name: str) -> Iterator[str]:
    """The other sums of a function with this name: arguments that no loop reads in the place of theirs."""
    in_loops = {use.id for use in scope.nodes if isinstance(use, ast.Name) and scope.loops(use)}
    idle = [parameter for parameter in scope.parameters if parameter not in in_loops]
    sums = [other for other in scope.nodes if isinstance(other, ast.AugAssign)]
    here = {
        target.id
        for loop in scope.loops(node)
        if isinstance(loop, ast.For)
        for target in named(loop.target, ast.Store)
    }
    for other in sorted(sums, key=lambda other: abs(other.lineno - node.lineno))[:_MOST_MODELS]:  # type: ignore[attr-defined]
        root: ast.expr = other.target
        while isinstance(root, ast.Subscript):
            root = root.value
        there = [
            target.id
            for loop in scope.loops(other)
            if isinstance(loop, ast.For)
            for target in named(loop.target, ast.Store)
        ]
        foreign, free = (
            [name for name in there if name not in here],
            [name for name in here if name not in there],
        )
        mapping = {scope.text.of(root): name, **dict(zip(foreign, free))}
        plain = scope.text.of(other)
        yield _renamed(plain, mapping)
        for old, new in itertools.product({name.id for name in named(other.value, ast.Load)}, idle):
            if old in scope.parameters:
                yield _renamed(plain, {**mapping, old: new})


def _renamed(text: str, mapping: dict[str, str]) -> str:
    return re.sub(r"\b[^\W\d]\w*", lambda word: mapping.get(word[0], word[0]), text)
