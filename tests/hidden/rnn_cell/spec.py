"""What rnn_cell asks for: its exercises, with the axes of everything by name, and the inputs of its suite."""

import numpy as np

from grader.suite import generator

from ..shared import sizes
from ..shared.cases import Cases, biases, frozen, numbers, states, weights
from ..shared.exercises import Function, Module

FORWARD = Function(
    "rnn_cell_forward",
    {name: name for name in ("x", "h_prev", "w_input", "w_hidden", "bias")},
    {"h_next": "N H"},
)
CELL = Module(
    "RNNCell",
    {"x": "x", "hidden_state": "h_prev"},
    {"the new state": "N H"},
    state="hidden_state",
    parameters={name: name for name in ("w_input", "w_hidden", "bias")},
)

make = Cases(
    "rnn_cell",
    {
        "x": numbers("N I"),
        "h_prev": states("N H"),
        "w_input": weights("I H", 0.7),
        "w_hidden": weights("H H", 0.9),
        "bias": biases("H"),
    },
)
ALL_DIFFERENT, ONE_SAMPLE, ALL_ONE, ALL_EQUAL, SMALL = sizes.of_steps(make)

SINGLE = ALL_DIFFERENT.astype(np.float32)
COTANGENTS = (frozen(generator("rnn_cell", "cotangent").normal(size=(4, 3))),)  # for ALL_DIFFERENT
