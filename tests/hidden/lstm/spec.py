"""What lstm asks for: its exercises, with the axes of everything by name, and the inputs of its suite.

In every case all gates, both states and all weights hold other numbers: with equal ones, or with zero states, most of
what can be exchanged in an LSTM can be exchanged unseen.
"""

import numpy as np

from ..shared import laws
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
step = Cases("lstm step", {"x": numbers("N I"), **OF_ANY})
STEP = step("all_sizes_differ", N=4, I=2, H=3)
STEP_OF_ONE = step("one_sample", N=1, I=3, H=2)
STEP_OF_ONES = step("all_sizes_one", N=1, I=1, H=1)
STEP_OF_EQUALS = step("all_sizes_equal", N=3, I=3, H=3)
SMALL_STEP = step("small", N=2, I=2, H=2)


def one_layer(case: Case, gate: int) -> Case:
    """The case with the weights of one of the layers i, f, g, o alone; those of the others are zero."""
    size = case.sizes["H"]
    mine = np.arange(4 * size) // size == gate
    return case.instead(f"layer_{'ifgo'[gate]}", **{name: case[name] * mine for name in WEIGHTS})


make = Cases("lstm", {"x": numbers("N L I"), **OF_ANY})
ALL_DIFFERENT = make("all_sizes_differ", N=3, L=4, I=2, H=5)
MAIN = make("main", N=3, L=4, I=2, H=3)
SMALL = make("small", N=2, L=3, I=2, H=2)
ONE_SAMPLE = make("one_sample", N=1, L=3, I=2, H=4)
ALL_ONE = make("all_sizes_one", N=1, L=1, I=1, H=1)
ALL_EQUAL = make("all_sizes_equal", N=3, L=3, I=3, H=3)
LONG = make("long", N=2, L=200, I=2, H=3)

# The order that sorts these lengths is not its own inverse, up or down: un-sorting must be done right.
PADDED = make("mixed_lengths", [2, 5, 1, 4], N=4, L=5, I=2, H=3)
SPECIAL_LENGTHS = [
    make("all_of_length_one", [1, 1, 1], N=3, L=2, I=2, H=3),
    make("all_equally_short", [3, 3], N=2, L=4, I=2, H=3),  # shorter than L: the outputs still have L steps
    make("longest_first", [4, 2, 1], N=3, L=4, I=2, H=3),
    make("one_padded_sample", [2], N=1, L=3, I=2, H=2),
]
SINGLE = MAIN.astype("float32")
SINGLE_PADDED = PADDED.astype("float32")
COTANGENTS = laws.cotangents(LSTM, MAIN, "lstm", "main")
PADDED_COTANGENTS = laws.cotangents(LSTM, PADDED, "lstm", "padded")
