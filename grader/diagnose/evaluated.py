"""Text for which a site has no version, run in its place: what several edits of one line make together.

Only assignments, calls and what is returned or asked, of which nothing is a function of its own: their names are found
in a copy of the function's variables, and the function takes back what they assign. A comprehension is such a function
but for what it goes over first.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Any

from grader.diagnose.bounded import count_comprehensions
from grader.diagnose.compiling import compiled_silently
from grader.diagnose.sites import Version

#: These have variables of their own, which would not find the function's.
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr)
_SCOPES = (ast.Lambda, ast.NamedExpr)


@dataclass(frozen=True)
class Shape:
    """What a site does for its function: it assigns names, or returns a value; a header asks for one."""

    kind: str
    names: tuple[str, ...] = ()


def shape(version: Version) -> Shape | None:
    """The shape of a version; None where it does more."""
    if isinstance(version, ast.expr):
        return Shape("header")
    last = version[-1]
    returns = isinstance(last, ast.Return) and last.value is not None
    if not all(isinstance(statement, _SIMPLE) for statement in version[: -1 if returns else None]):
        return None
    own = {id(node) for part in _in_comprehensions(version) for node in ast.walk(part)}
    names = _names_set(node for node in _nodes(version) if id(node) not in own)
    return Shape("return") if returns else Shape("names", tuple(sorted(names)))


def reads_only(version: Version, shadowing: frozenset[str], free: frozenset[str]) -> bool:
    """Whether all its names are the function's or the module's, and it is clear which: none is `shadowing` another.

    Inside a comprehension are only its own ones, and such that the function has from the module: these are `free`.
    """
    nodes = [*_nodes(version)]
    if any(
        isinstance(node, _SCOPES) or (isinstance(node, ast.Name) and node.id in shadowing) for node in nodes
    ):
        return False
    inner = [node for part in _in_comprehensions(version) for node in ast.walk(part)]
    return {node.id for node in inner if isinstance(node, ast.Name)} <= _names_set(inner) | free


def _in_comprehensions(version: Version) -> list[ast.AST]:
    """The parts of comprehensions that have variables of their own: all but what each goes over first."""
    parts: list[ast.AST] = []
    for node in _nodes(version):
        if isinstance(node, _COMPREHENSIONS):
            first, *more = node.generators
            parts += [part for part in ast.iter_child_nodes(node) if not isinstance(part, ast.comprehension)]
            parts += [first.target, *first.ifs, *more]
    return parts


def _names_set(nodes: Iterable[ast.AST]) -> set[str]:
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def stand_in(of: Shape, name: str) -> Version:
    """The version that runs whatever has this name."""
    call = ast.parse(f"{name}(globals(), locals())", mode="eval").body
    if of.kind == "header":
        return call
    if of.kind == "return":
        return [ast.Return(call)]
    if not of.names:
        return [ast.Expr(call)]
    return [ast.Assign([ast.Tuple([ast.Name(each, ast.Store()) for each in of.names], ast.Store())], call)]


def runner(
    version: Version, of: Shape, filename: str, flags: int
) -> Callable[[dict[str, Any], Mapping[str, Any]], Any]:
    """What a stand-in calls, to run a version of its shape, which is changed. Raises SyntaxError."""
    for node in version if isinstance(version, list) else [version]:
        count_comprehensions(node)
    if isinstance(version, ast.expr):
        return functools.partial(_value, None, _compile(version, filename, flags))
    if of.kind == "names":
        return functools.partial(_run, _compile(version, filename, flags), of.names)
    *before, last = version
    assert isinstance(last, ast.Return)
    assert last.value is not None
    begin = _compile(before, filename, flags) if before else None
    return functools.partial(_value, begin, _compile(last.value, filename, flags))


def _compile(version: Version, filename: str, flags: int) -> CodeType:
    tree = ast.Module(version, type_ignores=[]) if isinstance(version, list) else ast.Expression(version)
    return compiled_silently(tree, filename, flags)


def _run(
    code: CodeType, names: Iterable[str], outer: dict[str, Any], variables: Mapping[str, Any]
) -> tuple[Any, ...]:
    scope = {**variables}
    exec(code, outer, scope)
    return tuple(scope[name] for name in names)


def _value(
    before: CodeType | None, code: CodeType, outer: dict[str, Any], variables: Mapping[str, Any]
) -> Any:
    scope = {**variables}
    if before is not None:
        exec(before, outer, scope)
    return eval(code, outer, scope)


def _nodes(version: Version) -> Iterable[ast.AST]:
    for statement in version if isinstance(version, list) else [version]:
        yield from ast.walk(statement)
