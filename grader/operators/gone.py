"""Operators for a whole term or choice that is gone, built from names that are lost and from what stands around."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from functools import lru_cache

from grader.operators.scope import Scope, bracketed, named, number
from grader.operators.texts import Edit
from grader.syntax import dotted

_MOST_LOST = 4  # names of which every two are multiplied
_MOST_FACTORS = 5  # names that a lost one may be multiplied with, as matrices
_MOST_FRAGMENTS = 6  # parts of arrays that a lost name may be multiplied with
_MOST_GIVEN = 3  # arguments that may stand in the place of what is before the first
_MOST_ARRAYS = 6
_VALUES = (ast.BinOp, ast.Call, ast.Name, ast.Subscript)


def _is_whole(scope: Scope, node: ast.AST) -> bool:
    """Whether a node is all that a name is given, that is given back, or that a function is applied to."""
    above = scope.parent(node)
    if not isinstance(node, _VALUES) or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return False
    if isinstance(above, (ast.Assign, ast.AugAssign, ast.Return)):
        return node is above.value
    if isinstance(above, ast.Attribute):  # `(x + b).reshape(n, 3, -1)`, `a[2].tanh()`
        call = scope.parent(above)
        return isinstance(call, ast.Call) and (isinstance(node, ast.BinOp) or not call.args)
    return isinstance(above, ast.Call) and above.args == [node]


@lru_cache(maxsize=8)
def _lost(scope: Scope) -> list[str]:
    """What is computed, or given, and never read; without sizes."""
    names = dict.fromkeys((*scope.forgotten, *scope.spare))
    return [name for name in names if name not in scope.sizes and name not in scope.switches]


def lost_product(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`b` → `b + x @ w`, for two names that are lost; for three `x @ w + c`."""
    lost = _lost(scope)
    if not 2 <= len(lost) <= _MOST_LOST or not _is_whole(scope, node):
        return
    own = bracketed(scope, node)
    for first, second in itertools.combinations(lost, 2):
        yield scope.text.instead("lost_product", node, f"({own} + {first} * {second})")
    for first, second in itertools.permutations(lost, 2):
        yield scope.text.instead("lost_product", node, f"({own} + {first} @ {second})")
    if len(lost) == 3:
        for first, second, third in itertools.permutations(lost, 3):
            yield scope.text.instead("lost_product", node, f"({own} + {first} @ {second} + {third})")


def lost_factor(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`x + b` → `x + b + h @ w`, for a `w` that is taken out of something and never read."""
    idle = [name for name in scope.forgotten if name not in scope.sizes][:2]
    if not idle or not _is_whole(scope, node):
        return
    names = [name for name in dict.fromkeys((*scope.carried, *scope.parameters)) if name not in idle]
    own = bracketed(scope, node)
    for name, lost in itertools.product(names[:_MOST_FACTORS], idle):
        yield scope.text.instead("lost_factor", node, f"({own} + {name} @ {lost})")


def lost_with_part(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`f(a[2])` → `f(a[2] + r * b[2])`, for an `r` that is lost, and the part of an array that is taken nowhere."""
    lost = _lost(scope)[:2]
    if not lost or not _is_whole(scope, node):
        return
    own = bracketed(scope, node)
    for name, part in itertools.product(lost, _fragments(scope, node)):
        yield scope.text.instead("lost_with_part", node, f"({own} + {name} * {part})")


def _fragments(scope: Scope, node: ast.AST) -> list[str]:
    """Parts of arrays, and calls with a number: at the numbers of a node, and at those that nothing asks for."""
    texts: dict[str, None] = {}
    own = {number(inner) for inner in ast.walk(node) if number(inner) is not None}
    asked: dict[tuple[str, str], set[int]] = {}
    for part in scope.nodes:
        argument: ast.AST | None = None
        if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Load):
            argument = part.slice
        elif isinstance(part, ast.Call) and len(part.args) == 1 and isinstance(part.func, ast.Name):
            argument = part.args[0]
        if argument is None or (at := number(argument)) is None:
            continue
        (start, end), (first, last) = scope.text.span(part), scope.text.span(argument)
        around = scope.text.source[start:first], scope.text.source[last:end]
        asked.setdefault(around, set()).add(at)
    for (before, behind), numbers in asked.items():
        missing = {*range(max(numbers) + 2)} - numbers if len(numbers) > 1 else set()
        for at in sorted(missing | {one for one in own if one is not None}):
            texts[f"{before}{at}{behind}"] = None
            if scope.library and at in missing:
                texts[f"{scope.library}.tanh({before}{at}{behind})"] = None
    return [*texts][:_MOST_FRAGMENTS]


def before_first(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In a loop: `a[i - 1]` → `a[i - 1] if i > 0 else a0`, for an argument `a0`; and the same for `a0` alone."""
    loops = scope.loops(node)
    if not loops or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    counters = _counters(loops[0])
    if isinstance(node, ast.Subscript):
        back = [name for name in counters if f"{name} - 1" in scope.text.of(node.slice)]
        for counter, given in itertools.product(back[:1], _given_for_first(scope)):
            yield scope.text.instead(
                "before_first", node, f"({scope.text.of(node)} if {counter} > 0 else {given})"
            )
    elif isinstance(node, ast.Name) and node.id in scope.parameters:
        above = scope.parent(node)
        if isinstance(above, (ast.Assign, ast.Call, ast.BinOp)) and not isinstance(
            scope.parent(above), ast.Subscript
        ):
            for array, counter in _one_before(scope, loops[0], counters):
                yield scope.text.instead("before_first", node, f"({array} if {counter} > 0 else {node.id})")


def _counters(loop: ast.AST) -> list[str]:
    """The names that change in a loop and stand in its indices."""
    stored = {name.id for name in named(loop, ast.Store)}
    indices = [inner.slice for inner in ast.walk(loop) if isinstance(inner, ast.Subscript)]
    return [
        *dict.fromkeys(name.id for index in indices for name in named(index, ast.Load) if name.id in stored)
    ]


def _given_for_first(scope: Scope) -> list[str]:
    """Arguments that nothing takes a part of: those that are never read first."""
    parts = {dotted(node.value) for node in scope.nodes if isinstance(node, ast.Subscript)}
    shaped = {dotted(node.value) for node in scope.nodes if isinstance(node, ast.Attribute)}
    plain = [name for name in scope.parameters if name not in parts | shaped and name not in scope.switches]
    return [*dict.fromkeys((*(name for name in plain if name in scope.unused), *plain))][:_MOST_GIVEN]


def _one_before(scope: Scope, loop: ast.AST, counters: list[str]) -> list[tuple[str, str]]:
    """Parts of arguments that are taken in a loop, one place before, each with the name that counts."""
    found: dict[tuple[str, str], None] = {}
    for part in ast.walk(loop):
        if not isinstance(part, ast.Subscript) or dotted(part.value) not in scope.parameters:
            continue
        last = part.slice.elts[-1] if isinstance(part.slice, ast.Tuple) else part.slice
        index = last.lower if isinstance(last, ast.Slice) else last
        if isinstance(index, ast.Name) and index.id in counters:
            start, (first, _), end = scope.text.span(part)[0], scope.text.span(last), scope.text.span(last)[1]
            behind = scope.text.source[end : scope.text.span(part)[1]]
            found[f"{scope.text.source[start:first]}{index.id} - 1{behind}", index.id] = None
    return [*found][:_MOST_ARRAYS]


def both_arms(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a if c else b` → `a + b`."""
    if isinstance(node, ast.IfExp):
        yield scope.text.instead(
            "both_arms", node, f"({bracketed(scope, node.body)} + {bracketed(scope, node.orelse)})"
        )


def by_lost_flag(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a + b` → `a if last else a + b`, for a `last` that a comparison gives and nothing reads."""
    flags = [name for name in scope.masks if name in scope.forgotten]
    if not flags or not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Add, ast.Sub)):
        return
    own = scope.text.of(node)
    for flag, side in itertools.product(flags, (node.left, node.right)):
        one = bracketed(scope, side)
        yield scope.text.instead("by_lost_flag", node, f"({one} if {flag} else {own})")
        yield scope.text.instead("by_lost_flag", node, f"({own} if {flag} else {one})")


def stacked(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`sum(parts)` → `stack(parts, 1)`, of what a list collects."""
    if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "sum" and scope.library:
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Name) and scope.bound.get(first.id):
            for axis in (1, 0):
                yield scope.text.instead("stacked", node, f"{scope.library}.stack({first.id}, {axis})")


def one_less(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a - b` → `1 - b`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Name):
        yield scope.text.instead("one_less", node.left, "1")


def between(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a + z * b` and `z * (a + b)` → `a + z * (b - a)`: what goes from one to the other."""
    if not isinstance(node, ast.BinOp):
        return
    for first, product in ((node.left, node.right), (node.right, node.left)):
        if (
            isinstance(node.op, ast.Add)
            and isinstance(product, ast.BinOp)
            and isinstance(product.op, ast.Mult)
        ):
            for share, other in ((product.left, product.right), (product.right, product.left)):
                yield _between(scope, node, share, other, first)
        if (
            isinstance(node.op, ast.Mult)
            and isinstance(product, ast.BinOp)
            and isinstance(product.op, ast.Add)
        ):
            yield _between(scope, node, first, product.left, product.right)
            yield _between(scope, node, first, product.right, product.left)


def _between(scope: Scope, node: ast.AST, share: ast.AST, to: ast.AST, start: ast.AST) -> Edit:
    z, b, a = (bracketed(scope, part) for part in (share, to, start))
    return scope.text.instead("between", node, f"({a} + {z} * ({b} - {a}))")


def masked(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`kept.append(h)` → `kept.append(h * going)`, for what a comparison gives."""
    above = scope.parent(node)
    is_kept = (
        isinstance(above, ast.Call)
        and isinstance(above.func, ast.Attribute)
        and above.func.attr == "append"
        and node in above.args
    )
    if is_kept and isinstance(node, _VALUES):
        for mask in scope.masks:
            if mask not in scope.text.of(node):
                yield scope.text.instead("masked", node, f"{bracketed(scope, node)} * {mask}")


def zeros_for_carried(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In a loop: `x + zeros(n)` → `x + carried`, for names that the loop gives values to."""
    loops = scope.loops(node)
    if (
        not loops
        or not isinstance(node, ast.Call)
        or not dotted(node.func).rpartition(".")[2].startswith("zeros")
    ):
        return
    if isinstance(scope.parent(node), (ast.BinOp, ast.Call)):
        for name in [*dict.fromkeys(name.id for name in named(loops[0], ast.Store))][::-1][:_MOST_ARRAYS]:
            yield scope.text.instead("zeros_for_carried", node, name)


def carried_for_first(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a, b = s[0], s[1]`, and in a loop `f(s[0], s[1])` → `f(a, b)`: what the loop carries, at every such place."""
    if not isinstance(node, (ast.For, ast.While)):
        return
    firsts: dict[str, str] = {}
    for before in scope.nodes:
        if (
            isinstance(before, ast.Assign)
            and before.lineno < node.lineno
            and not isinstance(before.value, ast.Constant)
        ):
            target, value = before.targets[-1], before.value
            pairs = [(target, value)]
            if (
                isinstance(target, ast.Tuple)
                and isinstance(value, ast.Tuple)
                and len(target.elts) == len(value.elts)
            ):
                pairs = [*zip(target.elts, value.elts)]
            firsts |= {scope.text.of(part): name.id for name, part in pairs if isinstance(name, ast.Name)}
    carried = {name.id for name in named(node, ast.Store)}
    spans = [
        (*scope.text.span(inner), firsts[scope.text.of(inner)])
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Name, ast.Subscript, ast.Attribute))
        and isinstance(inner.ctx, ast.Load)
        and firsts.get(scope.text.of(inner)) in carried
    ]
    if spans:
        yield scope.text.edit("carried_for_first", *spans)


def product_gone(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In a loop: `w + b` → `h @ w + b`, for names that it carries."""
    above, loops = scope.parent(node), scope.loops(node)
    if not loops or not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(above, ast.BinOp):
        return
    if isinstance(above.op, ast.Add) and scope.text.of(node) in (*scope.parameters, *scope.attributes):
        for name in scope.carried[:_MOST_GIVEN]:
            yield scope.text.instead("product_gone", node, f"{name} @ {scope.text.of(node)}")
