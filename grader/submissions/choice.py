"""Which of several files of one student counts, by what they hold. THE ONLY PLACE where this is decided.

Work counts before what does not parse, that before a file that cannot be read at all (it breaks off, it is a picture),
that before a hand-out that nobody has touched, and that before nothing. Of two files with work both are graded, and the
better counts: no rule about names, dates or lengths knows which that is.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from pathlib import PurePath

from grader.submissions.handout import NOTHING_KNOWN, Handout, code, open_exercises
from grader.submissions.reading import Reading
from grader.text import clean

NOTHING, UNTOUCHED, CLOSED, BROKEN, WORK = range(5)


def worth(reading: Reading, handout: Handout = NOTHING_KNOWN) -> int:
    """What a file holds: WORK, code that is BROKEN, what stays CLOSED to us, an UNTOUCHED hand-out, or NOTHING."""
    if reading.problem:
        return BROKEN if reading.broken else NOTHING if reading.empty else CLOSED
    if handout.work(reading.chunks):
        return WORK
    if reading.misplaced:  # the work stands where nothing is run: its author has to hear of it
        return BROKEN
    # The cell that somebody has worked in may be the one that does not parse.
    if reading.broken:
        return WORK
    if code(reading.chunks):
        return UNTOUCHED
    # Code without a definition is no answer where it is known what there must be.
    return NOTHING if handout.names else WORK


def better_of(
    first: Reading, second: Reading, handout: Handout = NOTHING_KNOWN
) -> tuple[Reading, Reading | None]:
    """Which of two files of one student counts, and the other one if both must be graded to know.

    `first` is the one whose name was asked for, or the .py file. One that this machine failed to read might have been
    the better: then there is no choice, and nothing is graded. What was passed over is told in the notes.
    """
    for reading in (first, second):
        if reading.fault:
            return reading, None
    worths = worth(first, handout), worth(second, handout)
    if worths[0] != worths[1]:
        winner, loser = (first, second) if worths[0] > worths[1] else (second, first)
        return passing_over(winner, [loser], handout), None
    if worths[0] in (NOTHING, CLOSED, BROKEN) or (worths[0] == UNTOUCHED and handout.skeletons):
        return first, None
    if covers(first, second):
        return first, None
    if covers(second, first):
        return second, None
    return (second, first) if _left_to_do(second) < _left_to_do(first) else (first, second)


def best_of(readings: Sequence[Reading], handout: Handout) -> tuple[Reading, Reading | None]:
    """The same for any number of files, all of them with work: those with most of it, the first named first."""
    distinct: list[Reading] = []
    for reading in readings:
        if not any(covers(other, reading) for other in distinct):
            distinct = [other for other in distinct if not covers(reading, other)] + [reading]
    if len(distinct) == 1:
        return distinct[0], None
    exercises = handout.names
    ranked = sorted(
        distinct, key=lambda candidate: -len(handout.work(candidate.chunks) & exercises if exercises else ())
    )
    first, second, *left = ranked
    chosen, other = better_of(first, second, handout)
    return passing_over(chosen, left, handout), other


def covers(first: Reading, second: Reading) -> bool:
    """Whether the first holds the same definitions as the second, and all of them."""
    mine, theirs = code(first.chunks), code(second.chunks)
    if not mine and not theirs:
        return [chunk.source for chunk in first.chunks] == [chunk.source for chunk in second.chunks]
    return bool(mine) and mine.items() >= theirs.items()


def _left_to_do(reading: Reading) -> tuple[int, float]:
    return open_exercises(reading.chunks), -reading.item.date


def passing_over(winner: Reading, losers: Sequence[Reading], handout: Handout) -> Reading:
    """The winner, with a note for each of the others that says why it does not count.

    Nothing is said of the hand-out's other form: with work in its notebook, nobody needs to hear of its untouched .py.
    """
    notes = []
    for loser in losers:
        if (
            _is_other_form(winner, loser)
            and worth(loser, handout) == UNTOUCHED
            and worth(winner, handout) == WORK
        ):
            continue
        taken, left = names(winner, loser)
        notes.append(f"of {taken} and {left}, {taken} was taken: {left} {_why(loser, handout)}.")
    return dataclasses.replace(winner, notes=(*notes, *winner.notes))


def _is_other_form(winner: Reading, loser: Reading) -> bool:
    """Whether one is the notebook, and the other the .py beside it; platforms put a number of each into their names."""
    kept_path, other = PurePath(*winner.item.parts), PurePath(*loser.item.parts)
    stems = {re.sub(r"\d+", "0", path.stem) for path in (kept_path, other)}
    return (
        kept_path.parent == other.parent
        and len(stems) == 1
        and kept_path.suffix.lower() != other.suffix.lower()
    )


def _why(reading: Reading, handout: Handout) -> str:
    if reading.problem:
        why = reading.problem.rstrip(".")
        own = why.removeprefix(f"{reading.name} ")
        return own if own.startswith(("cannot be read", "is empty")) else f"cannot be read ({why})"
    value = worth(reading, handout)
    if value == UNTOUCHED:
        return "is still as it was handed out"
    return "holds less of what was asked for" if value == WORK else "holds none of what was asked for"


def names(first: Reading, second: Reading) -> tuple[str, str]:
    """How two files are called where both are spoken of: where the names are the same, by where the paths differ."""
    if first.name != second.name:
        return first.name, second.name
    paths = first.item.parts, second.item.parts
    shared = 0
    while shared < min(map(len, paths)) - 1 and paths[0][shared] == paths[1][shared]:
        shared += 1
    return clean("/".join(paths[0][shared:]), 120), clean("/".join(paths[1][shared:]), 120)
