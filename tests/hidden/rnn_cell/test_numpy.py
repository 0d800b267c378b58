"""The numpy half of the rnn_cell suite: `rnn_cell_forward`."""

from functools import partial

import numpy as np
import pytest

from grader.suite import assert_alive, assert_close, assert_dtype_kept, assert_unchanged, points

from .cases import ALL_DIFFERENT, ALL_EQUAL, ALL_ONE, ONE_SAMPLE, SMALL

INPUT_ALONE = ALL_EQUAL.without("h_prev", "bias")
STATE_ALONE = ALL_EQUAL.without("x", "bias")
BIAS_ALONE = ALL_EQUAL.without("x", "h_prev")
SINGLE = ALL_DIFFERENT.astype(np.float32)


@points(2, group="shapes")
@pytest.mark.parametrize("case", [ALL_DIFFERENT, ALL_EQUAL, ONE_SAMPLE, ALL_ONE], ids=str)
def test_forward_gives_one_state_per_sample(student, case):
    """rnn_cell_forward gives one row per sample and one column per hidden unit, whatever the sizes."""
    n, _, h = case.sizes
    assert_alive(student.rnn_cell_forward(*case.inputs), (n, h), what="h_next")


@points(1, group="numerics")
def test_forward_reads_the_input(student, reference):
    """With a zero state and no bias, the new state is made of the input and w_input alone."""
    got = student.rnn_cell_forward(*INPUT_ALONE.inputs)
    assert_close(got, reference.rnn_cell_forward(*INPUT_ALONE.inputs), what="h_next")


@points(1, group="numerics")
def test_forward_reads_the_old_state(student, reference):
    """With a zero input and no bias, the new state is made of the old state and w_hidden alone."""
    got = student.rnn_cell_forward(*STATE_ALONE.inputs)
    assert_close(got, reference.rnn_cell_forward(*STATE_ALONE.inputs), what="h_next")


@points(1, group="numerics")
def test_forward_adds_the_bias(student, reference):
    """With a zero input and a zero state, what is left is the bias: once, and the same for every sample."""
    got = student.rnn_cell_forward(*BIAS_ALONE.inputs)
    assert_close(got, reference.rnn_cell_forward(*BIAS_ALONE.inputs), what="h_next")


@points(3, group="numerics")
@pytest.mark.parametrize("case", [ALL_DIFFERENT, SMALL, ONE_SAMPLE], ids=str)
def test_forward_follows_the_formula(student, reference, case):
    """The new state is tanh of input part, state part and bias together."""
    got = student.rnn_cell_forward(*case.inputs)
    assert_close(got, reference.rnn_cell_forward(*case.inputs), what="h_next")


@points(1, group="numerics", about="dtype", needs="number")
def test_forward_keeps_the_dtype(student, reference):
    """float32 arrays in, float32 numbers out; float64 likewise."""
    calls = [
        (partial(student.rnn_cell_forward, *case.inputs), reference.rnn_cell_forward(*case.inputs))
        for case in (ALL_DIFFERENT, SINGLE)
    ]
    assert_dtype_kept(calls, what="h_next")


@points(0.5, group="behaviour", needs="number")
def test_forward_leaves_its_arguments_alone(student):
    """rnn_cell_forward reads its arguments and changes none of them."""
    observed = student.rnn_cell_forward.observe(*ALL_DIFFERENT.inputs)
    assert_alive(observed.value, ALL_DIFFERENT.h_prev.shape, what="h_next")
    assert_unchanged(observed, "x, h_prev, w_input, w_hidden, bias")


@points(0.5, group="behaviour", needs="number")
def test_forward_keeps_nothing_between_calls(student):
    """The same call gives the same answer a second time, and a batch of another size may follow it."""
    first = student.rnn_cell_forward(*ALL_DIFFERENT.inputs)
    assert_alive(first, ALL_DIFFERENT.h_prev.shape, what="h_next")
    assert_close(student.rnn_cell_forward(*ALL_DIFFERENT.inputs), first, what="h_next the second time")
    assert_alive(student.rnn_cell_forward(*SMALL.inputs), SMALL.h_prev.shape, what="h_next")
