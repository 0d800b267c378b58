"""The calls of rnn_cell that a counterexample may show: small sizes first, nothing of the graded inputs."""

import numpy as np

from ..shared import examples as shared
from ..shared.cases import GIVEN, NONE
from .spec import CELL, FORWARD

TABLES = {
    "x": ("N I", shared.corner(np.array([[1, -0.5, 2], [-1, 0.5, 0], [0.5, 2, -0.5]]))),
    "h_prev": ("N H", shared.corner(shared.STATES)),
    "w_input": ("I H", shared.corner(shared.W_INPUT)),
    "w_hidden": ("H H", shared.corner(shared.W_HIDDEN)),
    "bias": ("H", shared.corner(shared.BIAS)),
}
#: N, I, H, and whether the call is made once more without a state
SIZES = [
    ((1, 1, 1), True),
    ((2, 1, 1), True),
    ((1, 2, 1), False),
    ((1, 1, 2), True),
    ((2, 2, 1), False),
    ((2, 1, 2), True),
    ((1, 2, 2), False),
    ((2, 2, 2), False),
    ((3, 1, 2), False),
    ((3, 2, 2), False),
    ((2, 2, 3), True),
    ((2, 3, 2), False),
]
CASES = [
    shared.case(TABLES, dict(zip("NIH", sizes)), state=state)
    for sizes, again in SIZES
    for state in ((GIVEN, NONE) if again else (GIVEN,))
]

examples = shared.examples(CASES, FORWARD, CELL)
