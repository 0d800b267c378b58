"""The numpy half of the lstm suite: `lstm_cell_forward`."""

from ..shared import laws
from .spec import CELL, SMALL_STEP, STEP, STEP_OF_EQUALS, STEP_OF_ONE, STEP_OF_ONES, one_layer

test_cell_gives_two_states_per_sample = laws.shapes(
    CELL,
    [STEP, STEP_OF_EQUALS, STEP_OF_ONE, STEP_OF_ONES],
    worth=2,
    says="lstm_cell_forward gives h_next (N, H) and c_next (N, H), whatever the sizes.",
)
test_cell_writes_what_is_new = laws.agrees(
    CELL,
    STEP_OF_EQUALS.without("h0", "c0"),
    worth=1,
    says="From two zero states, the new memory is the input gate times the candidate.",
    part="c_next",
)
test_cell_keeps_the_old_memory = laws.agrees(
    CELL,
    STEP_OF_EQUALS.without("x", "h0"),
    worth=1,
    says="The forget gate says how much of the old memory stays in the new one.",
    part="c_next",
)
test_cell_shows_the_memory = laws.agrees(
    CELL,
    STEP_OF_EQUALS.without("x", "h0"),
    worth=1,
    says="The new state is the output gate times tanh of the new memory.",
    part="h_next",
)
test_cell_computes_each_layer = laws.agrees(
    CELL,
    [one_layer(STEP_OF_EQUALS, gate) for gate in range(4)],
    worth=1,
    says="With the weights of one layer alone, the others being zero, both new states are right.",
)
test_cell_follows_the_formula = laws.agrees(
    CELL,
    [STEP, SMALL_STEP, STEP_OF_ONE],
    worth=3,
    says="All four layers read the input and the old state, in the order i, f, g, o.",
)
test_cell_keeps_the_dtype = laws.dtype_kept(CELL, [STEP, STEP.astype("float32")], worth=1)
test_cell_leaves_its_arguments_alone = laws.arguments_unchanged(CELL, STEP, worth=1)
test_cell_keeps_nothing_between_calls = laws.nothing_kept(
    CELL,
    STEP,
    SMALL_STEP,
    worth=1,
    says="The same call gives the same answer a second time, and a batch of another size may follow it.",
)
