"""Operators for layers that a class makes and never calls, and for two things at once that nothing reads."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from functools import lru_cache

from grader.operators.scope import Scope, bracketed, is_self
from grader.operators.texts import Edit
from grader.operators.unread import lost_arrays

_MOST = 2  # layers that are never called
_VALUES = (ast.Name, ast.Subscript, ast.Call, ast.Attribute, ast.BinOp)


def lost_layer(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`y = h` → `y = self.out(h)`, for a layer `self.out` that is made in `__init__` and never read."""
    for layer in _lost_layers(scope) if _is_whole(scope, node) else ():
        yield scope.text.instead("lost_layer", node, f"{layer}({scope.text.of(node)})")


def two_lost_layers(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`cat((a, b))` → `cat((self.f(a), self.g(b)))`, and so in two statements one after the other."""
    layers = _lost_layers(scope)
    if len(layers) != 2:
        return
    pairs: list[tuple[ast.expr, ast.expr]] = []
    parts = node.args if isinstance(node, ast.Call) else getattr(node, "elts", [])
    if len(parts) == 2 and not isinstance(getattr(node, "ctx", None), ast.Store):
        pairs.append((parts[0], parts[1]))
    for field in ("body", "orelse"):
        block = getattr(node, field, None)
        for first, second in itertools.pairwise(block if isinstance(block, list) else []):
            if isinstance(first, ast.Assign) and isinstance(second, ast.Assign):
                pairs.append((first.value, second.value))
    for (first, second), (layer, other) in itertools.product(pairs, (layers, layers[::-1])):
        if isinstance(first, _VALUES) and isinstance(second, _VALUES):
            edit = scope.text.edit(
                "two_lost_layers",
                (*scope.text.span(first), f"{layer}({scope.text.of(first)})"),
                (*scope.text.span(second), f"{other}({scope.text.of(second)})"),
            )
            lines = sorted({first.lineno, second.lineno})
            yield Edit(edit.operator, lines[0], edit.replacements, (*lines[1:],))


def two_lost_terms(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a = x @ w; b = y @ u` → `a = x @ w + c; b = y @ u + d`, for two arguments that nothing reads."""
    terms = lost_arrays(scope)
    if len(terms) != 2:
        return
    for field in ("body", "orelse"):
        block = getattr(node, field, None)
        for first, second in itertools.pairwise(block if isinstance(block, list) else []):
            if isinstance(first, ast.Assign) and isinstance(second, ast.Assign):
                for term, other in (terms, terms[::-1]):
                    values = (first.value, second.value)
                    spans = [
                        (*scope.text.span(value), f"{bracketed(scope, value)} + {name}")
                        for value, name in zip(values, (term, other))
                    ]
                    lines = sorted({first.lineno, second.lineno})
                    yield Edit("two_lost_terms", lines[0], (*spans,), (*lines[1:],))


@lru_cache(maxsize=8)
def _lost_layers(scope: Scope) -> list[str]:
    """The layers, at most two, that the class makes by a call and that nothing reads."""
    made = {
        f"self.{target.attr}"
        for node in (ast.walk(scope.owner) if scope.owner is not None else ())
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Attribute) and is_self(target.value)
    }
    lost = [name for name in scope.spare if name in made]
    return lost if len(lost) <= _MOST and scope.function.name != "__init__" else []


def _is_whole(scope: Scope, node: ast.AST) -> bool:
    """Whether a node is all that a name is given, that is given back or kept, or a part of one of these."""
    above = scope.parent(node)
    if not isinstance(node, _VALUES) or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return False
    if isinstance(node, ast.Name) and (node.id in scope.modules or node.id == "self"):
        return False
    if isinstance(above, ast.Call):
        return node in above.args
    return isinstance(above, (ast.Assign, ast.Return, ast.Tuple, ast.List, ast.BinOp))
