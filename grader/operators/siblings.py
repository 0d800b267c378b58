"""Operators that write a statement as one beside it is written: a value, or the whole of it."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

from grader.operators.scope import Scope, is_self, named, number
from grader.operators.texts import Edit
from grader.syntax import FUNCTIONS, dotted

_MOST = 4  # statements beside one that it may be like
_MOST_MISSING = 4  # attributes that are read and never set
_LIKE = (ast.Call, ast.BinOp, ast.IfExp, ast.Subscript)


def like_another(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`self.b = self.a` → what `self.a` is given; `z = 1` → as `r` is computed, with `z`'s own indices."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    target = scope.text.of(node.targets[0])
    for other in _values_beside(scope, target, node):
        if _is_poor(node.value):
            for text in adapted(scope, other):
                yield scope.text.instead("like_another", node.value, text)
        elif _head(node.value) == _head(other) and target.startswith("self."):
            yield scope.text.instead("like_another", node.value, scope.text.of(other))


def set_attribute(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In `__init__`: an attribute that methods read and nobody sets, as the attributes beside it are set."""
    if scope.owner is None or scope.function.name != "__init__" or not isinstance(node, ast.stmt):
        return
    is_last = node is scope.function.body[-1]
    if not isinstance(node, ast.Pass) and not is_last:
        return
    end = scope.text.span(node)[1]
    for name in _never_set(scope):
        for other in _values_beside(scope, name, node):
            for value in dict.fromkeys((*adapted(scope, other), *_of_other_sizes(scope, other))):
                if isinstance(node, ast.Pass):
                    yield scope.text.instead("set_attribute", node, f"{name} = {value}")
                else:
                    line = f"\n{scope.text.indent(node)}{name} = {value}"
                    yield scope.text.edit("set_attribute", (end, end, line))


def _values_beside(scope: Scope, target: str, node: ast.AST) -> list[ast.expr]:
    """The values that other names, or attributes, of the function are given, those of the names most alike first."""
    values: dict[str, ast.expr] = {}
    for other in scope.nodes:
        if isinstance(other, ast.Assign) and other is not node and isinstance(other.value, _LIKE):
            name = scope.text.of(other.targets[0])
            if name.startswith("self.") == target.startswith("self.") and not isinstance(
                other.targets[0], ast.Tuple
            ):
                values.setdefault(name, other.value)
    alike = sorted(values, key=lambda name: -difflib.SequenceMatcher(None, name, target).ratio())
    return [values[name] for name in alike[:_MOST]]


def adapted(scope: Scope, value: ast.expr) -> Iterator[str]:
    """The text of a value, and that with one name or one index of it put in another's place."""
    text, start = scope.text.of(value), scope.text.span(value)[0]
    yield text
    inner = [part for part in ast.walk(value) if isinstance(part, ast.Name)]
    names = dict.fromkeys(part.id for part in inner if part.id not in scope.modules and part.id != "self")
    for other in (*scope.forgotten, *scope.unused):
        for name in names:
            spans = [scope.text.span(part) for part in inner if part.id == name]
            yield _put(text, start, [(*span, other) for span in spans])
    if scope.function.name == "__init__":
        for part in inner:
            for other in scope.parameters if part.id in scope.parameters else ():
                yield _put(text, start, [(*scope.text.span(part), other)])
    indices = [
        part
        for part in ast.walk(value)
        if number(part) is not None and isinstance(scope.parent(part), ast.Subscript)
    ]
    for index in sorted({number(part) or 0 for part in indices}):
        for other_index in (index + 1, index - 1):
            chosen = [part for part in indices if number(part) == index]
            yield _put(text, start, [(*scope.text.span(part), str(other_index)) for part in chosen])


def _of_other_sizes(scope: Scope, value: ast.expr) -> Iterator[str]:
    """The text of a value that has one axis less, or one more: `rand(n, m)` → `rand(m)`, and back."""
    text, start = scope.text.of(value), scope.text.span(value)[0]
    for call in [part for part in ast.walk(value) if isinstance(part, ast.Call)]:
        sizes = [
            part for part in call.args if {name.id for name in named(part, ast.Load)} & {*scope.parameters}
        ]
        if len(sizes) != len(call.args) or not sizes or any(isinstance(part, ast.Call) for part in sizes):
            continue
        first = scope.text.span(sizes[0])[0]
        if len(sizes) == 2:
            yield _put(text, start, [(first, scope.text.span(sizes[1])[0], "")])
        elif len(sizes) == 1:
            yield from (_put(text, start, [(first, first, f"{name}, ")]) for name in scope.parameters)


def _put(text: str, start: int, spans: list[tuple[int, int, str]]) -> str:
    for first, last, instead in sorted(spans, reverse=True):
        text = f"{text[: first - start]}{instead}{text[last - start :]}"
    return text


def _is_poor(value: ast.expr) -> bool:
    """Whether a value says nothing of how it is computed."""
    return isinstance(value, (ast.Constant, ast.Name, ast.Attribute))


def _head(value: ast.expr) -> str:
    return dotted(value.func) if isinstance(value, ast.Call) else type(value).__name__


def _never_set(scope: Scope) -> list[str]:
    """The attributes of `self` that the class reads and nothing in it sets or defines."""
    assert scope.owner is not None
    defined = {f"self.{part.name}" for part in scope.owner.body if isinstance(part, FUNCTIONS)}
    read = [
        f"self.{part.attr}"
        for part in ast.walk(scope.owner)
        if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Load) and is_self(part.value)
    ]
    defined_names = {*scope.attributes, *defined}
    return [name for name in dict.fromkeys(read) if name not in defined_names][:_MOST_MISSING]
