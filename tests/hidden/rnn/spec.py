"""What rnn asks for: its exercises, with the axes of everything by name, and the inputs of its suite."""

import numpy as np

from ..shared.cases import Cases, biases, numbers, states, weights
from ..shared.exercises import Function, Module
from ..shared.laws import cotangents

STEP = {name: name for name in ("w_input", "w_hidden", "bias")}

FORWARD = Function(
    "rnn_forward",
    {"x": "x", "h0": "h0", **STEP},
    {"hidden_states": "N L H", "h_last": "N H"},
    lengths=True,
)
CELL = Module(
    "RNNCell",
    {"x": "x", "hidden_state": "h0"},
    {"the new state": "N H"},
    state="hidden_state",
    parameters=STEP,
)
RNN = Module(
    "RNN",
    {"x": "x", "hidden_state": "h0"},
    {"outputs": "N L H", "hidden_state": "N H"},
    lengths=True,
    state="hidden_state",
    parameters={**{f"cell.{name}": name for name in STEP}, "w_output": "w_output"},
)

make = Cases(
    "rnn",
    {
        "x": numbers("N L I"),
        "h0": states("N H"),
        "w_input": weights("I H", 0.7),
        "w_hidden": weights(
            "H H", 0.9, norm=True
        ),  # so that 200 steps forget small errors instead of adding them up
        "bias": biases("H"),
        "w_output": numbers("H H"),
    },
)
ALL_DIFFERENT = make("all_sizes_differ", N=3, L=4, I=2, H=5)
MAIN = make("main", N=3, L=4, I=2, H=3)
SMALL = make("small", N=2, L=3, I=2, H=2)  # I = H: no mix-up of the two matrices raises here
ONE_SAMPLE = make("one_sample", N=1, L=3, I=2, H=4)
ALL_ONE = make("all_sizes_one", N=1, L=1, I=1, H=1)
ALL_EQUAL = make("all_sizes_equal", N=3, L=3, I=3, H=3)
ONE_STEP = MAIN.cut("one_step", 1, 2)
LONG = make("long", N=2, L=200, I=2, H=3)

# The order that sorts these lengths is not its own inverse, up or down: un-sorting must be done right.
PADDED = make("mixed_lengths", [2, 5, 1, 4], N=4, L=5, I=2, H=3)
SPECIAL_LENGTHS = [
    make("all_of_length_one", [1, 1, 1], N=3, L=2, I=2, H=3),
    make("all_equally_short", [3, 3], N=2, L=4, I=2, H=3),  # shorter than L: the outputs still have L steps
    make("longest_first", [4, 2, 1], N=3, L=4, I=2, H=3),
    make("one_padded_sample", [2], N=1, L=3, I=2, H=2),
]

SINGLE, SINGLE_PADDED = MAIN.astype(np.float32), PADDED.astype(np.float32)
FROM_ZERO = [MAIN.without("h0"), SMALL.without("h0")]
MAIN_COTANGENTS = cotangents(RNN, MAIN, "rnn", "cotangents", "main")
PADDED_COTANGENTS = cotangents(RNN, PADDED, "rnn", "cotangents", "mixed_lengths")
