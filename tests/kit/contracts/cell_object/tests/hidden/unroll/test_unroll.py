"""The hidden suite: loops are asked with cells that harness.py makes."""

from functools import partial

import numpy as np
import pytest

from grader.suite import assert_close, assert_dtype_kept, assert_unchanged, generator, points

DRAW = generator("unroll")


def frozen(*shape, scale=1.0):
    array = DRAW.normal(size=shape) * scale
    array.flags.writeable = False
    return array


X, STATE = frozen(3, 5, 2), frozen(3, 4)
W, U = frozen(2, 4, scale=0.7), frozen(4, 4, scale=0.4)
ONE_STEP = frozen(2, 1, 2)
NARROW = frozen(4, 3, 1)
START, SQUARE = frozen(2, 3), frozen(3, 3, scale=0.5)
AGAIN = frozen(3, 3, scale=0.5)
SINGLE = [array.astype(np.float32) for array in (X, STATE, W, U)]


@points(3, group="loop")
@pytest.mark.parametrize("state", [STATE, None], ids=["given", "none"])
def test_every_step_reads_its_input_and_the_state_before(student, reference, state):
    """The state of one step is the one the next step starts from."""
    want = reference.run_linear(X, state, W, U)
    assert_close(student.run_linear(X, state, W, U), want, what="outputs, state", length=5)


@points(2, group="loop")
def test_a_state_may_be_a_pair(student, reference):
    """A loop hands the state on as it is, and looks at nothing in it."""
    want = reference.run_accumulator(X)
    assert_close(student.run_accumulator(X), want, what="outputs, (total, count)", length=5)


@points(3, group="loop")
def test_a_state_may_be_a_dict(student, reference):
    """The cell makes its first state, once, for the whole batch, and one step is made for each input."""
    want = reference.run_counted(NARROW, 0.5)
    answer = student.run_counted(NARROW, 0.5)
    assert_close(answer, want, what="outputs, level, batches, steps", length=3)


@points(2, group="loop")
def test_one_step_is_a_sequence_too(student, reference):
    """A sequence of one step has one output."""
    want = reference.run_linear(ONE_STEP, None, W, U)
    assert_close(student.run_linear(ONE_STEP, None, W, U), want, what="outputs, state")


@points(4, group="generation")
def test_outputs_are_fed_back(student, reference):
    """The output of one step is the input of the next."""
    want = reference.generated(START, 4, SQUARE, AGAIN)
    assert_close(student.generated(START, 4, SQUARE, AGAIN), want, what="outputs", length=4)


@points(2, group="generation")
def test_so_many_steps_are_made(student, reference):
    """As many outputs as steps, from as many calls of the cell."""
    want = reference.generated_counted(START, 3, SQUARE, AGAIN)
    assert_close(student.generated_counted(START, 3, SQUARE, AGAIN), want, what="outputs, calls", length=3)


@points(2, group="care", about="dtype", needs="number")
def test_the_dtype_is_kept(student, reference):
    """float32 in, float32 out."""
    calls = [(partial(student.run_linear, *SINGLE), reference.run_linear(*SINGLE))]
    assert_dtype_kept(calls, what="outputs, state", length=5)


@points(2, group="care", needs="number")
def test_arguments_are_left_alone(student):
    """The sequence and the first state are as they were."""
    assert_unchanged(student.run_linear.observe(X, STATE, W, U), "x, state, w, u")
