"""tests/hidden/<a>/harness.py as the trusted side knows it: read as a tree, never run here.

A harness is course code in the child. Its functions (and classes) take the file under test as their first argument,
`student`, and turn what is written there into functions of arrays, which a suite calls like any other:

    def unrolled(student, x, h):                 # the suite: student.unrolled(x, h)
        cell = student.Cell(3, 4)
        return cell.step(x, h)

This module says which exercises each function is about, and which of the student's names a line of it was using.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from grader.assignments import Assignment
from grader.errors import CourseError
from grader.subject.harness_tree import (
    STUDENT,
    asked_names,
    covers,
    held_objects,
    own_parts,
    text_pattern,
    used_name,
)
from grader.subject.operations import Raised

FILE = "harness.py"
PAGE = "docs/what-a-suite-can-ask.md"
_NO_ATTRIBUTE = re.compile(r"'([\w.]{1,60})' object has no attribute '(\w{1,60})'")
_DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class HarnessFunction:
    """A function or class of a harness. `exercises`: what it is about, the last of them in reading order first."""

    name: str
    line: int
    exercises: tuple[str, ...]
    node: ast.FunctionDef | ast.ClassDef = field(compare=False)

    @property
    def is_class(self) -> bool:
        """Whether students get objects of it; else it is a function."""
        return isinstance(self.node, ast.ClassDef)


@dataclass(frozen=True)
class ExceptionReport:
    """An exception as a harness explains it.

    `asked` is what of the student's was used ("Cell.step"); `lacks` an attribute that an object of theirs has not;
    `said` what the harness itself says about it, with the words and numbers that it filled in.
    """

    asked: str
    lacks: tuple[str, str] | None = None
    said: str = ""
    nothing: bool = False
    """`asked` has given back None where something is used"""
    filled: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    """names that the contract asks for: they may be shown whether or not they stand in the student's file"""


@dataclass(frozen=True)
class Harness:
    """A harness that was read. Raises CourseError, with the line, for one that could not work."""

    path: str
    source: str
    exercises: tuple[str, ...]
    imports: tuple[str, ...]
    """first parts of the names of modules that it may import, beside Python's own"""

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            self._check_import(node)
        if not self.functions:
            raise self._wrong(1, "it defines no function", f"Write one: def name({STUDENT}, x): …")
        for function in self.functions.values():
            _check(self, function)

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed source. Raises CourseError when it is not Python."""
        try:
            return ast.parse(self.source)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            raise self._wrong(
                line, f"it is no Python: {getattr(error, 'msg', error)}", "Correct it."
            ) from error

    @cached_property
    def functions(self) -> Mapping[str, HarnessFunction]:
        """What a suite can ask, by name: all that does not begin with an underscore."""
        return {
            name: HarnessFunction(name, node.lineno, self._about(node), node)
            for name, node in self._definitions.items()
            if not name.startswith("_")
        }

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of its code: what objects may be asked for, and what its own sentences may be filled in with."""
        nodes = [*ast.walk(self.tree)]
        texts = [
            node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        return frozenset(
            [word for text in texts for word in re.findall(r"\w+", text)]
            + [node.attr for node in nodes if isinstance(node, ast.Attribute)]
            + [node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg]
            + [node.id for node in nodes if isinstance(node, ast.Name)]
            + [node.name for node in nodes if isinstance(node, _DEFINITIONS)]
        )

    @cached_property
    def asked_names(self) -> frozenset[str]:
        """The names that it asks the file under test for."""
        return frozenset(asked_names(self.tree))

    def seen(self, function: str, raised: Raised) -> ExceptionReport:
        """What of the student's a function was using when something was raised."""
        exercise = self.functions[function].exercises[0]
        if raised.kind == "Missing":
            return ExceptionReport(raised.missing if raised.missing in self.asked_names else exercise)
        called = next(filter(None, map(self._used_at, reversed(raised.lines))), exercise)
        if raised.frames:
            return ExceptionReport(called, words=self.words)
        if raised.text.startswith("'NoneType' object "):
            gave = next(filter(None, map(self._result_at, reversed(raised.lines))), "")
            if gave:
                return ExceptionReport(gave, nothing=True)
        match = _NO_ATTRIBUTE.fullmatch(raised.text[:200]) if raised.kind == "AttributeError" else None
        if match and match[2] in self.words:
            return ExceptionReport(called, (match[1], match[2]), words=self.words)
        for pattern in self._sentences:
            if filled_match := pattern.fullmatch(raised.text):
                return ExceptionReport(
                    called, said=raised.text, filled=filled_match.groups(), words=self.words
                )
        return ExceptionReport(called, words=self.words)

    @cached_property
    def _definitions(self) -> dict[str, ast.FunctionDef | ast.ClassDef]:
        return {node.name: node for node in self.tree.body if isinstance(node, _DEFINITIONS)}

    def _about(self, node: ast.AST) -> tuple[str, ...]:
        """The exercises that a definition uses, itself or through others of the harness; all where it names none."""
        mentioned: set[str] = set()
        waiting, visited = [node], set()
        while waiting:
            definition = waiting.pop()
            if id(definition) in visited:
                continue
            visited.add(id(definition))
            mentioned.update(asked_names(definition))
            names = {inner.id for inner in ast.walk(definition) if isinstance(inner, ast.Name)}
            waiting += [other for name, other in self._definitions.items() if name in names]
        used = [name for name in self.exercises if name in mentioned]
        return tuple(reversed(used or self.exercises))

    @cached_property
    def _sentences(self) -> list[re.Pattern[str]]:
        """What its own `raise` and `assert` statements say, with groups for what they fill in."""
        patterns = []
        for node in ast.walk(self.tree):
            message: ast.expr | None = None
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                message = node.exc.args[0]
            elif isinstance(node, ast.Assert):
                message = node.msg
            pattern = text_pattern(message)
            if pattern:
                patterns.append(re.compile(pattern, re.DOTALL))
        return patterns

    def _used_at(self, line: int) -> str:
        """What of the student's the statement at a line uses: "forward", or a method as "Cell.step"; else ""."""
        owner, nodes = self._at(line)
        classes = {} if owner is None else held_objects(owner)
        return next(filter(None, (used_name(node, classes) for node in nodes)), "")

    def _result_at(self, line: int) -> str:
        """What of the student's gave a value that is used at a line: the last that a name of it was set to."""
        owner, nodes = self._at(line)
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        gave = ""
        for node in [] if owner is None else ast.walk(owner):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and node.lineno < line:
                targets = {target.id for target in node.targets if isinstance(target, ast.Name)}
                used = used_name(node.value.func, held_objects(owner)) if owner is not None else ""
                gave = used if used and targets & names else gave
        return gave

    def _at(self, line: int) -> tuple[ast.AST | None, list[ast.AST]]:
        """The definition that a line stands in, and the nodes of the innermost statement at that line."""
        owners = self._definitions.values()
        owner = next((node for node in owners if node.lineno <= line <= (node.end_lineno or 0)), None)
        every = [] if owner is None else [*ast.walk(owner)]
        statements = [node for node in every if isinstance(node, ast.stmt) and covers(node, line)]
        innermost = max(statements, key=lambda node: (node.lineno, -(node.end_lineno or 0)), default=None)
        parts = [] if innermost is None else [part for part in own_parts(innermost) if covers(part, line)]
        return owner, [node for part in parts for node in ast.walk(part) if covers(node, line)]

    def _check_import(self, node: ast.AST) -> None:
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            return
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            names = ["." if node.level else node.module or "."]
        for name in names:
            top = name.partition(".")[0]
            if top not in self.imports and top not in sys.stdlib_module_names:
                raise self._wrong(
                    node.lineno,
                    f"it imports {name}, which is not there in the child that it runs in",
                    "It may import Python's own modules, numpy, torch, [preload] and given/, and nothing hidden.",
                )

    def _wrong(self, line: int, fault: str, next_step: str) -> CourseError:
        return CourseError(f"{self.path}, line {line}: {fault}.", next_step=next_step)


def _check(harness: Harness, function: HarnessFunction) -> None:
    """Raise CourseError for a function that could not be called as a suite calls it."""
    node = function.node
    word = "class" if function.is_class else "function"
    if function.is_class != function.name[0].isupper():
        case = "a capital" if function.is_class else "a small"
        raise harness._wrong(
            function.line,
            f"the {word} {function.name} must begin with {case} letter: a suite tells the two apart by it",
            "Rename it.",
        )
    init = node
    if isinstance(node, ast.ClassDef):
        methods = [
            part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == "__init__"
        ]
        init = methods[0] if methods else node
    parameters = [] if isinstance(init, ast.ClassDef) else [*init.args.posonlyargs, *init.args.args]
    parameters = parameters[1:] if function.is_class else parameters
    if not parameters or parameters[0].arg != STUDENT:
        raise harness._wrong(
            function.line,
            f"the first argument of {function.name} must be {STUDENT}, the file under test",
            f"Write it so, or begin its name with an underscore if no test calls it. See {PAGE}.",
        )


def read(assignment: Assignment) -> Harness | None:
    """The harness of an assignment; None where it has none. Raises CourseError for one that could not work."""
    source = assignment.harness_source
    importable = (*assignment.imports, *(path.stem for path in assignment.given))
    return Harness(str(assignment.harness), source, assignment.exercises, importable) if source else None
