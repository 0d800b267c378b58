"""Bounds on what an edit of the reference may run in this process, in steps and in sizes, never in time.

An edit may loop without end, call itself ever again, or let an array or a list grow with every round: one that an
operator made because nobody has read it, one of a table because its author meant something else, or together with
another one. Its functions count their rounds and calls, and measure their variables
at each. What goes beyond ends in an exception, which no submission answers with.
"""

from __future__ import annotations

import ast
import itertools
import operator
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CodeType
from typing import Any

import numpy as np

from grader.diagnose import stepped
from grader.diagnose.compiling import compiled_silently

LEAST_STEPS, STEPS = (
    20_000,
    50,
)  # rounds and calls for one session, and more for each number that is asked with
LEAST_ENTRIES, ENTRIES = 20_000, 20  # numbers in all variables, likewise
LOOKED = 50  # values that are looked at for one step
MEASURED, ONE_IN = 32, 8  # steps at which variables are measured: so many first ones, then one in so many

_STEP, _COUNTED = "_grader_step", "_grader_counted"
_NAMED = "from grader.diagnose.bounded import counted as {counted}, step as {step}"


class Unbounded(BaseException):
    """An edit that takes too many steps, or makes something too large. No `except Exception` stops it."""


class _Allowance:
    """What may still be run and made for the present session."""

    steps = LEAST_STEPS
    entries = LEAST_ENTRIES
    taken = 0


def begin(size: int = 0) -> None:
    """Begin to count for a session that asks with so many numbers."""
    _Allowance.steps = LEAST_STEPS + STEPS * size
    _Allowance.entries = LEAST_ENTRIES + ENTRIES * size
    _Allowance.taken = 0


def step(names: Mapping[str, Any]) -> None:
    """Count one round or call, in which these are the variables. Raises Unbounded.

    What doubles in each round, or in each call, is seen to be too large before it fills the memory, also when only one
    round in eight is measured.
    """
    _count()
    _Allowance.taken += 1
    if _Allowance.taken <= MEASURED or _Allowance.taken % ONE_IN == 0:
        _measure([*names.values()])


def counted(values: Iterable[Any]) -> Iterator[Any]:
    """The same values, each counted as a round. Raises Unbounded."""
    for value in values:
        _count()
        yield value


def _count(steps: int = 1) -> None:
    _Allowance.steps -= steps
    if _Allowance.steps < 0:
        raise Unbounded("too many steps")


def _measure(waiting: list[Any]) -> None:
    """Add up what values hold, down to numbers; to look at so many of them is a step as well. Raises Unbounded.

    A list that holds itself has no end here either: it soon comes to more than may be.
    """
    looked = entries = 0
    most, sizes = _Allowance.entries, _SIZES
    while waiting and looked + entries <= most:
        looked += len(waiting)
        inner: list[Any] = []
        for value in waiting:
            kind = type(value)
            size = sizes.get(kind) or sizes.setdefault(kind, _size_of(kind))
            if size is _inside:
                inner.extend(itertools.islice(value.values() if isinstance(value, dict) else value, most))
                if len(inner) > most:
                    raise Unbounded("something grew too large")
            elif size is not _nothing:
                entries += size(value)
        waiting = inner
    if looked + entries > most:
        raise Unbounded("something grew too large")
    if looked >= LOOKED:
        _count(looked // LOOKED)


def _nothing(value: Any) -> int:
    return 0


def _inside(value: Any) -> int:
    """Stands for what holds other values: each of them is looked at."""
    return 0


def _size_of(kind: type) -> Callable[[Any], int]:
    """How many numbers a value of a type holds; `_inside` where that is to be asked of what it holds."""
    if issubclass(kind, np.ndarray):
        return operator.attrgetter("size")
    if issubclass(kind, (list, tuple, set, frozenset, dict)):
        return _inside
    if issubclass(kind, (str, bytes, bytearray)):
        return len
    if issubclass(kind, int):
        return lambda value: value.bit_length() // 64
    if kind.__module__.startswith("torch") and issubclass(kind, sys.modules["torch"].Tensor):
        numel: Callable[[Any], int] = sys.modules["torch"].Tensor.numel
        return numel
    return _nothing


_SIZES: dict[type, Callable[[Any], int]] = {}


def counting(text: str, filename: str, flags: int) -> CodeType:
    """A statement's code that counts its steps. Raises SyntaxError."""
    return stepped.compiled(text, filename, flags, _NAMES, _STEPS) or by_tree(text, filename, flags)


def by_tree(text: str, filename: str, flags: int) -> CodeType:
    """The same of any text, by way of a syntax tree. Raises SyntaxError."""
    tree = ast.parse(text)
    loops = _count_in(tree)
    if len(_FOR.findall(text)) > loops:  # comprehensions, or words of a comment
        count_comprehensions(tree)
    return _code(tree, filename, flags)


def of_tree(tree: ast.Module, filename: str, flags: int) -> CodeType:
    """The same of a tree, which is changed. Raises SyntaxError."""
    _count_in(tree)
    count_comprehensions(tree)
    return _code(tree, filename, flags)


def _code(tree: ast.Module, filename: str, flags: int) -> CodeType:
    places = [place for place, node in enumerate(tree.body) if _stays_first(node)]
    tree.body[len(places) : len(places)] = _IMPORT
    return compiled_silently(tree, filename, flags)


def _stays_first(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _count_in(node: ast.AST) -> int:
    """Put a step at the begin of each function and round, and after each loop.

    Gives how often `for` stands in it, as a loop or in a docstring. Only statements are looked at: it is most of what
    compiling an edit would cost otherwise.
    """
    loops = 0
    for block in ("body", "orelse", "finalbody"):
        statements: list[ast.stmt] = getattr(node, block, [])
        for place in reversed(range(len(statements))):
            loops += _count_in(statements[place]) + _words(statements[place])
            if isinstance(statements[place], (ast.For, ast.While)):
                statements.insert(place + 1, _STEPPED)
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        loops += _count_in(part)
    if isinstance(node, (ast.FunctionDef, ast.For, ast.While)):
        node.body.insert(0, _STEPPED)
    return loops + isinstance(node, (ast.For, ast.AsyncFor))


def _words(node: ast.stmt) -> int:
    """How often the word `for` stands in a docstring."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and type(node.value.value) is str:
        return len(_FOR.findall(node.value.value))
    return 0


def count_comprehensions(tree: ast.AST) -> None:
    """Count what comprehensions go over."""
    for node in ast.walk(tree):
        if isinstance(node, ast.comprehension):
            name = ast.copy_location(ast.Name(_COUNTED, ast.Load()), node.iter)
            node.iter = ast.copy_location(ast.Call(name, [node.iter], []), node.iter)


#: What is put into functions, the same in each place: nobody looks at the lines of an edit.
_NAMES, _STEPS = _NAMED.format(step=_STEP, counted=_COUNTED), f"{_STEP}(locals())"
_IMPORT = ast.parse(_NAMES).body
(_STEPPED,) = ast.parse(_STEPS).body
_FOR = re.compile(r"\bfor\b")
