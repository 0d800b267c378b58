"""The calls of rnn that a counterexample may show: small sizes first, round numbers, nothing of the graded inputs.

Padding holds numbers as real steps do: zeros would hide that it is read.
"""

from collections.abc import Iterator

import numpy as np

from grader.diagnose import Example

from ..shared import examples as shared
from ..shared.cases import GIVEN, LEFT_OUT, NONE
from .spec import CELL, FORWARD, RNN

TABLES = {
    "x": ("N L I", shared.corner(shared.X)),
    "h0": ("N H", shared.corner(shared.STATES)),
    "w_input": ("I H", shared.corner(shared.W_INPUT)),
    "w_hidden": ("H H", shared.corner(shared.W_HIDDEN)),
    "bias": ("H", shared.corner(shared.BIAS)),
    "w_output": ("H H", shared.corner(np.array([[2, -1, 0.5], [0.5, 1, -2], [-1, 0.25, 1]]))),
}

#: N, L, I, H; lengths; how else than with a state the call is made
LOOP = [
    ((1, 1, 1, 1), None, (NONE, LEFT_OUT)),
    ((1, 2, 1, 1), None, (NONE,)),
    ((2, 1, 1, 1), None, (NONE,)),
    ((1, 1, 2, 1), None, ()),
    ((1, 1, 1, 2), None, ()),
    ((1, 2, 1, 1), [1], ()),
    ((1, 3, 1, 1), None, ()),
    ((2, 2, 1, 1), None, ()),
    ((2, 2, 1, 1), [1, 2], ()),
    ((2, 2, 1, 1), [1, 1], ()),
    ((2, 1, 1, 2), None, ()),
    ((1, 1, 2, 2), None, ()),
    ((2, 2, 2, 2), None, (NONE,)),
    ((3, 3, 1, 1), [1, 3, 2], ()),
    ((3, 3, 1, 1), [2, 3, 1], ()),
    ((2, 3, 1, 2), [1, 2], (NONE,)),
    ((2, 3, 2, 3), None, ()),
]
#: The same for the cell alone: N, L, I, H
STEP = [
    ((1, 1, 1, 1), None, (NONE,)),
    ((2, 1, 1, 1), None, (NONE,)),
    ((1, 1, 2, 1), None, ()),
    ((1, 1, 1, 2), None, ()),
    ((2, 1, 1, 2), None, (NONE,)),
    ((1, 1, 2, 2), None, ()),
    ((2, 1, 2, 2), None, ()),
    ((3, 1, 1, 2), None, ()),
    ((2, 1, 2, 3), None, (NONE,)),
]


def cases(calls):
    """The cases of a list of calls."""
    return [
        shared.case(TABLES, dict(zip("NLIH", sizes)), lengths, state)
        for sizes, lengths, others in calls
        for state in (GIVEN, *others)
    ]


def examples(exercise: str) -> Iterator[Example]:
    """The examples of one exercise, the smallest first."""
    if exercise == CELL.name:
        return shared.examples([case.step(0) for case in cases(STEP)], CELL)(exercise)
    return shared.examples(cases(LOOP), FORWARD, RNN)(exercise)
