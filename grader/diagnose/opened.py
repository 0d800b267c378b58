"""Pairs of mistakes that show together alone: one changes what an `if` asks, the other what stands in its block.

An initial state of ones shows nowhere that a state is given; beside "the given state is ignored" it shows there.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator, Sequence

from grader.diagnose import changes
from grader.diagnose.edited import Edits
from grader.diagnose.mistakes import Variant
from grader.diagnose.source import Source
from grader.errors import CourseError

Lines = tuple[int, int]  # the first and the last one


def opened(source: Source, variants: Sequence[Variant]) -> list[Edits]:
    """The pairs of two mistakes, the one that changes a question before the one in the block under it."""
    pairs: list[Edits] = []
    by_text: dict[str, list[Variant]] = {}
    for variant in variants:
        with contextlib.suppress(CourseError):  # an edit without a place is told where it is made
            by_text.setdefault(source.statement(variant).text, []).append(variant)
    for text, those in by_text.items():
        touched = [(variant, lines) for variant in those if (lines := _changed_lines(text, variant))]
        for asked, block in _ifs(text):
            asking = [variant for variant, lines in touched if any(_is_inside(each, asked) for each in lines)]
            under = [variant for variant, lines in touched if all(_is_inside(each, block) for each in lines)]
            pairs += [(one, other) for one in asking for other in under if one.mistake is not other.mistake]
    return list(dict.fromkeys(pairs))


def _ifs(text: str) -> Iterator[tuple[Lines, Lines]]:
    """The lines of what each `if` asks, and those of each of its two blocks."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.If):
            asked = node.lineno, node.test.end_lineno or node.lineno
            for block in filter(None, (node.body, node.orelse)):
                yield asked, (block[0].lineno, block[-1].end_lineno or block[-1].lineno)


def _changed_lines(text: str, variant: Variant) -> list[Lines]:
    """The lines that each change of an edit begins and ends at; none where it does not apply."""
    with contextlib.suppress(CourseError):
        places = changes.replaced(text, variant)
        return [(_line(text, start), _line(text, max(start, end - 1))) for start, end, _ in places]
    return []


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _is_inside(lines: Lines, others: Lines) -> bool:
    return others[0] <= lines[0] and lines[1] <= others[1]
