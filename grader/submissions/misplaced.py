"""Exercises that a student wrote where nothing is run: in text cells, in texts of three quotes, in comments.

Runs nothing. What is quoted of the hand-out is no work, and neither is what stands as code elsewhere in the file.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from grader.records import Chunk
from grader.submissions.handout import Handout
from grader.submissions.magics import drop_magics
from grader.submissions.problems import Unreadable
from grader.submissions.python_source import parse
from grader.text import listed

_MOST_NOTES = 10
_FENCES = ("```", "~~~")


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
            value = statement.value if isinstance(statement, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and "\n" in value.value:
                last = statement.end_lineno or statement.lineno
                yield _lines(
                    chunk, statement.lineno, last, value.value, "a text in quotes: take the quotes away"
                )
        yield from _comments(chunk)


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
            text = "\n".join(run).rstrip()
            first = number - len(run)
            yield _lines(
                chunk, first, first + text.count("\n"), text, "comments: take the # at their beginning away"
            )
            run = []


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
