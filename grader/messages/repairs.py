"""The line in which one change is enough, in a sentence. What the change is stands nowhere in it."""

from __future__ import annotations

from grader.records import Repair, Result
from grader.text import clean, counted, points, where

MOST = 2


def sentences(result: Result) -> list[str]:
    """A sentence for each line, the one that gains most first; [] where none was found."""
    listed = result.repairs[:MOST]
    return [sentence(repair, first=repair is listed[0]) for repair in listed]


def sentence(repair: Repair, *, first: bool = True) -> str:
    """What is known of one line. `first`: no other line was spoken of before it.

    >>> sentence(Repair("f", "", 31, points=14, lost=20, diff=""))
    'One change in line 31 is enough for 14 of the 20 points you lost.'
    """
    place = clean(_place(repair), 120)
    lost = counted(repair.lost, "point")
    if not first:
        return f"Another, in {place}, is enough for {points(repair.points)} more."
    if repair.points > repair.lost - 1e-9:
        every = "the 1 point" if lost == "1 point" else f"all {lost}"
        return f"One change in {place} is enough for {every} you lost."
    return f"One change in {place} is enough for {points(repair.points)} of the {lost} you lost."


def _place(repair: Repair) -> str:
    """The line, or all lines that the change is made in: two names exchanged are not the same in each of them."""
    if not repair.more:
        return where(repair.label, repair.line)
    *first, last = (str(line) for line in (repair.line, *repair.more))
    lines = f"lines {', '.join(first)} and {last} (made in each)"
    return f"{repair.label}, {lines}" if repair.label else lines
