"""Of one student who handed in two files that differ, as a script and a notebook: which of them counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from grader.records import Result


def better_result(first: Result, second: Result) -> Result:
    """Of the results of two files the one with more points, with a note that tells of the other."""
    higher, lower = (second, first) if _score(second) > _score(first) else (first, second)
    names = PurePath(higher.file).name, PurePath(lower.file).name
    note = (
        f"both {names[0]} and {names[1]} were handed in, and they differ; both were graded. {names[0]} counts, with "
        f"{_score(higher):g} points; {names[1]} has {_score(lower):g}."
    )
    seconds = round(first.seconds + second.seconds, 6)
    return replace(higher, notes=(note, *higher.notes), seconds=seconds)


def _score(result: Result) -> float:
    return result.score or 0.0
