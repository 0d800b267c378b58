"""The cell's share of the rnn suite: the student's own `RNNCell`, as pasted into the file of `RNN`."""

from functools import partial

import pytest

from grader.suite import assert_close, assert_dtype_kept, points

from .cases import ALL_DIFFERENT, ONE_SAMPLE, SMALL, frozen

STEPS = [frozen(x.copy()) for x in (ALL_DIFFERENT.x[:, 0], ALL_DIFFERENT.x[:, 1], ALL_DIFFERENT.x[:2, 2])]
SINGLE = ALL_DIFFERENT.astype("float32")
SINGLE_STEP = frozen(SINGLE.x[:, 0].copy())


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


@points(0.5, group="cell")
def test_cell_begins_at_zero_without_a_state(student, reference):
    """RNNCell takes hidden_state=None for zeros, at every call and for every batch size."""
    cell, right_cell = cell_of(student, ALL_DIFFERENT), cell_of(reference, ALL_DIFFERENT)
    for x in STEPS:
        assert_close(cell(x, None), right_cell(x, None), what="the new state")


@points(0.5, group="cell", about="dtype", needs="number")
def test_cell_keeps_the_dtype(student, reference):
    """RNNCell gives float32 for float32 and float64 for float64, with a state and without one."""
    calls = [
        (partial(cell_of(student, case), x, state), cell_of(reference, case)(x, state))
        for case, x in ((ALL_DIFFERENT, STEPS[0]), (SINGLE, SINGLE_STEP))
        for state in (case.h0, None)
    ]
    fresh = lambda: student.RNNCell(2, 5)(SINGLE_STEP, None)  # noqa: E731
    assert_dtype_kept([*calls, (fresh, "float32")], what="the new state")
