"""Operators for what is not there at all: the base class's set-up, a factor, an index, a test of what is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import Scope, bracketed, number
from grader.operators.texts import Edit
from grader.syntax import dotted

_MOST_IDLE = 4  # names that are tried as a term or factor
_FACTORS = (2, 3, 4)
_VALUES = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.BinOp)


def set_up_base(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In `__init__` of a class with a base: the base is set up first, where nobody does."""
    if node is not scope.function or scope.owner is None or scope.function.name != "__init__":
        return
    set_up = any(isinstance(inner, ast.Attribute) and inner.attr == "__init__" for inner in scope.nodes)
    if scope.owner.bases and not set_up:
        first = scope.first
        lines = f"super().__init__()\n{scope.text.indent(first)}"
        yield scope.text.edit("set_up_base", (scope.text.span(first)[0],) * 2 + (lines,))


def ask_given(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`if True` → `if state is None`, for what is set there, and each argument that may be left out."""
    if isinstance(node, (ast.If, ast.IfExp)) and isinstance(node.test, ast.Constant):
        first = node.body[0] if isinstance(node, ast.If) else None
        targets = first.targets if isinstance(first, ast.Assign) else []
        set_there = [target.id for target in targets if isinstance(target, ast.Name)]
        for name in dict.fromkeys((*set_there, *sorted(scope.optional))):
            for test in (f"{name} is None", f"{name} is not None"):
                yield scope.text.instead("ask_given", node.test, test)


def use_idle(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """One more term or factor: a name that is computed, or given, and never read."""
    if not _may_lack(scope, node):
        return
    sized = {*scope.sizes}
    names = [name for name in (*scope.idle, *scope.spare) if name not in sized][:_MOST_IDLE]
    at = _index_of_target(scope, node)
    for name in names:
        for sign in "*+@-":
            yield scope.text.instead("use_idle", node, f"({bracketed(scope, node)} {sign} {name})")
        if at:
            yield scope.text.instead("use_idle", node, f"({bracketed(scope, node)} * {name}{at})")
        if isinstance(node, (ast.List, ast.ListComp)):
            yield scope.text.instead("use_idle", node, f"[{name}] + {scope.text.of(node)}")


def add_factor(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """One more factor, entry by entry: any name of the function's own."""
    above = scope.parent(node)
    is_turned = isinstance(above, ast.Attribute) and above.attr in ("T", "mT")
    is_array = isinstance(node, ast.Name) and node.id not in scope.modules
    within = isinstance(above, ast.BinOp) and _may_lack(scope, node)
    if isinstance(node, _VALUES) and (within or (is_turned and is_array)):
        sized = {*scope.sizes}
        for name in scope.variables:
            if name not in sized:
                yield scope.text.instead("add_factor", node, f"({name} * {bracketed(scope, node)})")


def size_factor(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`2` → `2 * size`, and a size that is taken once where it is wanted several times."""
    if not _is_bound(scope, node):
        return
    whole = number(node)
    if whole is not None and whole > 0:
        for name in scope.sizes:
            yield scope.text.instead("size_factor", node, f"({whole} * {name})")
    elif isinstance(node, (ast.Name, ast.Attribute)) and scope.text.of(node) in (
        *scope.sizes,
        *scope.attributes,
    ):
        for times in _FACTORS:
            yield scope.text.instead("size_factor", node, f"({times} * {scope.text.of(node)})")


def cut_chain(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`x.f().g()` → `x`: several calls dropped at once."""
    if not isinstance(node, ast.Call) or isinstance(scope.parent(node), ast.Attribute):
        return
    inner: ast.AST = node
    calls = 0
    while isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
        inner, calls = inner.func.value, calls + 1
        if isinstance(inner, ast.Name) and inner.id in scope.modules:
            return
        if calls > 1:
            yield scope.text.instead("cut_chain", node, scope.text.of(inner))


def give_index(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`x.shape` → `x.shape[0]`, where one size is wanted."""
    if not isinstance(node, ast.Attribute) or node.attr != "shape":
        return
    above = scope.parent(node)
    if isinstance(above, (ast.Subscript, ast.Compare)):
        return
    for place in (0, 1, 2, -1):
        yield scope.text.instead("give_index", node, f"{scope.text.of(node)}[{place}]")


def plain_result(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return {"a": a, "b": b}` → `return a, b`; a list likewise; and `[x]`, with which a list begins, → `[]`."""
    value = getattr(node, "value", None)
    if isinstance(node, ast.Return) and isinstance(value, (ast.Dict, ast.List)):
        parts = value.values if isinstance(value, ast.Dict) else value.elts
        if parts:
            yield scope.text.instead("plain_result", value, ", ".join(scope.text.of(part) for part in parts))
    elif isinstance(node, ast.Assign) and isinstance(value, ast.List) and len(value.elts) == 1:
        yield scope.text.instead("empty_list", value, "[]")


def _index_of_target(scope: Scope, node: ast.AST) -> str:
    """The index, in its brackets, of what a whole value is assigned to: `[:, t]`; "" where it is no part."""
    above = scope.parent(node)
    target = above.targets[0] if isinstance(above, ast.Assign) and above.value is node else None
    if not isinstance(target, ast.Subscript):
        return ""
    return scope.text.of(target)[len(scope.text.of(target.value)) :]


def _may_lack(scope: Scope, node: ast.AST) -> bool:
    """Whether an expression may lack a term or a factor: it is computed with, assigned, given back or handed on."""
    above = scope.parent(node)
    if not isinstance(node, (*_VALUES, ast.List, ast.ListComp)):
        return False
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return False
    if isinstance(node, ast.Name) and node.id in scope.modules:
        return False
    if isinstance(above, ast.Call):
        return node is not above.func
    return isinstance(above, (ast.BinOp, ast.UnaryOp, ast.Assign, ast.AugAssign, ast.Return))


def _is_bound(scope: Scope, node: ast.AST) -> bool:
    """Whether a number or a name is the end of a slice, or an argument that may be a size."""
    above = scope.parent(node)
    if isinstance(above, (ast.Tuple, ast.List)):
        above = scope.parent(above)
    return isinstance(above, ast.Slice) or (
        isinstance(above, ast.Call) and node is not above.func and dotted(above.func) != "range"
    )
