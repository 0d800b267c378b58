"""What birnn asks for: its exercises, with the axes of everything by name, and the inputs of its suite."""

import numpy as np

from ..shared import sizes
from ..shared.cases import PADDING, Cases, biases, numbers, states, weights
from ..shared.exercises import Function, Module
from ..shared.laws import cotangents


def step(direction):
    """The weights of one direction of birnn_forward, as they are drawn."""
    return {
        f"{direction}.w_input": weights("I H", 0.7),
        f"{direction}.w_hidden": weights("H H", 0.9, norm=True),  # so that 200 steps forget small errors
        f"{direction}.bias": biases("H"),
    }


def parts(direction):
    """The weights of the nn.RNNCell and the nn.Linear of one direction of BiRNN, by their dotted names."""
    return {
        f"{direction}_cell.weight_ih": weights("I H", 0.7, transposed=True),
        f"{direction}_cell.weight_hh": weights("H H", 0.9, norm=True, transposed=True),
        f"{direction}_cell.bias_ih": biases("H"),
        f"{direction}_cell.bias_hh": biases("H", -0.3, 0.3, signs=False),
        f"{direction}_linear.weight": numbers("H H"),
        f"{direction}_linear.bias": biases("H", 0.3, 0.9, signs=False),
    }


RESULTS = {"outputs": "N L 2H", "hidden": "2 N H"}
FORWARD = Function(
    "birnn_forward",
    {"x": "x", "h0": "h0", "forward_weights": tuple(step("f")), "backward_weights": tuple(step("b"))},
    RESULTS,
    lengths=True,
)
BIRNN = Module(
    "BiRNN",
    {"x": "x", "hidden": "h0"},
    RESULTS,
    lengths=True,
    state="hidden",
    parameters={name: name for direction in ("forward", "backward") for name in parts(direction)},
)

make = Cases(
    "birnn",
    {
        "x": numbers("N L I"),
        "h0": states("2 N H"),
        PADDING: None,
        **step("f"),
        **step("b"),
        **parts("forward"),
        **parts("backward"),
    },
)
ALL_DIFFERENT, MAIN, SMALL, ONE_SAMPLE, ALL_ONE, ALL_EQUAL, LONG = sizes.of_sequences(make)
PADDED, *SPECIAL_LENGTHS = sizes.of_lengths(make)
TWO_SAMPLES = make("two_samples", N=2, L=4, I=3, H=2)  # N = 2 is also the number of directions

SINGLE, SINGLE_PADDED = MAIN.astype(np.float32), PADDED.astype(np.float32)
FROM_ZERO = [MAIN.without("h0"), SMALL.without("h0")]
#: The sequences reversed, and the two directions swapped.
MIRRORED = MAIN.instead(
    "main_mirrored",
    x=MAIN["x"][:, ::-1].copy(),
    h0=MAIN["h0"][::-1].copy(),
    **{
        f"{direction}.{name}": MAIN[f"{other}.{name}"]
        for direction, other in ("fb", "bf")
        for name in ("w_input", "w_hidden", "bias")
    },
)
MAIN_COTANGENTS = cotangents(BIRNN, MAIN, "birnn", "cotangents", "main")
PADDED_COTANGENTS = cotangents(BIRNN, PADDED, "birnn", "cotangents", "mixed_lengths")
