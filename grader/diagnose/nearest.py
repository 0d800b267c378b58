"""Which mistakes come nearest to a submission beside those of a set, judged by what each does alone: none is run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.diagnose.edited import Edits
from grader.diagnose.mistakes import Variant
from grader.diagnose.traces import Matrix
from grader.diagnose.tries import Tries

MOST_NUMBERS = 40  # of an answer, by which it is judged what comes nearest


def nearest(
    tries: Tries,
    number: int,
    edits: Edits,
    options: Sequence[Variant],
    most: int,
    *,
    moved: bool = False,
) -> Sequence[Variant]:
    """Those of some mistakes that are worth running beside a set, for one question, in their order.

    What changes the kind of a part is always among them. Of the others there are so many: what one adds to the right
    answer it should add to that of the set, about. Where parts may have been `moved`, numbers are looked for at other
    places, and what changes numbers only in a part that is of another kind in the set is among them as well.
    """
    start = tries.trace(number, edits)
    if start is None or not edits or len(options) <= most:
        return options
    submission, right = tries.submission(number), tries.effects.layout(number).reference
    alone = {variant: tries.effects.trace(number, variant) for variant in options}
    shared = start.shared(submission, right, moved=moved)
    if not shared.size and not submission.raised:
        return options
    chosen = {variant for variant in options if alone[variant].form != right.form}
    if shared.size:
        mine, targets, places = shared[:, spread(shared.shape[1])]
        if moved and shared.shape[1] < submission.numbers.size:
            chosen |= {
                variant
                for variant in options
                if variant not in chosen
                and np.array_equal(alone[variant].numbers[places], right.numbers[places], equal_nan=True)
            }
        with np.errstate(all="ignore"):
            missing = submission.numbers[targets] - start.numbers[mine] + right.numbers[places]
            off = {
                variant: distance(missing - alone[variant].numbers[places])
                for variant in options
                if variant not in chosen
            }
        chosen |= {*sorted(off, key=lambda variant: off[variant])[:most]}
    return [variant for variant in options if variant in chosen]


def spread(size: int) -> Matrix:
    """The places of some numbers of so many, evenly spread: all of a long answer would take gigabytes for sets."""
    return np.linspace(0, size - 1, min(MOST_NUMBERS, size)).astype(int)


def distance(numbers: Matrix) -> Matrix:
    """How far numbers are from none, by the mean along the last axis; entries that are 1 or more off count alike."""
    # What is no number counts as 1 as well. Ten thousand times in a search: numpy's own `mean` takes twice as long.
    means: Matrix = np.add.reduce(np.fmin(np.abs(numbers), 1.0), axis=-1) / numbers.shape[-1]
    rounded: Matrix = means.round(6)
    return rounded
