"""A parsed source → the tokens of what it does: without names, layout, comments, docstrings and annotations.

Two programs have equal tokens when one is the other with other names, in another layout, with other comments, or with
its functions in another order: each function and method is a `Unit` of its own. Names of libraries are kept, whatever
they are imported as (`np.tanh` and `numpy.tanh` are one), and so are Python's own, for nobody can rename them.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from grader.syntax import DEFINITIONS, FUNCTIONS

_BUILTINS = frozenset(dir(builtins))
_SOME_NAME = "name"
_LONGEST_TEXT = 40  # of a string that is kept: a format or an equation of indices, and no sentence
_MIRRORED: dict[type[ast.cmpop], str] = {ast.Gt: "Lt", ast.GtE: "LtE"}

_Part = ast.AST | str


@dataclass(frozen=True)
class Unit:
    """A function, a method, the rest of a class or of a file, as tokens; `lines` has the place of each token."""

    name: str
    tokens: tuple[str, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True)
class ProgramNames:
    """What the names of a program stand for: libraries, by what they are imported as; and names of its own."""

    libraries: dict[str, str]
    own: frozenset[str]
    own_attributes: frozenset[str]
    kept: frozenset[str]


def names_of(
    trees: Sequence[ast.Module], fixed_names: Collection[str], modules: Collection[str] = ()
) -> ProgramNames:
    """The names of a program. `fixed_names`: those that the assignment gives; `modules`: the student's own, by name."""
    libraries: dict[str, str] = {}
    own: set[str] = set()
    attributes: set[str] = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] not in modules:
                    first = alias.name.partition(".")[0]
                    libraries[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            if node.module and not node.level and node.module.partition(".")[0] not in modules:
                for alias in node.names:
                    libraries[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, DEFINITIONS):
            own.add(node.name)
            attributes.add(node.name)
        elif isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            own.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            attributes.add(node.attr)
    return ProgramNames(libraries, frozenset(own), frozenset(attributes), frozenset(fixed_names))


def units(tree: ast.Module, names: ProgramNames, offset: int = 0) -> Iterator[Unit]:
    """The units of a source, in their order; `offset` is added to its lines."""
    rest: list[ast.AST] = []
    for statement in tree.body:
        if isinstance(statement, FUNCTIONS):
            yield _unit(statement.name, [statement], names, offset)
        elif isinstance(statement, ast.ClassDef):
            methods = [member for member in statement.body if isinstance(member, FUNCTIONS)]
            others = [member for member in statement.body if not isinstance(member, FUNCTIONS)]
            yield _unit(statement.name, [*statement.bases, *others], names, offset)
            for method in methods:
                yield _unit(f"{statement.name}.{method.name}", [method], names, offset)
        elif not _is_trial(statement):
            rest.append(statement)
    yield _unit("", rest, names, offset)


def _unit(name: str, nodes: Sequence[ast.AST], names: ProgramNames, offset: int) -> Unit:
    tokens: list[str] = []
    lines: list[int] = []
    # A stack and no recursion: no depth of nesting is too much for it.
    waiting: list[tuple[_Part, int]] = [(node, 0) for node in reversed(nodes)]
    while waiting:
        part, line = waiting.pop()
        if isinstance(part, str):
            tokens.append(part)
            lines.append(line + offset)
        else:
            line = getattr(part, "lineno", line)
            waiting.extend((inner, line) for inner in reversed(_parts(part, names)))
    return Unit(name, tuple(tokens), tuple(lines))


def _parts(node: ast.AST, names: ProgramNames) -> list[_Part]:
    """What a node is made of, in the order of reading: tokens and nodes."""
    if _is_idle(node):
        return []
    if isinstance(node, ast.Name):
        return [_name(node.id, names)]
    if isinstance(node, ast.Attribute):
        return _attribute(node, names)
    if isinstance(node, ast.Constant):
        return [_constant(node.value)]
    if isinstance(node, FUNCTIONS):
        return ["def", *([node.name] if node.name in names.kept else []), node.args, *node.body]
    if isinstance(node, ast.arg):
        return [_SOME_NAME]
    if isinstance(node, ast.keyword):
        argument = node.arg or "**"
        return [_SOME_NAME if argument in names.own else f"{argument}=", node.value]
    if isinstance(node, ast.AnnAssign):
        return ["Assign", node.target, node.value] if node.value is not None else []
    if isinstance(node, ast.AugAssign):  # `a += b` is `a = a + b`
        return ["Assign", node.target, "BinOp", type(node.op).__name__, node.target, node.value]
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _MIRRORED and len(node.ops) == 1:
        return ["Compare", _MIRRORED[type(node.ops[0])], node.comparators[0], node.left]
    return [type(node).__name__, *_children(node)]


def _children(node: ast.AST) -> Iterator[_Part]:
    for _, value in ast.iter_fields(node):
        if isinstance(value, list):
            yield from (inner for inner in value if isinstance(inner, ast.AST))
        elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
            yield value


def _name(name: str, names: ProgramNames) -> str:
    if name in names.libraries:
        return names.libraries[name]
    is_known = name in names.kept or (name in _BUILTINS and name not in names.own)
    return name if is_known else _SOME_NAME


def _attribute(node: ast.Attribute, names: ProgramNames) -> list[_Part]:
    """`np.linalg.norm` as one token; else the attribute, unless the program itself gives it its name."""
    chain: list[str] = []
    value: ast.expr = node
    while isinstance(value, ast.Attribute):
        chain.append(value.attr)
        value = value.value
    if isinstance(value, ast.Name) and value.id in names.libraries:
        return [".".join([names.libraries[value.id], *reversed(chain)])]
    own = node.attr in names.own_attributes and node.attr not in names.kept
    return [f".{_SOME_NAME if own else node.attr}", node.value]


def _constant(value: object) -> str:
    if isinstance(value, str):
        is_data = len(value) <= _LONGEST_TEXT and not any(map(str.isspace, value))
        return f"text {value}" if is_data else "text"
    # Not repr for a whole number: it refuses very long ones.
    return hex(value) if type(value) is int else repr(value) if not isinstance(value, bytes) else "bytes"


def _is_idle(node: ast.AST) -> bool:
    """Statements that do nothing: docstrings, `pass`, imports (their names are resolved), prints for looking."""
    if isinstance(node, (ast.Pass, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)):
        return True
    if not isinstance(node, ast.Expr):
        return False
    call = node.value
    is_print = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"
    return is_print or isinstance(call, ast.Constant)


def _is_trial(statement: ast.stmt) -> bool:
    """`if __name__ == "__main__":` and what is below it."""
    test = statement.test if isinstance(statement, ast.If) else None
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"
