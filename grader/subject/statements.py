"""Cuts a source into the statements that are run one by one, each with a number that both sides can count.

The child that runs them names a statement by its number; the trusted side finds in the same source what that is.
So both cut alike: names that one import lists are statements of their own, and so are imports that stand in one `try`,
and what stands in an `if`.
It runs nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_KINDS_OF_METHODS = frozenset(["staticmethod", "classmethod", "property"])
#: An import that does not stand at the beginning of a line: one within a function does not.
_INNER_IMPORT = re.compile(
    r"(?:(?:^|\r)[^\S\r\n]+|[:;][^\S\r\n]*|\\\r?\n[^\S\r\n]*)(?:import|from)\b", re.MULTILINE
)
DEEPEST = 20  # of an `if` in an `if`; what is nested deeper is one statement

#: (number of the file, number of the statement in it). Files are the answer's chunks, then the modules.
Place = tuple[int, int]


@dataclass(frozen=True)
class Statement:
    """One statement. Of an `if` only the test is run as this one: what is in it follows as `body` and `orelse`."""

    number: int
    node: ast.stmt
    body: tuple[Statement, ...] = ()
    orelse: tuple[Statement, ...] = ()

    @property
    def line(self) -> int:
        """Its first line, that of a decorator included."""
        decorators: list[ast.expr] = getattr(self.node, "decorator_list", [])
        return min([self.node.lineno, *(decorator.lineno for decorator in decorators)])

    def flat(self) -> Iterator[Statement]:
        """It and all that is in it, in the order of their numbers."""
        yield self
        for inner in (*self.body, *self.orelse):
            yield from inner.flat()

    @property
    def is_definition(self) -> bool:
        """Whether it gives names their meaning: a definition, an import, an assignment. Loops and calls do not."""
        return isinstance(self.node, _DEFINING)

    @property
    def binds(self) -> frozenset[str]:
        """The names that would have a value, had it been run."""
        return frozenset(_bound(self.node))


_DEFINING = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom),
    *(ast.Assign, ast.AnnAssign, ast.If, ast.Try),
)


#: Where other statements stand in one, in the order of the text.
_PARTS = ("cases", "body", "handlers", "orelse", "finalbody")


def cut(source: str) -> list[Statement]:
    """The statements at the top of a source. Raises SyntaxError, ValueError or RecursionError if it does not parse."""
    return _Cutter().cut(ast.parse(source).body, 0)


def numbered(source: str) -> dict[int, Statement]:
    """Every statement of a source by its number, what stands in an `if` included; none where it does not parse."""
    try:
        return {inner.number: inner for statement in cut(source) for inner in statement.flat()}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}


def decorators(node: ast.AST) -> Iterator[ast.expr]:
    """The decorators that are looked up when a definition is made, those of a class's methods included.

    Left out are those that begin with a name which the definition binds itself (`@size.setter`).
    """
    own = {*_bound(node)}
    if isinstance(node, ast.ClassDef):
        own.update(name for child in node.body for name in _bound(child))
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield from (decorator for decorator in node.decorator_list if decorator_name(decorator))
    if isinstance(node, ast.ClassDef):
        for child in node.body:
            yield from (decorator for decorator in decorators(child) if decorator_name(decorator) not in own)


def decorator_name(decorator: ast.expr) -> str:
    """The name that a decorator begins with: "numba" of `@numba.njit(parallel=True)`; "" where it is no name."""
    while isinstance(decorator, (ast.Call, ast.Attribute)):
        decorator = decorator.func if isinstance(decorator, ast.Call) else decorator.value
    return decorator.id if isinstance(decorator, ast.Name) else ""


def awaits(node: ast.AST) -> bool:
    """Whether a statement at the top waits as only an async function may, or a running notebook."""
    waiting: list[ast.AST] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (ast.Await, ast.AsyncFor, ast.AsyncWith)) or getattr(part, "is_async", False):
            return True
        if not isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(part)
    return False


def imported_late(source: str) -> list[str]:
    """The modules that functions of a source import when they are called, by their whole names, in order.

    Of `from a import b` both `a` and `a.b`: `b` may be a module too. Nothing where the source does not parse.
    """
    if not _INNER_IMPORT.search(source):
        return []  # as nearly all are, and a second look at the tree costs as much as the first
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    names: dict[str, None] = {}
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, late = waiting.pop()
        if late and isinstance(node, ast.Import):
            names.update(dict.fromkeys(alias.name for alias in node.names))
        elif late and isinstance(node, ast.ImportFrom):
            base = node.module or ""
            names.update(dict.fromkeys([base] if base else []))
            names.update(dict.fromkeys(f"{base}.{alias.name}".lstrip(".") for alias in node.names))
        late = late or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        # No expression holds an import, and expressions are most of a tree.
        parts = [part for field in _PARTS for part in getattr(node, field, ())]
        waiting += [(part, late) for part in reversed(parts)]
    return [*names]


def optional_decorators(node: ast.AST) -> list[ast.expr]:
    """The decorators that a definition can be made without: not those that say what kind of method it is."""
    return [decorator for decorator in decorators(node) if decorator_name(decorator) not in _KINDS_OF_METHODS]


class _Cutter:
    def __init__(self) -> None:
        self._count = 0

    def cut(self, nodes: Sequence[ast.stmt], depth: int) -> list[Statement]:
        """The statements that are run one by one: each node, and of an `if` or `try` what is in it."""
        statements: list[Statement] = []
        for node in nodes:
            if isinstance(node, ast.If) and depth < DEEPEST:
                number = self._next_number()
                body = self.cut(node.body, depth + 1)
                orelse = self.cut(node.orelse, depth + 1)
                statements.append(Statement(number, node, tuple(body), tuple(orelse)))
            else:
                statements += [Statement(self._next_number(), single) for single in _singly(node)]
        return statements

    def _next_number(self) -> int:
        self._count += 1
        return self._count - 1


def _singly(node: ast.stmt) -> list[ast.stmt]:
    """`import a, b` as two statements: one that fails must not take the other along. So with imports in a `try`."""
    if isinstance(node, ast.Import) and len(node.names) > 1:
        return [ast.copy_location(ast.Import([alias]), node) for alias in node.names]
    if isinstance(node, ast.ImportFrom) and len(node.names) > 1:
        return [
            ast.copy_location(ast.ImportFrom(node.module, [alias], node.level), node) for alias in node.names
        ]
    if isinstance(node, ast.Try) and not node.orelse and not node.finalbody and _only_imports(node.body):
        singles = [single for inner in node.body for single in _singly(inner)]
        return [ast.copy_location(ast.Try([single], node.handlers, [], []), node) for single in singles]
    return [node]


def _only_imports(body: Sequence[ast.stmt]) -> bool:
    return all(isinstance(inner, (ast.Import, ast.ImportFrom)) for inner in body)


def _bound(node: ast.AST) -> Iterator[str]:
    """Names that a statement binds in the module; those of functions and classes in it are their own.

    It does not call itself: the tree of a long sum is deeper than calls of Python may be nested.
    """
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield part.name
            continue
        if isinstance(part, ast.Lambda):
            continue
        if isinstance(part, ast.alias):
            yield part.asname or part.name.partition(".")[0]
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        elif isinstance(part, ast.ExceptHandler) and part.name:
            yield part.name
        waiting += ast.iter_child_nodes(part)
