"""What several parts ask of a syntax tree of `ast`: which nodes are functions, and what a dotted name is."""

from __future__ import annotations

import ast

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)


def dotted(node: ast.AST) -> str:
    """The name that a node spells, as `"a.b.c"` of `a.b.c`; "" for what is no name of names and attributes."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
