"""How a student's page is laid out as plain text: its width, wrapped sentences, lines that are kept as they are."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from grader.text import clean

WIDTH = 100
MOST_LINES = 24  # of a counterexample's code, and of its differences
_COUNT = re.compile(r"(?<=\d) (?=points?\b)")  # a number and what it counts stay on one line
_QUOTED = re.compile(r"`[^`]*`")
_PRICE = re.compile(r"\(\d\S* points?\)")


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


def words(lines: Sequence[str]) -> int:
    """How many words stand in lines of prose; code in backticks is one, points in brackets are none.

    >>> words(["  - `x = f(1, 2)` is right.", "    (2 points)"])
    3
    """
    text = _QUOTED.sub("x", _PRICE.sub("", " ".join(line.strip() for line in lines)))
    return sum(any(letter.isalnum() for letter in word) for word in text.split())
