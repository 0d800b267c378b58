"""What lstm asks for: its exercises, with the axes of everything by name, and the inputs of its suite.

In every case all gates, both states and all weights hold other numbers: with equal ones, or with zero states, most of
what can be exchanged in an LSTM can be exchanged unseen.
"""

from ..shared import laws, sizes
from ..shared.cases import Cases, biases, numbers, states, weights
from ..shared.exercises import Function, Module

LAYERS = "ifgo"
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
STEPS = sizes.of_steps(Cases("lstm step", {"x": numbers("N I"), **OF_ANY}))
make = Cases("lstm", {"x": numbers("N L I"), **OF_ANY})
SEQUENCES, LENGTHS = sizes.of_sequences(make), sizes.of_lengths(make)
COTANGENTS = laws.cotangents(LSTM, SEQUENCES.main, "lstm", "main")
PADDED_COTANGENTS = laws.cotangents(LSTM, LENGTHS.padded, "lstm", "padded")
