"""The calls of lstm that a counterexample may show: small sizes first, nothing of the graded inputs."""

import numpy as np

from ..shared import examples as shared
from .spec import CELL, LSTM

TABLES = {
    "h0": ("N H", shared.corner(shared.STATES)),
    "c0": ("N H", shared.corner(np.array([[2, -0.5, 1], [-1.5, 0.75, 0.5], [0.25, -2, 1.5]]))),
    "w_input": ("I 4H", shared.round_and_round([1, -0.5, 2, 0.5, -1, 0.25, 1.5])),
    "w_hidden": ("H 4H", shared.round_and_round([0.5, 2, -1, 0.25, 1, -0.5, -2, 1.5, 0.75])),
    "bias": ("4H", shared.round_and_round([0.5, -1, 0.25, 1, -0.5])),
}

examples = shared.of_step_and_loop(TABLES, CELL, LSTM)
