"""Operators on products of more than two factors, and on sums that were to be something else."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import Scope, bracketed
from grader.operators.texts import Edit

_MOST = 6  # factors of a product that may be a sum at one of its signs
_PLAIN = (ast.Name, ast.Attribute, ast.Subscript)


def split_product(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a * b * c * d` → `a * b + c * d`: one sign of a product is a plus."""
    factors = _factors(node)
    if isinstance(scope.parent(node), ast.BinOp) and _factors(scope.parent(node)):
        return
    if 2 < len(factors) <= _MOST:
        texts = [bracketed(scope, factor) for factor in factors]
        for place in range(1, len(texts)):
            first, second = " * ".join(texts[:place]), " * ".join(texts[place:])
            yield scope.text.instead("split_product", node, f"({first} + {second})")


def move_factor(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a * (b + c)` → `b + a * c`, `a * b + c`: a factor belongs to one of the terms alone."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return
    for factor, terms in ((node.left, node.right), (node.right, node.left)):
        if isinstance(terms, ast.BinOp) and isinstance(terms.op, (ast.Add, ast.Sub)):
            sign = "+" if isinstance(terms.op, ast.Add) else "-"
            a, b, c = (bracketed(scope, part) for part in (factor, terms.left, terms.right))
            for text in (f"({b} {sign} {a} * {c})", f"({a} * {b} {sign} {c})"):
                yield scope.text.instead("move_factor", node, text)


def join_terms(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a + b` → `concatenate((a, b), -1)`: two arrays side by side."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add) or not scope.library:
        return
    above = scope.parent(node)
    if isinstance(node.left, _PLAIN) and isinstance(node.right, _PLAIN) and not isinstance(above, ast.BinOp):
        name = f"{scope.library}.{'cat' if scope.is_torch else 'concatenate'}"
        left, right = scope.text.of(node.left), scope.text.of(node.right)
        for axis in (-1, 1, 0):
            yield scope.text.instead("join_terms", node, f"{name}(({left}, {right}), {axis})")


def _factors(node: ast.AST | None) -> list[ast.expr]:
    """The factors of a product of numbers, from left to right; none of what is no product."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return [*(_factors(node.left) or [node.left]), *(_factors(node.right) or [node.right])]
    return []
