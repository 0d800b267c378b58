"""What a student's own source says: which function a line stands in, what is defined where, what may take for ever.

It is read as a tree and never run. A source that is too long, or that Python cannot parse, says nothing.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from grader.records import Chunk
from grader.subject import operations as ops
from grader.syntax import DEFINITIONS, bound_by, dotted, tree_of
from grader.text import clean, source_lines
from grader.text import where as where

MOST_SOURCE = 200_000  # characters of one chunk
MOST_NAMES = 500  # that a slip may have meant
LONGEST_LINE = 80
READ_OF_A_LINE = 1000  # characters in which a cause is looked for
_FAR = 3  # lines after the one that is told, where Python 3.11 tells the line before
SlowKind = Literal["loop", "wait"]
_SLOW_CALLS = {"sleep": "sleep()", "time.sleep": "time.sleep()"}


@dataclass(frozen=True)
class Definition:
    """A function or class of the source, by its dotted name: its place, its `def` line, and what its head names."""

    name: str
    label: str
    first: int  # with its decorators
    line: int  # of its `def`
    last: int
    head: str
    is_class: bool
    arguments: tuple[str, ...] = ()  # of a function, in order
    decorated: bool = False
    bases: int = 0  # of a class
    empty: bool = False  # a function with nothing but `pass` or `...` in it
    sure: bool = False  # a function at the top that names nothing in its head: its `def` cannot fail

    @property
    def where(self) -> str:
        """Its place in words."""
        return where(self.label, self.line)


@dataclass(frozen=True)
class SourceNames:
    """Names that a source gives values to (or takes as arguments, or imports), and attributes that it sets on self."""

    names: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    uncalled: tuple[tuple[str, str, int], ...] = ()  # (attribute, class that is stored itself, line)


@dataclass(frozen=True)
class Slow:
    """Something that may never end: what it is called, its place, and the function it stands in."""

    kind: SlowKind
    what: str
    where: str
    function: str


def text(label: str, line: int, chunks: Sequence[Chunk], most: int = LONGEST_LINE) -> str | None:
    """The text of a line, fit to be shown; None where the source has no such line."""
    for chunk in chunks:
        if chunk.label == label:
            lines = source_lines(chunk.source)
            return clean(lines[line - 1].strip(), most) if 1 <= line <= len(lines) else None
    return None


def innermost(raised: ops.Raised, chunks: Sequence[Chunk]) -> ops.Frame | None:
    """The frame to point at: the innermost one, but of a recursion the line that goes round and round."""
    if not raised.frames:
        return None
    frame = raised.frames[-1]
    if raised.kind == "RecursionError":
        return Counter(raised.frames).most_common(1)[0][0]
    name = (
        re.search(r"variable '(\w{1,60})'", raised.text[:200]) if raised.kind == "UnboundLocalError" else None
    )
    if name:  # Python 3.11 may tell the line before the one that reads the variable
        for line in range(frame.line, frame.line + _FAR):
            if re.search(rf"\b{name[1]}\b", text(frame.label, line, chunks) or ""):
                return ops.Frame(frame.label, line, frame.function)
    return frame


def function_at(frame: ops.Frame, chunks: Sequence[Chunk]) -> str:
    """The dotted name of the innermost function or class that holds a line; "" at the top of the file."""
    inside = [
        definition
        for definition in definitions(chunks)
        if definition.label == frame.label and definition.first <= frame.line <= definition.last
    ]
    return max(inside, key=lambda definition: definition.first).name if inside else ""


def caller(raised: ops.Raised, chunks: Sequence[Chunk]) -> str:
    """The function of the student's that called the innermost one; "" where it was called from outside."""
    names = [function_at(frame, chunks) for frame in raised.frames]
    return next((name for name in reversed(names) if name and name != names[-1]), "")


def find(name: str, chunks: Sequence[Chunk]) -> Definition | None:
    """The definition of a dotted name; the last one, which is the one that counts."""
    return next((definition for definition in reversed(definitions(chunks)) if definition.name == name), None)


def methods(owner: str, chunks: Sequence[Chunk]) -> list[str]:
    """The names of the methods that a class of the source defines itself."""
    names = (definition.name for definition in definitions(chunks) if not definition.is_class)
    return [name.rpartition(".")[2] for name in names if name.rpartition(".")[0] == owner]


def gap(name: str, chunks: Sequence[Chunk]) -> Definition | None:
    """The function of this name, or the `forward` of the class, if nothing is written in it yet."""
    definition = find(name, chunks)
    if definition is not None and definition.is_class:
        definition = find(f"{name}.forward", chunks)
    return definition if definition is not None and definition.empty else None


def enclosed(name: str, chunks: Sequence[Chunk]) -> tuple[str, str, int]:
    """A sentence about a definition of this name that stands where it does not count, with its label and line.

    ("", "", 0) where there is none.
    """
    every = definitions(chunks)
    inner = [definition for definition in every if definition.name.endswith(f".{name}")]
    if inner:
        last = inner[-1]
        around = last.name.rpartition(".")[0]
        reason = f"It stands inside `{around}` ({last.where}), where nothing else can use it"
        return f"{reason}: move it out of there.", last.label, last.line
    for last in [definition for definition in every if definition.name == name][-1:]:
        chunk = next(chunk for chunk in chunks if chunk.label == last.label)
        for block in (tree(chunk.source) or ast.Module([], [])).body:
            if isinstance(block, ast.If) and block.lineno < last.line <= (block.end_lineno or 0):
                head = clean(source_lines(chunk.source)[block.lineno - 1].strip(), LONGEST_LINE)
                reason = f"It stands under `{head}` ({where(last.label, block.lineno)})"
                return (
                    f"{reason}, which is not run when it is graded: move it out of there.",
                    last.label,
                    last.line,
                )
    return "", "", 0


def near(name: str, names: Collection[str], cutoff: float = 0.6) -> str:
    """The name that a slip may have meant; "" where none is like it."""
    alike = sorted(other for other in names if other != name and abs(len(other) - len(name)) < 4)
    matches = difflib.get_close_matches(name, alike[:MOST_NAMES], n=1, cutoff=cutoff)
    return matches[0] if matches else ""


def definitions(chunks: Sequence[Chunk]) -> list[Definition]:
    """All functions and classes, in the order of the source."""
    return [definition for chunk in chunks for definition in _definitions(chunk.source, chunk.label)]


def names(chunks: Sequence[Chunk]) -> SourceNames:
    """All names of the source."""
    every = [_names(chunk.source) for chunk in chunks]
    return SourceNames(
        frozenset().union(*(of_chunk.names for of_chunk in every)),
        frozenset().union(*(of_chunk.attributes for of_chunk in every)),
        tuple(entry for of_chunk in every for entry in of_chunk.uncalled),
    )


def slow(chunks: Sequence[Chunk], function: str = "") -> list[Slow]:
    """What may take for ever; of the function or class `function` alone, where there is anything in it."""
    every = [
        Slow(kind, what, where(chunk.label, line), function_at(ops.Frame(chunk.label, line, ""), chunks))
        for chunk in chunks
        for kind, what, line in _slow(chunk.source)
    ]
    own = [place for place in every if function and place.function.split(".")[0] == function]
    return own or every


@lru_cache(maxsize=32)
def tree(source: str) -> ast.Module | None:
    """A source as a tree; None where it is too long or cannot be parsed."""
    if len(source) > MOST_SOURCE:
        return None
    try:
        return tree_of(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@lru_cache(maxsize=32)
def _definitions(source: str, label: str) -> tuple[Definition, ...]:
    parsed = tree(source)
    if parsed is None:
        return ()
    lines = source_lines(source)
    definitions: list[Definition] = []
    waiting: list[tuple[str, ast.stmt]] = [("", node) for node in parsed.body]
    while waiting:
        before, node = waiting.pop()
        if isinstance(node, DEFINITIONS):
            before = f"{before}.{node.name}".lstrip(".")
            head = lines[node.lineno - 1].strip() if node.lineno <= len(lines) else ""
            definitions.append(_definition(before, label, node, clean(head, LONGEST_LINE)))
        waiting += [(before, child) for child in _statements(node)]
    return tuple(sorted(definitions, key=lambda definition: definition.first))


def _definition(
    name: str, label: str, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, head: str
) -> Definition:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    place = (label, first, node.lineno, node.end_lineno or node.lineno)
    decorated = bool(node.decorator_list)
    if isinstance(node, ast.ClassDef):
        return Definition(name, *place, head, True, (), decorated, len(node.bases))
    arguments = tuple(argument.arg for argument in (*node.args.posonlyargs, *node.args.args))
    if node.args.vararg is not None:
        arguments += (f"*{node.args.vararg.arg}",)
    empty = all(isinstance(statement, ast.Pass) or _is_constant(statement) for statement in node.body)
    named = [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults), node.returns]
    named += [argument.annotation for argument in ast.walk(node.args) if isinstance(argument, ast.arg)]
    sure = node.col_offset == 0 and not any(named)
    return Definition(name, *place, head, False, arguments, decorated, empty=empty, sure=sure)


def _is_constant(statement: ast.stmt) -> bool:
    """A docstring, or `...`."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler):
            yield from child.body


@lru_cache(maxsize=32)
def _names(source: str) -> SourceNames:
    parsed = tree(source)
    if parsed is None:
        return SourceNames()
    names: set[str] = set()
    attributes: set[str] = set()
    uncalled: list[tuple[str, str, int]] = []
    for node in ast.walk(parsed):
        names.update(bound_by(node))
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and dotted(node.value) == "self"
        ):
            attributes.add(node.attr)
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = dotted(node.targets[0]), dotted(node.value)
            if target.startswith("self.") and value.rpartition(".")[2][:1].isupper():
                uncalled.append((target[5:], value, node.lineno))
    return SourceNames(frozenset(names - {"self"}), frozenset(attributes), tuple(uncalled))


@lru_cache(maxsize=32)
def _slow(source: str) -> tuple[tuple[SlowKind, str, int], ...]:
    parsed = tree(source)
    if parsed is None:
        return ()
    places: list[tuple[SlowKind, str, int]] = []
    for node in ast.walk(parsed):
        if isinstance(node, ast.While):
            places.append(("loop", "`while` loop", node.lineno))
        elif isinstance(node, ast.Call) and dotted(node.func) in _SLOW_CALLS:
            places.append(("wait", _SLOW_CALLS[dotted(node.func)], node.lineno))
    return tuple(sorted(dict.fromkeys(places), key=lambda place: place[2]))
