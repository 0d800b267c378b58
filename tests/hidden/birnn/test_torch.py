"""The torch half of the birnn suite: `BiRNN`. Inputs and answers are numpy arrays here as well.

Tests of shapes and arguments use the weights the module starts with; the others load their own.
"""

from functools import partial

import numpy as np
import pytest

from grader.suite import (
    assert_alive,
    assert_close,
    assert_dtype_kept,
    assert_registered,
    assert_shape,
    assert_unchanged,
    assert_zero_on_padding,
    both,
    is_alive,
    points,
)

from .answers import assert_changed_only, halves, parts
from .cases import (
    ALL_DIFFERENT,
    ALL_EQUAL,
    ALL_ONE,
    LONG,
    MAIN,
    MAIN_COTANGENTS,
    ONE_SAMPLE,
    PADDED,
    PADDED_COTANGENTS,
    SMALL,
    SPECIAL_LENGTHS,
    TWO_SAMPLES,
    frozen,
)

NAMES = "outputs, hidden"
PARAMETERS = tuple(MAIN.weights)
SINGLE = MAIN.astype(np.float32)
SINGLE_SMALL = SMALL.astype(np.float32)
SINGLE_PADDED = PADDED.astype(np.float32)
SINGLE_OTHER_SIZES = frozen(SINGLE.x[:2, :3].copy())
FROM_ZERO = [MAIN.from_zero(), SMALL.from_zero()]
WITHOUT_STATE = {
    "none": (MAIN, (None,)),
    "left_out": (SINGLE_SMALL, ()),
    "none_one_sample": (ONE_SAMPLE.astype(np.float32), (None,)),
    "left_out_one_sample": (ONE_SAMPLE, ()),
}


def another(name):
    """Other values for the weight of this name."""
    return {name: frozen(MAIN.weights[name][::-1] * 0.8 + 0.1)}


def birnn_of(module, case):
    """`module`'s BiRNN with the weights of the case."""
    _, _, i, h = case.sizes
    return module.BiRNN(i, h).load(case.weights)


def answer_of(module, case):
    """Forward half and backward half of outputs, and hidden, of `module`'s BiRNN, checked for shape."""
    call = (case.x, case.h0) if case.lengths is None else (case.x, case.h0, case.lengths)
    outputs, hidden = both(birnn_of(module, case)(*call), NAMES)
    return *halves(outputs, case.outputs_shape), hidden


@points(2, group="shapes")
@pytest.mark.parametrize("case", [ALL_DIFFERENT, ALL_EQUAL, ONE_SAMPLE, ALL_ONE], ids=str)
def test_birnn_joins_both_halves_at_every_step(student, case):
    """BiRNN gives outputs (N, L, 2H) and hidden (2, N, H), whatever the sizes."""
    _, _, i, h = case.sizes
    case = case.astype(np.float32)
    outputs, hidden = both(student.BiRNN(i, h)(case.x, case.h0), NAMES)
    assert_shape((outputs, hidden), (case.outputs_shape, case.h0.shape), what=NAMES)
    if not is_alive(outputs, case.outputs_shape):  # as with layers that start as zeros
        outputs, hidden = both(birnn_of(student, case)(case.x, case.h0), NAMES)
        assert_alive(outputs, case.outputs_shape, what="outputs")


@points(1, group="numerics")
def test_birnn_forward_half_reads_from_the_start(student, reference):
    """The first half of outputs[:, t] is forward_linear of the forward state after reading steps 0 to t."""
    got, want = answer_of(student, FROM_ZERO[0])[0], answer_of(reference, FROM_ZERO[0])[0]
    assert_close(got, want, what="first half of outputs", length=4)


@points(2, group="numerics")
@pytest.mark.parametrize("case", FROM_ZERO, ids=str)
def test_birnn_backward_half_belongs_to_the_same_step(student, reference, case):
    """The second half of outputs[:, t] is backward_linear of what the backward direction knows at step t."""
    got, want = answer_of(student, case)[1], answer_of(reference, case)[1]
    assert_close(got, want, what="second half of outputs", length=4)


@points(1, group="numerics")
def test_birnn_returns_the_last_states(student, reference):
    """hidden holds states, not outputs: forward after the last step, backward after step 0."""
    _, hidden = both(birnn_of(student, TWO_SAMPLES)(TWO_SAMPLES.x, TWO_SAMPLES.h0), NAMES)
    want = birnn_of(reference, TWO_SAMPLES)(TWO_SAMPLES.x, TWO_SAMPLES.h0)[1]
    assert_close(hidden, want, what="hidden", length=4)


@points(1, group="numerics")
def test_birnn_stays_accurate_over_long_sequences(student, reference):
    """Hundreds of steps later, both directions are still right."""
    outputs, _ = both(birnn_of(student, LONG)(LONG.x, LONG.h0), NAMES)
    want = birnn_of(reference, LONG)(LONG.x, LONG.h0)[0]
    assert_close(outputs, want, what="outputs", length=LONG.x.shape[1])


@points(1, group="numerics", about="dtype", needs="number")
@pytest.mark.parametrize("padded", [False, True], ids=["given_state", "lengths"])
def test_birnn_keeps_the_dtype(student, reference, padded):
    """float32 in, float32 out; float64 likewise; with a state and without, with lengths and without."""
    call = (PADDED.x, None, PADDED.lengths) if padded else (MAIN.x, MAIN.h0)
    calls = [(partial(birnn_of(student, MAIN), *call), birnn_of(reference, MAIN)(*call))]
    if padded:
        single = partial(student.BiRNN(2, 3), SINGLE_PADDED.x, None, SINGLE_PADDED.lengths)
        calls.append((single, "float32"))  # with the weights it starts with
    else:
        call = SINGLE.x, SINGLE.h0
        calls.append((partial(birnn_of(student, SINGLE), *call), birnn_of(reference, SINGLE)(*call)))
    assert_dtype_kept(calls, what=NAMES, length=5)


@points(0.5, group="initial_state")
def test_birnn_forward_direction_begins_at_hidden_0(student, reference):
    """The forward direction begins with hidden[0], before step 0."""
    got, want = answer_of(student, MAIN)[0], answer_of(reference, MAIN)[0]
    assert_close(got, want, what="first half of outputs", length=4)


@points(0.5, group="initial_state")
def test_birnn_backward_direction_begins_at_hidden_1(student, reference):
    """The backward direction begins with hidden[1], before the last step."""
    got, want = answer_of(student, MAIN)[1], answer_of(reference, MAIN)[1]
    assert_close(got, want, what="second half of outputs", length=4)


@points(1, group="initial_state")
@pytest.mark.parametrize(("case", "state"), WITHOUT_STATE.values(), ids=WITHOUT_STATE)
def test_birnn_begins_at_zero_without_a_state(student, reference, case, state):
    """hidden=None, or none at all, means states of zeros in the dtype of the input."""
    outputs, _ = both(birnn_of(student, case)(case.x, *state), NAMES)
    want = birnn_of(reference, case)(case.x, *state)[0]
    assert_close(outputs, want, what="outputs", length=4)


@points(0.5, group="lengths")
def test_birnn_forward_half_is_zero_on_padding(student, reference):
    """With lengths, the first half of outputs is right on real steps and zero on padding."""
    got, want = answer_of(student, PADDED)[0], answer_of(reference, PADDED)[0]
    assert_close(got, want, what="first half of outputs", length=5)


@points(1, group="lengths")
def test_birnn_backward_half_begins_at_the_last_real_step(student, reference):
    """With lengths, the backward direction begins at each sample's last real step and never reads padding."""
    got, want = answer_of(student, PADDED)[1], answer_of(reference, PADDED)[1]
    assert_close(got, want, what="second half of outputs", length=5)


@points(1, group="lengths")
def test_birnn_hidden_has_read_the_real_steps(student, reference):
    """With lengths, both states in hidden have read each sample's real steps and nothing else."""
    _, hidden = both(birnn_of(student, PADDED)(PADDED.x, PADDED.h0, PADDED.lengths), NAMES)
    want = answer_of(reference, PADDED)[2]
    assert_close(hidden, want, what="hidden", length=5)


@points(1.5, group="lengths")
@pytest.mark.parametrize("case", SPECIAL_LENGTHS[:3], ids=str)
def test_birnn_takes_any_lengths(student, reference, case):
    """lengths may be all one, all equal, or sorted already; and be given without a state."""
    got = birnn_of(student, case)(case.x, lengths=case.lengths)
    want = birnn_of(reference, case)(case.x, lengths=case.lengths)
    assert_close(got, want, what="outputs, hidden", length=4)


@points(1, group="gradients")
def test_birnn_passes_gradients_to_its_inputs(student, reference):
    """Gradients flow back through every step of both directions, to all of x and to the initial states."""
    got = birnn_of(student, MAIN).gradients(MAIN.x, MAIN.h0, cotangents=MAIN_COTANGENTS)
    want = birnn_of(reference, MAIN).gradients(MAIN.x, MAIN.h0, cotangents=MAIN_COTANGENTS)
    assert_shape(got.value, (MAIN.outputs_shape, MAIN.h0.shape), what="outputs, hidden")
    assert_close(got.inputs, want.inputs, what="gradient of x, gradient of hidden", length=4)


@points(1, group="gradients")
def test_birnn_passes_gradients_to_its_parameters(student, reference):
    """Every parameter of both cells and both linear layers gets its gradient, added up over all steps."""
    got = birnn_of(student, MAIN).gradients(MAIN.x, MAIN.h0, cotangents=MAIN_COTANGENTS)
    want = birnn_of(reference, MAIN).gradients(MAIN.x, MAIN.h0, cotangents=MAIN_COTANGENTS)
    assert_shape(got.value, (MAIN.outputs_shape, MAIN.h0.shape), what="outputs, hidden")
    assert_close(
        tuple(got.parameters.get(name) for name in PARAMETERS),
        tuple(want.parameters[name] for name in PARAMETERS),
        what=", ".join(f"gradient of {name}" for name in PARAMETERS),
        length=4,
    )


@points(1, group="gradients")
def test_birnn_passes_no_gradient_to_padding(student, reference):
    """With lengths, real steps get their gradient, and padding gets none."""
    call = PADDED.x, PADDED.h0, PADDED.lengths
    got = birnn_of(student, PADDED).gradients(*call, cotangents=PADDED_COTANGENTS)
    want = birnn_of(reference, PADDED).gradients(*call, cotangents=PADDED_COTANGENTS)
    assert_shape(got.value, (PADDED.outputs_shape, PADDED.h0.shape), what="outputs, hidden")
    assert_close(got.inputs[0], want.inputs[0], what="gradient of x", length=5)
    assert_zero_on_padding(got.inputs[0], PADDED.real, what="gradient of x")


@points(1, group="parameters", needs="number")
def test_birnn_registers_its_parameters(student):
    """BiRNN has exactly the trainable parameters of its two nn.RNNCell and its two nn.Linear."""
    shapes = {name: array.shape for name, array in MAIN.weights.items()}
    assert_registered(student.BiRNN(2, 3).parameters(), shapes)


@points(0.5, group="parameters", gives="number")
def test_birnn_linears_shape_their_own_half(student):
    """Other weights in one linear layer change that direction's half of outputs, and nothing else."""
    birnn = birnn_of(student, MAIN)
    first = parts(birnn(MAIN.x, MAIN.h0), MAIN)
    second = parts(birnn.load(another("forward_linear.weight"))(MAIN.x, MAIN.h0), MAIN)
    third = parts(birnn.load(another("backward_linear.weight"))(MAIN.x, MAIN.h0), MAIN)
    assert_changed_only(first, second, ["the forward half of outputs"], by="forward_linear.weight")
    assert_changed_only(second, third, ["the backward half of outputs"], by="backward_linear.weight")


@points(0.5, group="parameters", gives="number")
def test_birnn_cells_move_their_own_direction(student):
    """Other weights in one cell change that direction's half of outputs and of hidden, and nothing else."""
    birnn = birnn_of(student, MAIN)
    first = parts(birnn(MAIN.x, MAIN.h0), MAIN)
    second = parts(birnn.load(another("forward_cell.weight_ih"))(MAIN.x, MAIN.h0), MAIN)
    third = parts(birnn.load(another("backward_cell.weight_hh"))(MAIN.x, MAIN.h0), MAIN)
    assert_changed_only(
        first, second, ["the forward half of outputs", "hidden[0]"], by="forward_cell.weight_ih"
    )
    assert_changed_only(
        second, third, ["the backward half of outputs", "hidden[1]"], by="backward_cell.weight_hh"
    )


@points(0.5, group="behaviour", needs="number")
def test_birnn_leaves_its_arguments_alone(student):
    """BiRNN reads its arguments, lengths too, and changes none of them."""
    observed = student.BiRNN(2, 3).observe(SINGLE_PADDED.x, SINGLE_PADDED.h0, SINGLE_PADDED.lengths)
    outputs, _ = both(observed.value, NAMES)
    assert_shape(outputs, PADDED.outputs_shape, what="outputs")
    assert_unchanged(observed, "x, hidden, lengths")


@points(0.5, group="behaviour", needs="number")
def test_birnn_keeps_nothing_between_calls(student):
    """One network gives the same answer a second time, and then takes another batch size and length."""
    birnn = birnn_of(student, SINGLE)
    first, _ = both(birnn(SINGLE.x), NAMES)
    assert_alive(first, MAIN.outputs_shape, what="outputs")
    again, _ = both(birnn(SINGLE.x), NAMES)
    assert_close(again, first, what="outputs the second time", length=4)
    other, _ = both(birnn(SINGLE_OTHER_SIZES), NAMES)
    assert_alive(other, (2, 3, 6), what="outputs")
