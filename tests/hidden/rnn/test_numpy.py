"""The numpy half of the rnn suite: `rnn_forward`."""

from functools import partial

import numpy as np
import pytest

from grader.suite import (
    assert_alive,
    assert_close,
    assert_differs,
    assert_dtype_kept,
    assert_unchanged,
    assert_zero_on_padding,
    both,
    points,
)

from .cases import (
    ALL_DIFFERENT,
    ALL_EQUAL,
    ALL_ONE,
    LONG,
    MAIN,
    ONE_SAMPLE,
    ONE_STEP,
    PADDED,
    SMALL,
    SPECIAL_LENGTHS,
    frozen,
)

NAMES = "hidden_states, h_last"
SINGLE = MAIN.astype(np.float32)
SINGLE_PADDED = PADDED.astype(np.float32)
BEGIN, END = MAIN.steps("begin", 0, 2), MAIN.steps("end", 2, 4)
WITHOUT_LENGTHS = [MAIN.from_zero(), SMALL.from_zero()]


@points(2, group="shapes")
@pytest.mark.parametrize("case", [ALL_DIFFERENT, ALL_EQUAL, ONE_SAMPLE, ALL_ONE], ids=str)
def test_forward_gives_a_state_for_every_step(student, case):
    """rnn_forward gives hidden_states (N, L, H) and h_last (N, H), whatever the sizes."""
    n, length, _, h = case.sizes
    hidden_states, h_last = both(student.rnn_forward(*case.inputs), NAMES)
    assert_alive(hidden_states, (n, length, h), what="hidden_states")
    assert_alive(h_last, (n, h), what="h_last")


@points(0.5, group="numerics")
def test_forward_of_one_step(student, reference):
    """A sequence of a single step gives the state after that step, twice."""
    got = student.rnn_forward(*ONE_STEP.inputs)
    assert_close(got, reference.rnn_forward(*ONE_STEP.inputs), what="hidden_states, h_last")


@points(1.5, group="numerics")
@pytest.mark.parametrize("case", WITHOUT_LENGTHS, ids=str)
def test_forward_carries_the_state_along(student, reference, case):
    """hidden_states[:, t] is made from step t of x and the state after step t-1, the same way each time."""
    hidden_states, _ = both(student.rnn_forward(*case.inputs), NAMES)
    assert_close(hidden_states, reference.rnn_forward(*case.inputs)[0], what="hidden_states")


@points(0.5, group="numerics")
def test_forward_returns_the_last_state(student, reference):
    """h_last is the state after the last step."""
    case = WITHOUT_LENGTHS[0]
    _, h_last = both(student.rnn_forward(*case.inputs), NAMES)
    assert_close(h_last, reference.rnn_forward(*case.inputs)[1], what="h_last")


@points(0.5, group="numerics", gives="number")
def test_forward_can_go_on_from_its_last_state(student):
    """Reading a sequence in two pieces, h_last handed on as h0, gives the states of reading it at once."""
    whole, _ = both(student.rnn_forward(*MAIN.inputs), NAMES)
    assert_alive(whole, (3, 4, 3), what="hidden_states")
    begin, h_last = both(student.rnn_forward(*BEGIN.inputs), NAMES)
    assert_alive(h_last, (3, 3), what="h_last")
    end, _ = both(student.rnn_forward(END.x, frozen(h_last), *END.inputs[2:]), NAMES)
    assert_close(
        (begin, end),
        (whole[:, :2], whole[:, 2:]),
        what="hidden_states of the first piece, hidden_states of the second piece",
        length=4,
    )
    afresh, _ = both(student.rnn_forward(*END.inputs), NAMES)
    assert_alive(afresh, (3, 2, 3), what="hidden_states")
    assert_differs(end, afresh, what="hidden_states", on="h0")
    assert_differs(begin, afresh, what="hidden_states", on="x")


@points(1, group="numerics")
def test_forward_stays_accurate_over_long_sequences(student, reference):
    """Hundreds of steps later, the states are still right."""
    hidden_states, _ = both(student.rnn_forward(*LONG.inputs), NAMES)
    want = reference.rnn_forward(*LONG.inputs)[0]
    assert_close(hidden_states, want, what="hidden_states", length=LONG.x.shape[1])


@points(1, group="numerics", about="dtype", needs="number")
@pytest.mark.parametrize("cases", [(MAIN, SINGLE), (PADDED, SINGLE_PADDED)], ids=["all_steps", "lengths"])
def test_forward_keeps_the_dtype(student, reference, cases):
    """float32 arrays in, float32 numbers out; float64 likewise; with lengths and without."""
    calls = [
        (partial(student.rnn_forward, *case.inputs), reference.rnn_forward(*case.inputs)) for case in cases
    ]
    assert_dtype_kept(calls, what=NAMES, length=5)


@points(2, group="initial_state")
@pytest.mark.parametrize("case", [MAIN, SMALL], ids=str)
def test_forward_begins_at_h0(student, reference, case):
    """The state before the first step is h0, and later states remember it."""
    got = student.rnn_forward(*case.inputs)
    assert_close(got, reference.rnn_forward(*case.inputs), what="hidden_states, h_last", length=4)


@points(0.75, group="lengths", needs="number")
def test_forward_gives_zero_on_padding(student):
    """With lengths, hidden_states are zero on padding, and only there."""
    hidden_states, _ = both(student.rnn_forward(*PADDED.inputs), NAMES)
    assert_alive(hidden_states, (4, 5, 3), what="hidden_states")
    assert_zero_on_padding(hidden_states, PADDED.real, what="hidden_states")


@points(0.75, group="lengths", needs="number")
def test_forward_returns_the_state_at_the_last_real_step(student):
    """With lengths, h_last repeats what hidden_states holds at each sample's own last real step."""
    hidden_states, h_last = both(student.rnn_forward(*PADDED.inputs), NAMES)
    assert_alive(hidden_states, (4, 5, 3), what="hidden_states")
    last_steps = [length - 1 for length in PADDED.lengths]
    assert_close(h_last, hidden_states[range(4), last_steps], what="h_last")


@points(0.75, group="lengths")
def test_forward_reads_real_steps_only(student, reference):
    """With lengths, hidden_states are right on real steps whatever the padding holds, sample by sample."""
    hidden_states, _ = both(student.rnn_forward(*PADDED.inputs), NAMES)
    assert_close(hidden_states, reference.rnn_forward(*PADDED.inputs)[0], what="hidden_states")


@points(0.75, group="lengths")
def test_forward_stops_at_the_last_real_step(student, reference):
    """With lengths, h_last is each sample's state after its own last real step; padding changes nothing."""
    _, h_last = both(student.rnn_forward(*PADDED.inputs), NAMES)
    assert_close(h_last, reference.rnn_forward(*PADDED.inputs)[1], what="h_last")


@points(1, group="lengths")
@pytest.mark.parametrize("case", SPECIAL_LENGTHS, ids=str)
def test_forward_takes_any_lengths(student, reference, case):
    """lengths may be all one, all equal, sorted already, or of a single sample."""
    got = student.rnn_forward(*case.inputs)
    assert_close(got, reference.rnn_forward(*case.inputs), what="hidden_states, h_last", length=4)


@points(0.5, group="behaviour", needs="number")
def test_forward_leaves_its_arguments_alone(student):
    """rnn_forward reads its arguments, lengths too, and changes none of them."""
    observed = student.rnn_forward.observe(*PADDED.inputs)
    hidden_states, _ = both(observed.value, NAMES)
    assert_alive(hidden_states, (4, 5, 3), what="hidden_states")
    assert_unchanged(observed, "x, h0, w_input, w_hidden, bias, lengths")


@points(0.5, group="behaviour", needs="number")
def test_forward_keeps_nothing_between_calls(student):
    """The same call gives the same answer a second time; another batch size and length may follow it."""
    first, _ = both(student.rnn_forward(*MAIN.inputs), NAMES)
    assert_alive(first, (3, 4, 3), what="hidden_states")
    again, _ = both(student.rnn_forward(*MAIN.inputs), NAMES)
    assert_close(again, first, what="hidden_states the second time", length=4)
    other, _ = both(student.rnn_forward(*SMALL.inputs), NAMES)
    assert_alive(other, (2, 3, 2), what="hidden_states")
