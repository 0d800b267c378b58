"""Operators on whole formulas: brackets set elsewhere, signs exchanged, a part in another's place, `a` for `1 - a`."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from grader.operators.scope import SIGNS, Scope, bracketed, number
from grader.operators.texts import Edit

_PRODUCTS = (ast.Mult, ast.MatMult)
_SUMS = (ast.Add, ast.Sub)
_QUOTIENTS = (*_PRODUCTS, ast.Div)
_MOST_PARTS = 6  # that are moved together
_MOST_TARGETS = 4  # names of which every order is tried
_MOST_INNER = 6  # names of an expression that may be all that was wanted of it
_TURNED: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Mult, ast.Mult: ast.Add}


def complement(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A factor `w` → `1 - w`, of a name."""
    above = scope.parent(node)
    if (
        isinstance(node, (ast.Name, ast.Attribute))
        and isinstance(above, ast.BinOp)
        and isinstance(above.op, ast.Mult)
    ):
        yield scope.text.instead("complement", node, f"(1 - {scope.text.of(node)})")


def brackets(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a - b * c` → `(a - b) * c`, and `(a - b) * c` → `a - b * c`; `a, b if c else d` → `(a, b) if c else d`."""
    if isinstance(node, ast.Tuple) and node.elts and isinstance(last := node.elts[-1], ast.IfExp):
        values = ", ".join(scope.text.of(part) for part in (*node.elts[:-1], last.body))
        test, other = scope.text.of(last.test), scope.text.of(last.orelse)
        yield scope.text.instead("brackets", node, f"({values}) if {test} else {other}")
    if not isinstance(node, ast.BinOp):
        return
    left, right, text, sign = node.left, node.right, scope.text, _sign(node)
    if isinstance(node.op, _SUMS):
        if isinstance(right, ast.BinOp) and isinstance(right.op, _QUOTIENTS):
            inner = f"({text.of(left)} {sign} {bracketed(scope, right.left)})"
            inner = f"{inner} {_sign(right)} {bracketed(scope, right.right)}"
            yield text.instead("brackets", node, f"({inner})")
        if isinstance(left, ast.BinOp) and isinstance(left.op, _QUOTIENTS):
            inner = f"({bracketed(scope, left.right)} {sign} {bracketed(scope, right)})"
            inner = f"{bracketed(scope, left.left)} {_sign(left)} {inner}"
            yield text.instead("brackets", node, f"({inner})")
    elif isinstance(node.op, _PRODUCTS):
        if isinstance(left, ast.BinOp) and isinstance(left.op, _SUMS):
            inner = (
                f"{text.of(left.left)} {_sign(left)} {text.of(left.right)} {sign} {bracketed(scope, right)}"
            )
            yield text.instead("brackets", node, f"({inner})")
        if isinstance(right, ast.BinOp) and isinstance(right.op, _SUMS):
            first = f"{bracketed(scope, left)} {sign} {text.of(right.left)}"
            inner = f"{first} {_sign(right)} {text.of(right.right)}"
            yield text.instead("brackets", node, f"({inner})")


def turned_signs(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`(a + b) * (c + d)` → `a * b + c * d`, and the other way round."""
    if not isinstance(node, ast.BinOp) or type(node.op) not in _TURNED:
        return
    signs = {type(inner.op) for inner in ast.walk(node) if isinstance(inner, ast.BinOp)}
    if signs >= {*_TURNED}:
        tree = _SignTurner().visit(ast.parse(f"({scope.text.of(node)})", mode="eval"))
        yield scope.text.instead("turned_signs", node, f"({ast.unparse(tree)})")


class _SignTurner(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.BinOp:
        """Turn a sum into a product, and a product into a sum; leave calls and indices as they are."""
        left, right = (
            self.visit(side) if isinstance(side, ast.BinOp) else side for side in (node.left, node.right)
        )
        return ast.BinOp(left, _TURNED.get(type(node.op), type(node.op))(), right)


def own_rectifier(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`z * (z > 0)` → `tanh(z)`."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult) or not scope.library:
        return
    for value, mask in ((node.left, node.right), (node.right, node.left)):
        if isinstance(mask, ast.Compare) and ast.dump(mask.left) == ast.dump(value):
            yield scope.text.instead("own_activation", node, f"{scope.library}.tanh({scope.text.of(value)})")


def exchange_factors(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a * b + c * d` → `c * b + a * d`, and the like: factors of two products the other way round."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Add, ast.Sub)):
        return
    left_term, right_term = node.left, node.right
    if not (isinstance(left_term, ast.BinOp) and isinstance(left_term.op, _PRODUCTS)):
        return
    if not (isinstance(right_term, ast.BinOp) and isinstance(right_term.op, _PRODUCTS)):
        return
    text = scope.text
    for first in (left_term.left, left_term.right):
        for second in (right_term.left, right_term.right):
            if text.of(first) != text.of(second):
                yield text.edit(
                    "exchange",
                    (*text.span(first), bracketed(scope, second)),
                    (*text.span(second), bracketed(scope, first)),
                )


def slope(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`y * (1 - y)`, `y > 0`, `1 - y` and `y ** 2` → `1 - y ** 2`, and the first of them for the last."""
    value = _of_slope(node)
    if value is None:
        return
    text = bracketed(scope, value)
    for other in (f"(1 - {text} ** 2)", f"({text} * (1 - {text}))"):
        yield scope.text.instead("slope", node, other)


def _of_slope(node: ast.AST) -> ast.expr | None:
    """The value that an expression may be meant as the slope of."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Gt):
        return node.left if number(node.comparators[0]) == 0 else None
    if not isinstance(node, ast.BinOp):
        return None
    left, right = node.left, node.right
    if isinstance(node.op, ast.Pow):
        return left if number(right) == 2 else None
    if isinstance(node.op, ast.Mult) and ast.dump(left) == ast.dump(right):
        return left
    if isinstance(node.op, ast.Sub) and number(left) == 1:
        power = isinstance(right, ast.BinOp) and isinstance(right.op, ast.Pow)
        return right.left if power and isinstance(right, ast.BinOp) else right
    if isinstance(node.op, ast.Mult) and isinstance(right, ast.BinOp) and isinstance(right.op, ast.Sub):
        return left if number(right.left) == 1 and ast.dump(right.right) == ast.dump(left) else None
    return None


def permuted(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """Three to six parts of a tuple, a list or a call, all moved by as many places, the last ones to the front.

    Three or four names that are given the parts of a value: in every order.
    """
    parts = node.args if isinstance(node, ast.Call) else getattr(node, "elts", [])
    if not 2 < len(parts) <= _MOST_PARTS or any(isinstance(part, ast.Starred) for part in parts):
        return
    texts = [scope.text.of(part) for part in parts]
    orders = [(*texts[place:], *texts[:place]) for place in range(1, len(texts))]
    if len(parts) <= _MOST_TARGETS and isinstance(getattr(node, "ctx", None), ast.Store):
        orders += itertools.permutations(texts)
    for moved in orders:
        spans = [(*scope.text.span(part), text) for part, text in zip(parts, moved)]
        yield scope.text.edit("exchange", *spans)


def inner_name(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A larger expression, and one of the names in it in its place; several values, and one name for all of them."""
    above = scope.parent(node)
    is_unpacked = isinstance(node, ast.Tuple) and isinstance(above, ast.Assign) and above.value is node
    if not is_unpacked and not isinstance(
        node, (ast.Call, ast.BinOp, ast.Subscript, ast.ListComp, ast.IfExp)
    ):
        return
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or not isinstance(
        above, (ast.Assign, ast.Return, ast.BinOp, ast.Call, ast.Tuple)
    ):
        return
    own_names = {*scope.variables, *scope.attributes}
    inside = [
        scope.text.of(inner) for inner in ast.walk(node) if isinstance(inner, (ast.Name, ast.Attribute))
    ]
    for name in [name for name in dict.fromkeys(inside) if name in own_names][:_MOST_INNER]:
        yield scope.text.instead("inner_name", node, name)


def name_for_number(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`where(mask, new, 0)` → `where(mask, new, state)`: a number, and a name that is carried or given in its place."""
    above = scope.parent(node)
    if number(node) == 0 and isinstance(above, ast.Call) and len(above.args) > 1:
        around = scope.parent(above)
        targets = (
            [scope.text.of(target) for target in around.targets] if isinstance(around, ast.Assign) else []
        )
        for name in dict.fromkeys((*targets, *scope.carried, *scope.filled)):
            yield scope.text.instead("name_for_number", node, name)


def blend(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`new = a` → `new = (1 - w) * a + w * b`, for a `w` that is computed and never read."""
    if not isinstance(node, (ast.Assign, ast.Return)) or node.value is None or not scope.idle:
        return
    value = bracketed(scope, node.value)
    sized = {*scope.sizes}
    weights = [name for name in scope.idle if name not in sized][:2]
    for weight, other in itertools.product(weights, (*scope.carried, *scope.parameters)):
        if other != value and weight not in value and not isinstance(node.value, ast.Tuple):
            for first, second in ((value, other), (other, value)):
                text = f"(1 - {weight}) * {first} + {weight} * {second}"
                yield scope.text.instead("blend", node.value, text)


def _sign(node: ast.BinOp) -> str:
    """The sign of a sum or product, as it stands in the text."""
    return SIGNS.get(type(node.op), "")
