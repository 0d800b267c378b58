"""Operators on names: another name of the function's own, or another attribute of the object."""

from __future__ import annotations

import ast
import difflib
import itertools
from collections.abc import Iterator

from grader.operators.bindings import PYTHON
from grader.operators.scope import Scope, is_self, named
from grader.operators.texts import Edit

_MOST = 14  # names that are tried in the place of one


def misspelt(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A name that nothing gives a value to, and one that something does in its place, the most alike first."""
    if isinstance(node, ast.Name) and node.id in scope.unbound:
        own = [f"self.{node.id}"] if f"self.{node.id}" in scope.attributes else []
        outside = scope.outside or frozenset()
        alike = difflib.get_close_matches(node.id, sorted({*scope.variables, *outside - PYTHON}), n=3)
        for name in dict.fromkeys((*own, *alike, *_by_likeness(node.id, scope.variables)[:_MOST])):
            yield scope.text.instead("misspelt", node, name)


def other_name(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A name that is read, and another one in its place: those nearest to it, and arguments never read, first."""
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    if node.id not in scope.variables or _is_called(scope, node):
        return
    likely = (*scope.unused, *_just_before(scope, node), *_by_likeness(node.id, scope.variables))
    others = [name for name in dict.fromkeys(likely) if name != node.id]
    for name in others[:_MOST]:
        yield scope.text.instead("other_name", node, name)


def _just_before(scope: Scope, node: ast.AST) -> list[str]:
    """The names that the two statements before the one of a node give values to, the last first."""
    own = node
    while not isinstance(own, ast.stmt):
        own = scope.parent(own) or scope.function
    above = scope.parent(own)
    for field in ("body", "orelse"):
        block = getattr(above, field, None)
        if isinstance(block, list) and own in block:
            before = block[: block.index(own)][-2:]
            return [name.id for statement in reversed(before) for name in named(statement, ast.Store)]
    return []


def compared(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`t < steps` → `t < n`: a name in a comparison, and another one, what is counted around it first."""
    if not isinstance(node, ast.Compare):
        return
    nested = [name for name in scope.bound if name in _counters(scope)]
    for side in (node.left, *node.comparators):
        if isinstance(side, ast.Name):
            for name in dict.fromkeys((*nested, *scope.sizes, *scope.parameters)):
                if name != side.id:
                    yield scope.text.instead("compared", side, name)


def _counters(scope: Scope) -> set[str]:
    """The names that loops and comprehensions go through."""
    targets = [node.target for node in scope.nodes if isinstance(node, ast.For)]
    for node in scope.nodes:
        if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
            targets += [generator.target for generator in node.generators]
    return {inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)}


def other_value(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """What is computed and assigned, or given back, and in its place a name of the function's own."""
    if not isinstance(node, (ast.Assign, ast.Return)) or node.value is None:
        return
    parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    targets = [] if isinstance(node, ast.Return) else [scope.text.of(target) for target in node.targets]
    for part in parts:
        if isinstance(part, (ast.Call, ast.BinOp, ast.Subscript, ast.IfExp)):
            for name in [*scope.filled][::-1][:_MOST]:
                if name not in targets:
                    yield scope.text.instead("other_value", part, name)


def idle_name(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """What is read or computed, and in its place a name that is computed, or given, and never read."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in scope.variables:
        for name in scope.idle if node.id in scope.sizes else scope.forgotten:
            if name != node.id and not _is_called(scope, node):
                yield scope.text.instead("idle_name", node, name)
    elif isinstance(node, (ast.BinOp, ast.Call, ast.Subscript)) and isinstance(
        getattr(node, "ctx", ast.Load()), ast.Load
    ):
        for name in dict.fromkeys((*scope.idle, *scope.spare)):
            if name not in scope.sizes:
                yield scope.text.instead("idle_name", node, name)


def size_name(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A whole number among a call's arguments, and a size of the input in its place."""
    if type(getattr(node, "value", None)) is int and isinstance(node, ast.Constant):
        above = scope.parent(node)
        above = scope.parent(above) if isinstance(above, (ast.Tuple, ast.List)) else above
        if isinstance(above, ast.Call):
            for name in scope.sizes:
                yield scope.text.instead("size_name", node, name)


def _is_called(scope: Scope, node: ast.AST) -> bool:
    above = scope.parent(node)
    return isinstance(above, ast.Call) and above.func is node


def _by_likeness(name: str, names: tuple[str, ...]) -> list[str]:
    """Names, those that begin or end as one does first."""
    return sorted(names, key=lambda other: not (other[:1] == name[:1] or other[-2:] == name[-2:]))


def other_target(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In a loop: what is computed is given to a name that the loop reads, so that it is carried on."""
    if not isinstance(node, ast.Assign) or not scope.loops(node) or len(node.targets) != 1:
        return
    targets = node.targets[0].elts if isinstance(node.targets[0], (ast.Tuple, ast.List)) else node.targets
    for target in targets:
        if isinstance(target, ast.Name):
            for name in _read_in_loop(scope, node, target.id):
                yield scope.text.instead("other_target", target, name)


def carry(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In a loop: a name that it reads is given what was just computed, behind the statement that did."""
    if not isinstance(node, ast.Assign) or not scope.loops(node):
        return
    start, end = scope.text.span(node)
    for target in node.targets:
        if isinstance(target, ast.Name):
            for name in _read_in_loop(scope, node, target.id):
                if "\n" not in scope.text.of(node):  # else the line told would be that of its last bracket
                    yield scope.text.edit("carry", (end, end, f"; {name} = {target.id}"))
                yield scope.text.edit("carry", (start, start, f"{name} = "))


def _read_in_loop(scope: Scope, node: ast.AST, but: str) -> list[str]:
    """The names that the innermost loop around a node reads and that have their values from before it."""
    loop = scope.loops(node)[0]
    inside = [inner for inner in ast.walk(loop) if isinstance(inner, ast.Name)]
    stored = {inner.id for inner in inside if isinstance(inner.ctx, ast.Store)}
    read = dict.fromkeys(inner.id for inner in inside if isinstance(inner.ctx, ast.Load))
    return [name for name in read if name in scope.variables and name not in stored and name != but]


def other_attribute(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`self.a` → `self.b`, and an argument of the same name for it."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load) or not is_self(node.value):
        return
    attribute = scope.text.of(node)
    for name in _by_likeness(attribute, scope.attributes)[:_MOST]:
        if name != attribute:
            yield scope.text.instead("other_attribute", node, name)


def keep_given(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`state = zeros(…)` → only where no state is given."""
    if (
        not isinstance(node, ast.Assign)
        or len(node.targets) != 1
        or not isinstance(node.targets[0], ast.Name)
    ):
        return
    name, value = node.targets[0].id, scope.text.of(node.value)
    if name in scope.optional:
        yield scope.text.instead("keep_given", node.value, f"({value}) if {name} is None else {name}")
    elif name not in scope.parameters:
        for parameter in scope.unused:
            yield scope.text.instead("use_given", node.value, parameter)
            if parameter in scope.optional:
                yield scope.text.instead(
                    "use_given", node.value, f"({value}) if {parameter} is None else {parameter}"
                )


def parameters(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """Two arguments of the function itself the other way round, with their defaults; one that may be left out."""
    if node is not scope.function:
        return
    arguments = scope.function.args
    plain = [*arguments.posonlyargs, *arguments.args]
    bare = plain[: len(plain) - len(arguments.defaults)]
    own = bare[1:] if scope.owner is not None else bare
    text = scope.text
    spans = [text.span(argument) for argument in own]
    optional = [
        (text.span(argument)[0], text.span(default)[1])
        for argument, default in zip(plain[len(bare) :], arguments.defaults)
    ]
    for (start, end), (other, last) in (*itertools.pairwise(spans), *itertools.pairwise(optional)):
        first, second = text.source[start:end], text.source[other:last]
        yield text.edit("exchange_arguments", (start, end, second), (other, last, first))
    if own and not arguments.vararg:
        end = text.span(own[-1])[1]
        yield text.edit("make_default", (end, end, "=None"))
