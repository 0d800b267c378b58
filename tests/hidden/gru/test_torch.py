"""The torch half of the gru suite: `GRU`. Inputs and answers are numpy arrays here as well."""

from ..shared import laws
from ..shared.cases import LEFT_OUT
from .spec import (
    ALL_DIFFERENT,
    ALL_EQUAL,
    ALL_ONE,
    COTANGENTS,
    GRU,
    LONG,
    MAIN,
    ONE_SAMPLE,
    PADDED,
    PADDED_COTANGENTS,
    SINGLE,
    SINGLE_PADDED,
    SMALL,
    SPECIAL_LENGTHS,
    WEIGHTS,
    one_layer,
)

FEWER = SINGLE.cut("main", 0, 2, axis="N").cut("main", 0, 3).no_state()

test_gru_gives_a_state_for_every_step = laws.shapes(
    GRU,
    [ALL_DIFFERENT, ALL_EQUAL, ONE_SAMPLE, ALL_ONE],
    worth=2,
    says="GRU gives outputs (N, L, H) and h_last (N, H), whatever the sizes.",
)
test_gru_computes_each_layer = laws.agrees(
    GRU,
    [one_layer(SMALL.cut("small", 0, 1), layer) for layer in range(3)],
    worth=1,
    says="One step with the weights of one layer alone, the others being zero, gives the right state.",
)
test_gru_carries_its_state_along = laws.agrees(
    GRU,
    [MAIN.no_state(), SMALL.no_state()],
    worth=1,
    says="outputs[:, t] is made from step t of x and the state after step t-1, the same way each time.",
    part="outputs",
)
test_gru_returns_the_last_state = laws.agrees(
    GRU,
    MAIN.no_state(),
    worth=1,
    says="h_last is the state after the last step.",
    part="h_last",
)
test_gru_can_go_on_from_its_last_state = laws.goes_on(GRU, MAIN, at=2, worth=1)
test_gru_stays_accurate_over_long_sequences = laws.agrees(
    GRU, LONG, worth=1, says="Hundreds of steps later, the states are still right."
)
test_gru_keeps_the_dtype = laws.dtype_kept(
    GRU,
    {"all_steps": [MAIN, MAIN.no_state(), SINGLE, SINGLE.no_state()], "lengths": [PADDED, SINGLE_PADDED]},
    worth=1,
    says="float32 arrays in, float32 numbers out; float64 likewise; with lengths and without.",
    fresh=FEWER,
)
test_gru_begins_at_the_given_state = laws.agrees(
    GRU,
    [MAIN, ALL_EQUAL],
    worth=2,
    group="initial_state",
    says="With a state given, step 0 reads it, and keeps of it what z says.",
)
test_gru_begins_at_zero_without_a_state = laws.agrees(
    GRU,
    {"none": MAIN.no_state(), "left_out": SINGLE.no_state(LEFT_OUT), "lengths": PADDED.no_state(LEFT_OUT)},
    worth=2,
    group="initial_state",
    says="hidden_state=None, or none at all, means a state of zeros.",
)
test_gru_reads_real_steps_only = laws.agrees(
    GRU,
    PADDED,
    worth=2,
    group="lengths",
    says="With lengths, real steps give what they give without padding, and outputs on padding are zero.",
    part="outputs",
)
test_gru_gives_zero_on_padding = laws.zero_on_padding(GRU, PADDED, worth=1)
test_gru_stops_at_the_last_real_step = laws.agrees(
    GRU,
    PADDED,
    worth=2,
    group="lengths",
    says="With lengths, h_last is the state after each last real step.",
    part="h_last",
)
test_gru_takes_any_lengths = laws.agrees(
    GRU,
    SPECIAL_LENGTHS,
    worth=2,
    group="lengths",
    says="Lengths may be equal, all one, sorted, or shorter than L, for any number of samples.",
)
test_gru_passes_gradients_to_its_inputs = laws.input_gradients(
    GRU,
    MAIN,
    COTANGENTS,
    worth=2,
    says="Gradients flow back through every step to x, and to the initial state.",
)
test_gru_passes_gradients_to_its_parameters = laws.parameter_gradients(GRU, MAIN, COTANGENTS, worth=2)
test_gru_passes_no_gradient_to_padding = laws.no_gradient_on_padding(GRU, PADDED, PADDED_COTANGENTS, worth=1)
test_gru_registers_its_parameters = laws.registered(
    GRU,
    MAIN,
    worth=0.5,
    says="GRU has exactly four trainable parameters: w_input (I, 3H), w_hidden (H, 3H), bias_input (3H,) and"
    " bias_hidden (3H,).",
)
test_gru_starts_with_sensible_weights = laws.good_start(
    GRU, ("w_input", "w_hidden"), {"I": 24, "H": 32}, worth=0.5
)
test_gru_uses_its_own_weights = laws.weights_used(
    GRU, MAIN, WEIGHTS, worth=1, says="Other weights, other inputs and another state change the outputs."
)
test_gru_leaves_its_arguments_alone = laws.arguments_unchanged(GRU, SINGLE_PADDED, worth=1)
test_gru_keeps_nothing_between_calls = laws.nothing_kept(
    GRU,
    SINGLE.no_state(),
    FEWER,
    worth=1,
    says="One network gives the same answer a second time, and then takes another batch size and length.",
)
