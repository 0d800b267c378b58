"""Operators that make one change throughout a function: two names exchanged, an order that is undone."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from grader.operators.scope import Scope
from grader.operators.texts import Edit, Replacement, Text
from grader.syntax import dotted

_MOST_NAMES = 7  # arguments and attributes of which any two are exchanged
_MOST_BOUND = 8  # names that are given one value, likewise


def exchange_names(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """Two arguments, attributes or values, each wherever the other is read."""
    if node is not scope.function:
        return
    reads: dict[str, list[ast.AST]] = {}
    for use in scope.nodes:
        if isinstance(use, (ast.Name, ast.Attribute)) and isinstance(use.ctx, ast.Load):
            reads.setdefault(dotted(use), []).append(use)
    inputs = [name for name in (*scope.parameters, *scope.attributes) if name in reads][:_MOST_NAMES]
    computed = [name for name, count in scope.bound.items() if count == 1 and name in reads]
    computed = [name for name in computed if name not in scope.sizes][:_MOST_BOUND]
    for pair in (*itertools.combinations(inputs, 2), *itertools.combinations(computed, 2)):
        spans: list[Replacement] = []
        for name, other in (pair, pair[::-1]):
            spans += [(*scope.text.span(use), other) for use in reads[name]]
        yield _with_lines(scope.text, "exchange_names", spans)


def drop_order(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`order = argsort(n)`, and `x[order]` wherever it stands → `x`: for a name that is only an index."""
    if (
        not isinstance(node, ast.Assign)
        or len(node.targets) != 1
        or not isinstance(node.targets[0], ast.Name)
    ):
        return
    name, text = node.targets[0].id, scope.text
    uses = [
        use
        for use in scope.nodes
        if isinstance(use, ast.Subscript) and isinstance(use.slice, ast.Name) and use.slice.id == name
    ]
    if not uses or scope.bound.get(name) != 1 or scope.read.get(name) != len(uses):
        return
    spans: list[Replacement] = [(*text.span(node), "pass")]
    # What stands behind the indexed value goes alone, so that one use may stand in another.
    spans += [(text.span(use.value)[1], text.span(use)[1], "") for use in uses]
    yield _with_lines(text, "drop_order", spans)


def _with_lines(text: Text, operator: str, spans: list[Replacement]) -> Edit:
    """An edit at several places, with every line that it touches."""
    lines = sorted({text.line(start) for start, _, _ in spans})
    return Edit(operator, lines[0], tuple(sorted(spans)), tuple(lines[1:]))
