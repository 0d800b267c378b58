"""The cell's share of the rnn suite: the student's own `RNNCell`, as pasted into the file of `RNN`."""

from grader.suite import assert_close, points

from ..shared import laws
from .spec import ALL_DIFFERENT, CELL, ONE_SAMPLE, SMALL

STEP = ALL_DIFFERENT.step(0)
SINGLE_STEP = STEP.astype("float32")
STEPS = [STEP, ALL_DIFFERENT.step(1), ALL_DIFFERENT.step(2, samples=2)]

test_cell_follows_the_formula = laws.agrees(
    CELL,
    [SMALL.step(0), ONE_SAMPLE.step(0)],
    worth=1,
    group="cell",
    says="RNNCell computes one step: tanh of input part, state part and bias together.",
)


@points(0.5, group="cell")
def test_cell_begins_at_zero_without_a_state(student, reference):
    """RNNCell takes hidden_state=None for zeros, at every call and for every batch size."""
    cell, right_cell = CELL.made(student, STEP), CELL.made(reference, STEP)
    for case in STEPS:
        assert_close(cell(case["x"], None), right_cell(case["x"], None), what="the new state")


test_cell_keeps_the_dtype = laws.dtype_kept(
    CELL,
    [STEP, STEP.no_state(), SINGLE_STEP, SINGLE_STEP.no_state()],
    worth=0.5,
    group="cell",
    fresh=SINGLE_STEP.no_state(),
    says="RNNCell gives float32 for float32 and float64 for float64, with a state and without one.",
)
