"""The numpy half of the gru suite: `gru_cell_forward`."""

from ..shared import laws
from .spec import CELL, LAYERS, STEPS, kept, rewritten

MAIN, EQUAL = STEPS.main, STEPS.all_equal

test_cell_gives_a_state_per_sample = laws.shapes(CELL, STEPS.of_all_sizes, worth=2)
test_cell_writes_the_candidate = laws.agrees(
    CELL,
    rewritten(EQUAL),
    worth=1,
    says="With z = 0 the new state is the candidate, whose reset gate multiplies s_n, bias and all.",
)
test_cell_keeps_the_old_state = laws.agrees(
    CELL, kept(EQUAL), worth=1, says="With z = 1 the new state is the old one."
)
test_cell_mixes_from_zero = laws.agrees(
    CELL, EQUAL.without("h0"), worth=1, says="From a zero state, the new state is 1 - z times the candidate."
)
test_cell_computes_each_layer = laws.each_layer(CELL, EQUAL, LAYERS, worth=1)
test_cell_follows_the_formula = laws.agrees(
    CELL,
    [MAIN, STEPS.small, STEPS.one_sample],
    worth=3,
    says="All three layers read the input and the old state, in the order r, z, n.",
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
