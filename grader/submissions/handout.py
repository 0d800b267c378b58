"""What students were given, and what of a file is their own work: definitions that are neither blank nor as handed out.

Layout, comments and docstrings do not count. Nothing is run: sources are parsed and compared.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from grader.records import Chunk
from grader.submissions.problems import Unreadable
from grader.submissions.python_source import parse
from grader.syntax import DEFINITIONS, FUNCTIONS

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_BLANK = "blank"
_PLACEHOLDERS = ("Exception", "RuntimeError", "ValueError", "NotImplemented")  # raised where work is to stand
_BEGINNING = re.compile(r"(?:def|class) +([^\W\d]\w*)")


@dataclass(frozen=True)
class Handout:
    """The names that an assignment asks for, and the sources of what was handed out.

    Without a source, only a definition that cannot return anything is known not to be work.
    """

    exercises: tuple[str, ...] = ()
    skeletons: tuple[str, ...] = field(default=(), repr=False)
    others: frozenset[str] = frozenset()  # the names of the course's other assignments
    modules: frozenset[str] = frozenset()  # the names of modules that the course hands out beside it

    @cached_property
    def given(self) -> dict[str, frozenset[str]]:
        """The shapes in which each name was handed out."""
        shapes: dict[str, set[str]] = {}
        for source in self.skeletons:
            for definition in definitions([Chunk(source)]):
                shapes.setdefault(definition.name, set()).add(_shape(definition))
        return {name: frozenset(several) for name, several in shapes.items()}

    @property
    def names(self) -> frozenset[str]:
        """The names that belong to the assignment."""
        return frozenset((*self.exercises, *self.given))

    def work(self, chunks: tuple[Chunk, ...]) -> frozenset[str]:
        """The names, bound at the top level of these chunks, that hold the student's own work."""
        return _work(self, chunks)

    def own(self, chunks: Iterable[Chunk]) -> frozenset[str]:
        """The same, looked up anew."""
        done: set[str] = set()
        for statement in _statements(chunks):
            if isinstance(statement, DEFINITIONS):
                if self._is_work(statement):
                    done.add(statement.name)
            else:
                done |= _bound(statement) & {*self.names, "*"}
        return frozenset(done)

    def wrote_something(self, chunks: Sequence[Chunk]) -> bool:
        """Whether anything in these chunks is work: an exercise, or, where none is there, something of another name."""
        if self.work(tuple(chunks)):
            return True
        mine = definitions(chunks)
        if any(d.name in self.exercises for d in mine):
            return False
        if any(
            d.name not in self.names and _shape(d) not in (_BLANK, *self.given.get(d.name, ())) for d in mine
        ):
            return True
        # Without a single definition, a loop is what should have stood in one.
        return not mine and any(isinstance(part, (ast.For, ast.While)) for part in _statements(chunks))

    def _is_work(self, definition: Definition) -> bool:
        # A notebook brings its checks along, and whatever else was never asked for.
        if self.names and definition.name not in self.names:
            return False
        shape = _shape(definition)
        if shape == _BLANK or shape in self.given.get(definition.name, ()):
            return False
        if self.skeletons or not self.exercises:
            return True
        # What was handed out is not known: then an exercise counts when nothing in it is left to do.
        return definition.name in self.exercises and not any(map(_is_open, ast.walk(definition)))

    def begun_in(self, text: str) -> frozenset[str]:
        """The exercises whose definition begins at the left margin of a text, whether or not it parses."""
        begun = set()
        for line in text.split("\n"):
            if match := _BEGINNING.match(line):
                begun.add(match[1])
        return frozenset(begun.intersection(self.exercises))


NOTHING_KNOWN = Handout()


def definitions(chunks: Iterable[Chunk]) -> list[Definition]:
    """The functions and classes at the top level of chunks, in their order."""
    return [statement for statement in _statements(chunks) if isinstance(statement, DEFINITIONS)]


# Files of one student are compared with each other, each with all others.
@lru_cache(maxsize=32)
def _work(handout: Handout, chunks: tuple[Chunk, ...]) -> frozenset[str]:
    return handout.own(chunks)


@lru_cache(maxsize=32)
def code(chunks: tuple[Chunk, ...]) -> Mapping[str, str]:
    """The last definition of every name, without regard to layout and comments, imports and trials."""
    return {definition.name: _dump(definition) for definition in definitions(chunks)}


def open_exercises(chunks: Iterable[Chunk]) -> int:
    """How many places still raise NotImplementedError, as hand-outs do."""
    return sum(_is_open(node) for definition in definitions(chunks) for node in ast.walk(definition))


def _statements(chunks: Iterable[Chunk]) -> Iterator[ast.stmt]:
    """The statements that always run when chunks are loaded, those in `if`, `try` and `with` among them."""
    for chunk in chunks:
        try:
            waiting: list[ast.stmt] = [*reversed(parse(chunk.source).body)]
        except Unreadable:
            continue  # such a chunk is told of where it is read
        while waiting:
            statement = waiting.pop()
            if isinstance(statement, (ast.If, ast.Try, ast.With)):
                waiting += reversed(statement.body)
            else:
                yield statement


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement gives a value by assigning or importing; "*" for everything of a module."""
    if isinstance(statement, ast.ImportFrom):
        return {alias.asname or alias.name for alias in statement.names}
    targets: Sequence[ast.expr] = ()
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, (ast.AnnAssign, ast.AugAssign)):
        targets = (statement.target,)
    names = set()
    for target in targets:
        for part in target.elts if isinstance(target, (ast.Tuple, ast.List)) else (target,):
            while isinstance(part, ast.Attribute):  # `BiRNN.forward = …`
                part = part.value
            if isinstance(part, ast.Name):
                names.add(part.id)
    return names


def _shape(definition: Definition) -> str:
    """What a definition does, as text: equal for what differs in layout, comments and docstrings alone."""
    if isinstance(definition, FUNCTIONS):
        return _BLANK if _is_blank(definition) else _dump(definition)
    shapes = [
        f"{member.name} {_shape(member)}" if isinstance(member, DEFINITIONS) else _dump(member)
        for member in definition.body
        if not (_is_text(member) or isinstance(member, ast.Pass))
    ]
    if all(shape.endswith(f" {_BLANK}") for shape in shapes):
        return _BLANK
    return "\n".join([*map(_dump, definition.bases), *shapes])


def _is_blank(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function can only raise NotImplementedError, or does nothing and gives nothing back.

    So does an `__init__` that only calls its parent's and keeps its arguments. Other courses' hand-outs set results
    to None and return them, and read sizes off an argument before.
    """
    idle, empty = True, {"NotImplemented"}
    for statement in function.body:
        if _is_open(statement) or (idle and _is_end(statement)):
            return True
        if isinstance(statement, ast.Return):
            return idle and _is_nothing(statement.value, empty)
        if any(isinstance(node, ast.Return) for node in ast.walk(statement)):
            return False
        idle = idle and (
            isinstance(statement, ast.Pass)
            or _is_text(statement)
            or _calls_parent(statement)
            or _is_given(statement, empty)
        )
    return idle


def _is_end(statement: ast.stmt) -> bool:
    """`raise Exception("to do")`, `assert False`: no code comes behind it."""
    if isinstance(statement, ast.Assert):
        return isinstance(statement.test, ast.Constant) and not statement.test.value
    raised = statement.exc if isinstance(statement, ast.Raise) else None
    if isinstance(raised, ast.Call):
        if (
            raised.keywords
            or len(raised.args) > 1
            or not all(isinstance(part, ast.Constant) for part in raised.args)
        ):
            return False
        raised = raised.func
    return isinstance(raised, ast.Name) and raised.id in _PLACEHOLDERS


def _is_given(statement: ast.stmt, empty: set[str]) -> bool:
    """`h = None` (then `h` is one of `empty`), `self.size = size`, `N, L = x.shape`: nothing of it is work."""
    if not isinstance(statement, ast.Assign):
        return False
    names = [
        part.id for target in statement.targets for part in ast.walk(target) if isinstance(part, ast.Name)
    ]
    if _is_nothing(statement.value, empty):
        empty.update(names)
        return True
    empty.difference_update(names)
    (target, *others), value = statement.targets, statement.value
    if isinstance(target, ast.Attribute):
        return not others and names == ["self"] and isinstance(value, ast.Name)
    while isinstance(value, ast.Subscript):
        value = value.value
    return isinstance(value, ast.Attribute) and value.attr == "shape" and isinstance(value.value, ast.Name)


def _is_nothing(value: ast.expr | None, empty: set[str]) -> bool:
    if isinstance(value, ast.Tuple):
        return all(_is_nothing(part, empty) for part in value.elts)
    if isinstance(value, ast.Name):
        return value.id in empty
    return value is None or (isinstance(value, ast.Constant) and value.value in (None, ...))


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _calls_parent(statement: ast.stmt) -> bool:
    """`super().__init__()`, which every hand-out and every author writes."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "__init__"
        and isinstance(call.func.value, ast.Call)
        and isinstance(call.func.value.func, ast.Name)
        and call.func.value.func.id == "super"
    )


def _is_open(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) and any(
        isinstance(part, ast.Name) and part.id == "NotImplementedError" for part in ast.walk(node)
    )


def _dump(node: ast.AST) -> str:
    """A tree as text, without docstrings and without what a `NotImplementedError` says. No depth is too much for it."""
    written: list[str] = []
    waiting: list[object] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.stmt) and (_is_text(part) or _is_open(part)):
            written.append("text" if _is_text(part) else "open")
        elif isinstance(part, ast.AST):
            fields = [value for name, value in ast.iter_fields(part) if name not in ("type_comment", "kind")]
            written.append(type(part).__name__)
            waiting += reversed(fields)
        elif isinstance(part, list):
            written.append(f"[{len(part)}")
            waiting += reversed(part)
        else:
            # Not repr for a number: it refuses very long ones.
            written.append(hex(part) if type(part) is int else repr(part))
    return "\n".join(written)
