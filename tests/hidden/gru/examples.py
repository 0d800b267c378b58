"""The calls of gru that a counterexample may show: small sizes first, nothing of the graded inputs."""

from ..shared import examples as shared
from .spec import CELL, GRU

TABLES = {
    "h0": ("N H", shared.corner(shared.STATES)),
    "w_input": ("I 3H", shared.round_and_round([1, -1, 0.25, 0.5, -0.5, 0.75, -2])),
    "w_hidden": ("H 3H", shared.round_and_round([-1, 0.5, 2, -0.75, 1, -0.5, 1.5, 0.25, -2])),
    "bias_input": ("3H", shared.round_and_round([0.5, -0.25, -0.5, 1, 0.25])),
    "bias_hidden": ("3H", shared.round_and_round([-0.5, 0.25, 1, -1, 0.75, -0.25, 0.5])),
}

examples = shared.of_step_and_loop(TABLES, CELL, GRU)
