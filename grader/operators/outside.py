"""Values that stand outside of functions, and that functions use: of a file, and of a class.

`activation = lambda a: np.tanh(a)` at the top of a file, `gates = 4` in a class. Each is given as a `Scope`, so that
operators look at it as at a function without arguments.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import Scope
from grader.operators.texts import Text
from grader.syntax import DEFINITIONS

IN_A_CLASS = "<values>"


def outside_values(text: Text, outside: frozenset[str] | None = None) -> Iterator[tuple[Scope, ast.stmt]]:
    """What is given a plain value outside of functions, each with the statement at the top of the file that it is in.

    Of one name at the top of a file the last counts; those of a class are one scope.
    """
    last: dict[str, ast.stmt] = {}
    for node in text.tree.body:
        for name in [node.name] if isinstance(node, DEFINITIONS) else _names(node):
            last[name] = node
    for name, node in last.items():
        if isinstance(node, ast.ClassDef):
            inner = [statement for statement in node.body if _names(statement)]
            if inner:
                yield Scope(text, _as_function(IN_A_CLASS, inner), node, outside), node
        elif not isinstance(node, DEFINITIONS):
            yield Scope(text, _as_function(name, [node]), None, outside), node


def _names(node: ast.stmt) -> list[str]:
    """The name that a statement gives a plain value to, as a list; none where it does anything else."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        targets = [node.target]
    plain = len(targets) == 1 and isinstance(targets[0], ast.Name) and _is_plain(node.value)  # type: ignore[attr-defined]
    return [targets[0].id] if plain else []  # type: ignore[attr-defined]


def _is_plain(value: ast.expr) -> bool:
    """Whether making a value again does nothing else: nothing is called but by a `lambda`, later."""
    waiting: list[ast.AST] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Call, ast.Await, ast.Yield, ast.NamedExpr)):
            return False
        if isinstance(node, ast.Constant) and node.value is ...:
            return False  # still to be written
        if not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return True


def _as_function(name: str, body: list[ast.stmt]) -> ast.FunctionDef:
    """Statements as the body of a function that stands where they do."""
    made = ast.parse(f"def {'_' if name == IN_A_CLASS else name}(): pass").body[0]
    assert isinstance(made, ast.FunctionDef)
    made.name, made.body = name, body
    made.lineno, made.col_offset = body[0].lineno, body[0].col_offset
    made.end_lineno, made.end_col_offset = body[-1].end_lineno, body[-1].end_col_offset
    return made
