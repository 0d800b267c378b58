"""Exercises that a student wrote where nothing is run: in text cells, in texts of three quotes, in comments.

Runs nothing. What is quoted of the hand-out is no work, and neither is what stands as code elsewhere in the file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from grader.records import Chunk
from grader.submissions.handout import Handout
from grader.submissions.magics import drop_magics
from grader.submissions.modules import imported_names
from grader.submissions.problems import Unreadable
from grader.submissions.python_source import parse
from grader.text import listed

_MOST_NOTES = 10
_FENCES = ("```", "~~~")
_DEFINITION = re.compile(r"(?:async +)?(?:def|class) |@\w")  # or what stands above it


def not_imported(
    name: str, chunks: Sequence[Chunk], modules: Sequence[Chunk], handout: Handout
) -> tuple[str, ...]:
    """A note for each other file with an exercise in it that the answer, called `name`, neither defines nor imports."""
    done = handout.work(tuple(chunks))
    if "*" in done or not modules:
        return ()
    imported = imported_names(chunk.source for chunk in chunks)
    notes = []
    for module in modules:
        first = module.label.partition("/")[0].removesuffix(".py")
        names = (handout.begun_in(module.source) & handout.work((module,))) - done
        if names and first not in imported:
            notes.append(
                f"{module.label} holds {in_fixed_order(names)}, and {name} neither defines nor imports "
                f"{'it' if len(names) == 1 else 'them'}: put all into one file."
            )
    return tuple(notes[:_MOST_NOTES])


class IdleText(NamedTuple):
    """A text that is not run: where it stands ("cell 4", "lines 3 to 40"), and why it is not run."""

    place: str
    text: str
    why: str
    holds: str = "holds"


def misplaced(texts: Sequence[IdleText], chunks: Sequence[Chunk], handout: Handout) -> list[str]:
    """A note for each text that holds code of an exercise which no code holds."""
    begun = [(idle, names) for idle in texts if (names := _work_in(idle.text, handout))]
    done = handout.work(tuple(chunks)) if begun else frozenset()
    return [
        f"{idle.place} {idle.holds} {in_fixed_order(names - done)}, but {idle.why}."
        for idle, names in begun
        if names - done
    ][:_MOST_NOTES]


def idle_texts(chunks: Sequence[Chunk], handout: Handout) -> Iterator[IdleText]:
    """The texts of several lines at the top of chunks, and the comments that may hold a definition."""
    for chunk in chunks:
        if not any(name in chunk.source for name in handout.exercises):
            continue
        try:
            body = parse(chunk.source).body
        except Unreadable:
            continue
        for statement in body:
            for value in _texts(statement):
                last = statement.end_lineno or statement.lineno
                yield _lines(chunk, statement.lineno, last, value, "a text in quotes: take the quotes away")
        yield from _comments(chunk)


def _texts(statement: ast.stmt) -> Iterator[str]:
    """The texts of several lines in a statement that does nothing: alone, or in lists and dicts, as data has them."""
    if not isinstance(statement, ast.Expr):
        return
    nodes = list(ast.walk(statement.value))
    if all(isinstance(node, (ast.Constant, ast.Dict, ast.List, ast.Tuple, ast.Load)) for node in nodes):
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" in node.value:
                yield node.value


def _comments(chunk: Chunk) -> Iterator[IdleText]:
    """The runs of lines of a chunk that are comments from their margin on, without the signs of these."""
    run: list[str] = []
    lines = [*chunk.source.split("\n"), "end"]
    for number, line in enumerate(lines, 1):
        bare = line.lstrip()
        if bare.startswith("#"):
            run.append(line[: len(line) - len(bare)] + bare[1:].removeprefix(" "))
        elif run and not bare:
            run.append("")
        elif run:
            code = _code_in(run)
            text = "\n".join(code).strip("\n")
            first = number - len(run) + next((place for place, line in enumerate(code) if line), 0)
            yield _lines(
                chunk, first, first + text.count("\n"), text, "comments: take the # at their beginning away"
            )
            run = []


def _code_in(lines: Sequence[str]) -> Sequence[str]:
    """The lines of a comment, those alone that belong to definitions where not all of it is Python: the rest empty."""
    if not any(map(_DEFINITION.match, lines)) or _is_python("\n".join(lines)):
        return lines
    code = []
    is_inside = False
    for line in lines:
        if line.strip() and line[0] not in " \t)":
            is_inside = _DEFINITION.match(line) is not None
        code.append(line if is_inside else "")
    return code


def _is_python(text: str) -> bool:
    try:
        parse(text)
    except Unreadable:
        return False
    return True


def _lines(chunk: Chunk, first: int, last: int, text: str, what: str) -> IdleText:
    several = last > first
    place = f"lines {first} to {last}" if several else f"line {first}"
    place = f"{chunk.label}, {place}" if chunk.label else place
    return IdleText(place, text, f"{'are' if several else 'is'} {what}", "hold" if several else "holds")


def in_fixed_order(names: Collection[str]) -> str:
    """Names of exercises, in one order for every run."""
    return listed(f"`{name}`" for name in sorted(names))


def _work_in(text: str, handout: Handout) -> frozenset[str]:
    """The exercises that a text holds work on; a text that quotes what was handed out holds none."""
    source = _unfenced(text)
    begun = handout.begun_in(source)
    return begun & handout.work((Chunk(drop_magics(source).source),)) if begun else begun


def _unfenced(text: str) -> str:
    """The code of a text: what stands between its fences of three backticks, where it has some, else all of it."""
    inside: list[str] = []
    fence = ""
    for line in text.split("\n"):
        if fence and line.startswith(fence):
            fence = ""
        elif fence:
            inside.append(line)
        elif line.startswith(_FENCES):
            fence = line[:3]
    return "\n".join(inside) if inside else text
