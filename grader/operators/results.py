"""Operators on what a function gives back: a result that is missing, one in another place, and all of them anew."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence

from grader.operators.scope import Scope
from grader.operators.texts import Edit

_MOST = 5  # results that may be missing, or stand elsewhere
_MOST_NAMES = 5  # names that may be what several results were to be


def missing_results(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return a, d` → `return a, b, c, d`: what is computed and never read, at every place between the others."""
    if not isinstance(node, ast.Return) or not isinstance(node.value, ast.Tuple):
        return
    idle = _idle(scope)
    texts = [scope.text.of(part) for part in node.value.elts]
    total = len(texts) + len(idle)
    if not idle or total > 2 * _MOST:
        return
    for places in itertools.combinations(range(total), len(idle)):
        fresh, own = iter(idle), iter(texts)
        several = [next(fresh) if place in places else next(own) for place in range(total)]
        yield scope.text.instead("missing_results", node.value, ", ".join(several))


def moved_part(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return a, b, c, d` → `return a, c, d, b`: one part of a tuple or a call in another place."""
    parts = node.args if isinstance(node, ast.Call) else getattr(node, "elts", [])
    if not 3 < len(parts) <= _MOST or any(isinstance(part, ast.Starred) for part in parts):
        return
    texts = [scope.text.of(part) for part in parts]
    for place, other in itertools.permutations(range(len(texts)), 2):
        if abs(place - other) > 1:  # neighbours are exchanged elsewhere
            moved = [text for number, text in enumerate(texts) if number != place]
            moved.insert(other, texts[place])
            spans = [(*scope.text.span(part), text) for part, text in zip(parts, moved)]
            yield scope.text.edit("exchange", *spans)


def one_for_several(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return a, b, c` → `return a, both`; `return a, (b, c)` likewise: a name in the place of several results."""
    if not isinstance(node, ast.Return) or not isinstance(node.value, ast.Tuple):
        return
    parts, names = node.value.elts, [*scope.filled][::-1][:_MOST_NAMES]
    texts = [scope.text.of(part) for part in parts]
    for part, name in itertools.product(parts, names):
        if isinstance(part, (ast.Tuple, ast.List)):
            yield scope.text.instead("one_for_several", part, name)
    for first, last in itertools.combinations(range(len(parts)), 2):
        for name in names:
            several = [*texts[:first], name, *texts[last + 1 :]]
            if name not in texts and len(several) > 1:
                yield scope.text.instead("one_for_several", node.value, ", ".join(several))


def only_filled(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return f(x), h` → `return y, h`, for a `y` that was filled part by part, or added to, and is never read."""
    if not isinstance(node, ast.Return) or node.value is None:
        return
    names = [name for name in _idle(scope) if name not in scope.forgotten]
    for part in node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]:
        for name in names:
            yield scope.text.instead("only_filled", part, name)


def all_results(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return None`, `return x` and no return at all → all that is computed and never read, in a likely order."""
    if not isinstance(node, ast.Return) and node is not scope.function.body[-1]:
        return
    idle = _idle(scope)
    if len(idle) < 2:
        return
    for results in dict.fromkeys((_as_arguments(scope, idle), tuple(idle))):
        lines = ", ".join(results)
        if isinstance(node, ast.Return) and _says_nothing(node.value):
            yield scope.text.instead("all_results", node, f"return {lines}")
        elif node is scope.function.body[-1] and not isinstance(node, ast.Return):
            end = scope.text.span(node)[1]
            if isinstance(node, ast.Pass):
                yield scope.text.instead("all_results", node, f"return {lines}")
            else:
                yield scope.text.edit("all_results", (end, end, f"\n{scope.text.indent(node)}return {lines}"))


def _says_nothing(value: ast.expr | None) -> bool:
    """Whether a result is none that was computed: nothing, a number or a name."""
    return value is None or isinstance(value, (ast.Constant, ast.Name, ast.Attribute))


def _idle(scope: Scope) -> list[str]:
    """What is computed and never read, in the order in which it is; none where it is too much to be forgotten."""
    idle = [name for name in scope.bound if name in scope.forgotten or _only_added_to(scope, name)]
    return idle if len(idle) <= _MOST else []


def _only_added_to(scope: Scope, name: str) -> bool:
    """Whether a name is read nowhere but where it, or a part of it, is given a value: `d = d + x`."""
    reads = [
        node
        for node in scope.nodes
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
    ]
    return bool(reads) and all(_is_of_target(scope, node) for node in reads)


def _is_of_target(scope: Scope, node: ast.Name) -> bool:
    """Whether a name is read for what is given to itself, or stands before the index of what is given a value."""
    above = scope.parent(node)
    if isinstance(above, ast.Subscript) and isinstance(above.ctx, ast.Store) and above.value is node:
        return True
    while above is not None and not isinstance(above, ast.stmt):
        above = scope.parent(above)
    if not isinstance(above, ast.Assign):
        return False
    for target in above.targets:
        if isinstance(target, ast.Tuple) and isinstance(above.value, ast.Tuple):  # `a, b = a + x, b + y`
            pairs = [*zip(target.elts, above.value.elts)]
            if any(_is_named(part, node) and node in ast.walk(value) for part, value in pairs):
                return True
        elif _is_named(target, node):
            return True
    return False


def _is_named(target: ast.expr, node: ast.Name) -> bool:
    return isinstance(target, ast.Name) and target.id == node.id


def _as_arguments(scope: Scope, names: Sequence[str]) -> tuple[str, ...]:
    """Names in the order of the arguments that they are called after: `dx`, `dw` and `db` of `f(x, w, b)`."""

    def place(name: str) -> int:
        order = [number for number, parameter in enumerate(scope.parameters) if name.endswith(parameter)]
        return order[-1] if order else len(scope.parameters)

    return tuple(sorted(names, key=place))
