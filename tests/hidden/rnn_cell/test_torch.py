"""The torch half of the rnn_cell suite: `RNNCell`. Inputs and answers are numpy arrays here as well."""

from ..shared import laws
from .spec import ALL_DIFFERENT, ALL_EQUAL, ALL_ONE, CELL, COTANGENTS, ONE_SAMPLE, SINGLE, SMALL

FEWER = SINGLE.cut("all_sizes_differ", 0, 2, axis="N").no_state()

test_cell_gives_one_state_per_sample = laws.shapes(
    CELL,
    [ALL_DIFFERENT, ALL_EQUAL, ALL_ONE, ONE_SAMPLE],
    worth=1,
    says="RNNCell gives one row per sample and one column per hidden unit, whatever the sizes.",
)
test_cell_follows_the_formula = laws.agrees(
    CELL,
    [ALL_DIFFERENT, SMALL],
    worth=2,
    says="RNNCell computes the formula of rnn_cell_forward with its own three parameters.",
)
test_cell_keeps_the_dtype = laws.dtype_kept(
    CELL,
    [ALL_DIFFERENT, ALL_DIFFERENT.no_state(), ALL_EQUAL.astype("float32")],
    worth=1,
    says="float32 in, float32 out; float64 likewise; with a state, without one, and with the weights it starts with.",
    fresh=FEWER,
)
test_cell_begins_at_zero_without_a_state = laws.agrees(
    CELL,
    {"float64": ALL_DIFFERENT.no_state(), "float32": ONE_SAMPLE.astype("float32").no_state()},
    worth=1,
    group="initial_state",
    says="hidden_state=None means a state of zeros, in the dtype of the input.",
)
test_cell_uses_the_given_state = laws.agrees(
    CELL,
    ALL_EQUAL.without("x"),
    worth=1,
    group="initial_state",
    says="A state that is given is used: with a zero input, the new state comes from it and the bias.",
)
test_cell_passes_gradients_to_its_inputs = laws.input_gradients(
    CELL,
    ALL_DIFFERENT,
    COTANGENTS,
    worth=1,
    says="Gradients flow through the step to the input and to the old state.",
)
test_cell_passes_gradients_to_its_parameters = laws.parameter_gradients(
    CELL,
    ALL_DIFFERENT,
    COTANGENTS,
    worth=1,
    says="Each of the three parameters gets its gradient, so that an optimizer can improve it.",
)
test_cell_registers_three_parameters = laws.registered(
    CELL,
    ALL_DIFFERENT,
    worth=0.5,
    says="RNNCell has exactly three trainable parameters: w_input (I, H), w_hidden (H, H) and bias (H,).",
)
test_cell_uses_its_own_weights = laws.weights_used(
    CELL,
    SINGLE,
    ("w_input", "w_hidden"),
    worth=0.25,
    says="Other values in w_input or in w_hidden change the new state, and so do other inputs and other states.",
)
test_cell_starts_with_sensible_weights = laws.good_start(
    CELL,
    ("w_input", "w_hidden"),
    {"I": 24, "H": 32},
    worth=0.25,
    says="Both weight matrices are registered and start filled with numbers of a sensible size.",
)
test_cell_leaves_its_arguments_alone = laws.arguments_unchanged(CELL, SINGLE, worth=0.5)
test_cell_keeps_nothing_between_calls = laws.nothing_kept(
    CELL,
    SINGLE.no_state(),
    FEWER,
    worth=0.5,
    says="One cell gives the same answer a second time, and then takes a batch of another size.",
)
