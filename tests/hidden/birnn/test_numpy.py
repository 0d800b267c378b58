"""The numpy half of the birnn suite: `birnn_forward`."""

import numpy as np

from grader.suite import assert_alive, assert_close, assert_differs, points

from ..shared import laws
from ..shared.padding import assert_zero_on_padding
from .answers import FIRST, SECOND, first_half, halves, hidden, second_half
from .spec import (
    ALL_DIFFERENT,
    ALL_EQUAL,
    ALL_ONE,
    FORWARD,
    FROM_ZERO,
    LONG,
    MAIN,
    MIRRORED,
    ONE_SAMPLE,
    PADDED,
    SINGLE,
    SINGLE_PADDED,
    SMALL,
    SPECIAL_LENGTHS,
    TWO_SAMPLES,
)

test_forward_joins_both_halves_at_every_step = laws.shapes(
    FORWARD, [ALL_DIFFERENT, ALL_EQUAL, ONE_SAMPLE, ALL_ONE], worth=3
)
test_forward_half_reads_from_the_start = laws.agrees(
    FORWARD,
    FROM_ZERO,
    worth=1,
    part=FIRST,
    take=first_half,
    says="The first half of outputs[:, t] is the forward state after reading steps 0 to t.",
)
test_backward_half_belongs_to_the_same_step = laws.agrees(
    FORWARD,
    FROM_ZERO,
    worth=2,
    part=SECOND,
    take=second_half,
    says="The second half of outputs[:, t] is the backward state at step t, after reading steps L-1 to t.",
)
test_hidden_0_is_the_last_forward_state = laws.agrees(
    FORWARD,
    FROM_ZERO[0],
    worth=0.5,
    part="hidden[0]",
    take=lambda answer, case: hidden(answer, case)[0],
    says="hidden[0] is the forward state after the last step.",
)
test_hidden_1_is_the_backward_state_after_step_0 = laws.agrees(
    FORWARD,
    FROM_ZERO[0],
    worth=0.5,
    part="hidden[1]",
    take=lambda answer, case: hidden(answer, case)[1],
    says="hidden[1] is the backward state when it has read everything, down to step 0.",
)


@points(1, group="numerics", gives="number")
def test_directions_mirror_each_other(student):
    """A reversed sequence, with weights and states of the directions swapped, gives the mirrored answer."""
    answer = FORWARD.leaves(FORWARD.answer(student, MAIN))
    shapes = FORWARD.shapes(MAIN)
    for name, array in answer.items():
        assert_alive(array, shapes[name], what=name)
    outputs, states = answer.values()
    mirrored = FORWARD.answer(student, MIRRORED)
    forward, backward = halves((outputs[:, ::-1], states), MAIN)
    expected = np.concatenate([backward, forward], axis=2), states[::-1]
    assert_close(
        mirrored, expected, what="outputs of the mirrored call, hidden of the mirrored call", length=4
    )
    for case, on in ((FROM_ZERO[0], "h0"), (MAIN.instead(x=MIRRORED["x"]), "x")):
        other = FORWARD.parts(FORWARD.answer(student, case))["outputs"]
        assert_alive(other, shapes["outputs"], what="outputs")
        assert_differs(outputs, other, what="outputs", on=on)


test_forward_when_batch_and_directions_have_one_size = laws.agrees(
    FORWARD,
    TWO_SAMPLES,
    worth=1,
    says="With two samples, batch and directions are both of size two and still must not be mixed up.",
)
test_forward_stays_accurate_over_long_sequences = laws.agrees(
    FORWARD, LONG, worth=1, part="outputs", says="Hundreds of steps later, both directions are still right."
)
test_forward_keeps_the_dtype = laws.dtype_kept(
    FORWARD,
    {"all_steps": (MAIN, SINGLE), "lengths": (PADDED, SINGLE_PADDED)},
    worth=1,
    says="float32 arrays in, float32 numbers out; float64 likewise; with lengths and without.",
)
test_forward_direction_begins_at_h0_0 = laws.agrees(
    FORWARD,
    MAIN,
    worth=1,
    group="initial_state",
    part=FIRST,
    take=first_half,
    says="The forward direction begins with h0[0], before step 0.",
)
test_backward_direction_begins_at_h0_1 = laws.agrees(
    FORWARD,
    MAIN,
    worth=1,
    group="initial_state",
    part=SECOND,
    take=second_half,
    says="The backward direction begins with h0[1], before the last step, whatever the forward states are.",
)


@points(0.5, group="lengths", needs="number")
def test_outputs_are_zero_on_padding(student):
    """With lengths, both halves of outputs are zero on padding, and only there."""
    for half in halves(FORWARD.answer(student, PADDED), PADDED):
        assert_zero_on_padding(half, PADDED.real, what="half of outputs")


@points(0.5, group="lengths", needs="number")
def test_hidden_repeats_what_outputs_hold(student):
    """With lengths, hidden[0] is also in outputs at the last real step, and hidden[1] at step 0."""
    answer = FORWARD.answer(student, PADDED)
    results = FORWARD.parts(answer)
    assert_alive(results["outputs"], FORWARD.shapes(PADDED)["outputs"], what="outputs")
    forward, backward = halves(answer, PADDED)
    last_steps = [length - 1 for length in PADDED.lengths]
    expected = np.stack([forward[range(4), last_steps], backward[:, 0]])
    assert_close(results["hidden"], expected, what="hidden")


test_forward_half_reads_real_steps_only = laws.agrees(
    FORWARD,
    PADDED,
    worth=0.75,
    group="lengths",
    part=FIRST,
    take=first_half,
    says="With lengths, the first half of outputs is right on real steps, zero on padding, sample by sample.",
)
test_backward_half_begins_at_the_last_real_step = laws.agrees(
    FORWARD,
    PADDED,
    worth=1.25,
    group="lengths",
    part=SECOND,
    take=second_half,
    says="With lengths, the backward direction begins at each sample's last real step and never reads padding.",
)
test_hidden_0_stops_at_the_last_real_step = laws.agrees(
    FORWARD,
    PADDED,
    worth=0.5,
    group="lengths",
    part="hidden[0]",
    take=lambda answer, case: hidden(answer, case)[0],
    says="With lengths, hidden[0] is the forward state after each sample's own last real step.",
)
test_hidden_1_has_read_the_real_steps = laws.agrees(
    FORWARD,
    PADDED,
    worth=0.5,
    group="lengths",
    part="hidden[1]",
    take=lambda answer, case: hidden(answer, case)[1],
    says="With lengths, hidden[1] is the backward state after step 0, having read the real steps and no other.",
)
test_forward_takes_any_lengths = laws.agrees(
    FORWARD,
    SPECIAL_LENGTHS,
    worth=1,
    group="lengths",
    says="lengths may be all one, all equal, sorted already, or of a single sample.",
)
test_forward_leaves_its_arguments_alone = laws.arguments_unchanged(FORWARD, PADDED, worth=1)
test_forward_keeps_nothing_between_calls = laws.nothing_kept(FORWARD, MAIN, SMALL, worth=1)
