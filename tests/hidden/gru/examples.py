"""The calls of gru that a counterexample may show: small sizes first, nothing of the graded inputs."""

import numpy as np

from ..shared import examples as shared
from ..shared.cases import GIVEN, NONE
from .spec import CELL, GRU

OF_ANY = {
    "h0": ("N H", shared.corner(shared.STATES)),
    "w_input": ("I 3H", shared.round_and_round([1, -1, 0.25, 0.5, -0.5, 0.75, -2])),
    "w_hidden": ("H 3H", shared.round_and_round([-1, 0.5, 2, -0.75, 1, -0.5, 1.5, 0.25, -2])),
    "bias_input": ("3H", shared.round_and_round([0.5, -0.25, -0.5, 1, 0.25])),
    "bias_hidden": ("3H", shared.round_and_round([-0.5, 0.25, 1, -1, 0.75, -0.25, 0.5])),
}
OF_STEP = OF_ANY | {"x": ("N I", shared.corner(np.array([[1, -0.5, 2], [-1, 0.5, 0.25], [0.5, 2, -0.5]])))}
X = np.array(
    [[[1, -0.5], [0.5, 2], [-1, 1]], [[-1, 0.5], [2, -0.5], [0.25, -1]], [[0.5, 1], [-0.5, -1], [1, 0.25]]]
)
OF_LOOP = OF_ANY | {"x": ("N L I", shared.corner(X))}

#: N, I, H
STEPS = [(1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2), (2, 1, 2), (2, 2, 2), (3, 1, 2), (2, 2, 3)]
#: N, L, I, H, lengths (None: not given), and whether the call is made once more without a state
LOOPS = [
    ((1, 1, 1, 1), None, True),
    ((1, 2, 1, 1), None, True),
    ((2, 1, 1, 1), None, True),
    ((1, 1, 1, 2), None, False),
    ((1, 2, 1, 1), [1], False),
    ((1, 3, 1, 1), None, False),
    ((2, 2, 1, 1), None, False),
    ((2, 2, 1, 1), [1, 2], False),
    ((2, 2, 1, 1), [1, 1], False),
    ((2, 1, 1, 2), None, False),
    ((2, 2, 2, 2), None, True),
    ((3, 3, 1, 1), [1, 3, 2], False),
    ((3, 3, 1, 1), [2, 3, 1], False),
    ((2, 3, 1, 2), [1, 2], True),
    ((2, 3, 2, 3), None, False),
]
OF_CELL = shared.examples([shared.case(OF_STEP, dict(zip("NIH", sizes))) for sizes in STEPS], CELL)
OF_NETWORK = shared.examples(
    [
        shared.case(OF_LOOP, dict(zip("NLIH", sizes)), lengths, state)
        for sizes, lengths, again in LOOPS
        for state in ((GIVEN, NONE) if again else (GIVEN,))
    ],
    GRU,
)


def examples(exercise):
    """The examples of one exercise, the smallest first."""
    return OF_CELL(exercise) if exercise == CELL.name else OF_NETWORK(exercise)
