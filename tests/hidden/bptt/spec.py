"""What bptt asks for: its exercises, with the axes of everything by name, and the inputs of its suite.

The states of a sequence are those of a forward pass, as the hand-out says. Gradients, states and weights all hold
different numbers in every case: with equal ones, or a zero initial state, much of what goes wrong cannot be seen.
"""

import numpy as np

from ..shared import sizes
from ..shared.cases import Case, Cases, biases, numbers, states, weights
from ..shared.exercises import Function

OF_WEIGHTS = {"dw_input": "I H", "dw_hidden": "H H", "dbias": "H"}
WEIGHTS = {name: name for name in ("w_input", "w_hidden")}
SEQUENCE = {name: name for name in ("dhidden_states", "x", "h0", "hidden_states")} | WEIGHTS

CELL = Function(
    "rnn_cell_backward",
    {"dh_next": "dh_next", "x": "x", "h_prev": "h0", "h_next": "h_next", **WEIGHTS},
    {"dx": "N I", "dh_prev": "N H", **OF_WEIGHTS},
)
BACKWARD = Function("rnn_backward", SEQUENCE, {"dx": "N L I", "dh0": "N H", **OF_WEIGHTS})
#: K is the number of steps of a piece.
TRUNCATED = Function("truncated_backward", {**SEQUENCE, "chunk": "K"}, BACKWARD.results)

OF_ANY = {
    "h0": states("N H"),
    "w_input": weights("I H", 0.7),
    "w_hidden": weights("H H", 0.9, norm=True),
    "bias": biases("H"),  # of the forward pass; its number plays no part on the way back
}


def forward(case: Case, x: np.ndarray, state: np.ndarray) -> np.ndarray:
    """The state after one step with the weights of a case."""
    return np.tanh(x @ case["w_input"] + state @ case["w_hidden"] + case["bias"])


def gone_forward(case: Case) -> Case:
    """The case with the states that its forward pass gives."""
    state, collected = case["h0"], []
    for t in range(case.steps):
        state = forward(case, case["x"][:, t], state)
        collected.append(state)
    return case.instead(hidden_states=np.stack(collected, axis=1))


def step(name: str, **sizes: int) -> Case:
    """A case of one step, with its new state."""
    case = _step(name, **sizes)
    return case.instead(h_next=forward(case, case["x"], case["h0"]))


def make(name: str, **sizes: int) -> Case:
    """A case of a sequence, with its states."""
    return gone_forward(_sequence(name, **sizes))


def in_pieces(case: Case, chunk: int) -> Case:
    """The case with a length of the pieces."""
    return Case(f"{case}_in_pieces_of_{chunk}", {**case.sizes, "K": chunk}, case.arrays)


_step = Cases("bptt step", {"dh_next": numbers("N H"), "x": numbers("N I"), **OF_ANY})
STEP, STEP_OF_ONE, STEP_OF_ONES, STEP_OF_EQUALS, SMALL_STEP = sizes.of_steps(step)
FLAT_STEPS = [case.without("h_next") for case in (STEP, SMALL_STEP)]  # where the slope of tanh is 1

_sequence = Cases("bptt", {"dhidden_states": numbers("N L H"), "x": numbers("N L I"), **OF_ANY})
ALL_DIFFERENT = make("all_sizes_differ", N=3, L=4, I=2, H=5)
MAIN = make("main", N=3, L=5, I=2, H=4)
SMALL = make("small", N=2, L=3, I=2, H=2)
ONE_SAMPLE = make("one_sample", N=1, L=3, I=2, H=4)
ALL_ONE = make("all_sizes_one", N=1, L=1, I=1, H=1)
ALL_EQUAL = make("all_sizes_equal", N=3, L=3, I=3, H=3)
ONE_STEP = make("one_step", N=2, L=1, I=3, H=2)
LONG = make("long", N=2, L=200, I=2, H=3)
ONLY_LAST = 10 * (np.arange(MAIN.steps) == MAIN.steps - 1)[:, None]  # and large, so that clipping shows
LAST_OUTPUT_ONLY = MAIN.instead("last_output_only", dhidden_states=ONLY_LAST * MAIN["dhidden_states"])
