"""Operators on sizes: another array's, another axis's, and one in the place of a number that is written out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import Scope, number
from grader.operators.texts import Edit

_AXES = (0, 1, -1, 2)
_MOST = 8  # arrays of which the size may be meant


def other_size(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`x.shape[1]` → `x.shape[0]`, `h.shape[1]`; a name that stands for a size → another such name."""
    if not isinstance(getattr(node, "ctx", None), ast.Load):
        return
    names = [name for name in scope.sizes if name.isidentifier()]
    if isinstance(node, ast.Name) and node.id in names:
        others = [name for name in names if name != node.id]
    elif _is_size(node) and isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
        own = scope.text.of(node.value.value)
        arrays = [*dict.fromkeys((own, *scope.parameters))][:_MOST]
        others = [f"{array}.shape[{axis}]" for array in arrays for axis in _AXES]
    else:
        return
    for other in others:
        yield scope.text.instead("other_size", node, other)


def size_for_number(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`zeros((n, 2))` → `zeros((n, w.shape[1]))`: a size that is written out, and one that an array has."""
    whole = number(node)
    above = scope.parent(node)
    if whole is None or whole < 1 or not isinstance(above, (ast.Tuple, ast.Call)):
        return
    if isinstance(above, ast.Tuple) and not isinstance(scope.parent(above), ast.Call):
        return
    for name in [name for name in scope.variables if name not in scope.sizes][: 2 * _MOST]:
        for axis in _AXES[:2]:
            yield scope.text.instead("size_for_number", node, f"{name}.shape[{axis}]")


def _is_size(node: ast.AST) -> bool:
    """Whether a node is one number of a shape: `x.shape[0]`."""
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "shape"
        and number(node.slice) is not None
    )
