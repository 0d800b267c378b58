"""Two programs → the passages that both have, as lines, whatever their order.

Runs of tokens are found by their hashes and made as long as they go. Linear in the tokens of the two: each run is
looked for at a few places of the other program only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from grader.similar.fingerprints import GRAM
from grader.similar.programs import HandoutParts, StudentProgram

_PLACES = 8  # of the other program at which a run of tokens is tried

Place = tuple[int, int]  # a unit, and a token of it


@dataclass(frozen=True)
class Passage:
    """Lines of two programs that are the same, each from the first to the last, counted from 0."""

    left: tuple[int, int]
    right: tuple[int, int]
    tokens: int


def passages(left: StudentProgram, right: StudentProgram, known_code: HandoutParts) -> list[Passage]:
    """The passages in the order of the left program; those that were handed out are left out."""
    places: dict[int, list[Place]] = defaultdict(list)
    for number, values in enumerate(right.hashes):
        for token, value in enumerate(values):
            if len(places[value]) < _PLACES:
                places[value].append((number, token))
    used: set[Place] = set()
    unmerged: list[Passage] = []
    for number, unit in enumerate(left.units):
        values = left.hashes[number]
        token = 0
        while token < len(values):
            if values[token] in known_code.runs:
                token += 1
                continue
            length, (other, begin) = max(
                (
                    (_length(left, (number, token), right, place, used, known_code), place)
                    for place in places.get(values[token], ())
                ),
                key=lambda pair: pair[0],
                default=(0, (0, 0)),
            )
            if not length:
                token += 1
                continue
            used.update((other, begin + step) for step in range(length))
            unmerged.append(
                Passage(
                    _lines(unit.lines[token : token + length]),
                    _lines(right.units[other].lines[begin : begin + length]),
                    length,
                )
            )
            token += length
    return list(_merge(sorted(unmerged, key=lambda passage: (passage.left, passage.right))))


def _length(
    left: StudentProgram,
    left_start: Place,
    right: StudentProgram,
    right_start: Place,
    used: set[Place],
    known_code: HandoutParts,
) -> int:
    """How many tokens from here on are the same there, and are in no passage yet; 0 for less than a run."""
    mine, theirs = left.units[left_start[0]].tokens, right.units[right_start[0]].tokens
    most = min(len(mine) - left_start[1], len(theirs) - right_start[1])
    length = 0
    while (
        length < most
        and mine[left_start[1] + length] == theirs[right_start[1] + length]
        and (right_start[0], right_start[1] + length) not in used
    ):
        length += 1
    short = len(mine) < GRAM and len(theirs) < GRAM and len(mine) == len(theirs) == length
    return length if length >= GRAM or short else 0


def _lines(lines: tuple[int, ...]) -> tuple[int, int]:
    return min(lines), max(lines)


def _merge(several: list[Passage]) -> Iterator[Passage]:
    """The passages, with those that follow each other on both sides in one."""
    last: Passage | None = None
    for passage in several:
        if last is not None and _follows(last.left, passage.left) and _follows(last.right, passage.right):
            last = Passage(
                (last.left[0], max(last.left[1], passage.left[1])),
                (last.right[0], max(last.right[1], passage.right[1])),
                last.tokens + passage.tokens,
            )
            continue
        if last is not None:
            yield last
        last = passage
    if last is not None:
        yield last


def _follows(before: tuple[int, int], after: tuple[int, int]) -> bool:
    return before[0] <= after[0] <= before[1] + 1
