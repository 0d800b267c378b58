"""Which names a program gives values to: at the top of its files, and anywhere in a function."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator

from grader.syntax import DEFINITIONS, bound_by

PYTHON = frozenset(vars(builtins)) | {"__name__", "__file__", "__class__"}


def in_function(node: ast.AST) -> frozenset[str]:
    """Every name that is given a value in a function, its arguments and what is nested in it included.

    >>> sorted(in_function(ast.parse("def f(x):\\n    for t in x: y = lambda z: z")))
    ['f', 't', 'x', 'y', 'z']
    """
    return frozenset(name for inner in ast.walk(node) for name in bound_by(inner))


def at_top(trees: Iterable[ast.Module]) -> frozenset[str] | None:
    """The names at the top of a program's files, and Python's own; None where `import *` may bring any."""
    names: set[str] = {*PYTHON}
    for tree in trees:
        for node in _outside_functions(tree):
            names.update(bound_by(node))
        names.update(name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names)
    return None if "*" in names else frozenset(names)


def _outside_functions(tree: ast.Module) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = [*tree.body]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*DEFINITIONS, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)
