"""Which names a program gives values to: at the top of its files, and anywhere in a function."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping

from grader.syntax import DEFINITIONS, FUNCTIONS, bound_by

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


def attributes_set(owner: ast.ClassDef) -> Iterator[str]:
    """What a class sets on `self`, and its fields, as `self.name`."""
    for node in owner.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield f"self.{node.target.id}"
    for inner in ast.walk(owner):
        is_set = isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store)
        if is_set and isinstance(inner.value, ast.Name) and inner.value.id == "self":  # type: ignore[attr-defined]
            yield f"self.{inner.attr}"  # type: ignore[attr-defined]


def attributes_read(owner: ast.ClassDef, parents: Mapping[ast.AST, ast.AST]) -> Iterator[str]:
    """What the methods of a class but `__init__` read of any object, as of `self`; not what is asked for its size."""
    for method in owner.body:
        if isinstance(method, FUNCTIONS) and method.name == "__init__":
            continue
        for node in ast.walk(method):
            is_read = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
            if is_read and not is_asked_for_size(parents.get(node)):
                yield f"self.{node.attr}"  # type: ignore[attr-defined]


def is_asked_for_size(above: ast.AST | None) -> bool:
    """Whether what stands in a node is only asked how large it is, or of which kind."""
    return getattr(above, "attr", "") in ("shape", "size", "dtype", "device")


def _outside_functions(tree: ast.Module) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = [*tree.body]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*DEFINITIONS, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)
