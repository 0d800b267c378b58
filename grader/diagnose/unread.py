"""Which arguments a program never reads, from its text alone: nothing that they hold can matter to it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

_READS_ANY = {"locals", "vars", "eval", "exec", "globals", "inspect", "sys"}
_DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


class _Statement:
    """A statement, and the names whose values it uses: looked up once, and only where somebody asks."""

    def __init__(self, node: ast.stmt) -> None:
        self.node = node

    @cached_property
    def reads(self) -> set[str]:
        return _reads(self.node)


def unread(sources: Sequence[str], exercise: str) -> frozenset[int]:
    """The places of arguments that a function, or the method `forward` of a class, takes and never reads.

    Of several with the name the last counts. Nothing is said of what is decorated or looks at its own variables.

    >>> sorted(unread(["def step(x, h, b):\\n    h = 0 * x\\n    return x + h"], "step"))
    [1, 2]
    """
    return _unread(tuple(sources), exercise)


@lru_cache(maxsize=256)  # every run of a class has the same few mistakes, and often the same file
def _unread(sources: Sequence[str], exercise: str) -> frozenset[int]:
    function = _function(sources, exercise)
    if function is None or function.decorator_list:
        return frozenset()
    if _looks_at_variables(sources, function):
        return frozenset()
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    if names[:1] == ["self"]:
        del names[0]
    statements = [_Statement(node) for node in _always(function.body)]
    return frozenset(place for place, name in enumerate(names) if not _is_read(name, statements))


def _function(sources: Sequence[str], exercise: str) -> ast.FunctionDef | None:
    latest: ast.FunctionDef | None = None
    for source in sources:
        definitions = _definitions(source)
        if definitions is None:
            return None
        for node in definitions:
            for inner in node.body if isinstance(node, ast.ClassDef) and node.name == exercise else [node]:
                function_name = exercise if inner is node else "forward"
                if isinstance(inner, ast.FunctionDef) and inner.name == function_name:
                    latest = inner
    return latest


@lru_cache(maxsize=8)  # each exercise of a program asks for them
def _definitions(source: str) -> tuple[ast.stmt, ...] | None:
    """The functions and classes at the top of a source; None where it does not parse."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tuple(node for node in body if isinstance(node, _DEFINITIONS))


def _looks_at_variables(sources: Iterable[str], function: ast.FunctionDef) -> bool:
    """Whether a function may read its variables by other means than their names."""
    # Texts are searched first, which is far quicker. A name may be written in other letters than ASCII, too.
    if all(source.isascii() and not any(name in source for name in _READS_ANY) for source in sources):
        return False
    return any(isinstance(node, ast.Name) and node.id in _READS_ANY for node in ast.walk(function))


def _is_read(name: str, statements: Iterable[_Statement]) -> bool:
    """Whether the value that a name comes with may be read by these statements."""
    for statement in statements:
        node = statement.node
        if isinstance(node, ast.Assign) and _is_target(name, node):
            return name in _reads(node.value)
        if name in statement.reads:
            return True
    return False


def _always(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that are run one after the other, those below `if True` among them."""
    for statement in body:
        if (
            isinstance(statement, ast.If)
            and isinstance(statement.test, ast.Constant)
            and statement.test.value
        ):
            yield from _always(statement.body)
        else:
            yield statement


def _is_target(name: str, statement: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)


def _reads(node: ast.AST) -> set[str]:
    """The names whose values a statement or an expression uses."""
    reads = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Store):
            reads.add(inner.id)
        elif isinstance(inner, ast.AugAssign) and isinstance(inner.target, ast.Name):
            reads.add(inner.target.id)
    return reads
