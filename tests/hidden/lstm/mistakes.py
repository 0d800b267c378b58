"""The mistakes of lstm as edits of the reference: what the diagnosis names, and what the suite must catch.

All are ideas of tests/hidden/shared/ideas: those of gates, of a memory and of two states, among others.
"""

from ..shared import ideas
from ..shared.ideas import Place

GATES = ideas.Gates("ifgo", candidate="g", pair="if")
STEP = GATES.words | ideas.MEMORY
CELL = Place(
    "lstm_cell_forward",
    ideas.NUMPY
    | STEP
    | ideas.STEP_OF_TWO
    | ideas.ARGUMENTS
    | {"x": "x", "state": "h_prev", "memory": "c_prev"},
)
NETWORK = Place(
    "LSTM.forward",
    {
        **ideas.TORCH,
        **STEP,
        **ideas.PARAMETERS,
        **ideas.LOOP_OF_TWO,
        **ideas.TORCH_LOOP,
        **ideas.signature("state"),
        "x": "x_t",
    },
)
INIT = Place("LSTM.__init__", ideas.MAKING | GATES.sizes)
table = ideas.of(CELL, NETWORK, INIT, more=[*GATES.ideas, *ideas.OF_MEMORY])

MISTAKES = table.mistakes(
    # The four layers and the memory
    "input_and_forget_exchanged gates_in_another_order gate_used_twice gate_missing everything_is_sigmoid"
    " memory_shown_without_tanh memory_squashed forget_bias_added memory_ignored state_taken_for_memory"
    " layers_read_the_memory products_of_sums old_memory_shown candidate_shown peepholes"
    # Both states
    " state_and_memory_swapped state_returned_for_memory memory_returned_for_state outputs_are_memories"
    " state_not_carried initial_state_ignored initial_memory_ignored initial_h_ignored initial_states_swapped"
    " one_initial_state_for_both memory_not_held both_last_states_on_padding last_state_is_initial"
    " last_state_one_step_early states_in_one_array results_swapped returns_one_result returns_nothing not_unsorted"
    " last_state_alone last_state_has_an_axis_more needs_a_state state_kept_between_calls initial_state_detached"
    # Any gates
    " gates_interleaved layers_transposed gates_cut_across_samples one_gate_for_all gates_coupled"
    " other_activation_of_a_gate sigmoid_upside_down other_activation_of_the_candidate gates_multiplied_as_matrices"
    # The products and the bias
    " w_input_transposed w_hidden_transposed weights_swapped factors_swapped elementwise_product input_ignored"
    " no_bias bias_twice bias_subtracted bias_wrong_axis bias_per_sample state_ignored state_averaged_over_batch"
    # The loop, and what is returned
    " loops_over_batch batch_size_from_wrong_axis starts_one_step_late stops_one_step_early input_off_by_one"
    " reads_backwards reads_one_step_always outputs_one_step_late initial_state_in_outputs all_outputs_alike"
    " only_last_output time_axis_first time_axis_last reshaped_not_transposed joined_not_stacked"
    " steps_left_in_a_list"
    # The states, given or not, and lengths
    " zero_state_axes_swapped batch_size_hard_coded ones_initial_state random_initial_state"
    " lengths_ignored lengths_not_accepted final_state_on_padding state_zeroed_on_padding padding_not_zeroed"
    " length_one_too_long length_one_too_short one_length_for_all outputs_cut_to_longest lengths_of_wrong_axis"
    " lengths_must_be_a_tensor lengths_must_be_sorted"
    # Behaviour and learning
    " device_hard_coded weights_not_registered parameter_converted weights_frozen zero_weights"
    " layers_made_in_forward weights_stored_transposed not_set_up sizes_swapped input_detached weights_detached"
    " changes_its_arguments dtype_float32 dtype_float64 detached state_detached numpy_in_module"
)
