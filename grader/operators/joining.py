"""Operators on how arrays are put together, and on lists: how they begin, their last part for all of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import Scope, number
from grader.operators.texts import Edit
from grader.syntax import dotted

_JOINING = ("stack", "concatenate", "cat")


def joined_otherwise(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`stack(parts, dim=1)` → `cat(parts, dim=2)`: both the function and the axis are others."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
        return
    name = node.func.attr
    if name not in _JOINING or dotted(node.func.value) not in scope.modules:
        return
    axes = [*node.args[1:2], *(word.value for word in node.keywords if word.arg in ("axis", "dim"))]
    others = ("cat" if scope.is_torch else "concatenate",) if name == "stack" else ("stack",)
    for other in others:
        function = f"{scope.text.of(node.func.value)}.{other}"
        for axis in (-1, 0, 1, 2):
            if axes and number(axes[0]) != axis:
                spans = ((*scope.text.span(node.func), function), (*scope.text.span(axes[0]), str(axis)))
                yield scope.text.edit("joined_otherwise", *spans)


def give_last(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In a loop: `step(x, states)` → `step(x, states[-1])`, for a list that the loop makes longer."""
    if not isinstance(node, ast.Name) or node.id not in scope.collected or not scope.loops(node):
        return
    above = scope.parent(node)
    if isinstance(above, (ast.BinOp, ast.Call)) and node is not getattr(above, "func", None):
        yield scope.text.instead("give_last", node, f"{node.id}[-1]")
        loops = [loop for loop in scope.loops(node) if isinstance(loop, ast.For)]
        counters = [loop.target.id for loop in loops if isinstance(loop.target, ast.Name)]
        for counter in counters[:1]:
            yield scope.text.instead("give_last", node, f"{node.id}[{counter}]")


def begin_with(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`states = [f(t) for t in …]` → `[h] + [f(t) for t in …]`: an argument stands at the beginning."""
    if isinstance(node, ast.Assign) and isinstance(node.value, (ast.List, ast.ListComp)):
        for name in scope.parameters:
            yield scope.text.instead("begin_with", node.value, f"[{name}] + {scope.text.of(node.value)}")


def goes_through(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`for t in f(x)` → `for t in y`: what a loop or a comprehension goes through, and an argument."""
    if isinstance(node, ast.For):
        sources = [node.iter]
    elif isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        sources = [node.generators[0].iter]
    else:
        return
    for source in sources:
        if isinstance(source, (ast.BinOp, ast.Call, ast.List, ast.Subscript)) and dotted(source) != "range":
            for name in scope.parameters:
                yield scope.text.instead("goes_through", source, name)
