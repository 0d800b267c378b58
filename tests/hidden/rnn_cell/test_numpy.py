"""The numpy half of the rnn_cell suite: `rnn_cell_forward`."""

from ..shared import laws
from .spec import ALL_DIFFERENT, ALL_EQUAL, ALL_ONE, FORWARD, ONE_SAMPLE, SINGLE, SMALL

test_forward_gives_one_state_per_sample = laws.shapes(
    FORWARD,
    [ALL_DIFFERENT, ALL_EQUAL, ONE_SAMPLE, ALL_ONE],
    worth=2,
    says="rnn_cell_forward gives one row per sample and one column per hidden unit, whatever the sizes.",
)
test_forward_reads_the_input = laws.agrees(
    FORWARD,
    ALL_EQUAL.without("h_prev", "bias"),
    worth=1,
    says="With a zero state and no bias, the new state is made of the input and w_input alone.",
)
test_forward_reads_the_old_state = laws.agrees(
    FORWARD,
    ALL_EQUAL.without("x", "bias"),
    worth=1,
    says="With a zero input and no bias, the new state is made of the old state and w_hidden alone.",
)
test_forward_adds_the_bias = laws.agrees(
    FORWARD,
    ALL_EQUAL.without("x", "h_prev"),
    worth=1,
    says="With a zero input and a zero state, what is left is the bias: once, and the same for every sample.",
)
test_forward_follows_the_formula = laws.agrees(
    FORWARD,
    [ALL_DIFFERENT, SMALL, ONE_SAMPLE],
    worth=3,
    says="The new state is tanh of input part, state part and bias together.",
)
test_forward_keeps_the_dtype = laws.dtype_kept(FORWARD, [ALL_DIFFERENT, SINGLE], worth=1)
test_forward_leaves_its_arguments_alone = laws.arguments_unchanged(FORWARD, ALL_DIFFERENT, worth=0.5)
test_forward_keeps_nothing_between_calls = laws.nothing_kept(
    FORWARD,
    ALL_DIFFERENT,
    SMALL,
    worth=0.5,
    says="The same call gives the same answer a second time, and a batch of another size may follow it.",
)
