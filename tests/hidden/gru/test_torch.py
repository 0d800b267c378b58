"""The torch half of the gru suite: `GRU`. Inputs and answers are numpy arrays here as well."""

from ..shared import laws
from .spec import COTANGENTS, GRU, LAYERS, LENGTHS, PADDED_COTANGENTS, SEQUENCES, WEIGHTS

MAIN, SMALL, PADDED = SEQUENCES.main, SEQUENCES.small, LENGTHS.padded

test_gru_gives_a_state_for_every_step = laws.shapes(GRU, SEQUENCES.of_all_sizes, worth=2)
test_gru_computes_each_layer = laws.each_layer(GRU, SMALL, LAYERS, worth=1)
test_gru_carries_its_state_along = laws.agrees(
    GRU,
    [MAIN.no_state(), SMALL.no_state()],
    worth=1,
    says="outputs[:, t] is made from step t of x and the state after step t-1, the same way each time.",
    part="outputs",
)
test_gru_returns_the_last_state = laws.agrees(
    GRU, MAIN.no_state(), worth=1, says="h_last is the state after the last step.", part="h_last"
)
test_gru_can_go_on_from_its_last_state = laws.goes_on(GRU, MAIN, at=2, worth=1)
test_gru_stays_accurate_over_long_sequences = laws.stays_accurate(GRU, SEQUENCES, worth=1)
test_gru_keeps_the_dtype = laws.dtype_of_sequences(GRU, SEQUENCES, LENGTHS, worth=1)
test_gru_begins_at_the_given_state = laws.agrees(
    GRU,
    [MAIN, SEQUENCES.all_equal],
    worth=2,
    group="initial_state",
    says="With a state given, step 0 reads it, and keeps of it what z says.",
)
test_gru_begins_at_zero_without_a_state = laws.begins_at_zero(GRU, SEQUENCES, LENGTHS, worth=2)
test_gru_reads_real_steps_only = laws.reads_real_steps(GRU, LENGTHS, worth=2)
test_gru_gives_zero_on_padding = laws.zero_on_padding(GRU, PADDED, worth=1)
test_gru_stops_at_the_last_real_step = laws.agrees(
    GRU,
    PADDED,
    worth=2,
    group="lengths",
    says="With lengths, h_last is the state after each last real step.",
    part="h_last",
)
test_gru_takes_any_lengths = laws.takes_any_lengths(GRU, LENGTHS, worth=2)
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
test_gru_leaves_its_arguments_alone = laws.arguments_unchanged(GRU, LENGTHS.single, worth=1)
test_gru_keeps_nothing_between_calls = laws.nothing_kept(
    GRU, SEQUENCES.single.no_state(), SEQUENCES.fewer, worth=1
)
