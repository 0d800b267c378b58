"""The numpy half of the lstm suite: `lstm_cell_forward`."""

from ..shared import laws
from .spec import CELL, LAYERS, STEPS

MAIN, EQUAL = STEPS.main, STEPS.all_equal
ONLY_MEMORY = EQUAL.without("x", "h0")

test_cell_gives_two_states_per_sample = laws.shapes(CELL, STEPS.of_all_sizes, worth=2)
test_cell_writes_what_is_new = laws.agrees(
    CELL,
    EQUAL.without("h0", "c0"),
    worth=1,
    says="From two zero states, the new memory is the input gate times the candidate.",
    part="c_next",
)
test_cell_keeps_the_old_memory = laws.agrees(
    CELL,
    ONLY_MEMORY,
    worth=1,
    says="The forget gate says how much of the old memory stays in the new one.",
    part="c_next",
)
test_cell_shows_the_memory = laws.agrees(
    CELL,
    ONLY_MEMORY,
    worth=1,
    says="The new state is the output gate times tanh of the new memory.",
    part="h_next",
)
test_cell_computes_each_layer = laws.each_layer(CELL, EQUAL, LAYERS, worth=1)
test_cell_follows_the_formula = laws.agrees(
    CELL,
    [MAIN, STEPS.small, STEPS.one_sample],
    worth=3,
    says="All four layers read the input and the old state, in the order i, f, g, o.",
)
test_cell_keeps_the_dtype = laws.dtype_kept(CELL, [MAIN, MAIN.astype("float32")], worth=1)
test_cell_leaves_its_arguments_alone = laws.arguments_unchanged(CELL, MAIN, worth=1)
test_cell_keeps_nothing_between_calls = laws.nothing_kept(
    CELL,
    MAIN,
    STEPS.small,
    worth=1,
    says="The same call gives the same answer a second time, and a batch of another size may follow it.",
)
