"""The numpy half of the birnn suite: `birnn_forward`."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from grader.suite import (
    assert_alive,
    assert_close,
    assert_differs,
    assert_dtype_kept,
    assert_shape,
    assert_unchanged,
    assert_zero_on_padding,
    both,
    points,
)

from .answers import halves
from .cases import (
    ALL_DIFFERENT,
    ALL_EQUAL,
    ALL_ONE,
    LONG,
    MAIN,
    ONE_SAMPLE,
    PADDED,
    SMALL,
    SPECIAL_LENGTHS,
    TWO_SAMPLES,
)

NAMES = "outputs, hidden"
SINGLE = MAIN.astype(np.float32)
SINGLE_PADDED = PADDED.astype(np.float32)
MIRRORED = MAIN.mirrored()
REVERSED = replace(MAIN, x=MIRRORED.x)
FROM_ZERO = [MAIN.from_zero(), SMALL.from_zero()]


def halves_of(module, case):
    """What birnn_forward of `module` gives as forward half and backward half of outputs."""
    outputs, _ = both(module.birnn_forward(*case.inputs), NAMES)
    return halves(outputs, case.outputs_shape)


def hidden_of(module, case):
    """What birnn_forward of `module` gives as hidden[0] and hidden[1]."""
    _, hidden = both(module.birnn_forward(*case.inputs), NAMES)
    assert_shape(hidden, case.h0.shape, what="hidden")
    return hidden[0], hidden[1]


@points(3, group="shapes")
@pytest.mark.parametrize("case", [ALL_DIFFERENT, ALL_EQUAL, ONE_SAMPLE, ALL_ONE], ids=str)
def test_forward_joins_both_halves_at_every_step(student, case):
    """birnn_forward gives outputs (N, L, 2H) and hidden (2, N, H), whatever the sizes."""
    outputs, hidden = both(student.birnn_forward(*case.inputs), NAMES)
    assert_alive(outputs, case.outputs_shape, what="outputs")
    assert_alive(hidden, case.h0.shape, what="hidden")


@points(1, group="numerics")
@pytest.mark.parametrize("case", FROM_ZERO, ids=str)
def test_forward_half_reads_from_the_start(student, reference, case):
    """The first half of outputs[:, t] is the forward state after reading steps 0 to t."""
    assert_close(
        halves_of(student, case)[0], halves_of(reference, case)[0], what="first half of outputs", length=4
    )


@points(2, group="numerics")
@pytest.mark.parametrize("case", FROM_ZERO, ids=str)
def test_backward_half_belongs_to_the_same_step(student, reference, case):
    """The second half of outputs[:, t] is the backward state at step t, after reading steps L-1 to t."""
    assert_close(
        halves_of(student, case)[1], halves_of(reference, case)[1], what="second half of outputs", length=4
    )


@points(0.5, group="numerics")
def test_hidden_0_is_the_last_forward_state(student, reference):
    """hidden[0] is the forward state after the last step."""
    case = FROM_ZERO[0]
    assert_close(hidden_of(student, case)[0], hidden_of(reference, case)[0], what="hidden[0]", length=4)


@points(0.5, group="numerics")
def test_hidden_1_is_the_backward_state_after_step_0(student, reference):
    """hidden[1] is the backward state when it has read everything, down to step 0."""
    case = FROM_ZERO[0]
    assert_close(hidden_of(student, case)[1], hidden_of(reference, case)[1], what="hidden[1]", length=4)


@points(1, group="numerics", gives="number")
def test_directions_mirror_each_other(student):
    """A reversed sequence, with weights and states of the directions swapped, gives the mirrored answer."""
    outputs, hidden = both(student.birnn_forward(*MAIN.inputs), NAMES)
    assert_alive(outputs, MAIN.outputs_shape, what="outputs")
    assert_alive(hidden, MAIN.h0.shape, what="hidden")
    mirrored = student.birnn_forward(*MIRRORED.inputs)
    forward, backward = halves(outputs[:, ::-1], MAIN.outputs_shape)
    expected = np.concatenate([backward, forward], axis=2), hidden[::-1]
    assert_close(
        mirrored, expected, what="outputs of the mirrored call, hidden of the mirrored call", length=4
    )
    for case, on in ((FROM_ZERO[0], "h0"), (REVERSED, "x")):
        other, _ = both(student.birnn_forward(*case.inputs), NAMES)
        assert_alive(other, MAIN.outputs_shape, what="outputs")
        assert_differs(outputs, other, what="outputs", on=on)


@points(1, group="numerics")
def test_forward_when_batch_and_directions_have_one_size(student, reference):
    """With two samples, batch and directions are both of size two and still must not be mixed up."""
    got = student.birnn_forward(*TWO_SAMPLES.inputs)
    assert_close(got, reference.birnn_forward(*TWO_SAMPLES.inputs), what="outputs, hidden", length=4)


@points(1, group="numerics")
def test_forward_stays_accurate_over_long_sequences(student, reference):
    """Hundreds of steps later, both directions are still right."""
    outputs, _ = both(student.birnn_forward(*LONG.inputs), NAMES)
    want = reference.birnn_forward(*LONG.inputs)[0]
    assert_close(outputs, want, what="outputs", length=LONG.x.shape[1])


@points(1, group="numerics", about="dtype", needs="number")
@pytest.mark.parametrize("cases", [(MAIN, SINGLE), (PADDED, SINGLE_PADDED)], ids=["all_steps", "lengths"])
def test_forward_keeps_the_dtype(student, reference, cases):
    """float32 arrays in, float32 numbers out; float64 likewise; with lengths and without."""
    calls = [
        (partial(student.birnn_forward, *case.inputs), reference.birnn_forward(*case.inputs))
        for case in cases
    ]
    assert_dtype_kept(calls, what=NAMES, length=5)


@points(1, group="initial_state")
def test_forward_direction_begins_at_h0_0(student, reference):
    """The forward direction begins with h0[0], before step 0."""
    assert_close(
        halves_of(student, MAIN)[0], halves_of(reference, MAIN)[0], what="first half of outputs", length=4
    )


@points(1, group="initial_state")
def test_backward_direction_begins_at_h0_1(student, reference):
    """The backward direction begins with h0[1], before the last step, whatever the forward states are."""
    assert_close(
        halves_of(student, MAIN)[1], halves_of(reference, MAIN)[1], what="second half of outputs", length=4
    )


@points(0.5, group="lengths", needs="number")
def test_outputs_are_zero_on_padding(student):
    """With lengths, both halves of outputs are zero on padding, and only there."""
    for half in halves_of(student, PADDED):
        assert_zero_on_padding(half, PADDED.real, what="half of outputs")


@points(0.5, group="lengths", needs="number")
def test_hidden_repeats_what_outputs_hold(student):
    """With lengths, hidden[0] is also in outputs at the last real step, and hidden[1] at step 0."""
    outputs, hidden = both(student.birnn_forward(*PADDED.inputs), NAMES)
    assert_alive(outputs, PADDED.outputs_shape, what="outputs")
    forward, backward = halves(outputs, PADDED.outputs_shape)
    last_steps = [length - 1 for length in PADDED.lengths]
    assert_close(hidden, np.stack([forward[range(4), last_steps], backward[:, 0]]), what="hidden")


@points(0.75, group="lengths")
def test_forward_half_reads_real_steps_only(student, reference):
    """With lengths, the first half of outputs is right on real steps, zero on padding, sample by sample."""
    got, want = halves_of(student, PADDED)[0], halves_of(reference, PADDED)[0]
    assert_close(got, want, what="first half of outputs", length=5)


@points(1.25, group="lengths")
def test_backward_half_begins_at_the_last_real_step(student, reference):
    """With lengths, the backward direction begins at each sample's last real step and never reads padding."""
    got, want = halves_of(student, PADDED)[1], halves_of(reference, PADDED)[1]
    assert_close(got, want, what="second half of outputs", length=5)


@points(0.5, group="lengths")
def test_hidden_0_stops_at_the_last_real_step(student, reference):
    """With lengths, hidden[0] is the forward state after each sample's own last real step."""
    assert_close(hidden_of(student, PADDED)[0], hidden_of(reference, PADDED)[0], what="hidden[0]", length=5)


@points(0.5, group="lengths")
def test_hidden_1_has_read_the_real_steps(student, reference):
    """With lengths, hidden[1] is the backward state after step 0, having read the real steps and no other."""
    assert_close(hidden_of(student, PADDED)[1], hidden_of(reference, PADDED)[1], what="hidden[1]", length=5)


@points(1, group="lengths")
@pytest.mark.parametrize("case", SPECIAL_LENGTHS, ids=str)
def test_forward_takes_any_lengths(student, reference, case):
    """lengths may be all one, all equal, sorted already, or of a single sample."""
    got = student.birnn_forward(*case.inputs)
    assert_close(got, reference.birnn_forward(*case.inputs), what="outputs, hidden", length=4)


@points(1, group="behaviour", needs="number")
def test_forward_leaves_its_arguments_alone(student):
    """birnn_forward reads its arguments, lengths too, and changes none of them."""
    observed = student.birnn_forward.observe(*PADDED.inputs)
    outputs, _ = both(observed.value, NAMES)
    assert_alive(outputs, PADDED.outputs_shape, what="outputs")
    assert_unchanged(observed, "x, h0, forward_weights, backward_weights, lengths")


@points(1, group="behaviour", needs="number")
def test_forward_keeps_nothing_between_calls(student):
    """The same call gives the same answer a second time; another batch size and length may follow it."""
    first, _ = both(student.birnn_forward(*MAIN.inputs), NAMES)
    assert_alive(first, MAIN.outputs_shape, what="outputs")
    again, _ = both(student.birnn_forward(*MAIN.inputs), NAMES)
    assert_close(again, first, what="outputs the second time", length=4)
    other, _ = both(student.birnn_forward(*SMALL.inputs), NAMES)
    assert_alive(other, SMALL.outputs_shape, what="outputs")
