"""What lstm asks for: its exercises, with the axes of everything by name, and the inputs of its suite.

In every case all gates, both states and all weights hold other numbers: with equal ones, or with zero states, most of
what can be exchanged in an LSTM can be exchanged unseen.
"""

import numpy as np

from ..shared import laws, sizes
from ..shared.cases import Case, Cases, biases, numbers, states, weights
from ..shared.exercises import Function, Module

WEIGHTS = ("w_input", "w_hidden", "bias")
CELL = Function(
    "lstm_cell_forward",
    {"x": "x", "h_prev": "h0", "c_prev": "c0", **{name: name for name in WEIGHTS}},
    {"h_next": "N H", "c_next": "N H"},
)
LSTM = Module(
    "LSTM",
    {"x": "x", "state": ("h0", "c0")},
    {"outputs": "N L H", "(h_last, c_last)": ("N H", "N H")},
    lengths=True,
    state="state",
    parameters={name: name for name in WEIGHTS},
)

OF_ANY = {
    "h0": states("N H"),
    "c0": numbers("N H"),
    "w_input": weights("I 4H"),
    "w_hidden": weights("H 4H", norm=True),
    "bias": biases("4H"),
}
STEP, STEP_OF_ONE, STEP_OF_ONES, STEP_OF_EQUALS, SMALL_STEP = sizes.of_steps(
    Cases("lstm step", {"x": numbers("N I"), **OF_ANY})
)


def one_layer(case: Case, gate: int) -> Case:
    """The case with the weights of one of the layers i, f, g, o alone; those of the others are zero."""
    size = case.sizes["H"]
    mine = np.arange(4 * size) // size == gate
    return case.instead(f"layer_{'ifgo'[gate]}", **{name: case[name] * mine for name in WEIGHTS})


make = Cases("lstm", {"x": numbers("N L I"), **OF_ANY})
ALL_DIFFERENT, MAIN, SMALL, ONE_SAMPLE, ALL_ONE, ALL_EQUAL, LONG = sizes.of_sequences(make)
PADDED, *SPECIAL_LENGTHS = sizes.of_lengths(make)
SINGLE = MAIN.astype("float32")
SINGLE_PADDED = PADDED.astype("float32")
COTANGENTS = laws.cotangents(LSTM, MAIN, "lstm", "main")
PADDED_COTANGENTS = laws.cotangents(LSTM, PADDED, "lstm", "padded")
