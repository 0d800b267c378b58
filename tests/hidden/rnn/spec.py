"""What rnn asks for: its exercises, with the axes of everything by name, and the inputs of its suite."""

import numpy as np

from ..shared import sizes
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
ALL_DIFFERENT, MAIN, SMALL, ONE_SAMPLE, ALL_ONE, ALL_EQUAL, LONG = sizes.of_sequences(make)
PADDED, *SPECIAL_LENGTHS = sizes.of_lengths(make)
ONE_STEP = MAIN.cut("one_step", 1, 2)

SINGLE, SINGLE_PADDED = MAIN.astype(np.float32), PADDED.astype(np.float32)
FROM_ZERO = [MAIN.without("h0"), SMALL.without("h0")]
MAIN_COTANGENTS = cotangents(RNN, MAIN, "rnn", "cotangents", "main")
PADDED_COTANGENTS = cotangents(RNN, PADDED, "rnn", "cotangents", "mixed_lengths")
