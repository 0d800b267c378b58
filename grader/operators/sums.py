"""Operators on sums, products, comparisons and numbers: a term dropped, doubled, negated or added."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from grader.operators.scope import SIGNS, Scope, bracketed
from grader.operators.texts import Edit

_MOST_FACTORS = 10  # names, and parts of them, that are multiplied by one that is never read
#: What each sign is taken for.
_OTHERS = {"+": "-*@", "-": "+*", "*": "@+", "@": "*", "/": "*"}
_COMPARISONS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: ("<=", ">", ">="),
    ast.LtE: ("<", ">=", ">"),
    ast.Gt: (">=", "<", "<="),
    ast.GtE: (">", "<=", "<"),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
}


def drop_term(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a + b` → `a` or `b`; so with every sign."""
    if isinstance(node, ast.BinOp):
        for remaining in (node.left, node.right):
            yield scope.text.instead("drop_term", node, f"({scope.text.of(remaining)})")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Invert)):
        yield scope.text.instead("drop_sign", node, scope.text.of(node.operand))


def other_sign(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a - b` → `a + b`, `a * b` → `a @ b`."""
    if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
        text, sign = scope.text, SIGNS[type(node.op)]
        for other in _OTHERS[sign]:
            yield text.instead(
                "other_sign", node, f"({bracketed(scope, node.left)} {other} {bracketed(scope, node.right)})"
            )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = bracketed(scope, node.left), bracketed(scope, node.right)
        for product in (f"{left} @ {right}.T", f"{left}.T @ {right}"):
            yield scope.text.instead("other_sign", node, f"({product})")
    if isinstance(node, ast.AugAssign) and type(node.op) in SIGNS:
        for other in _OTHERS[SIGNS[type(node.op)]]:
            target, value = scope.text.of(node.target), scope.text.of(node.value)
            yield scope.text.instead("other_sign", node, f"{target} {other}= {value}")


def factors_exchanged(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a @ b` → `b @ a`, `a - b` → `b - a`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.MatMult, ast.Sub, ast.Div)):
        text, sign = scope.text, SIGNS[type(node.op)]
        yield text.instead(
            "exchange", node, f"({bracketed(scope, node.right)} {sign} {bracketed(scope, node.left)})"
        )


def transpose(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A factor of a product of matrices turned round, or not any more."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        factors: list[ast.expr] = [node.left, node.right]
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("matmul", "dot", "mm")
    ):
        factors = [*node.args]
    else:
        factors = []
    for factor in factors:
        if (
            isinstance(factor, (ast.Name, ast.Attribute, ast.Subscript))
            and getattr(factor, "attr", "") != "T"
        ):
            yield scope.text.instead("transpose", factor, f"{scope.text.of(factor)}.T")
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT", "data", "real"):
        yield scope.text.instead("drop_attribute", node, scope.text.of(node.value))


def add_term(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A term or factor more, of what the function is given and never reads."""
    text, unused = scope.text, scope.spare
    if not unused:
        return
    sites = _is_sum(scope, node) or isinstance(node, (ast.Assign, ast.Return))
    value: ast.AST | None = node.value if isinstance(node, (ast.Assign, ast.Return)) else node
    if sites and isinstance(value, ast.expr) and not isinstance(value, (ast.Tuple, ast.Constant, ast.List)):
        inner = _innermost(value)
        for part in dict.fromkeys((value, inner)):
            for name in unused:
                yield text.instead("add_term", part, f"({text.of(part)} + {name})")
            for name, other in itertools.permutations(unused[:4], 2):
                yield text.instead("add_term", part, f"({text.of(part)} + {name} @ {other})")
            for name, other in itertools.product(_factors(scope), unused[:2]):
                yield text.instead("add_term", part, f"({text.of(part)} + {name} @ {other})")
    if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Load):
        above = scope.parent(node)
        if isinstance(above, ast.BinOp) and isinstance(above.op, (ast.Add, ast.Sub)):
            for name in unused:
                yield text.instead("add_factor", node, f"({text.of(node)} @ {name})")
            for name in scope.variables:
                yield text.instead("add_factor", node, f"({name} @ {text.of(node)})")


def _factors(scope: Scope) -> list[str]:
    """What a factor that is never read may belong to: names of the function's own, and parts of them."""
    parts = [
        scope.text.of(node)
        for node in scope.nodes
        if isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Load)
        and "\n" not in scope.text.of(node)
    ]
    names = [name for name in scope.variables if name not in scope.sizes]
    fields = [f"{name}.{field}" for name in scope.parameters for field in _fields(scope, name)]
    every = (*fields, *names, *(part for part in parts if ".shape" not in part))
    return [*dict.fromkeys(every)][:_MOST_FACTORS]


def _fields(scope: Scope, name: str) -> list[str]:
    """The fields of an argument that is an object of a class of the file: of one that has those that are read."""
    read = {
        node.attr
        for node in scope.nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    }
    for own in scope.text.tree.body if read else ():
        parts = own.body if isinstance(own, ast.ClassDef) else []
        fields = [
            part.target.id
            for part in parts
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
        ]
        if read <= {*fields}:
            return fields
    return []


def _is_sum(scope: Scope, node: ast.AST) -> bool:
    """Whether a node is a whole sum, or a product that is part of none."""
    above = scope.parent(node)
    inside = isinstance(above, ast.BinOp) and isinstance(above.op, (ast.Add, ast.Sub))
    return isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub, ast.MatMult)) and not inside


def _innermost(node: ast.expr) -> ast.expr:
    """What a call of one argument is given, and so on."""
    while isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        node = node.args[0]
    return node


def comparison(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`<` → `<=`, and the like."""
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return
    text = scope.text
    left, right = bracketed(scope, node.left), bracketed(scope, node.comparators[0])
    for other in _COMPARISONS.get(type(node.ops[0]), ()):
        yield text.instead("comparison", node, f"{left} {other} {right}")
    for part, sign in ((right, "- 1"), (right, "+ 1")):
        if isinstance(node.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
            start, end = text.span(node.comparators[0])
            yield text.edit("comparison", (start, end, f"({part} {sign})"))


def in_place(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a += b` → `a = a + b`: the object that others hold stays as it is."""
    if isinstance(node, ast.AugAssign) and type(node.op) in SIGNS:
        target, value = scope.text.of(node.target), scope.text.of(node.value)
        sign = SIGNS[type(node.op)]
        yield scope.text.instead("in_place", node, f"{target} = {target} {sign} ({value})")
        yield scope.text.instead("in_place", node, f"{target} = {value}")
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = scope.text.of(node.targets[0]), scope.text.of(node.value)
        again = isinstance(node.targets[0], ast.Name) and scope.bound.get(target, 0) > 1
        again = again or _is_filled_again(scope, node.targets[0])
        if again or (isinstance(node.targets[0], ast.Name) and target in scope.parameters):
            yield scope.text.instead("in_place", node, f"{target} += {value}")
        if scope.loops(node) and not isinstance(node.targets[0], ast.Tuple) and target not in value:
            yield scope.text.instead("in_place", node, f"{target} = {target} + ({value})")


def _is_filled_again(scope: Scope, target: ast.expr) -> bool:
    """Whether parts of what a part is given a value of are given values before."""
    if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
        return False
    return any(
        isinstance(part, ast.Subscript)
        and isinstance(part.ctx, ast.Store)
        and isinstance(part.value, ast.Name)
        and part.value.id == target.value.id
        and part.lineno < target.lineno
        for part in scope.nodes
    )
