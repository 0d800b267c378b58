"""How a student's page is laid out as plain text: its width, wrapped sentences, lines that are kept as they are."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from grader.text import clean

WIDTH = 100
MOST_LINES = 24  # of a counterexample's code, and of its differences
_COUNT = re.compile(r"(?<=\d) (?=points?\b)")  # a number and what it counts stay on one line


def wrapped(text: str, first: str = "", rest: str | None = None) -> list[str]:
    """A sentence as lines of at most WIDTH; the first begins with `first`, the others with `rest`.

    >>> wrapped("One thing is wrong.", "  - ", "    ")
    ['  - One thing is wrong.']
    """
    if not text:
        return []
    lines = textwrap.wrap(
        _COUNT.sub("\N{NO-BREAK SPACE}", text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def as_it_is(line: str, limit: int = 300) -> str:
    """A line, clean, with its indentation: of code, or of numbers that stand under each other."""
    return " " * (len(line) - len(line.lstrip(" "))) + clean(line, limit)


def cut(lines: Sequence[str]) -> list[str]:
    """The first lines, and how many more there are."""
    if len(lines) <= MOST_LINES:
        return list(lines)
    return [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} more lines"]
