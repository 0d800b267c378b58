"""A tree with what is one statement or two by taste in one: `a = f(x)` and then `return g(a)` is `return g(f(x))`.

Only a name that is set once, used once, and used in the very next statement is put there. Linear in the tree.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from grader.syntax import FUNCTIONS

_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return)


@dataclass
class _Use:
    """Where a name is read: the statement, and the field of the node (a place in it, where the field is a list)."""

    statement: ast.stmt
    node: ast.AST
    field: str
    place: int | None


def in_normal_form(tree: ast.Module) -> ast.Module:
    """The tree, changed in place."""
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            _of_function(node)
    return tree


def _of_function(function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    read = Counter(node.id for node in names if isinstance(node.ctx, ast.Load))
    written = Counter(node.id for node in names if not isinstance(node.ctx, ast.Load))
    uses: dict[str, _Use] = {}
    bodies = list(_bodies(function))
    for body in bodies:
        for statement in body:
            if isinstance(statement, _SIMPLE):
                uses.update(_uses(statement))
    for body in bodies:
        statements: list[ast.stmt] = []
        for statement, after in zip(body, [*body[1:], None]):
            name = _only_name(statement)
            use = uses.get(name)
            if name and use and use.statement is after and read[name] == written[name] == 1:
                assert isinstance(statement, ast.Assign)
                _put(use, statement.value)
            else:
                statements.append(statement)
        body[:] = statements


def _bodies(function: ast.AST) -> Iterator[list[ast.stmt]]:
    """The lists of statements of a function, without those of functions in it, which come on their own."""
    waiting = [function]
    while waiting:
        node = waiting.pop()
        for _, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield value
                waiting += [part for part in value if not isinstance(part, FUNCTIONS)]
            elif isinstance(value, list):
                waiting += [part for part in value if isinstance(part, ast.ExceptHandler)]


def _uses(statement: ast.stmt) -> Iterator[tuple[str, _Use]]:
    for node in ast.walk(statement):
        for field, value in ast.iter_fields(node):
            for place, part in enumerate(value) if isinstance(value, list) else ((None, value),):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                    yield part.id, _Use(statement, node, field, place)


def _only_name(statement: ast.stmt) -> str:
    """The name that a statement sets, where it sets one and does nothing else."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        (target,) = statement.targets
        return target.id if isinstance(target, ast.Name) else ""
    return ""


def _put(use: _Use, value: ast.expr) -> None:
    if use.place is None:
        setattr(use.node, use.field, value)
    else:
        getattr(use.node, use.field)[use.place] = value
