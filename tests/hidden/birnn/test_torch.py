"""The torch half of the birnn suite: `BiRNN`. Inputs and answers are numpy arrays here as well."""

from grader.suite import points

from ..shared import laws
from ..shared.cases import LEFT_OUT, frozen
from ..shared.laws_of_learning import assert_read_through_weights
from .answers import FIRST, SECOND, assert_changed_only, first_half, parts, second_half
from .spec import (
    ALL_DIFFERENT,
    ALL_EQUAL,
    ALL_ONE,
    BIRNN,
    FROM_ZERO,
    LONG,
    MAIN,
    MAIN_COTANGENTS,
    ONE_SAMPLE,
    PADDED,
    PADDED_COTANGENTS,
    SINGLE,
    SINGLE_PADDED,
    SMALL,
    SPECIAL_LENGTHS,
    TWO_SAMPLES,
)

FEWER = SINGLE.cut("fewer", 0, 3).cut("fewer", 0, 2, axis="N").no_state(LEFT_OUT)

test_birnn_joins_both_halves_at_every_step = laws.shapes(
    BIRNN, [ALL_DIFFERENT, ALL_EQUAL, ONE_SAMPLE, ALL_ONE], worth=2
)
test_birnn_forward_half_reads_from_the_start = laws.agrees(
    BIRNN,
    FROM_ZERO[0],
    worth=1,
    part=FIRST,
    take=first_half,
    says="The first half of outputs[:, t] is forward_linear of the forward state after reading steps 0 to t.",
)
test_birnn_backward_half_belongs_to_the_same_step = laws.agrees(
    BIRNN,
    FROM_ZERO,
    worth=2,
    part=SECOND,
    take=second_half,
    says="The second half of outputs[:, t] is backward_linear of what the backward direction knows at step t.",
)
test_birnn_returns_the_last_states = laws.agrees(
    BIRNN,
    TWO_SAMPLES,
    worth=1,
    part="hidden",
    says="hidden holds states, not outputs: forward after the last step, backward after step 0.",
)
test_birnn_stays_accurate_over_long_sequences = laws.agrees(
    BIRNN, LONG, worth=1, part="outputs", says="Hundreds of steps later, both directions are still right."
)
test_birnn_keeps_the_dtype = laws.dtype_kept(
    BIRNN,
    {"given_state": (MAIN, SINGLE), "lengths": (PADDED.no_state(),)},
    worth=1,
    fresh=SINGLE_PADDED.no_state(),
    says="float32 in, float32 out; float64 likewise; with a state and without, with lengths and without.",
)
test_birnn_forward_direction_begins_at_hidden_0 = laws.agrees(
    BIRNN,
    MAIN,
    worth=0.5,
    group="initial_state",
    part=FIRST,
    take=first_half,
    says="The forward direction begins with hidden[0], before step 0.",
)
test_birnn_backward_direction_begins_at_hidden_1 = laws.agrees(
    BIRNN,
    MAIN,
    worth=0.5,
    group="initial_state",
    part=SECOND,
    take=second_half,
    says="The backward direction begins with hidden[1], before the last step.",
)
test_birnn_begins_at_zero_without_a_state = laws.agrees(
    BIRNN,
    {
        "none": MAIN.no_state(),
        "left_out": SMALL.astype("float32").no_state(LEFT_OUT),
        "none_one_sample": ONE_SAMPLE.astype("float32").no_state(),
        "left_out_one_sample": ONE_SAMPLE.no_state(LEFT_OUT),
    },
    worth=1,
    group="initial_state",
    part="outputs",
    says="hidden=None, or none at all, means states of zeros in the dtype of the input.",
)
test_birnn_forward_half_is_zero_on_padding = laws.agrees(
    BIRNN,
    PADDED,
    worth=0.5,
    group="lengths",
    part=FIRST,
    take=first_half,
    says="With lengths, the first half of outputs is right on real steps and zero on padding.",
)
test_birnn_backward_half_begins_at_the_last_real_step = laws.agrees(
    BIRNN,
    PADDED,
    worth=1,
    group="lengths",
    part=SECOND,
    take=second_half,
    says="With lengths, the backward direction begins at each sample's last real step and never reads padding.",
)
test_birnn_hidden_has_read_the_real_steps = laws.agrees(
    BIRNN,
    PADDED,
    worth=1,
    group="lengths",
    part="hidden",
    says="With lengths, both states in hidden have read each sample's real steps and nothing else.",
)
test_birnn_takes_any_lengths = laws.agrees(
    BIRNN,
    {case.name: case.no_state(LEFT_OUT) for case in SPECIAL_LENGTHS[:3]},
    worth=1.5,
    group="lengths",
    says="lengths may be all one, all equal, or sorted already; and be given without a state.",
)
test_birnn_passes_gradients_to_its_inputs = laws.input_gradients(
    BIRNN,
    MAIN,
    MAIN_COTANGENTS,
    worth=1,
    says="Gradients flow back through every step of both directions, to all of x and to the initial states.",
)
test_birnn_passes_gradients_to_its_parameters = laws.parameter_gradients(
    BIRNN,
    MAIN,
    MAIN_COTANGENTS,
    worth=1,
    says="Every parameter of both cells and both linear layers gets its gradient, added up over all steps.",
)
test_birnn_passes_no_gradient_to_padding = laws.no_gradient_on_padding(
    BIRNN, PADDED, PADDED_COTANGENTS, worth=1
)
test_birnn_registers_its_parameters = laws.registered(
    BIRNN,
    MAIN,
    worth=1,
    says="BiRNN has exactly the trainable parameters of its two nn.RNNCell and its two nn.Linear.",
)


def after_loading(student, *names):
    """The parts of three answers to MAIN: as it is, and after each of two weights was given other values."""
    birnn = BIRNN.made(student, MAIN)
    arguments, _ = BIRNN.call(MAIN)
    yield parts(birnn(*arguments), MAIN)
    for name in names:
        birnn = birnn.load({name: frozen(MAIN[name][::-1] * 0.8 + 0.1)})
        yield parts(birnn(*arguments), MAIN)


@points(0.5, group="parameters", gives="number")
def test_birnn_linears_shape_their_own_half(student):
    """Other weights in one linear layer change that direction's half of outputs, and nothing else."""
    weights = "forward_linear.weight", "backward_linear.weight"
    first, second, third = after_loading(student, *weights)
    assert_changed_only(first, second, ["the forward half of outputs"], by=weights[0])
    assert_changed_only(second, third, ["the backward half of outputs"], by=weights[1])
    assert_read_through_weights(BIRNN, student, MAIN)


@points(0.5, group="parameters", gives="number")
def test_birnn_cells_move_their_own_direction(student):
    """Other weights in one cell change that direction's half of outputs and of hidden, and nothing else."""
    weights = "forward_cell.weight_ih", "backward_cell.weight_hh"
    first, second, third = after_loading(student, *weights)
    assert_changed_only(first, second, ["the forward half of outputs", "hidden[0]"], by=weights[0])
    assert_changed_only(second, third, ["the backward half of outputs", "hidden[1]"], by=weights[1])
    assert_read_through_weights(BIRNN, student, MAIN)


test_birnn_leaves_its_arguments_alone = laws.arguments_unchanged(BIRNN, SINGLE_PADDED, worth=0.5)
test_birnn_keeps_nothing_between_calls = laws.nothing_kept(
    BIRNN,
    SINGLE.no_state(LEFT_OUT),
    FEWER,
    worth=0.5,
)
