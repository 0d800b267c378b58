"""The torch half of the rnn_cell suite: `RNNCell`. Inputs and answers are numpy arrays here as well.

Tests of shapes and arguments use the weights the module starts with; the others load their own.
"""

from functools import partial

import numpy as np
import pytest

from grader.suite import (
    assert_alive,
    assert_close,
    assert_differs,
    assert_dtype_kept,
    assert_good_start,
    assert_registered,
    assert_shape,
    assert_unchanged,
    is_alive,
    points,
)

from .cases import ALL_DIFFERENT, ALL_EQUAL, ALL_ONE, COTANGENT, ONE_SAMPLE, SMALL, frozen

FRESH = {case.name: case.astype(np.float32) for case in (ALL_DIFFERENT, ALL_EQUAL, ALL_ONE, ONE_SAMPLE)}
FRESH_SMALLER_BATCH = FRESH["all_sizes_differ"].x[:2]
OTHER_X, OTHER_STATE, OTHER_W_INPUT, OTHER_W_HIDDEN = (
    frozen(array[::-1] * np.float32(0.6) + np.float32(0.2)) for array in FRESH["all_sizes_differ"].inputs[:4]
)
NAMES = ("w_input", "w_hidden", "bias")


def cell_of(module, case):
    """`module`'s RNNCell with the weights of the case."""
    _, i, h = case.sizes
    return module.RNNCell(i, h).load(case.weights)


@points(1, group="shapes")
@pytest.mark.parametrize("case", FRESH.values(), ids=str)
def test_cell_gives_one_state_per_sample(student, case):
    """RNNCell gives one row per sample and one column per hidden unit, whatever the sizes."""
    n, i, h = case.sizes
    answer = student.RNNCell(i, h)(case.x, case.h_prev)
    assert_shape(answer, (n, h), what="the new state")
    if not is_alive(answer, (n, h)):  # as with weights that start as zeros, which cost points of their own
        assert_alive(cell_of(student, case)(case.x, case.h_prev), (n, h), what="the new state")


@points(2, group="numerics")
@pytest.mark.parametrize("case", [ALL_DIFFERENT, SMALL], ids=str)
def test_cell_follows_the_formula(student, reference, case):
    """RNNCell computes the formula of rnn_cell_forward with its own three parameters."""
    got = cell_of(student, case)(case.x, case.h_prev)
    assert_close(got, cell_of(reference, case)(case.x, case.h_prev), what="the new state")


@points(1, group="numerics", about="dtype", needs="number")
def test_cell_keeps_the_dtype(student, reference):
    """float32 in, float32 out; float64 likewise; with a state, without one, and with the weights it starts with."""
    single = FRESH["all_sizes_equal"]
    calls = [
        (partial(cell_of(student, case), case.x, state), cell_of(reference, case)(case.x, state))
        for case, state in (
            (ALL_DIFFERENT, ALL_DIFFERENT.h_prev),
            (ALL_DIFFERENT, None),
            (single, single.h_prev),
        )
    ]
    fresh = lambda: student.RNNCell(2, 3)(FRESH_SMALLER_BATCH, None)  # noqa: E731
    assert_dtype_kept([*calls, (fresh, "float32")], what="the new state")


@points(1, group="initial_state")
@pytest.mark.parametrize("case", [ALL_DIFFERENT, FRESH["one_sample"]], ids=["float64", "float32"])
def test_cell_begins_at_zero_without_a_state(student, reference, case):
    """hidden_state=None means a state of zeros, in the dtype of the input."""
    got = cell_of(student, case)(case.x, None)
    assert_close(got, cell_of(reference, case)(case.x, None), what="the new state")


@points(1, group="initial_state")
def test_cell_uses_the_given_state(student, reference):
    """A state that is given is used: with a zero input, the new state comes from it and the bias."""
    case = ALL_EQUAL.without("x")
    got = cell_of(student, case)(case.x, case.h_prev)
    assert_close(got, cell_of(reference, case)(case.x, case.h_prev), what="the new state")


@points(1, group="gradients")
def test_cell_passes_gradients_to_its_inputs(student, reference):
    """Gradients flow through the step to the input and to the old state."""
    case = ALL_DIFFERENT
    got = cell_of(student, case).gradients(case.x, case.h_prev, cotangents=(COTANGENT,))
    want = cell_of(reference, case).gradients(case.x, case.h_prev, cotangents=(COTANGENT,))
    assert_shape(got.value, COTANGENT.shape, what="the new state")
    assert_close(got.inputs, want.inputs, what="gradient of x, gradient of hidden_state")


@points(1, group="gradients")
def test_cell_passes_gradients_to_its_parameters(student, reference):
    """Each of the three parameters gets its gradient, so that an optimizer can improve it."""
    case = ALL_DIFFERENT
    got = cell_of(student, case).gradients(case.x, case.h_prev, cotangents=(COTANGENT,))
    want = cell_of(reference, case).gradients(case.x, case.h_prev, cotangents=(COTANGENT,))
    assert_shape(got.value, COTANGENT.shape, what="the new state")
    assert_close(
        tuple(got.parameters.get(name) for name in NAMES),
        tuple(want.parameters[name] for name in NAMES),
        what="gradient of w_input, gradient of w_hidden, gradient of bias",
    )


@points(0.5, group="parameters", needs="number")
def test_cell_registers_three_parameters(student):
    """RNNCell has exactly three trainable parameters: w_input (I, H), w_hidden (H, H) and bias (H,)."""
    shapes = {"w_input": (2, 3), "w_hidden": (3, 3), "bias": (3,)}
    assert_registered(student.RNNCell(2, 3).parameters(), shapes)


@points(0.25, group="parameters", gives="number")
def test_cell_uses_its_own_weights(student):
    """Other values in w_input or in w_hidden change the new state, and so do other inputs and other states."""
    case = FRESH["all_sizes_differ"]
    cell = cell_of(student, case)
    first = cell(case.x, case.h_prev)
    assert_alive(first, case.h_prev.shape, what="the new state")
    others = {
        "another input": cell(OTHER_X, case.h_prev),
        "another state": cell(case.x, OTHER_STATE),
        "another w_input": cell.load({"w_input": OTHER_W_INPUT})(case.x, case.h_prev),
        "another w_hidden": cell_of(student, case).load({"w_hidden": OTHER_W_HIDDEN})(case.x, case.h_prev),
    }
    for on, other in others.items():
        assert_alive(other, case.h_prev.shape, what="the new state")
        assert_differs(first, other, what="the new state", on=on)


@points(0.25, group="parameters", needs="number")
def test_cell_starts_with_sensible_weights(student):
    """Both weight matrices are registered and start filled with numbers of a sensible size."""
    assert_good_start(student.RNNCell(24, 32).parameters(), ("w_input", "w_hidden"))


@points(0.5, group="behaviour", needs="number")
def test_cell_leaves_its_arguments_alone(student):
    """RNNCell reads its arguments and changes none of them."""
    case = FRESH["all_sizes_differ"]
    observed = student.RNNCell(2, 3).observe(case.x, case.h_prev)
    assert_shape(observed.value, case.h_prev.shape, what="the new state")
    assert_unchanged(observed, "x, hidden_state")


@points(0.5, group="behaviour", needs="number")
def test_cell_keeps_nothing_between_calls(student):
    """One cell gives the same answer a second time, and then takes a batch of another size."""
    case = FRESH["all_sizes_differ"]
    cell = cell_of(student, case)
    first = cell(case.x, None)
    assert_alive(first, case.h_prev.shape, what="the new state")
    assert_close(cell(case.x, None), first, what="the new state the second time")
    assert_alive(cell(FRESH_SMALLER_BATCH, None), (2, 3), what="the new state")
