"""The numpy half of the gru suite: `gru_cell_forward`."""

from ..shared import laws
from .spec import (
    CELL,
    SMALL_STEP,
    STEP,
    STEP_OF_EQUALS,
    STEP_OF_ONE,
    STEP_OF_ONES,
    kept,
    one_layer,
    rewritten,
)

test_cell_gives_a_state_per_sample = laws.shapes(
    CELL,
    [STEP, STEP_OF_EQUALS, STEP_OF_ONE, STEP_OF_ONES],
    worth=2,
    says="gru_cell_forward gives h_next (N, H), whatever the sizes.",
)
test_cell_writes_the_candidate = laws.agrees(
    CELL,
    rewritten(STEP_OF_EQUALS),
    worth=1,
    says="With z = 0 the new state is the candidate, whose reset gate multiplies s_n, bias and all.",
)
test_cell_keeps_the_old_state = laws.agrees(
    CELL, kept(STEP_OF_EQUALS), worth=1, says="With z = 1 the new state is the old one."
)
test_cell_mixes_from_zero = laws.agrees(
    CELL,
    STEP_OF_EQUALS.without("h0"),
    worth=1,
    says="From a zero state, the new state is 1 - z times the candidate.",
)
test_cell_computes_each_layer = laws.agrees(
    CELL,
    [one_layer(STEP_OF_EQUALS, layer) for layer in range(3)],
    worth=1,
    says="With the weights of one layer alone, the others being zero, the new state is right.",
)
test_cell_follows_the_formula = laws.agrees(
    CELL,
    [STEP, SMALL_STEP, STEP_OF_ONE],
    worth=3,
    says="All three layers read the input and the old state, in the order r, z, n.",
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
