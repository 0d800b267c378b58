"""Operators on what makes arrays and objects: their dtype, and whether a parameter or a module is registered."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import Scope
from grader.operators.texts import Edit
from grader.syntax import dotted

_MAKING = frozenset(
    {
        *("zeros", "ones", "empty", "full", "eye", "rand", "randn", "tensor", "array", "asarray", "arange"),
        *("linspace", "as_tensor"),
    }
)
_DTYPES = frozenset({"float32", "float64", "float", "double", "half", "float16", "int64", "int32", "long"})


def dtype_of_input(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """An array made in the dtype of an argument, where it had one of its own or none."""
    if isinstance(node, ast.keyword) and node.arg == "dtype":
        for name in scope.parameters:
            yield scope.text.instead("dtype_of_input", node.value, f"{name}.dtype")
        return
    if not isinstance(node, ast.Call):
        return
    name = dotted(node.func).rpartition(".")[2]
    if name in _MAKING and not any(keyword.arg == "dtype" for keyword in node.keywords) and node.args:
        end = scope.text.span([*node.args, *node.keywords][-1])[1]
        for parameter in scope.parameters:
            yield scope.text.edit("dtype_of_input", (end, end, f", dtype={parameter}.dtype"))
    if name == "astype" or (
        isinstance(node.func, ast.Attribute) and node.func.attr in ("astype", "to", "type")
    ):
        for parameter in scope.parameters:
            for argument in node.args[:1]:
                yield scope.text.instead("dtype_of_input", argument, f"{parameter}.dtype")


def other_dtype(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`np.float32` as a dtype → the dtype of an argument."""
    if isinstance(node, ast.Attribute) and node.attr in _DTYPES and dotted(node.value) in scope.modules:
        above = scope.parent(node)
        if not isinstance(above, (ast.keyword, ast.Call)):
            for parameter in scope.parameters:
                yield scope.text.instead("dtype_of_input", node, f"{parameter}.dtype")


def register(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In `__init__`: a tensor as a parameter, a list of modules as a ModuleList; and a parameter as no one else's."""
    if not isinstance(node, ast.Assign) or scope.owner is None or scope.function.name != "__init__":
        return
    if len(node.targets) != 1 or not dotted(node.targets[0]).startswith("self.") or not scope.is_torch:
        return
    text, value = scope.text, scope.text.of(node.value)
    nn = f"{scope.library}.nn"
    if isinstance(node.value, (ast.List, ast.ListComp, ast.BinOp)):
        yield text.instead("register", node.value, f"{nn}.ModuleList({value})")
        yield text.instead("register", node.value, f"{nn}.ParameterList({value})")
    if isinstance(node.value, (ast.Call, ast.BinOp)):
        yield text.instead("register", node.value, f"{nn}.Parameter({value})")
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
            inner = node.value.func.value
            if isinstance(inner, ast.Call) and dotted(inner.func).endswith("Parameter") and inner.args:
                tail = value[len(text.of(inner)) :]
                yield text.instead("register", node.value, f"{nn}.Parameter({text.of(inner.args[0])}{tail})")
