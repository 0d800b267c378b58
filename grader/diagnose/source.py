"""The text of a reference in its top-level statements, so that an edit touches one of them and the rest stays as it is.

This module only edits text and compiles it; nothing here runs.
"""

from __future__ import annotations
import __future__

import ast
import linecache
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from grader.diagnose import changes
from grader.diagnose.bounded import counting
from grader.diagnose.compiling import compiled_silently
from grader.diagnose.merge import Edit, merged
from grader.diagnose.noticing import bound_by, is_plain
from grader.diagnose.switched import SwitchedStatement, Switches
from grader.diagnose.wrapping import READ
from grader.errors import CourseError


@dataclass(frozen=True)
class Statement:
    """One top-level statement: what stands before it (blank lines, comments), its text, its name if it has one."""

    before: str
    text: str
    name: str
    uses: frozenset[str]


class Source:
    """A reference's statements; `edited` gives the texts of the statements with some edits."""

    def __init__(self, text: str) -> None:
        self.statements, self._after = _statements(text)
        self._flags = _future(text)
        self._numbers = {
            statement.name: number for number, statement in enumerate(self.statements) if statement.name
        }
        self._switched: dict[int, SwitchedStatement] = {}
        self._unswitched: tuple[Hashable, list[CodeType], Switches] | None = None
        self._outer = _names(text)
        self._is_plain = all(
            is_plain(ast.parse(statement.text).body) for statement in self.statements if statement.name
        )

    def edited(self, edits: Sequence[Edit]) -> list[str]:
        """The text of each statement. Raises CourseError for an edit that does not apply, or is seen to leave no
        Python.
        """
        texts = [statement.text for statement in self.statements]
        by_statement: dict[int, list[Edit]] = {}
        for edit in merged(edits):
            by_statement.setdefault(self._number(edit), []).append(edit)
        for number, those in by_statement.items():
            try:
                texts[number] = changes.edited(texts[number], those)
            except SyntaxError as error:  # of an edit of the same statement before this one
                raise _no_python(edits, error) from error
        return texts

    def statement(self, edit: Edit) -> Statement:
        """The statement that an edit changes. Raises CourseError."""
        return self.statements[self._number(edit)]

    def _number(self, edit: Edit) -> int:
        """The statement that an edit changes. Raises CourseError."""
        number = self._numbers.get(edit.place.split(".")[0])
        if number is None:
            raise CourseError(f"{edit.name}: the reference has no {edit.place}.")
        return number

    def whole(self, edits: Sequence[Edit]) -> str:
        """The source with some edits. Raises CourseError for an edit that does not apply."""
        texts = self.edited(edits)
        return (
            "".join(statement.before + text for statement, text in zip(self.statements, texts, strict=True))
            + self._after
        )

    def codes(self, edits: Sequence[Edit], filename: str, *, bounded: bool = False) -> list[CodeType]:
        """The compiled statements with some edits, to be run in order in one namespace.

        With `bounded`, they count their steps. Raises CourseError for an edit that does not apply, or that leaves no
        Python.
        """
        return self.compiled(self.edited(edits), edits, filename, bounded=bounded)

    def compiled(
        self, texts: Sequence[str], edits: Sequence[Edit], filename: str, *, bounded: bool
    ) -> list[CodeType]:
        """What `codes` gives, of the `texts` that `edited` has made of these edits."""
        try:
            return [
                _compile(text, _file(filename, number), self._flags, bounded)
                for number, text in enumerate(texts)
            ]
        except SyntaxError as error:
            raise _no_python(edits, error) from error

    def know(self, edit: Edit) -> None:
        """Note an edit of which sets may be asked for."""
        number = self._numbers.get(edit.place.split(".")[0])
        if number is not None and self._is_plain:
            self._of(number).know(edit)

    def forget(self) -> None:
        """Forget what was put together for sets."""
        for switched in self._switched.values():
            switched.forget()

    def _of(self, number: int) -> SwitchedStatement:
        if number not in self._switched:
            text = self.statements[number].text
            self._switched[number] = SwitchedStatement(
                text, f"statement {number}", self._flags, f"_grader_{number}", self._outer
            )
        return self._switched[number]

    def switched(self, edits: Sequence[Edit], filename: str) -> tuple[list[CodeType], Switches] | None:
        """What `codes` gives, bounded, and the switches with which it is to be run: nothing is compiled for one set.

        None where these edits have no switches, or cannot be made together. Raises CourseError as well.
        """
        by_statement: dict[int, list[Edit]] = {}
        for edit in edits if self._is_plain else ():
            by_statement.setdefault(self._numbers.get(edit.place.split(".")[0], -1), []).append(edit)
        if not by_statement or -1 in by_statement:
            return None
        edited: dict[int, tuple[CodeType, Switches]] = {}
        for number, those in sorted(by_statement.items()):
            chosen = self._of(number).chosen(those)
            if chosen is None:
                return None
            edited[number] = chosen
        others, zeros = self._unedited_codes(filename)
        codes, switches = [*others], {**zeros, READ: {}}
        for number, (code, own) in edited.items():
            codes[number] = code
            switches |= own
        return codes, switches

    def _unedited_codes(self, filename: str) -> tuple[list[CodeType], Switches]:
        """What `switched` gives of no edits: most statements of a set are as they are in all others."""
        key = filename, *((number, id(switched.code)) for number, switched in self._switched.items())
        if self._unswitched is None or self._unswitched[0] != key:
            codes, switches = list[CodeType](), dict[str, Any]()
            for number in range(len(self.statements)):
                chosen = self._switched[number].chosen(()) if number in self._switched else None
                codes.append(self._own_code(number, filename) if chosen is None else chosen[0])
                switches |= {} if chosen is None else chosen[1]
            self._unswitched = key, codes, switches
        return self._unswitched[1], self._unswitched[2]

    def _own_code(self, number: int, filename: str) -> CodeType:
        """A statement without edits."""
        return _compile(self.statements[number].text, _file(filename, number), self._flags, True)

    def reach(self, name: str) -> frozenset[str]:
        """The names of the functions and classes that one of them uses, directly or through others, and its own."""
        names: set[str] = set()
        waiting = [name]
        while waiting:
            node = waiting.pop()
            if node not in names and node in self._numbers:
                names.add(node)
                waiting.extend(self.statements[self._numbers[node]].uses)
        return frozenset(names)


def _no_python(edits: Sequence[Edit], error: SyntaxError) -> CourseError:
    names = " and ".join(edit.name for edit in edits)
    return CourseError(f"The reference with {names} is no Python: {error}.")


def show(texts: Sequence[str], filename: str) -> None:
    """Let these texts of statements be found as the source of what `codes` compiled, as torch.jit.script needs.

    Another program of the same name has its texts in the same place: this one's are shown before it is asked.
    """
    for number, text in enumerate(texts):
        file = _file(filename, number)
        if _shown.get(file) is not text or file not in linecache.cache:  # most statements are nobody's edit
            _shown[file] = text
            linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)


_shown: dict[str, str] = {}


def _file(filename: str, number: int) -> str:
    return f"{filename}, statement {number}"


def _statements(text: str) -> tuple[list[Statement], str]:
    """The top-level statements, and what stands after the last one."""
    lines = text.splitlines(keepends=True)
    statements: list[Statement] = []
    end = 0
    for nodes in _on_own_lines(ast.parse(text).body):
        first, last = _first_line(nodes[0]), nodes[-1].end_lineno or nodes[-1].lineno
        name = nodes[0].name if isinstance(nodes[0], (ast.FunctionDef, ast.ClassDef)) else ""
        uses = {inner.id for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        before, own = "".join(lines[end : first - 1]), "".join(lines[first - 1 : last])
        statements.append(Statement(before, own, name, frozenset(uses)))
        end = last
    return statements, "".join(lines[end:])


def _names(text: str) -> frozenset[str]:
    """The names that a source binds when it is imported; a few more, where a loop or a comprehension has its own."""
    names: set[str] = set()
    for node in ast.parse(text).body:
        if "__name__" not in ast.dump(node):  # what runs as a program alone
            inner = [node] if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else ast.walk(node)
            names.update(*map(bound_by, inner))
    return frozenset(names)


def _on_own_lines(nodes: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Statements, those that share a line (`a = 1; b = 2`) together."""
    group: list[ast.stmt] = []
    for node in nodes:
        if group and _first_line(node) > (group[-1].end_lineno or 0):
            yield group
            group = []
        group.append(node)
    if group:
        yield group


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    lines: list[int] = [node.lineno, *(decorator.lineno for decorator in decorators)]
    return min(lines)


def _future(text: str) -> int:
    """The compiler's flags for the `from __future__` imports of a source."""
    flags: int = 0
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            flags |= sum(int(getattr(__future__, alias.name).compiler_flag) for alias in node.names)
    return flags


@lru_cache(maxsize=2048)
def _compile(text: str, filename: str, flags: int, bounded: bool) -> CodeType:
    if bounded:
        return counting(text, filename, flags)
    return compiled_silently(text, filename, flags)
