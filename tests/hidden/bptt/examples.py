"""The calls of bptt that a counterexample may show: small sizes first, round numbers, nothing of the graded inputs.

The states are round numbers as well, and come from no forward pass: the formulas read them as they are given.
"""

import numpy as np

from ..shared import examples as shared
from .spec import BACKWARD, CELL, TRUNCATED

OF_ANY = {
    "h0": ("N H", shared.corner(shared.STATES)),
    "w_input": ("I H", shared.corner(shared.W_INPUT)),
    "w_hidden": ("H H", shared.corner(shared.W_HIDDEN)),
}
OF_STEP = OF_ANY | {
    "dh_next": ("N H", shared.corner(np.array([[1, -2, 0.5], [-1, 0.5, 2], [2, 1, -0.5]]))),
    "x": ("N I", shared.corner(np.array([[2, -0.5, 1], [-1, 0.5, 0.25], [0.5, 2, -0.5]]))),
    "h_next": ("N H", shared.corner(np.array([[-0.5, 0.25, 0.5], [0.5, -0.25, 0.75], [0.25, -0.75, 0.5]]))),
}
OF_SEQUENCE = OF_ANY | {
    "dhidden_states": ("N L H", shared.round_and_round((1, -0.5, 2, -1, 0.5, 1.5, -2))),
    "x": ("N L I", shared.round_and_round((2, -0.5, 1, 0.5, -1))),
    "hidden_states": ("N L H", shared.round_and_round((-0.5, 0.25, 0.75, -0.25, 0.5, -0.75, 0.125))),
}
#: N, I, H
STEPS = [(1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2), (2, 1, 2), (2, 2, 2), (3, 2, 2), (2, 1, 3)]
#: N, L, I, H
LOOPS = [
    (1, 1, 1, 1),
    (1, 2, 1, 1),
    (2, 1, 1, 1),
    (1, 3, 1, 1),
    (2, 2, 1, 1),
    (1, 2, 1, 2),
    (1, 2, 2, 1),
    (2, 2, 1, 2),
    (2, 3, 2, 2),
    (3, 2, 2, 2),
]
#: N, L, I, H, K: the last is the length of the pieces
PIECES = [
    (1, 1, 1, 1, 1),
    (1, 2, 1, 1, 1),
    (1, 2, 1, 1, 2),
    (1, 3, 1, 1, 2),
    (2, 2, 1, 1, 1),
    (1, 4, 1, 1, 2),
    (1, 4, 1, 1, 3),
    (1, 5, 1, 1, 2),
    (2, 3, 1, 2, 2),
    (2, 3, 2, 2, 4),
]


def _cases(tables, letters, sizes):
    return [shared.case(tables, dict(zip(letters, each, strict=True))) for each in sizes]


OF_EXERCISE = {
    CELL.name: shared.examples(_cases(OF_STEP, "NIH", STEPS), CELL),
    BACKWARD.name: shared.examples(_cases(OF_SEQUENCE, "NLIH", LOOPS), BACKWARD),
    TRUNCATED.name: shared.examples(_cases(OF_SEQUENCE, "NLIHK", PIECES), TRUNCATED),
}


def examples(exercise):
    """The examples of one exercise, the smallest first."""
    return OF_EXERCISE[exercise](exercise)
