"""The mistakes of rnn as edits of the reference: what the diagnosis names, and what the suite must catch.

Most are ideas that other assignments share (tests/hidden/shared/ideas). What is wrong in the cell but shows only when
RNN is used (gradients, registration) is said to belong to RNN.
"""

from ..shared import ideas
from ..shared.ideas import Place, idea, way

GIVEN = {"given": "hidden_state"}
NUMPY_LOOP = ideas.NUMPY | ideas.LOOP | ideas.NUMPY_LOOP | ideas.STATES_SHOWN
TORCH_LOOP = ideas.TORCH | ideas.LOOP | ideas.TORCH_LOOP | ideas.PROJECTED
STEP = {name: text for name, text in ideas.STEP.items() if name != "RETURN"}
SIGNATURE = "def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):"
SIGNATURE_OF_RNN = "def forward(self, x, hidden_state=None, lengths=None):"

FORWARD = Place(
    "rnn_forward",
    {
        **NUMPY_LOOP,
        **STEP,
        **ideas.ARGUMENTS,
        "x": "x_t",
        "begun": "h0",
        "outputs": "hidden_states",
        "last": "h_last",
        "SIGNATURE": SIGNATURE,
        "without_lengths": SIGNATURE.replace(", lengths=None", ""),
    },
)
CELL = Place(
    "RNNCell.forward",
    {
        **ideas.TORCH,
        **ideas.STEP,
        **ideas.PARAMETERS,
        **ideas.MAYBE_NONE,
        **GIVEN,
        "x": "x",
        "state": "hidden_state",
        "new": "next_state",
        "samples": "x.shape[0]",
    },
)
RNN = Place(
    "RNN.forward",
    {
        **TORCH_LOOP,
        **ideas.MAYBE_NONE,
        **GIVEN,
        "begun": "hidden_state",
        "outputs": "outputs",
        "last": "last_state",
        "cell": "self.cell",
        "new_cell": "RNNCell(self.input_size, self.hidden_size)",
        "SIGNATURE": SIGNATURE_OF_RNN,
        "without_lengths": SIGNATURE_OF_RNN.replace(", lengths=None", ""),
        "without_default": SIGNATURE_OF_RNN.replace("hidden_state=None", "hidden_state"),
    },
)
CELL_INIT = Place("RNNCell.__init__", ideas.MAKING)
MAKE_CELL = {"MAKE_CELL": "self.cell = RNNCell(input_size, hidden_size)"}
INIT = Place("RNN.__init__", ideas.MAKING_OUTPUT | MAKE_CELL)

OF_RNN = dict.fromkeys(("RNNCell", "RNNCell.__init__", "RNNCell.forward"), "RNN")
table = ideas.of(FORWARD, CELL, RNN, CELL_INIT, INIT)

THE_STEP = table.mistakes(
    "no_tanh other_activation tanh_of_one_term tanh_of_each_term tanh_twice state_without_its_weights"
    " w_hidden_transposed w_input_transposed both_weights_transposed weights_swapped factors_swapped"
    " elementwise_product input_ignored no_bias bias_twice bias_subtracted bias_wrong_axis bias_per_sample"
    " state_ignored state_averaged_over_batch state_added_on_top"
    " returns_old_state returns_a_weight cell_returns_tuple result_transposed"
)

THE_LOOP = [
    table.mistake("state_not_carried", {"RNN.forward": way(CELL="{new} = {cell}(x_t)")}),
    *table.mistakes(
        "loops_over_batch batch_size_from_wrong_axis starts_one_step_late stops_one_step_early input_off_by_one"
        " reads_backwards reads_one_step_always cell_arguments_swapped"
    ),
]

RESULTS = table.mistakes(
    "outputs_one_step_late initial_state_in_outputs all_outputs_alike only_last_output time_axis_first"
    " time_axis_last reshaped_not_transposed joined_not_stacked steps_left_in_a_list last_state_is_initial"
    " last_state_is_the_first last_state_one_step_early last_sample_not_last_step last_state_has_an_axis_more"
    " results_swapped returns_one_result returns_nothing batch_axis_squeezed"
)

OUTPUTS = table.mistakes(
    "projection_skipped projection_transposed output_fed_back output_returned_as_state activation_on_output"
)

INITIAL_STATE = [
    *table.mistakes(
        "initial_state_ignored initial_state_of_one_sample needs_a_state zero_state_axes_swapped"
        " batch_size_hard_coded ones_initial_state random_initial_state"
    ),
    table.mistake("trainable_initial_state", at="RNN"),
    *table.mistakes("state_tested_for_truth state_kept_between_calls"),
]

LENGTHS = [
    *table.mistakes(
        "lengths_ignored lengths_not_accepted final_state_on_padding final_state_from_zeros"
        " padding_not_zeroed length_one_too_long length_one_too_short last_state_one_step_late one_length_for_all"
        " outputs_cut_to_longest lengths_of_wrong_axis lengths_must_be_a_tensor lengths_must_be_sorted not_unsorted"
        " unsorted_the_wrong_way state_not_sorted_along"
    ),
]

BEHAVIOUR = [
    *table.mistakes("changes_its_arguments", shown_in=OF_RNN),
    *table.mistakes("dtype_float32"),
    table.mistake(
        "dtype_float64", at="rnn_forward RNNCell.forward RNN"
    ),  # its weights are not told from converted ones
    *table.mistakes("device_hard_coded"),
]

LEARNING = [
    *table.mistakes("weights_not_registered", shown_in=OF_RNN),
    *table.mistakes("parameter_converted"),
    *table.mistakes("weights_frozen", shown_in=OF_RNN),
    table.mistake(
        idea(
            "cell_not_owned",
            "The network does not own its cell",
            "Print list(rnn.named_parameters()). Is the cell made once, where, and under which name is it kept?",
            way(MAKE_CELL="", CELL="{new} = {new_cell}(x_t, {state})"),
            way(MAKE_CELL="{MAKE_CELL}\nself.cell = [self.cell]", CELL="{new} = self.cell[0](x_t, {state})"),
            way(
                MAKE_CELL="self.rnn_cell = RNNCell(input_size, hidden_size)",
                CELL="{new} = self.rnn_cell(x_t, {state})",
            ),
        )
    ),
    table.mistake("new_cell_at_each_step", {"RNN.forward": way(CELL="self.cell = {new_cell}\n{CELL}")}),
    table.mistake("zero_weights", at="RNN"),
    table.mistake("layers_made_in_forward", at="RNN"),
    *table.mistakes("weights_stored_transposed"),
    table.mistake(
        "sizes_swapped", {"RNN.__init__": way(MAKE_CELL="self.cell = RNNCell(hidden_size, input_size)")}
    ),
    *table.mistakes("not_set_up"),
    *table.mistakes(
        "detached state_detached initial_state_detached input_detached weights_detached numpy_in_module",
        shown_in=OF_RNN,
    ),
]

MISTAKES = [*THE_STEP, *THE_LOOP, *RESULTS, *OUTPUTS, *INITIAL_STATE, *LENGTHS, *BEHAVIOUR, *LEARNING]
