"""Operators for values that are computed, or given, and lost: nothing reads them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import Scope, bracketed, named
from grader.operators.texts import Edit
from grader.syntax import dotted

_MOST_NAMES = 3  # names that are carried nowhere, or only asked whether they are there
_OPERANDS = (ast.Name, ast.Attribute, ast.Subscript)


def add_to_lost(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a = …; a = b`, with nothing that reads the first → `a = …; a += b`; also in the place of what `b` is made of."""
    for field in ("body", "orelse"):
        block = getattr(node, field, None)
        body: list[ast.stmt] = block if isinstance(block, list) else []
        for place, later in enumerate(body):
            name = _target(later)
            if not isinstance(later, ast.Assign) or not name or name in _read(later):
                continue
            for earlier in reversed(body[:place]):
                if name in _read(earlier) and not isinstance(earlier, ast.AugAssign):
                    break
                if _target(earlier) == name or _added_to(earlier) == name:
                    value = scope.text.of(later.value)
                    yield scope.text.instead("add_to_lost", later, f"{name} += {value}")
                    for operand in _operands(scope, later.value):
                        yield scope.text.instead("lost_for_operand", operand, name)
                    break


def _target(node: ast.AST) -> str:
    """The one name that a statement gives a value to."""
    target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
    return target.id if isinstance(target, ast.Name) else ""


def _added_to(node: ast.AST) -> str:
    return dotted(node.target) if isinstance(node, ast.AugAssign) else ""


def _read(node: ast.AST) -> set[str]:
    return {
        inner.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)
    }


def _operands(scope: Scope, value: ast.expr) -> list[ast.AST]:
    """What a value is made of: what its calls are given, and its signs stand between."""
    inner = [node for node in ast.walk(value) if isinstance(node, _OPERANDS)]
    calls = [node for node in ast.walk(value) if isinstance(node, ast.Call)]
    given = [argument for call in calls for argument in call.args]
    return [node for node in inner if node in given or isinstance(scope.parent(node), ast.BinOp)]


def carried_nowhere(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In a loop: `f(x)` → `f(x + a)`, for an `a` that has a value before it and gets others that it never reads."""
    if not isinstance(node, (*_OPERANDS, ast.BinOp)) or not isinstance(
        getattr(node, "ctx", ast.Load()), ast.Load
    ):
        return
    above = scope.parent(node)
    loops = scope.loops(node)
    is_given = isinstance(above, ast.Call) and node in above.args
    if loops and (is_given or isinstance(above, (ast.Assign, ast.AugAssign))):
        for name in _carried_nowhere(scope, loops[0])[:_MOST_NAMES]:
            yield scope.text.instead("carried_nowhere", node, f"{bracketed(scope, node)} + {name}")


def _carried_nowhere(scope: Scope, loop: ast.AST) -> list[str]:
    stored = dict.fromkeys(name.id for name in named(loop, ast.Store))
    read = {name.id for name in named(loop, ast.Load)}
    before = {
        name
        for node in scope.nodes
        if isinstance(node, ast.Assign) and node.lineno < loop.lineno  # type: ignore[attr-defined]
        for name in _targets(node)
    }
    return [name for name in stored if name in before and name not in read]


def _targets(node: ast.Assign) -> set[str]:
    return {name.id for target in node.targets for name in named(target, ast.Store)}


def by_counter(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In a loop over `n`: `range(size)` → `range(a[n])`, for an argument `a` that is only asked whether it is there."""
    loops = scope.loops(node)
    counters = [
        loop.target.id for loop in loops if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name)
    ]
    if isinstance(node, ast.For) and isinstance(node.iter, ast.Call) and dotted(node.iter.func) == "range":
        for name in only_asked(scope)[:_MOST_NAMES]:
            for counter in counters:
                yield scope.text.instead("by_counter", node.iter, f"range({name}[{counter}])")


def only_asked(scope: Scope) -> list[str]:
    """The arguments that are never read but in `is None`."""
    asked = {id(node.left) for node in scope.nodes if isinstance(node, ast.Compare) and _is_for_none(node)}
    loads = [node for node in scope.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    read = {node.id for node in loads if id(node) not in asked}
    return [name for name in scope.parameters if name not in read]


def _is_for_none(node: ast.Compare) -> bool:
    other = node.comparators[0]
    return isinstance(other, ast.Constant) and other.value is None
