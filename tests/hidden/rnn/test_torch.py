"""The torch half of the rnn suite: `RNN`, around the student's own `RNNCell`.

Tests of shapes and arguments use the weights the module starts with; the others load their own. Tests of the
loop pass error carried forward, so that a wrong cell costs its points once.
"""

from functools import partial

import numpy as np
import pytest

from grader.suite import (
    assert_alive,
    assert_changed,
    assert_close,
    assert_differs,
    assert_dtype_kept,
    assert_good_start,
    assert_registered,
    assert_shape,
    assert_unchanged,
    assert_zero_on_padding,
    both,
    is_alive,
    points,
)

from .carried import charged_to_the_cell, inputs_with_own_cell, parameters_with_own_cell, with_own_cell
from .cases import (
    ALL_DIFFERENT,
    ALL_EQUAL,
    ALL_ONE,
    LONG,
    MAIN,
    MAIN_COTANGENTS,
    ONE_SAMPLE,
    ONE_STEP,
    PADDED,
    PADDED_COTANGENTS,
    SMALL,
    SPECIAL_LENGTHS,
    frozen,
)

NAMES = "outputs, hidden_state"
PARAMETERS = ("cell.w_input", "cell.w_hidden", "cell.bias", "w_output")
SINGLE = MAIN.astype(np.float32)
SINGLE_SMALL = SMALL.astype(np.float32)
SINGLE_PADDED = PADDED.astype(np.float32)
SINGLE_PIECES = SINGLE.steps("begin", 0, 2), SINGLE.steps("end", 2, 4)
SINGLE_OTHER_SIZES = frozen(SINGLE.x[:2, :3].copy())
FROM_ZERO = [MAIN.from_zero(), SMALL.from_zero()]
OTHER_W_OUTPUT = {"w_output": frozen(MAIN.w_output[::-1] + 0.5)}
OTHER_CELL = {
    "cell.w_input": frozen(MAIN.w_input[::-1] * 0.7),
    "cell.w_hidden": frozen(MAIN.w_hidden[::-1] * 0.7),
}


def rnn_of(module, case):
    """`module`'s RNN with the weights of the case."""
    _, _, i, h = case.sizes
    return module.RNN(i, h).load(case.weights)


@points(1, group="shapes")
@pytest.mark.parametrize("case", [ALL_DIFFERENT, ONE_SAMPLE, ALL_EQUAL, ALL_ONE, ONE_STEP], ids=str)
def test_rnn_gives_an_output_for_every_step(student, case):
    """RNN gives outputs (N, L, H) and hidden_state (N, H), whatever the sizes."""
    n, length, i, h = case.sizes
    case = case.astype(np.float32)
    outputs, hidden_state = both(student.RNN(i, h)(case.x, case.h0), NAMES)
    assert_shape((outputs, hidden_state), ((n, length, h), (n, h)), what=NAMES)
    if not is_alive(
        outputs, (n, length, h)
    ):  # as with a w_output that starts as zeros, which costs its own points
        outputs, _ = both(rnn_of(student, case)(case.x, case.h0), NAMES)
        assert_alive(outputs, (n, length, h), what="outputs")


@points(1, group="numerics")
@pytest.mark.parametrize("case", FROM_ZERO, ids=str)
def test_rnn_projects_the_state_of_every_step(student, reference, case):
    """outputs[:, t] is the state after step t, multiplied by w_output."""
    outputs, _ = both(rnn_of(student, case)(case.x, case.h0), NAMES)
    assert_close(
        outputs,
        rnn_of(reference, case)(case.x, case.h0)[0],
        what="outputs",
        length=4,
        carried=lambda: with_own_cell(student, reference, case, part=0),
    )


@points(0.5, group="numerics")
def test_rnn_returns_the_last_state(student, reference):
    """hidden_state is the state itself after the last step, not an output."""
    case = FROM_ZERO[0]
    _, hidden_state = both(rnn_of(student, case)(case.x, case.h0), NAMES)
    assert_close(
        hidden_state,
        rnn_of(reference, case)(case.x, case.h0)[1],
        what="hidden_state",
        length=4,
        carried=lambda: with_own_cell(student, reference, case, part=1),
    )


@points(0.5, group="numerics", gives="number")
def test_rnn_can_go_on_from_its_last_state(student):
    """Reading a sequence in two pieces, the state handed on, gives the outputs of reading it at once."""
    rnn = rnn_of(student, SINGLE)
    whole, _ = both(rnn(SINGLE.x, SINGLE.h0), NAMES)
    assert_alive(whole, (3, 4, 3), what="outputs")
    begin, end = SINGLE_PIECES
    outputs_begin, state = both(rnn(begin.x, SINGLE.h0), NAMES)
    assert_alive(state, (3, 3), what="hidden_state")
    outputs_end, _ = both(rnn(end.x, frozen(state)), NAMES)
    assert_close(
        (outputs_begin, outputs_end),
        (whole[:, :2], whole[:, 2:]),
        what="outputs of the first piece, outputs of the second piece",
        length=4,
    )
    afresh, _ = both(rnn(end.x, SINGLE.h0), NAMES)
    assert_alive(afresh, (3, 2, 3), what="outputs")
    assert_differs(outputs_end, afresh, what="outputs", on="hidden_state")
    assert_differs(outputs_begin, afresh, what="outputs", on="x")


@points(0.5, group="numerics")
def test_rnn_stays_accurate_over_long_sequences(student, reference):
    """Hundreds of steps later, the outputs are still right."""
    outputs, _ = both(rnn_of(student, LONG)(LONG.x, LONG.h0), NAMES)
    want = rnn_of(reference, LONG)(LONG.x, LONG.h0)[0]
    assert_close(
        outputs,
        want,
        what="outputs",
        length=LONG.x.shape[1],
        carried=lambda: with_own_cell(student, reference, LONG, part=0),
    )


@points(0.5, group="numerics", about="dtype", needs="number")
@pytest.mark.parametrize("padded", [False, True], ids=["given_state", "lengths"])
def test_rnn_keeps_the_dtype(student, reference, padded):
    """float32 in, float32 out; float64 likewise; with a state and without, with lengths and without."""
    call = (PADDED.x, None, PADDED.lengths) if padded else (MAIN.x, MAIN.h0)
    calls = [(partial(rnn_of(student, MAIN), *call), rnn_of(reference, MAIN)(*call))]
    if padded:
        single = partial(student.RNN(2, 3), SINGLE_PADDED.x, None, SINGLE_PADDED.lengths)
        calls.append((single, "float32"))  # with the weights it starts with
    else:
        call = SINGLE.x, SINGLE.h0
        calls.append((partial(rnn_of(student, SINGLE), *call), rnn_of(reference, SINGLE)(*call)))
    with charged_to_the_cell(student, reference):
        assert_dtype_kept(calls, what=NAMES, length=5)


@points(1, group="initial_state")
@pytest.mark.parametrize("case", [MAIN, SMALL], ids=str)
def test_rnn_begins_at_the_given_state(student, reference, case):
    """A hidden_state that is given is the state before the first step, and every output knows of it."""
    outputs, _ = both(rnn_of(student, case)(case.x, case.h0), NAMES)
    assert_close(
        outputs,
        rnn_of(reference, case)(case.x, case.h0)[0],
        what="outputs",
        length=4,
        carried=lambda: with_own_cell(student, reference, case, part=0),
    )


@points(1, group="initial_state")
@pytest.mark.parametrize(("case", "state"), [(MAIN, (None,)), (SINGLE_SMALL, ())], ids=["none", "left_out"])
def test_rnn_begins_at_zero_without_a_state(student, reference, case, state):
    """hidden_state=None, or none at all, means a state of zeros in the dtype of the input."""
    outputs, _ = both(rnn_of(student, case)(case.x, *state), NAMES)
    assert_close(
        outputs,
        rnn_of(reference, case)(case.x, *state)[0],
        what="outputs",
        length=4,
        carried=lambda: with_own_cell(student, reference, case, given=False, part=0),
    )


@points(1, group="lengths")
def test_rnn_gives_zero_on_padding(student, reference):
    """With lengths, outputs are right on real steps and zero on padding, in the order of the samples."""
    outputs, _ = both(rnn_of(student, PADDED)(PADDED.x, PADDED.h0, PADDED.lengths), NAMES)
    assert_close(
        outputs,
        rnn_of(reference, PADDED)(PADDED.x, PADDED.h0, PADDED.lengths)[0],
        what="outputs",
        length=5,
        carried=lambda: with_own_cell(student, reference, PADDED, part=0),
    )


@points(1, group="lengths")
def test_rnn_stops_at_the_last_real_step(student, reference):
    """With lengths, hidden_state is each sample's state after its own last real step."""
    _, hidden_state = both(rnn_of(student, PADDED)(PADDED.x, PADDED.h0, PADDED.lengths), NAMES)
    assert_close(
        hidden_state,
        rnn_of(reference, PADDED)(PADDED.x, PADDED.h0, PADDED.lengths)[1],
        what="hidden_state",
        length=5,
        carried=lambda: with_own_cell(student, reference, PADDED, part=1),
    )


@points(1, group="lengths")
@pytest.mark.parametrize("case", SPECIAL_LENGTHS, ids=str)
def test_rnn_takes_any_lengths(student, reference, case):
    """lengths may be all one, all equal, sorted already, or of a single sample; with or without a state."""
    assert_close(
        rnn_of(student, case)(case.x, lengths=case.lengths),
        rnn_of(reference, case)(case.x, lengths=case.lengths),
        what="outputs, hidden_state",
        length=4,
        carried=lambda: with_own_cell(student, reference, case, given=False),
    )


@points(0.5, group="gradients")
def test_rnn_passes_gradients_to_its_inputs(student, reference):
    """Gradients flow back through every step, to all of x and to the initial state."""
    got = rnn_of(student, MAIN).gradients(MAIN.x, MAIN.h0, cotangents=MAIN_COTANGENTS)
    want = rnn_of(reference, MAIN).gradients(MAIN.x, MAIN.h0, cotangents=MAIN_COTANGENTS)
    assert_shape(got.value, ((3, 4, 3), (3, 3)), what="outputs, hidden_state")
    assert_close(
        got.inputs,
        want.inputs,
        what="gradient of x, gradient of hidden_state",
        length=4,
        carried=lambda: inputs_with_own_cell(student, reference, MAIN, MAIN_COTANGENTS),
    )


@points(1, group="gradients")
def test_rnn_passes_gradients_to_its_parameters(student, reference):
    """Every parameter gets its gradient, added up over all steps that used it."""
    got = rnn_of(student, MAIN).gradients(MAIN.x, MAIN.h0, cotangents=MAIN_COTANGENTS)
    want = rnn_of(reference, MAIN).gradients(MAIN.x, MAIN.h0, cotangents=MAIN_COTANGENTS)
    assert_shape(got.value, ((3, 4, 3), (3, 3)), what="outputs, hidden_state")
    assert_close(
        tuple(got.parameters.get(name) for name in PARAMETERS),
        tuple(want.parameters[name] for name in PARAMETERS),
        what=", ".join(f"gradient of {name}" for name in PARAMETERS),
        length=4,
        carried=lambda: parameters_with_own_cell(student, reference, MAIN, MAIN_COTANGENTS, PARAMETERS),
    )


@points(0.5, group="gradients")
def test_rnn_passes_no_gradient_to_padding(student, reference):
    """With lengths, real steps get their gradient, and padding gets none."""
    call = PADDED.x, PADDED.h0, PADDED.lengths
    got = rnn_of(student, PADDED).gradients(*call, cotangents=PADDED_COTANGENTS)
    want = rnn_of(reference, PADDED).gradients(*call, cotangents=PADDED_COTANGENTS)
    assert_shape(got.value, ((4, 5, 3), (4, 3)), what="outputs, hidden_state")
    assert_close(
        got.inputs[0],
        want.inputs[0],
        what="gradient of x",
        length=5,
        carried=lambda: inputs_with_own_cell(student, reference, PADDED, PADDED_COTANGENTS, part=0),
    )
    assert_zero_on_padding(got.inputs[0], PADDED.real, what="gradient of x")


@points(0.5, group="parameters", needs="number")
def test_rnn_registers_its_parameters(student):
    """RNN has exactly these trainable parameters: the three of its cell, and w_output (H, H)."""
    shapes = dict(zip(PARAMETERS, ((2, 3), (3, 3), (3,), (3, 3)), strict=True))
    assert_registered(student.RNN(2, 3).parameters(), shapes)


@points(0.5, group="parameters", needs="number")
def test_rnn_starts_with_sensible_weights(student):
    """All weight matrices are registered and start filled with numbers of a sensible size."""
    names = ("cell.w_input", "cell.w_hidden", "w_output")
    assert_good_start(student.RNN(24, 32).parameters(), names)


@points(1, group="parameters", gives="number")
def test_rnn_uses_its_own_weights(student):
    """Another w_output changes the outputs and not the state; other weights of the cell change both."""
    rnn = rnn_of(student, MAIN)
    answers = [
        both(rnn(MAIN.x, MAIN.h0), NAMES),
        both(rnn.load(OTHER_W_OUTPUT)(MAIN.x, MAIN.h0), NAMES),
        both(rnn.load(OTHER_CELL)(MAIN.x, MAIN.h0), NAMES),
    ]
    for outputs, hidden_state in answers:
        assert_alive(outputs, (3, 4, 3), what="outputs")
        assert_alive(hidden_state, (3, 3), what="hidden_state")
    (outputs_1, state_1), (outputs_2, state_2), (outputs_3, state_3) = answers
    assert_changed(outputs_1, outputs_2, what="outputs", by="w_output")
    assert_close(state_2, state_1, what="hidden_state after loading another w_output")
    assert_changed(outputs_2, outputs_3, what="outputs", by="pair of cell weights")
    assert_changed(state_2, state_3, what="hidden_state", by="pair of cell weights")


@points(0.5, group="behaviour", needs="number")
def test_rnn_leaves_its_arguments_alone(student):
    """RNN reads its arguments, lengths too, and changes none of them."""
    observed = student.RNN(2, 3).observe(SINGLE_PADDED.x, SINGLE_PADDED.h0, SINGLE_PADDED.lengths)
    outputs, _ = both(observed.value, NAMES)
    assert_shape(outputs, (4, 5, 3), what="outputs")
    assert_unchanged(observed, "x, hidden_state, lengths")


@points(0.5, group="behaviour", needs="number")
def test_rnn_keeps_nothing_between_calls(student):
    """One network gives the same answer a second time, and then takes another batch size and length."""
    rnn = rnn_of(student, SINGLE)
    first, _ = both(rnn(SINGLE.x), NAMES)
    assert_alive(first, (3, 4, 3), what="outputs")
    again, _ = both(rnn(SINGLE.x), NAMES)
    assert_close(again, first, what="outputs the second time", length=4)
    other, _ = both(rnn(SINGLE_OTHER_SIZES), NAMES)
    assert_alive(other, (2, 3, 3), what="outputs")
