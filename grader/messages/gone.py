"""Names that were defined, and that the same program then takes away or gives to something else."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader.messages import lookup
from grader.records import Chunk
from grader.syntax import dotted

_NO_FUNCTION = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.BinOp)
_NAMESPACES = {"globals", "locals", "vars"}
_EMPTYING = {"pop", "popitem", "clear"}


def loss(name: str, chunks: Sequence[Chunk]) -> tuple[str, str, int]:
    """A sentence about a name that was defined, and then deleted or given to something else, with label and line.

    ("", "", 0) where there is none.
    """
    last, objects = ("", "", 0), set[str]()
    for chunk in chunks:
        tree = lookup.tree(chunk.source)
        for node in tree.body if tree else ():
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
                last = ("", "", 0)
            elif line := next(_removals(node, name), 0):
                at = lookup.where(chunk.label, line)
                last = (f"{_how(node, name)} ({at}): leave it there.", chunk.label, line)
            elif isinstance(node, ast.Assign) and len(node.targets) == 1:
                said = _new_meaning(node, name, objects)
                at = lookup.where(chunk.label, node.lineno)
                if said:
                    last = (f"{said} ({at}): give that another one.", chunk.label, node.lineno)
    return last


def removal(name: str, chunks: Sequence[Chunk]) -> tuple[str, str, int] | None:
    """How a name is taken out of the module again, as the start of a sentence, with label and line; else None."""
    for chunk in chunks:
        tree = lookup.tree(chunk.source)
        for node in tree.body if tree else ():
            if line := next(_removals(node, name), 0):
                return _how(node, name), chunk.label, line
    return None


def _how(node: ast.stmt, name: str) -> str:
    by_del = isinstance(node, ast.Delete) and name in map(dotted, node.targets)
    return "`del` takes it away again" if by_del else "It is taken away again"


def _new_meaning(node: ast.Assign, name: str, objects: set[str]) -> str:
    """What the name is given to by an assignment; `objects` are the names of what was made of it so far."""
    value, target = node.value, dotted(node.targets[0])
    is_object_of_it = isinstance(value, ast.Call) and dotted(value.func) == name
    if target and (is_object_of_it or dotted(value) in objects):
        objects.add(target)
        return "This name is given to an object that was made of it" if target == name else ""
    return (
        "This name is given to something else" if target == name and isinstance(value, _NO_FUNCTION) else ""
    )


def _removals(node: ast.stmt, name: str) -> Iterator[int]:
    """The lines at which a name is taken out of the module: by `del`, or out of its dictionary."""
    if isinstance(node, ast.Delete) and name in map(dotted, node.targets):
        yield node.lineno
    for part in ast.walk(node):
        keys: list[ast.expr | None] = []
        if isinstance(part, ast.Delete):
            by_key = [target for target in part.targets if isinstance(target, ast.Subscript)]
            keys = [target.slice for target in by_key if _is_namespace(target.value)]
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            if part.func.attr in _EMPTYING and _is_namespace(part.func.value):
                keys = [next(iter(part.args), None)]
        elif isinstance(part, ast.Call) and dotted(part.func) == "delattr":
            keys = [key for key in part.args[1:2] if isinstance(key, ast.Constant)]
        if any(_may_be(key, name) for key in keys):
            yield part.lineno  # type: ignore[attr-defined]


def _is_namespace(node: ast.expr) -> bool:
    """Whether it is a dictionary of names: `globals()`, or some `__dict__`."""
    called = isinstance(node, ast.Call) and dotted(node.func) in _NAMESPACES
    of_other = isinstance(node, ast.Attribute) and node.attr == "__dict__" and dotted(node.value) != "self"
    return called or of_other


def _may_be(key: ast.expr | None, name: str) -> bool:
    """Whether a key is this name, or is not known before the program runs."""
    return not isinstance(key, ast.Constant) or key.value == name
