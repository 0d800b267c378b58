"""Operators that form a formula anew from its own parts: other products in a sum, and shares of two values."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence
from typing import TypeVar

from grader.operators.scope import Scope, bracketed, number
from grader.operators.texts import Edit
from grader.operators.unread import kept_for_nothing

_SIGNS = (ast.Add, ast.Sub, ast.Mult)
_Part = TypeVar("_Part")
_FEWEST, _MOST = 3, 5  # factors of a formula that are put together in every way
_MOST_SHARED = 4  # values of which any two are shared, by any third
_MOST_TOGETHER = 4  # values that a result may be made of
_MOST_LOST = 3  # names that are lost, and may be what a result was made of


def other_products(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a * (b + c * d)` → `a * b + c * d`, `a * c + b * d`, …: the same factors in every other sum of products."""
    if not _is_formula(node, (ast.Add, ast.Mult)) or _is_formula(scope.parent(node), (ast.Add, ast.Mult)):
        return
    factors = [bracketed(scope, part) for part in _leaves(node, (ast.Add, ast.Mult))]
    if not _FEWEST <= len(factors) <= _MOST or any("\n" in factor for factor in factors):
        return
    for terms in _groupings(factors):
        if len(terms) > 1:
            yield scope.text.instead("other_products", node, f"({' + '.join(map(' * '.join, terms))})")


def _is_formula(node: ast.AST | None, signs: tuple[type[ast.operator], ...]) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, signs)


def _leaves(node: ast.AST, signs: tuple[type[ast.operator], ...]) -> list[ast.expr]:
    """What stands between some signs of a formula, from left to right."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, signs):
        return [*_leaves(node.left, signs), *_leaves(node.right, signs)]
    assert isinstance(node, ast.expr)
    return [node]


def _groupings(parts: Sequence[_Part]) -> Iterator[list[list[_Part]]]:
    """Every way to put some parts into groups.

    >>> [*_groupings("abc")][:3]
    [[['a', 'b', 'c']], [['a'], ['b', 'c']], [['a', 'b'], ['c']]]
    """
    if not parts:
        yield []
        return
    first, rest = parts[0], parts[1:]
    for groups in _groupings(rest):
        for place in range(len(groups)):
            yield [[first, *groups[place]], *groups[:place], *groups[place + 1 :]]
        yield [[first], *groups]


def shares(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a - w * a` → `(1 - w) * a + w * b`, and each other value of the formula in each of the three places.

    Where fewer than three values stand in it, with what a loop carries, and what is given.
    """
    if not isinstance(node, (ast.Assign, ast.Return)) or not _is_formula(node.value, _SIGNS):
        return
    assert node.value is not None
    own = [scope.text.of(part) for part in _leaves(node.value, _SIGNS) if number(part) is None]
    for text in _blends(scope, own):
        yield scope.text.instead("shares", node.value, text)


def result_of_lost(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return None`, `return w` → `return (1 - w) * a + w * b`, `f(a @ b + c)`: of values that nothing reads."""
    if not isinstance(node, ast.Return) or isinstance(node.value, (ast.Tuple, ast.BinOp, ast.Subscript)):
        return
    own = scope.text.of(node.value) if node.value is not None else ""
    computed = [*scope.forgotten, *kept_for_nothing(scope)]
    lost = [name for name in dict.fromkeys((*computed, *scope.spare)) if name not in scope.switches]
    lost = [name for name in lost if name not in scope.masks]
    is_given = isinstance(node.value, ast.Call) and any(name in own for name in lost)
    if not 2 <= len(lost) <= _MOST_TOGETHER or is_given:
        return
    results = [
        *_blends(scope, [name for name in lost if name in computed][:_MOST_LOST]),
        *_formulas_of(scope, lost),
    ]
    for text in dict.fromkeys(results):
        yield scope.text.instead("result_of_lost", node, f"return {text}")


def _formulas_of(scope: Scope, lost: Sequence[str]) -> Iterator[str]:
    """Sums and products of all of some values; a function of these; one of them as the function."""
    functions = {f"{scope.library}.tanh": lost} if scope.library else {}
    functions |= {
        name: [other for other in lost if other != name] for name in lost if name.startswith("self.")
    }
    yield from _combinations(lost)
    for function, values in functions.items():
        yield from (f"{function}({text})" for text in _combinations(values))


def _combinations(values: Sequence[str]) -> Iterator[str]:
    """Two or three of some values in one formula."""
    for first, second in itertools.combinations(values, 2):
        yield from (f"{first} {sign} {second}" for sign in "+*@")
        yield f"{second} @ {first}"
    for first, second, third in itertools.permutations(values, 3):
        yield f"{first} @ {second} + {third}"


def _blends(scope: Scope, own: Sequence[str]) -> Iterator[str]:
    """Any two of some values, shared by a third; of two values with one more of the function's."""
    own = [text for text in dict.fromkeys(own) if "\n" not in text]
    if not 2 <= len(own) <= _MOST_SHARED:
        return
    every = (*scope.carried, *scope.unused, *scope.parameters)
    others = [name for name in dict.fromkeys(every) if name not in own]
    values = own if len(own) > 2 else [*own, *others[: _MOST_SHARED - len(own)]]
    for share, first, second in itertools.permutations(values, 3):
        if len(own) > 2 or len({share, first, second} & {*own}) == 2:
            yield f"(1 - {share}) * {first} + {share} * {second}"


def factor_inside(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`b * f(a + c)` → `f(a + b * c)`, `f(b * a + c)`: a factor belongs to one term inside of a function."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return
    for factor, call in ((node.left, node.right), (node.right, node.left)):
        inner_sum = _argument(call)
        if not isinstance(inner_sum, ast.BinOp) or not isinstance(inner_sum.op, (ast.Add, ast.Sub)):
            continue
        start, end = scope.text.span(call)
        first, last = scope.text.span(inner_sum)
        before, behind = scope.text.source[start:first], scope.text.source[last:end]
        sign = "+" if isinstance(inner_sum.op, ast.Add) else "-"
        own, left, right = (bracketed(scope, part) for part in (factor, inner_sum.left, inner_sum.right))
        for inner in (f"{left} {sign} {own} * {right}", f"{own} * {left} {sign} {right}"):
            yield scope.text.instead("factor_inside", node, f"{before}{inner}{behind}")


def _argument(call: ast.AST) -> ast.expr | None:
    """What a function of one value is applied to: the `x` of `f(x)`, and of `(x).f()`."""
    if not isinstance(call, ast.Call) or call.keywords or len(call.args) > 1:
        return None
    if call.args:
        return call.args[0]
    return call.func.value if isinstance(call.func, ast.Attribute) else None
