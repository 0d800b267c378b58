"""Operators on what a formula is made of: a function's name as a text, a number that belongs there twice."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.calls import FAMILIES
from grader.operators.scope import Scope, bracketed
from grader.operators.texts import Edit


def other_word(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`"relu"` → `"tanh"`: a function that is told by its name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        for family in FAMILIES:
            for other in family if node.value in family else ():
                if other != node.value:
                    yield scope.text.instead("other_function", node, repr(other))


def same_number_within(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`0.5 * (1 + tanh(z))` → `0.5 * (1 + tanh(0.5 * z))`, and so with `/ 2`: the number belongs there twice."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Mult, ast.Div)):
        return
    sign = "*" if isinstance(node.op, ast.Mult) else "/"
    pairs = [(node.right, node.left), *([(node.left, node.right)] if sign == "*" else [])]
    for number, formula in pairs:
        if isinstance(number, ast.Constant) and isinstance(number.value, (int, float)):
            for call in ast.walk(formula):
                if isinstance(call, ast.Call) and len(call.args) == 1 and not call.keywords:
                    inner = f"{bracketed(scope, call.args[0])} {sign} {scope.text.of(number)}"
                    yield scope.text.instead("same_number_within", call.args[0], inner)
