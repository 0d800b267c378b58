"""The torch half of the rnn suite: `RNN`, around the student's own `RNNCell`.

Tests of the loop pass error carried forward, so that a wrong cell costs its points once.
"""

from grader.suite import assert_alive, assert_changed, assert_close, points

from ..shared import laws
from ..shared.cases import LEFT_OUT, frozen
from ..shared.laws_of_learning import assert_read_through_weights
from .carried import charged_to_the_cell, inputs_with_own_cell, parameters_with_own_cell, with_own_cell
from .spec import (
    ALL_DIFFERENT,
    ALL_EQUAL,
    ALL_ONE,
    FROM_ZERO,
    LONG,
    MAIN,
    MAIN_COTANGENTS,
    ONE_SAMPLE,
    ONE_STEP,
    PADDED,
    PADDED_COTANGENTS,
    RNN,
    SINGLE,
    SINGLE_PADDED,
    SMALL,
    SPECIAL_LENGTHS,
)

FEWER = SINGLE.cut("fewer", 0, 3).cut("fewer", 0, 2, axis="N").no_state(LEFT_OUT)
OTHER_W_OUTPUT = {"w_output": frozen(MAIN["w_output"][::-1] + 0.5)}
OTHER_CELL = {f"cell.{name}": frozen(MAIN[name][::-1] * 0.7) for name in ("w_input", "w_hidden")}

test_rnn_gives_an_output_for_every_step = laws.shapes(
    RNN, [ALL_DIFFERENT, ONE_SAMPLE, ALL_EQUAL, ALL_ONE, ONE_STEP], worth=1
)
test_rnn_projects_the_state_of_every_step = laws.agrees(
    RNN,
    FROM_ZERO,
    worth=1,
    part="outputs",
    carried=with_own_cell,
    says="outputs[:, t] is the state after step t, multiplied by w_output.",
)
test_rnn_returns_the_last_state = laws.agrees(
    RNN,
    FROM_ZERO[0],
    worth=0.5,
    part="hidden_state",
    carried=with_own_cell,
    says="hidden_state is the state itself after the last step, not an output.",
)
test_rnn_can_go_on_from_its_last_state = laws.goes_on(
    RNN,
    SINGLE,
    at=2,
    worth=0.5,
    says="Reading a sequence in two pieces, the state handed on, gives the outputs of reading it at once.",
)
test_rnn_stays_accurate_over_long_sequences = laws.agrees(
    RNN,
    LONG,
    worth=0.5,
    part="outputs",
    carried=with_own_cell,
    says="Hundreds of steps later, the outputs are still right.",
)
test_rnn_keeps_the_dtype = laws.dtype_kept(
    RNN,
    {"given_state": (MAIN, SINGLE), "lengths": (PADDED.no_state(),)},
    worth=0.5,
    fresh=SINGLE_PADDED.no_state(),
    around=charged_to_the_cell,
    says="float32 in, float32 out; float64 likewise; with a state and without, with lengths and without.",
)
test_rnn_begins_at_the_given_state = laws.agrees(
    RNN,
    [MAIN, SMALL],
    worth=1,
    group="initial_state",
    part="outputs",
    carried=with_own_cell,
    says="A hidden_state that is given is the state before the first step, and every output knows of it.",
)
test_rnn_begins_at_zero_without_a_state = laws.agrees(
    RNN,
    {"none": MAIN.no_state(), "left_out": SMALL.astype("float32").no_state(LEFT_OUT)},
    worth=1,
    group="initial_state",
    part="outputs",
    carried=with_own_cell,
    says="hidden_state=None, or none at all, means a state of zeros in the dtype of the input.",
)
test_rnn_gives_zero_on_padding = laws.agrees(
    RNN,
    PADDED,
    worth=1,
    group="lengths",
    part="outputs",
    carried=with_own_cell,
    says="With lengths, outputs are right on real steps and zero on padding, in the order of the samples.",
)
test_rnn_stops_at_the_last_real_step = laws.agrees(
    RNN,
    PADDED,
    worth=1,
    group="lengths",
    part="hidden_state",
    carried=with_own_cell,
    says="With lengths, hidden_state is each sample's state after its own last real step.",
)
test_rnn_takes_any_lengths = laws.agrees(
    RNN,
    {case.name: case.no_state(LEFT_OUT) for case in SPECIAL_LENGTHS},
    worth=1,
    group="lengths",
    carried=with_own_cell,
    says="lengths may be all one, all equal, sorted already, or of a single sample; with or without a state.",
)
test_rnn_passes_gradients_to_its_inputs = laws.input_gradients(
    RNN,
    MAIN,
    MAIN_COTANGENTS,
    worth=0.5,
    carried=inputs_with_own_cell,
    says="Gradients flow back through every step, to all of x and to the initial state.",
)
test_rnn_passes_gradients_to_its_parameters = laws.parameter_gradients(
    RNN, MAIN, MAIN_COTANGENTS, worth=1, carried=parameters_with_own_cell
)
test_rnn_passes_no_gradient_to_padding = laws.no_gradient_on_padding(
    RNN, PADDED, PADDED_COTANGENTS, worth=0.5, carried=inputs_with_own_cell
)
test_rnn_registers_its_parameters = laws.registered(
    RNN,
    MAIN,
    worth=0.5,
    says="RNN has exactly these trainable parameters: the three of its cell, and w_output (H, H).",
)
test_rnn_starts_with_sensible_weights = laws.good_start(
    RNN, ("cell.w_input", "cell.w_hidden", "w_output"), {"I": 24, "H": 32}, worth=0.5
)


@points(1, group="parameters", gives="number")
def test_rnn_uses_its_own_weights(student):
    """Another w_output changes the outputs and not the state; other weights of the cell change both."""
    rnn = RNN.made(student, MAIN)
    arguments, _ = RNN.call(MAIN)
    answers = [
        RNN.leaves((rnn.load(other) if other else rnn)(*arguments))
        for other in (None, OTHER_W_OUTPUT, OTHER_CELL)
    ]
    for answer in answers:
        for name, array in answer.items():
            assert_alive(array, RNN.shapes(MAIN)[name], what=name)
    (outputs_1, state_1), (outputs_2, state_2), (outputs_3, state_3) = (answer.values() for answer in answers)
    assert_changed(outputs_1, outputs_2, what="outputs", by="w_output")
    assert_close(state_2, state_1, what="hidden_state after loading another w_output")
    assert_changed(outputs_2, outputs_3, what="outputs", by="pair of cell weights")
    assert_changed(state_2, state_3, what="hidden_state", by="pair of cell weights")
    assert_read_through_weights(RNN, student, MAIN)


test_rnn_leaves_its_arguments_alone = laws.arguments_unchanged(RNN, SINGLE_PADDED, worth=0.5)
test_rnn_keeps_nothing_between_calls = laws.nothing_kept(
    RNN,
    SINGLE.no_state(LEFT_OUT),
    FEWER,
    worth=0.5,
)
