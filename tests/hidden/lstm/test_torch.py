"""The torch half of the lstm suite: `LSTM`. Inputs and answers are numpy arrays here as well."""

from ..shared import laws
from .spec import COTANGENTS, LAYERS, LENGTHS, LSTM, PADDED_COTANGENTS, SEQUENCES, WEIGHTS

MAIN, SMALL, PADDED = SEQUENCES.main, SEQUENCES.small, LENGTHS.padded
STATES = "(h_last, c_last)"

test_lstm_gives_a_state_for_every_step = laws.shapes(
    LSTM,
    SEQUENCES.of_all_sizes,
    worth=2,
    says="LSTM gives outputs (N, L, H) and (h_last, c_last), each (N, H), whatever the sizes.",
)
test_lstm_computes_each_layer = laws.each_layer(LSTM, SMALL, LAYERS, worth=1)
test_lstm_carries_both_states_along = laws.agrees(
    LSTM,
    [MAIN.no_state(), SMALL.no_state()],
    worth=1,
    says="outputs[:, t] is made from step t of x and both states after step t-1, the same way each time.",
    part="outputs",
)
test_lstm_returns_both_last_states = laws.agrees(
    LSTM,
    MAIN.no_state(),
    worth=1,
    says="(h_last, c_last) are the state and the memory after the last step.",
    part=STATES,
)
test_lstm_can_go_on_from_its_last_states = laws.goes_on(LSTM, MAIN, at=2, worth=1)
test_lstm_stays_accurate_over_long_sequences = laws.stays_accurate(LSTM, SEQUENCES, worth=1)
test_lstm_keeps_the_dtype = laws.dtype_of_sequences(LSTM, SEQUENCES, LENGTHS, worth=1)
test_lstm_begins_at_the_given_states = laws.agrees(
    LSTM,
    [MAIN, SEQUENCES.all_equal],
    worth=2,
    group="initial_state",
    says="With a state given, h begins at h0 and c at c0.",
)
test_lstm_begins_at_the_given_state = laws.agrees(
    LSTM,
    MAIN.without("c0"),
    worth=1,
    group="initial_state",
    says="The first step reads h0, also when the memory is empty.",
)
test_lstm_begins_at_the_given_memory = laws.agrees(
    LSTM,
    MAIN.without("h0"),
    worth=1,
    group="initial_state",
    says="The first step keeps what the forget gate leaves of c0, also when h0 is zero.",
)
test_lstm_begins_at_zero_without_a_state = laws.begins_at_zero(LSTM, SEQUENCES, LENGTHS, worth=1)
test_lstm_reads_real_steps_only = laws.reads_real_steps(LSTM, LENGTHS, worth=2)
test_lstm_gives_zero_on_padding = laws.zero_on_padding(LSTM, PADDED, worth=1)
test_lstm_stops_at_the_last_real_step = laws.agrees(
    LSTM,
    PADDED,
    worth=2,
    group="lengths",
    says="With lengths, h_last and c_last are the states after each last real step.",
    part=STATES,
)
test_lstm_takes_any_lengths = laws.takes_any_lengths(LSTM, LENGTHS, worth=2)
test_lstm_passes_gradients_to_its_inputs = laws.input_gradients(
    LSTM, MAIN, COTANGENTS, worth=1.5, says="Gradients flow back through every step to x, and to h0 and c0."
)
test_lstm_passes_gradients_to_its_parameters = laws.parameter_gradients(LSTM, MAIN, COTANGENTS, worth=1.5)
test_lstm_passes_no_gradient_to_padding = laws.no_gradient_on_padding(
    LSTM, PADDED, PADDED_COTANGENTS, worth=1
)
test_lstm_registers_its_parameters = laws.registered(
    LSTM,
    MAIN,
    worth=0.5,
    says="LSTM has exactly three trainable parameters: w_input (I, 4H), w_hidden (H, 4H) and bias (4H,).",
)
test_lstm_starts_with_sensible_weights = laws.good_start(
    LSTM, ("w_input", "w_hidden"), {"I": 24, "H": 32}, worth=0.5
)
test_lstm_uses_its_own_weights = laws.weights_used(
    LSTM, MAIN, WEIGHTS, worth=1, says="Other weights, other inputs and other states change the outputs."
)
test_lstm_leaves_its_arguments_alone = laws.arguments_unchanged(LSTM, LENGTHS.single, worth=1)
test_lstm_keeps_nothing_between_calls = laws.nothing_kept(
    LSTM, SEQUENCES.single.no_state(), SEQUENCES.fewer, worth=1
)
