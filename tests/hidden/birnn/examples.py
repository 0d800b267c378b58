"""The calls that counterexamples of birnn are made from: small round numbers, the smallest sizes first.

Students see them, so nothing of the graded inputs may be in them. Entries of one array differ from each other, both
directions have weights and biases of their own, and padding holds 9, 8, 7, so that it is seen when it is read.
"""

import numpy as np

from ..shared import examples as shared
from ..shared.cases import GIVEN, LEFT_OUT
from ..shared.examples import round_and_round
from .spec import BIRNN, FORWARD

INPUTS = (0.5, -1, 2, 1, -0.5, 1.5, -2, 0.25, -1.5, 3, -0.25, 0.7, -3, 2.5, -0.75, 1.25)
STATES = (0.5, -0.25, -0.5, 0.75, 0.25, -0.75, 0.1, -0.1, 0.6, -0.6, 0.2, -0.2)
W_INPUT = (1, 2, -0.5, 0.5, -1, 0.25)
W_HIDDEN = (0.5, -1, 1, 0.25, -0.5, 2, -0.25, 1.5, -1.5)
BIAS = (0.25, -0.5, 0.1)
W_OUTPUT = (2, -1, 0.5, -2, 1, 1.5, 3, -0.5, 0.25)
PADDING = (9, 8, 7, 6)

# N, L, I, H; whether there is an initial state; lengths.
CALLS = (
    ((1, 1, 1, 1), False, None),
    ((1, 1, 1, 1), True, None),
    ((1, 2, 1, 1), False, None),
    ((1, 2, 1, 1), True, None),
    ((1, 2, 1, 1), True, [1]),
    ((2, 1, 1, 1), True, None),
    ((1, 1, 2, 1), True, None),
    ((1, 1, 1, 2), True, None),
    ((1, 1, 2, 2), True, None),
    ((1, 2, 1, 2), False, None),
    ((2, 2, 1, 1), False, None),
    ((1, 3, 1, 1), True, None),
    ((2, 2, 1, 1), True, [1, 2]),
    ((2, 1, 1, 2), True, None),
    ((3, 1, 1, 2), False, None),
    ((1, 2, 2, 2), True, None),
    ((2, 3, 1, 1), False, [1, 2]),
    ((2, 3, 2, 2), True, None),
    ((3, 2, 2, 2), True, [1, 2, 1]),
    ((4, 4, 1, 1), True, [3, 1, 4, 2]),  # neither order that sorts these is its own inverse
)


def tables(has_state):
    """Where the arrays of a call come from; the numbers of the backward direction begin one later."""
    sources = {
        "x": ("N L I", round_and_round(INPUTS)),
        "h0": ("2 N H", round_and_round(STATES if has_state else (0,))),
    }
    for start, (short, name) in enumerate((("f", "forward"), ("b", "backward"))):
        w_input, w_hidden = round_and_round(W_INPUT, start), round_and_round(W_HIDDEN, start)
        sources |= {
            f"{short}.w_input": ("I H", w_input),
            f"{short}.w_hidden": ("H H", w_hidden),
            f"{short}.bias": ("H", round_and_round(BIAS, start)),
            f"{name}_cell.weight_ih": ("I H", transposed(w_input)),
            f"{name}_cell.weight_hh": ("H H", transposed(w_hidden)),
            f"{name}_cell.bias_ih": ("H", round_and_round(BIAS, start)),
            f"{name}_cell.bias_hh": ("H", round_and_round(BIAS, start + 1)),
            f"{name}_linear.weight": ("H H", round_and_round(W_OUTPUT, start)),
            f"{name}_linear.bias": ("H", round_and_round(BIAS, start + 2)),
        }
    return sources


def transposed(table):
    """A matrix as torch keeps it."""
    return lambda size: np.ascontiguousarray(table(size).T)


def examples(exercise):
    """The examples of birnn_forward, where no state means one of zeros, or of BiRNN, always the same."""
    cases = [
        shared.case(
            tables(has_state),
            dict(zip("NLIH", sizes)),
            lengths,
            GIVEN if has_state or exercise == FORWARD.name else LEFT_OUT,
            PADDING,
        )
        for sizes, has_state, lengths in CALLS
    ]
    return shared.examples(cases, FORWARD, BIRNN)(exercise)
