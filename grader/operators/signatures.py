"""Operators on what a function accepts: an argument that its body asks for, and that its head does not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import Scope, named
from grader.operators.texts import Edit, Replacement

_MOST = 3  # names that may be arguments


def accept(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`def f(x): y = None` and `def f(x): if y is None` → `def f(x, y=None)`; `if True` then asks for it."""
    arguments = scope.function.args
    if node is not scope.function or arguments.vararg or arguments.kwonlyargs or arguments.kwarg:
        return
    end = _end_of_arguments(scope)
    if end is None:
        return
    for name, statement in _always_none(scope):
        pieces: list[Replacement] = [(end, end, f", {name}=None")]
        yield scope.text.edit("accept", *pieces, (*scope.text.span(statement), "pass"))
    for name, test in _set_anyway(scope):
        yield scope.text.edit(
            "accept", (end, end, f", {name}=None"), (*scope.text.span(test), f"{name} is None")
        )
    for name in (*sorted(scope.unbound)[:_MOST], *_made_of_itself(scope)):
        parameter: Replacement = (end, end, f", {name}=None")
        yield scope.text.edit("accept", parameter)
        for test in _constant_tests(scope):
            for question in (f"{name} is None", f"{name} is not None"):
                yield scope.text.edit("accept", parameter, (*scope.text.span(test), question))


def _end_of_arguments(scope: Scope) -> int | None:
    """Where the last argument ends, with its default; None where there is no argument."""
    arguments = scope.function.args
    plain = [*arguments.posonlyargs, *arguments.args]
    if not plain:
        return None
    last = arguments.defaults[-1] if arguments.defaults else plain[-1]
    return scope.text.span(last)[1]


def _always_none(scope: Scope) -> list[tuple[str, ast.Assign]]:
    """The names that the function itself sets to None before all else, with the statements that do."""
    assignments = []
    for statement in scope.function.body[:_MOST]:
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        target, value = statement.targets[0], statement.value
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and value.value is None:
            assignments.append((target.id, statement))
    return assignments


def _set_anyway(scope: Scope) -> list[tuple[str, ast.expr]]:
    """The names that are no arguments and are set where a condition holds that always does, with the conditions."""
    conditions = []
    for node in scope.nodes:
        first = node.body[0] if isinstance(node, ast.If) and isinstance(node.test, ast.Constant) else None
        target = first.targets[0] if isinstance(first, ast.Assign) else None
        if isinstance(node, ast.If) and isinstance(target, ast.Name) and target.id not in scope.parameters:
            conditions.append((target.id, node.test))
    return conditions[:_MOST]


def _made_of_itself(scope: Scope) -> list[str]:
    """The names that are no arguments and whose first value is computed from themselves: `n = list(n)`."""
    first: dict[str, bool] = {}
    for node in scope.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            above = scope.parent(node)
            value = above.value if isinstance(above, ast.Assign) else None
            first.setdefault(
                node.id, value is not None and node.id in {read.id for read in named(value, ast.Load)}
            )
    return [name for name, is_read in first.items() if is_read and name not in scope.parameters][:_MOST]


def _constant_tests(scope: Scope) -> list[ast.expr]:
    """The conditions that are always the same."""
    guards = [node for node in scope.nodes if isinstance(node, (ast.If, ast.IfExp))]
    return [guard.test for guard in guards if isinstance(guard.test, ast.Constant)]
