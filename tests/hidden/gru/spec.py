"""What gru asks for: its exercises, with the axes of everything by name, and the inputs of its suite.

In every case both gates, both biases and all weights hold other numbers, and a given state is not zero: with equal
ones most of what can be exchanged in a GRU can be exchanged unseen, and with a zero state nothing shows what the reset
gate multiplies but the bias.
"""

from ..shared import laws, sizes
from ..shared.cases import Case, Cases, biases, numbers, states, weights
from ..shared.exercises import Function, Module

LAYERS = "rzn"
WEIGHTS = ("w_input", "w_hidden", "bias_input", "bias_hidden")
CELL = Function(
    "gru_cell_forward",
    {"x": "x", "h_prev": "h0", **{name: name for name in WEIGHTS}},
    {"h_next": "N H"},
)
GRU = Module(
    "GRU",
    {"x": "x", "hidden_state": "h0"},
    {"outputs": "N L H", "h_last": "N H"},
    lengths=True,
    state="hidden_state",
    parameters={name: name for name in WEIGHTS},
)

OF_ANY = {
    "h0": states("N H"),
    "w_input": weights("I 3H"),
    "w_hidden": weights("H 3H", norm=True),
    "bias_input": biases("3H"),
    "bias_hidden": biases("3H", 0.3, 0.8),
}
STEPS = sizes.of_steps(Cases("gru step", {"x": numbers("N I"), **OF_ANY}))
make = Cases("gru", {"x": numbers("N L I"), **OF_ANY})
SEQUENCES, LENGTHS = sizes.of_sequences(make), sizes.of_lengths(make)
COTANGENTS = laws.cotangents(GRU, SEQUENCES.main, "gru", "main")
PADDED_COTANGENTS = laws.cotangents(GRU, LENGTHS.padded, "gru", "padded")


def rewritten(case: Case) -> Case:
    """The case with an update gate that is closed, so that the new state is the candidate."""
    return _update_gate(case, "state_rewritten", -40)


def kept(case: Case) -> Case:
    """The case with an update gate that is open, so that the state stays."""
    return _update_gate(case, "state_kept", 40)


def _update_gate(case: Case, name: str, to: float) -> Case:
    size = case.sizes["H"]
    bias = case["bias_input"].copy()
    bias[size : 2 * size] = to
    return case.instead(name, bias_input=bias)
