"""Whether code could notice that more text stands in it than its own, and which names it binds."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable

#: What looks at code or at all names, or may run it otherwise.
_SEEING = {
    "locals",
    "globals",
    "vars",
    "dir",
    "eval",
    "exec",
    "compile",
    "suppress",
    "inspect",
    "jit",
    "linecache",
}
_ODD = (
    *(ast.Try, getattr(ast, "TryStar", ast.Try), ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom),
    *(ast.Await, ast.AsyncFor, ast.AsyncWith, ast.AsyncFunctionDef, ast.Match),
)
_OF_A_FUNCTION = {"super", "__class__"}  # these change which variables it has


def is_plain(trees: Iterable[ast.AST], free: frozenset[str] | None = None) -> bool:
    """Whether code cannot notice that it has switches; of an edit where the reference has names that are `free`."""
    for node in itertools.chain.from_iterable(map(ast.walk, trees)):
        names = {getattr(node, part, None) for part in ("id", "attr", "name")}
        if isinstance(node, _ODD) or not _SEEING.isdisjoint(names):
            return False
        if free is not None and (not _OF_A_FUNCTION.isdisjoint(names) or not free.isdisjoint(bound_by(node))):
            return False
    return True


def free_names(tree: ast.AST) -> frozenset[str]:
    """The names that code reads and never binds."""
    nodes = [*ast.walk(tree)]
    read = {node.id for node in nodes if isinstance(node, ast.Name)}
    return frozenset(read.difference(*map(bound_by, nodes)))


def bound_by(node: ast.AST) -> set[str]:
    """The names that a part of a tree binds by itself."""
    if isinstance(node, ast.Name):
        return set() if isinstance(node.ctx, ast.Load) else {node.id}
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, ast.alias):
        return {(node.asname or node.name).split(".")[0]}
    return {node.arg} if isinstance(node, ast.arg) else set()
