"""The numpy half of the rnn suite: `rnn_forward`."""

from ..shared import laws
from .spec import (
    ALL_DIFFERENT,
    ALL_EQUAL,
    ALL_ONE,
    FORWARD,
    FROM_ZERO,
    LONG,
    MAIN,
    ONE_SAMPLE,
    ONE_STEP,
    PADDED,
    SINGLE,
    SINGLE_PADDED,
    SMALL,
    SPECIAL_LENGTHS,
)

test_forward_gives_a_state_for_every_step = laws.shapes(
    FORWARD, [ALL_DIFFERENT, ALL_EQUAL, ONE_SAMPLE, ALL_ONE], worth=2
)
test_forward_of_one_step = laws.agrees(
    FORWARD, ONE_STEP, worth=0.5, says="A sequence of a single step gives the state after that step, twice."
)
test_forward_carries_the_state_along = laws.agrees(
    FORWARD,
    FROM_ZERO,
    worth=1.5,
    part="hidden_states",
    says="hidden_states[:, t] is made from step t of x and the state after step t-1, the same way each time.",
)
test_forward_returns_the_last_state = laws.agrees(
    FORWARD, FROM_ZERO[0], worth=0.5, part="h_last", says="h_last is the state after the last step."
)
test_forward_can_go_on_from_its_last_state = laws.goes_on(
    FORWARD,
    MAIN,
    at=2,
    worth=0.5,
    says="Reading a sequence in two pieces, h_last handed on as h0, gives the states of reading it at once.",
)
test_forward_stays_accurate_over_long_sequences = laws.agrees(
    FORWARD, LONG, worth=1, part="hidden_states", says="Hundreds of steps later, the states are still right."
)
test_forward_keeps_the_dtype = laws.dtype_kept(
    FORWARD,
    {"all_steps": (MAIN, SINGLE), "lengths": (PADDED, SINGLE_PADDED)},
    worth=1,
    says="float32 arrays in, float32 numbers out; float64 likewise; with lengths and without.",
)
test_forward_begins_at_h0 = laws.agrees(
    FORWARD,
    [MAIN, SMALL],
    worth=2,
    group="initial_state",
    says="The state before the first step is h0, and later states remember it.",
)
test_forward_gives_zero_on_padding = laws.zero_on_padding(FORWARD, PADDED, worth=0.75)
test_forward_returns_the_state_at_the_last_real_step = laws.last_real_state(
    FORWARD,
    PADDED,
    worth=0.75,
    says="With lengths, h_last repeats what hidden_states holds at each sample's own last real step.",
)
test_forward_reads_real_steps_only = laws.agrees(
    FORWARD,
    PADDED,
    worth=0.75,
    group="lengths",
    part="hidden_states",
    says="With lengths, hidden_states are right on real steps whatever the padding holds, sample by sample.",
)
test_forward_stops_at_the_last_real_step = laws.agrees(
    FORWARD,
    PADDED,
    worth=0.75,
    group="lengths",
    part="h_last",
    says="With lengths, h_last is each sample's state after its own last real step; padding changes nothing.",
)
test_forward_takes_any_lengths = laws.agrees(
    FORWARD,
    SPECIAL_LENGTHS,
    worth=1,
    group="lengths",
    says="lengths may be all one, all equal, sorted already, or of a single sample.",
)
test_forward_leaves_its_arguments_alone = laws.arguments_unchanged(FORWARD, PADDED, worth=0.5)
test_forward_keeps_nothing_between_calls = laws.nothing_kept(FORWARD, MAIN, SMALL, worth=0.5)
