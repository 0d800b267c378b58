"""The cell's share of the rnn suite: the student's own `RNNCell`, as pasted into the file of `RNN`."""

import pytest

from grader.suite import assert_close, points

from .cases import ALL_DIFFERENT, ONE_SAMPLE, SMALL, frozen

STEPS = ALL_DIFFERENT.x
CELL_INPUTS = {
    dtype: [frozen(x.astype(dtype)) for x in (STEPS[:, 0], STEPS[:, 1], STEPS[:2, 2])]
    for dtype in ("float64", "float32")
}


def cell_of(module, case):
    """`module`'s RNNCell with the weights of the case."""
    _, _, i, h = case.sizes
    return module.RNNCell(i, h).load(case.cell_weights)


@points(1, group="cell")
@pytest.mark.parametrize("case", [SMALL, ONE_SAMPLE], ids=str)
def test_cell_follows_the_formula(student, reference, case):
    """RNNCell computes one step: tanh of input part, state part and bias together."""
    x = frozen(case.x[:, 0].copy())
    assert_close(
        cell_of(student, case)(x, case.h0), cell_of(reference, case)(x, case.h0), what="the new state"
    )


@points(1, group="cell")
@pytest.mark.parametrize("dtype", CELL_INPUTS)
def test_cell_begins_at_zero_without_a_state(student, reference, dtype):
    """RNNCell takes hidden_state=None for zeros in the input's dtype, at every call and for every batch size."""
    case = ALL_DIFFERENT.astype(dtype)
    cell, right_cell = cell_of(student, case), cell_of(reference, case)
    for x in CELL_INPUTS[dtype]:
        assert_close(cell(x, None), right_cell(x, None), what="the new state")
