"""A submission's program as functions with the files that they stand in, and which of them an exercise uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from grader.operators import Edit, Lots, Scope, Text, outside_values, scopes
from grader.operators.bindings import at_top
from grader.records import Chunk, StudentSource
from grader.text import source_lines

_COPY = re.compile(r"\s*\w+\s*=\s*([A-Za-z_]\w*)\s*(?:#.*)?")
LONGEST = 100_000  # characters of a file that is read as a tree
LONGEST_STATEMENT = 12_000  # of a definition: several of them are on their way to a child at once


@dataclass(frozen=True, eq=False)
class File:
    """One file or cell that parses: its number in the program, and its text."""

    number: int
    label: str
    text: Text


@dataclass(frozen=True, eq=False)
class Place:
    """A function of the program, or values outside of any, and the statement at the top of its file that holds them."""

    file: File
    scope: Scope
    top: ast.stmt

    @property
    def name(self) -> str:
        """What the definition is called, or the name that a value is given to."""
        return str(getattr(self.top, "name", self.scope.function.name))

    @cached_property
    def edits(self) -> Lots:
        """The edits of it, each made once for all exercises that use it."""
        return Lots(self.scope)

    @cached_property
    def lines(self) -> range:
        """The lines that an edit of it can be in: those of its definition."""
        start, end = _span(self.file.text, self.top)
        return range(self.file.text.line(start), self.file.text.line(end) + 1)


@dataclass(frozen=True, eq=False)
class Candidate:
    """One change of one function."""

    place: Place
    edit: Edit

    @property
    def label(self) -> str:
        """The label of the file that is changed."""
        return self.place.file.label

    @property
    def words(self) -> tuple[frozenset[str], frozenset[str]]:
        """The words that the change brings, and those that it takes."""
        return self.edit.words(self.place.file.text.source)

    @property
    def is_of_a_copy(self) -> bool:
        """Whether its line gives a value that is computed there another name, and does no more."""
        line = source_lines(self.place.file.text.source)[self.edit.line - 1]
        copied = _COPY.fullmatch(line)
        return copied is not None and copied[1] not in self.place.scope.parameters

    @cached_property
    def text(self) -> str:
        """The text of the file with the change."""
        return self.edit.applied(self.place.file.text.source)

    @property
    def definition(self) -> str:
        """The changed definition by itself."""
        text = self.place.file.text
        start, end = _span(text, self.place.top)
        return self.text[start : end + len(self.text) - len(text.source)]

    @property
    def first_line(self) -> int:
        """The line at which its definition begins."""
        return self.place.file.text.line(_span(self.place.file.text, self.place.top)[0])

    def applied(self, source: StudentSource) -> StudentSource:
        """The program with the change."""
        chunks, modules = [*source.chunks], [*source.modules]
        number = self.place.file.number
        changed = Chunk(self.text, self.label)
        if number < len(chunks):
            chunks[number] = changed
        else:
            modules[number - len(chunks)] = changed
        return replace(source, chunks=tuple(chunks), modules=tuple(modules))


class Program:
    """The functions of a submission."""

    def __init__(self, source: StudentSource) -> None:
        self.source = source
        texts = {
            number: text for number, chunk in enumerate(source.files) if (text := _text(chunk)) is not None
        }
        # A file that cannot be read as a tree may bring any name.
        outside = at_top(text.tree for text in texts.values()) if len(texts) == len(source.files) else None
        last: dict[tuple[str, str], Place] = {}  # of one name in one module the last definition holds
        for number, text in texts.items():
            chunk = source.files[number]
            file = File(number, chunk.label, text)
            module = "" if number < len(source.chunks) else chunk.label
            functions = [(scope, scope.owner or scope.function) for scope in scopes(text, outside)]
            pairs = (*functions, *outside_values(text, outside))
            places = [Place(file, scope, top) for scope, top in pairs]
            defined = {getattr(node, "name", "") for node in text.tree.body} | {
                place.name for place in places
            }
            for key in [key for key in last if key[0] == module and key[1].partition(".")[0] in defined]:
                del last[key]
            for place in places:
                start, end = _span(text, place.top)
                if end - start <= LONGEST_STATEMENT:
                    last[module, f"{place.name}.{place.scope.function.name}"] = place
        self.places = [*last.values()]  # of each file the functions first

    def reach(self, names: Iterable[str]) -> list[Place]:
        """The functions that some names use, those of the names themselves first, then those that these use."""
        reached_names: dict[str, None] = {}
        waiting = [*names]
        while waiting:
            name = waiting.pop(0)
            if name in reached_names:
                continue
            reached_names[name] = None
            waiting += [other for place in self.places if place.name == name for other in self._uses(place)]
        order = {name: number for number, name in enumerate(reached_names)}
        reached = [place for place in self.places if place.name in order]
        return sorted(reached, key=lambda place: order[place.name])

    def _uses(self, place: Place) -> list[str]:
        named = {other.name for other in self.places}
        used = [_name(node) for node in ast.walk(place.top) if isinstance(node, (ast.Name, ast.Attribute))]
        return [name for name in dict.fromkeys(used) if name in named and name != place.name]


def _text(chunk: Chunk) -> Text | None:
    """A file or cell with its tree; None where it does not parse, or is too long to be looked at."""
    if len(chunk.source) > LONGEST:
        return None
    try:
        return Text(chunk.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def _span(text: Text, top: ast.stmt) -> tuple[int, int]:
    """Where a definition begins, with its decorators, and ends."""
    start, end = text.span(top)
    for decorator in getattr(top, "decorator_list", []):
        start = min(start, text.source.rindex("@", 0, text.span(decorator)[0]))
    return start, end
