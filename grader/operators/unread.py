"""What a function computes, or is given, and never reads; and the numbers at which it takes parts of a value."""

from __future__ import annotations

import ast
from functools import lru_cache

from grader.operators.scope import Scope, named, number

_ADDING = ("append", "extend", "insert")


def lost_arrays(scope: Scope) -> list[str]:
    """What is computed, given or kept on `self`, may be an array, and is never read."""
    return [name for name in (*computed_and_lost(scope), *scope.spare) if name not in scope.switches]


def computed_and_lost(scope: Scope) -> list[str]:
    """What is computed and never read; what only gives a value another name is no work that is lost."""
    computed = {
        target.id
        for node in scope.nodes
        if isinstance(node, ast.Assign) and not isinstance(node.value, (ast.Name, ast.Constant))
        for target in named(node, ast.Store)
    }
    return [name for name in scope.forgotten if name in computed or name in scope.parameters]


def kept_for_nothing(scope: Scope) -> list[str]:
    """What is added to, or made an array of what was collected in it, and is read for nothing else."""
    reads: dict[str, list[ast.Name]] = {}
    for node in scope.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in scope.bound:
            reads.setdefault(node.id, []).append(node)
    return [name for name, nodes in reads.items() if all(_is_for_itself(scope, node) for node in nodes)]


def _is_for_itself(scope: Scope, node: ast.Name) -> bool:
    """Whether a name is read for its own next value: `a = f(a)`, `a.append(x)`."""
    statement = statement_of(scope, node)
    if isinstance(statement, ast.Assign):
        target, value = statement.targets[-1], statement.value
        pairs: list[tuple[ast.expr, ast.expr]] = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs = [*zip(target.elts, value.elts)]
        own = [value for part, value in pairs if isinstance(part, ast.Name) and part.id == node.id]
        return any(node is inner for part in own for inner in ast.walk(part))
    above = scope.parent(node)
    return isinstance(statement, ast.Expr) and isinstance(above, ast.Attribute) and above.attr in _ADDING


def statement_of(scope: Scope, node: ast.AST) -> ast.AST | None:
    """The statement that a node stands in."""
    statement: ast.AST | None = node
    while statement is not None and not isinstance(statement, ast.stmt):
        statement = scope.parent(statement)
    return statement


@lru_cache(maxsize=8)
def numbers_taken(scope: Scope) -> dict[str, frozenset[int]]:
    """The whole numbers at which parts of each value are taken: {"gates": {0, 1, 3}}."""
    taken: dict[str, frozenset[int]] = {}
    for node in scope.nodes:
        if isinstance(node, ast.Subscript) and (whole := number(node.slice)) is not None:
            of = scope.text.of(node.value)
            taken[of] = taken.get(of, frozenset()) | {whole}
    return taken
