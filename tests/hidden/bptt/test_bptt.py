"""The hidden suite of bptt: one step, a whole sequence, and a sequence in pieces, all in numpy."""

from ..shared import laws
from .carried import around_own_cell, around_own_sequence
from .spec import (
    ALL_DIFFERENT,
    ALL_EQUAL,
    ALL_ONE,
    BACKWARD,
    CELL,
    FLAT_STEPS,
    LAST_OUTPUT_ONLY,
    LONG,
    MAIN,
    OF_WEIGHTS,
    ONE_SAMPLE,
    ONE_STEP,
    SMALL,
    SMALL_STEP,
    STEP,
    STEP_OF_EQUALS,
    STEP_OF_ONE,
    STEP_OF_ONES,
    TRUNCATED,
    in_pieces,
)

STEPS = [STEP, SMALL_STEP, STEP_OF_ONE]
SEQUENCES = [MAIN, SMALL]
PIECES = [in_pieces(MAIN, 1), in_pieces(MAIN, 2), in_pieces(MAIN, 3), in_pieces(SMALL, 2)]
WHOLE = [in_pieces(MAIN, MAIN.steps), in_pieces(MAIN, 50)]
THOSE_OF_WEIGHTS = {
    "part": ", ".join(OF_WEIGHTS),
    "take": lambda answer, case: tuple(BACKWARD.parts(answer)[name] for name in OF_WEIGHTS),
}

# One step

test_cell_gives_a_gradient_for_each_array = laws.shapes(
    CELL,
    [STEP, STEP_OF_EQUALS, STEP_OF_ONE, STEP_OF_ONES],
    worth=1,
    says="rnn_cell_backward gives five gradients, each with the shape of its array, whatever the sizes.",
)
test_cell_multiplies_as_the_formulas_say = laws.agrees(
    CELL,
    FLAT_STEPS,
    worth=1,
    group="step",
    says="Where the new state is 0, tanh has slope 1, and all five gradients are plain products and sums.",
)
test_cell_gives_the_gradient_of_the_input = laws.agrees(
    CELL, STEPS, worth=1, group="step", part="dx", says="dx is what a step hands back to its input."
)
test_cell_gives_the_gradient_of_the_old_state = laws.agrees(
    CELL,
    STEPS,
    worth=1,
    group="step",
    part="dh_prev",
    says="dh_prev is what a step hands back to its old state.",
)
test_cell_gives_the_gradient_of_w_input = laws.agrees(
    CELL, STEPS, worth=1, group="step", part="dw_input", says="dw_input sums up what every sample gives."
)
test_cell_gives_the_gradient_of_w_hidden = laws.agrees(
    CELL, STEPS, worth=1, group="step", part="dw_hidden", says="dw_hidden sums up what every sample gives."
)
test_cell_gives_the_gradient_of_the_bias = laws.agrees(
    CELL, STEPS, worth=1, group="step", part="dbias", says="dbias sums up what every sample gives."
)

# A sequence

test_sequence_gives_a_gradient_for_each_array = laws.shapes(
    BACKWARD,
    [ALL_DIFFERENT, ALL_EQUAL, ONE_SAMPLE, ALL_ONE],
    worth=1,
    says="rnn_backward gives five gradients, each with the shape of its array, whatever the sizes.",
)
test_sequence_of_one_step = laws.agrees(
    BACKWARD,
    ONE_STEP,
    worth=1,
    group="sequence",
    carried=around_own_cell,
    says="A sequence of a single step gives the gradients of that step.",
)
test_sequence_gives_the_gradient_of_the_inputs = laws.agrees(
    BACKWARD,
    SEQUENCES,
    worth=2,
    group="sequence",
    part="dx",
    carried=around_own_cell,
    says="dx[:, t] holds what output t and all outputs after it say about input t.",
)
test_sequence_gives_the_gradient_of_the_first_state = laws.agrees(
    BACKWARD,
    SEQUENCES,
    worth=1,
    group="sequence",
    part="dh0",
    carried=around_own_cell,
    says="dh0 is what step 0 hands back.",
)
test_sequence_gives_the_gradient_of_w_input = laws.agrees(
    BACKWARD,
    SEQUENCES,
    worth=1,
    group="sequence",
    part="dw_input",
    carried=around_own_cell,
    says="dw_input sums up what every step gives.",
)
test_sequence_gives_the_gradient_of_w_hidden = laws.agrees(
    BACKWARD,
    SEQUENCES,
    worth=1.5,
    group="sequence",
    part="dw_hidden",
    carried=around_own_cell,
    says="dw_hidden sums up what every step gives, step 0 with h0 as its old state.",
)
test_sequence_gives_the_gradient_of_the_bias = laws.agrees(
    BACKWARD,
    SEQUENCES,
    worth=1,
    group="sequence",
    part="dbias",
    carried=around_own_cell,
    says="dbias sums up what every step gives.",
)
test_sequence_goes_back_from_the_last_output = laws.agrees(
    BACKWARD,
    LAST_OUTPUT_ONLY,
    worth=1.5,
    group="sequence",
    part="dx",
    carried=around_own_cell,
    says="The gradient of the last output alone reaches every step before it.",
)
test_sequence_stays_accurate_over_hundreds_of_steps = laws.agrees(
    BACKWARD,
    LONG,
    worth=1,
    group="sequence",
    **THOSE_OF_WEIGHTS,
    carried=around_own_cell,
    says="Over hundreds of steps, the sums of the weights' gradients are still right.",
)

# In pieces

test_pieces_give_a_gradient_for_each_array = laws.shapes(
    TRUNCATED,
    [in_pieces(ALL_DIFFERENT, 2), in_pieces(ALL_EQUAL, 2), in_pieces(ONE_SAMPLE, 1), in_pieces(ALL_ONE, 1)],
    worth=1,
    says="truncated_backward gives five gradients, each with the shape of its array, whatever the sizes.",
)
test_one_piece_is_the_whole_sequence = laws.agrees(
    TRUNCATED,
    WHOLE,
    worth=1.5,
    group="truncated",
    carried=around_own_sequence,
    says="With chunk = L, or more, nothing is cut off: the gradients are those of the whole sequence.",
)
test_pieces_give_the_gradient_of_the_inputs = laws.agrees(
    TRUNCATED,
    PIECES,
    worth=1.5,
    group="truncated",
    part="dx",
    carried=around_own_sequence,
    says="In pieces, dx[:, t] holds what the outputs of the same piece, from t on, say about input t.",
)
test_pieces_give_the_gradient_of_the_first_state = laws.agrees(
    TRUNCATED,
    PIECES,
    worth=1,
    group="truncated",
    part="dh0",
    carried=around_own_sequence,
    says="In pieces, dh0 is what the first piece hands back.",
)
test_pieces_add_up_the_gradients_of_the_weights = laws.agrees(
    TRUNCATED,
    PIECES,
    worth=2,
    group="truncated",
    **THOSE_OF_WEIGHTS,
    carried=around_own_sequence,
    says="In pieces, the gradients of the weights are sums over all pieces, each begun at the state before it.",
)

# Behaviour

test_cell_keeps_the_dtype = laws.dtype_kept(
    CELL, [STEP, STEP.astype("float32")], worth=0.5, group="behaviour"
)
test_sequence_keeps_the_dtype = laws.dtype_kept(
    BACKWARD, [MAIN, MAIN.astype("float32")], worth=1, group="behaviour"
)
test_pieces_keep_the_dtype = laws.dtype_kept(
    TRUNCATED, [PIECES[1], PIECES[1].astype("float32")], worth=0.5, group="behaviour"
)
test_cell_leaves_its_arguments_alone = laws.arguments_unchanged(CELL, STEP, worth=0.5)
test_sequence_leaves_its_arguments_alone = laws.arguments_unchanged(BACKWARD, MAIN, worth=0.5)
test_pieces_leave_their_arguments_alone = laws.arguments_unchanged(TRUNCATED, PIECES[1], worth=0.5)
test_cell_keeps_nothing_between_calls = laws.nothing_kept(CELL, STEP, SMALL_STEP, worth=0.5)
test_sequence_keeps_nothing_between_calls = laws.nothing_kept(
    BACKWARD,
    MAIN,
    SMALL,
    worth=0.5,
    says="The same call gives the same answer a second time; another batch size and length may follow it.",
)
test_pieces_keep_nothing_between_calls = laws.nothing_kept(
    TRUNCATED,
    PIECES[1],
    PIECES[3],
    worth=0.5,
    says="The same call gives the same answer a second time; another batch size and length may follow it.",
)
