"""The torch half of the lstm suite: `LSTM`. Inputs and answers are numpy arrays here as well."""

from ..shared import laws
from ..shared.cases import LEFT_OUT
from .spec import (
    ALL_DIFFERENT,
    ALL_EQUAL,
    ALL_ONE,
    COTANGENTS,
    LONG,
    LSTM,
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
STATES = "(h_last, c_last)"

test_lstm_gives_a_state_for_every_step = laws.shapes(
    LSTM,
    [ALL_DIFFERENT, ALL_EQUAL, ONE_SAMPLE, ALL_ONE],
    worth=2,
    says="LSTM gives outputs (N, L, H) and (h_last, c_last), each (N, H), whatever the sizes.",
)
test_lstm_computes_each_layer = laws.agrees(
    LSTM,
    [one_layer(SMALL.cut("small", 0, 1), gate) for gate in range(4)],
    worth=1,
    says="One step with the weights of one layer alone, the others being zero, gives the right states.",
)
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
test_lstm_stays_accurate_over_long_sequences = laws.agrees(
    LSTM, LONG, worth=1, says="Hundreds of steps later, the states are still right."
)
test_lstm_keeps_the_dtype = laws.dtype_kept(
    LSTM,
    {"all_steps": [MAIN, MAIN.no_state(), SINGLE, SINGLE.no_state()], "lengths": [PADDED, SINGLE_PADDED]},
    worth=1,
    says="float32 arrays in, float32 numbers out; float64 likewise; with lengths and without.",
    fresh=FEWER,
)
test_lstm_begins_at_the_given_states = laws.agrees(
    LSTM,
    [MAIN, ALL_EQUAL],
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
test_lstm_begins_at_zero_without_a_state = laws.agrees(
    LSTM,
    {"none": MAIN.no_state(), "left_out": SINGLE.no_state(LEFT_OUT), "lengths": PADDED.no_state(LEFT_OUT)},
    worth=1,
    group="initial_state",
    says="state=None, or none at all, means two states of zeros.",
)
test_lstm_reads_real_steps_only = laws.agrees(
    LSTM,
    PADDED,
    worth=2,
    group="lengths",
    says="With lengths, real steps give what they give without padding, and outputs on padding are zero.",
    part="outputs",
)
test_lstm_gives_zero_on_padding = laws.zero_on_padding(LSTM, PADDED, worth=1)
test_lstm_stops_at_the_last_real_step = laws.agrees(
    LSTM,
    PADDED,
    worth=2,
    group="lengths",
    says="With lengths, h_last and c_last are the states after each last real step.",
    part=STATES,
)
test_lstm_takes_any_lengths = laws.agrees(
    LSTM,
    SPECIAL_LENGTHS,
    worth=2,
    group="lengths",
    says="Lengths may be equal, all one, sorted, or shorter than L, for any number of samples.",
)
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
test_lstm_leaves_its_arguments_alone = laws.arguments_unchanged(LSTM, SINGLE_PADDED, worth=1)
test_lstm_keeps_nothing_between_calls = laws.nothing_kept(
    LSTM,
    SINGLE.no_state(),
    FEWER,
    worth=1,
    says="One network gives the same answer a second time, and then takes another batch size and length.",
)
