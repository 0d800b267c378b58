"""A counterexample's answer over time as a grid: which entries differ, at which step and feature.

Made from the numbers that a counterexample holds (rounded as they are shown), and from nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.records import Counterexample

MOST_SAMPLES, MOST_STEPS, MOST_FEATURES = 4, 24, 12
DIGITS = 4


@dataclass(frozen=True)
class Cell:
    """One entry: what came, and what should have come if that is another number."""

    got: str
    expected: str = ""

    @property
    def differs(self) -> bool:
        """Whether another number was expected."""
        return bool(self.expected)


@dataclass(frozen=True)
class Grid:
    """One sample of an answer: `rows[t][feature]`. `cut` says what was left out, if anything was."""

    name: str
    sample: int | None  # None when there is only one
    rows: tuple[tuple[Cell, ...], ...]
    cut: str = ""

    @property
    def differing(self) -> int:
        """How many cells differ."""
        return sum(cell.differs for row in self.rows for cell in row)


def grids(example: Counterexample) -> list[Grid]:
    """The grids of a counterexample, a grid for each sample of its first answer of shape (N, L, features).

    Empty when that answer is not over time (as the call's first argument is, in at least two steps), when it has not
    the shape it should have, or when no entry of it differs.
    """
    expected, answers = example.expected, example.got
    if not isinstance(expected, Mapping) or not isinstance(answers, Mapping) or not expected:
        return []
    name = next(iter(expected))
    x = next(iter(example.inputs.values()), None)
    shape = _shape(expected[name])
    if len(shape) != 3 or _shape(answers.get(name)) != shape or _shape(x)[:2] != shape[:2] or shape[1] < 2:
        return []
    pairs = [
        [list(zip(want, have)) for want, have in zip(sample, other)]
        for sample, other in zip(expected[name], answers[name])
    ]
    decimals = max(
        DIGITS, *(_decimals(number) for rows in pairs for row in rows for pair in row for number in pair)
    )
    samples = [
        _grid(name, None if len(pairs) == 1 else place, rows, decimals) for place, rows in enumerate(pairs)
    ]
    return samples[:MOST_SAMPLES] if any(grid.differing for grid in samples) else []


def _grid(name: str, sample: int | None, rows: Sequence[Sequence[tuple[Any, Any]]], decimals: int) -> Grid:
    cells = tuple(
        tuple(_cell(want, have, decimals) for want, have in row[:MOST_FEATURES]) for row in rows[:MOST_STEPS]
    )
    cut = []
    if len(rows) > MOST_STEPS:
        cut.append(f"{len(rows) - MOST_STEPS} more steps")
    if rows and len(rows[0]) > MOST_FEATURES:
        cut.append(f"{len(rows[0]) - MOST_FEATURES} more features")
    return Grid(name, sample, cells, " and ".join(cut))


def _cell(want: Any, have: Any, decimals: int) -> Cell:
    if isinstance(want, (int, float)) and isinstance(have, (int, float)):
        # Numbers are rounded so that what differs does so by many units of the last decimal; one unit is rounding.
        differs = abs(want - have) > 1.5 * 10.0**-decimals
    else:
        differs = want != have
    return Cell(_text(have, decimals), _text(want, decimals) if differs else "")


def _text(value: Any, decimals: int) -> str:
    if not isinstance(value, (int, float)):
        return str(value)
    return f"{value + 0.0:.{decimals}f}".replace("-", "−")


def _decimals(value: Any) -> int:
    """How many decimals a number was rounded to, as far as it shows: 0.25 was rounded to two, or to more."""
    text = format(value, ".10f").rstrip("0") if isinstance(value, (int, float)) else ""
    return len(text.partition(".")[2])


def _shape(value: Any) -> tuple[int, ...]:
    """The shape of a nested list; () when it is none, or not the same all through."""
    if not isinstance(value, list) or not value:
        return ()
    below = {_shape(item) for item in value}
    inner = below.pop()
    return (len(value), *inner) if not below and (inner or not isinstance(value[0], list)) else ()
