"""Operators for what stands in another place, or in another line: a power, a factor, a term, a sum that is lost."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TypeGuard

from grader.operators.scope import Scope, bracketed
from grader.operators.texts import Edit
from grader.syntax import dotted

_MOST_TERMS, _NUMBERS = (
    8,
    4,
)  # terms that are tried elsewhere, and the numbers that may stand in their indices
_VALUES = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.BinOp)
_MOST_DIVISORS = 3
_MOST_STATEMENTS = 8  # of one block, between which terms are moved
_MOST_SLICES = 12  # that are tried in the place of one
_INDEX = re.compile(r"\[\d\]")


def move_power(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`(a - b) ** 2` → `a - b**2` and `a**2 - b`, and back."""
    if not isinstance(node, ast.BinOp):
        return
    if isinstance(node.op, ast.Pow) and isinstance(node.left, ast.BinOp):
        if isinstance(node.left.op, (ast.Add, ast.Sub)):
            sign = "+" if isinstance(node.left.op, ast.Add) else "-"
            left, right = bracketed(scope, node.left.left), bracketed(scope, node.left.right)
            power = scope.text.of(node.right)
            for text in (f"({left} {sign} {right}**{power})", f"({left}**{power} {sign} {right})"):
                yield scope.text.instead("move_power", node, text)
    elif isinstance(node.op, (ast.Add, ast.Sub)):
        sign = "+" if isinstance(node.op, ast.Add) else "-"
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(side, ast.BinOp) and isinstance(side.op, ast.Pow):
                texts = [bracketed(scope, side.left), bracketed(scope, other)]
                first, second = texts if side is node.left else texts[::-1]
                text = f"(({first} {sign} {second}) ** {scope.text.of(side.right)})"
                yield scope.text.instead("move_power", node, text)


def move_into_product(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a * (b @ w)` → `(a * b) @ w`, and back."""
    if not isinstance(node, ast.BinOp):
        return
    if isinstance(node.op, ast.Mult):
        for product, factor in ((node.right, node.left), (node.left, node.right)):
            if isinstance(product, ast.BinOp) and isinstance(product.op, ast.MatMult):
                first, second = bracketed(scope, product.left), bracketed(scope, product.right)
                text = f"(({bracketed(scope, factor)} * {first}) @ {second})"
                yield scope.text.instead("move_into_product", node, text)
    elif isinstance(node.op, ast.MatMult):
        product = node.left
        if not isinstance(product, ast.BinOp) or not isinstance(product.op, ast.Mult):
            return
        for factor, rest in ((product.left, product.right), (product.right, product.left)):
            inner = f"({bracketed(scope, rest)} @ {bracketed(scope, node.right)})"
            yield scope.text.instead("move_into_product", node, f"({bracketed(scope, factor)} * {inner})")


def scale_product(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A product of matrices, divided by the root of how many products its entries are sums of."""
    first: ast.expr | None = None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        first = node.left
    elif isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in ("einsum", "matmul", "bmm"):
        arrays = [argument for argument in node.args if not isinstance(argument, ast.Constant)]
        first = arrays[0] if arrays else None
    if isinstance(first, (ast.Name, ast.Attribute)):
        own = bracketed(scope, node)
        yield scope.text.instead("scale_product", node, f"({own} / {scope.text.of(first)}.shape[-1] ** 0.5)")


def put_infinity(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """What `where` puts in for what is left out: minus infinity for a number."""
    if not isinstance(node, ast.Call):
        return
    name = dotted(node.func).rpartition(".")[2] or getattr(node.func, "attr", "")
    for argument in node.args[1:] if name in ("where", "masked_fill", "masked_fill_") else ():
        if isinstance(argument, ast.Constant) and isinstance(argument.value, (int, float)):
            yield scope.text.instead("put_infinity", argument, 'float("-inf")')


def other_divisor(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A variance or standard deviation that divides by the number of its entries, or by one less."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if node.func.attr in ("var", "std"):
        taken = {keyword.arg for keyword in node.keywords}
        option = "unbiased=False" if scope.is_torch else "ddof=1"
        if not taken & {"unbiased", "correction", "ddof"}:
            end = scope.text.span(node)[1] - 1
            comma = ", " if node.args or node.keywords else ""
            yield scope.text.edit("other_divisor", (end, end, f"{comma}{option}"))


def other_slice(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a[:, n:k]` → a slice that is read of `a` elsewhere, or the one before all of these, or behind them."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
        return
    own, of = _last_part(node), scope.text.of(node.value)
    if not isinstance(own, ast.Slice):
        return
    slices = [
        part
        for subscript in scope.nodes
        if isinstance(subscript, ast.Subscript) and scope.text.of(subscript.value) == of
        if (part := _last_slice(subscript)) is not None
    ]
    texts = [scope.text.of(part) for part in slices]
    texts += [f"{scope.text.of(part.upper)}:" for part in slices if part.upper is not None]
    texts += [f":{scope.text.of(part.lower)}" for part in slices if part.lower is not None]
    fewest = 0 if own.lower is None and own.upper is None else 1
    for text in [*dict.fromkeys(texts)][:_MOST_SLICES] if len(slices) > fewest else ():
        if text != scope.text.of(own):
            yield scope.text.instead("other_slice", own, text)


def _last_part(node: ast.Subscript) -> ast.expr:
    return node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice


def _last_slice(node: ast.Subscript) -> ast.Slice | None:
    """The slice of a subscript that has a bound, where it is its last part."""
    last = _last_part(node)
    bounded = isinstance(last, ast.Slice) and (last.lower is not None or last.upper is not None)
    return last if bounded and isinstance(last, ast.Slice) else None


def repeat_term(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A term more: one that the function adds or subtracts elsewhere, with each number as its index."""
    above = scope.parent(node)
    loaded = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    within = isinstance(above, (ast.BinOp, ast.Assign, ast.Return)) or (
        isinstance(above, ast.Call) and node is not above.func
    )
    if not isinstance(node, _VALUES) or not loaded or not within:
        return
    own = bracketed(scope, node)
    for sign, term in _terms(scope):
        if term not in own:
            yield scope.text.instead("repeat_term", node, f"({own} {sign} {term})")


def _terms(scope: Scope) -> list[tuple[str, str]]:
    """The terms of a function's sums that are products or calls, with their signs."""
    added: dict[tuple[str, str], None] = {}
    for node in scope.nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
            text = scope.text.of(node.right)
            is_sum = isinstance(getattr(node.right, "op", None), (ast.Add, ast.Sub))
            if isinstance(node.right, (ast.BinOp, ast.Call)) and not is_sum and "\n" not in text:
                added["+" if isinstance(node.op, ast.Add) else "-", text] = None
    every: dict[tuple[str, str], None] = {}
    for sign, text in [*added][:_MOST_TERMS]:
        every[sign, text] = None
        for number in range(_NUMBERS) if len(_INDEX.findall(text)) == 1 else ():
            every[sign, _INDEX.sub(f"[{number}]", text)] = None
    return [*every]


def divided_as_elsewhere(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`where(c, 1 / (1 + e), e)` → `…, e / (1 + e))`: a value alone, over what the function divides by elsewhere."""
    above = scope.parent(node)
    is_alone = isinstance(above, (ast.Assign, ast.Return, ast.Tuple, ast.IfExp)) or (
        isinstance(above, ast.Call) and node is not above.func
    )
    loaded = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    if not is_alone or not loaded or not isinstance(node, (ast.Name, ast.Call, ast.Subscript)):
        return
    divisors = [
        part.right for part in scope.nodes if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div)
    ]
    texts = dict.fromkeys(bracketed(scope, divisor) for divisor in divisors if node not in ast.walk(divisor))
    for text in [*texts][:_MOST_DIVISORS]:
        if "\n" not in text:
            yield scope.text.instead("divided_as_elsewhere", node, f"({scope.text.of(node)} / {text})")


def term_elsewhere(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a = f(x); c = b + t` → `a = f(x) + t; c = b`: a term belongs to another statement beside its own."""
    for field in ("body", "orelse"):
        block = getattr(node, field, None)
        body = [part for part in block if _is_plain(scope, part)] if isinstance(block, list) else []
        for own in body[:_MOST_STATEMENTS]:
            total = own.value
            if not isinstance(total, ast.BinOp) or not isinstance(total.op, ast.Add):
                continue
            for term, rest in ((total.right, total.left), (total.left, total.right)):
                text = bracketed(scope, term)
                taken = (*scope.text.span(total), scope.text.of(rest))
                for other in [other for other in body[:_MOST_STATEMENTS] if other is not own]:
                    sum_there = f"{bracketed(scope, other.value)} + {text}"
                    spans = sorted([taken, (*scope.text.span(other.value), sum_there)])
                    lines = sorted((own.lineno, other.lineno))
                    edit = scope.text.edit("term_elsewhere", *spans)
                    yield Edit(edit.operator, lines[0], edit.replacements, (*lines[1:],))


def _is_plain(scope: Scope, node: ast.AST) -> TypeGuard[ast.Assign]:
    """Whether a statement gives one name a computed value, in one line."""
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, (ast.BinOp, ast.Call))
        and "\n" not in scope.text.of(node)
    )
