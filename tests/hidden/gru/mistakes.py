"""The mistakes of gru as edits of the reference: what the diagnosis names, and what the suite must catch.

All are ideas of tests/hidden/shared/ideas: those of gates, of an update gate and of two biases, among others.
"""

from ..shared import ideas
from ..shared.ideas import Place

# 1 - z for z and 1 - r for r have ideas of their own: the shares exchanged, and the reset gate upside down.
GATES = ideas.Gates("rzn", candidate="n", pair="rz", apart=True, turned="rz")
STEP = GATES.words | ideas.RESET | ideas.UPDATE
CELL = Place(
    "gru_cell_forward",
    {
        **ideas.NUMPY,
        **STEP,
        **ideas.ARGUMENTS_OF_TWO_BIASES,
        "x": "x",
        "state": "h_prev",
        "RETURN": ideas.STEP["RETURN"],
    },
)
NETWORK = Place(
    "GRU.forward",
    {
        **ideas.TORCH,
        **STEP,
        **ideas.PARAMETERS_OF_TWO_BIASES,
        **ideas.MAYBE_NONE,
        **ideas.LOOP,
        **ideas.TORCH_LOOP,
        **ideas.STATES_SHOWN,
        **ideas.signature("hidden_state"),
        "x": "x_t",
        "begun": "hidden_state",
        "given": "hidden_state",
        "outputs": "outputs",
        "last": "last_state",
    },
)
INIT = Place("GRU.__init__", ideas.MAKING_TWO_BIASES | GATES.sizes)
table = ideas.of(CELL, NETWORK, INIT, more=[*GATES.ideas, *ideas.OF_UPDATE, *ideas.OF_TWO_BIASES])

MISTAKES = table.mistakes(
    # The reset gate and the update gate
    "reset_before_product bias_hidden_outside_reset reset_ignored candidate_without_state candidate_without_input"
    " reset_of_the_wrong_part reset_outside_tanh reset_added reset_upside_down update_upside_down"
    " old_state_not_kept update_gate_not_used parts_do_not_add_up sign_slipped_in_the_mix product_kept_for_state"
    " mixed_inside_tanh products_of_sums"
    # The layers and the two biases
    " reset_and_update_exchanged gates_in_another_order orders_disagree gate_reads_one_side activations_exchanged"
    " one_bias_missing one_bias_for_both biases_exchanged"
    # The products, the biases and the old state
    " input_ignored state_ignored no_bias bias_twice bias_subtracted bias_wrong_axis bias_per_sample"
    " state_not_carried state_averaged_over_batch state_detached weights_detached numpy_in_module"
    " final_state_from_zeros dtype_float64"
    # Any gates
    " gates_interleaved layers_transposed gates_cut_across_samples one_gate_for_all gates_coupled"
    " other_activation_of_a_gate sigmoid_upside_down other_activation_of_the_candidate gates_multiplied_as_matrices"
    # The products, and what a step gives back
    " w_input_transposed w_hidden_transposed weights_swapped factors_swapped elementwise_product"
    " returns_old_state returns_a_weight cell_returns_tuple result_transposed returns_nothing batch_axis_squeezed"
    # The loop, and what is returned
    " loops_over_batch batch_size_from_wrong_axis starts_one_step_late stops_one_step_early input_off_by_one"
    " reads_backwards reads_one_step_always outputs_one_step_late initial_state_in_outputs all_outputs_alike"
    " only_last_output time_axis_first time_axis_last reshaped_not_transposed joined_not_stacked"
    " steps_left_in_a_list last_sample_not_last_step last_state_has_an_axis_more last_state_is_initial"
    " last_state_is_the_first last_state_one_step_early results_swapped returns_one_result"
    # The state, given or not, and lengths
    " needs_a_state zero_state_axes_swapped batch_size_hard_coded ones_initial_state random_initial_state"
    " initial_state_ignored initial_state_of_one_sample trainable_initial_state state_tested_for_truth"
    " lengths_ignored lengths_not_accepted final_state_on_padding padding_not_zeroed"
    " length_one_too_long length_one_too_short last_state_one_step_late one_length_for_all"
    " outputs_cut_to_longest lengths_of_wrong_axis lengths_must_be_a_tensor lengths_must_be_sorted not_unsorted"
    " unsorted_the_wrong_way state_not_sorted_along"
    # Behaviour and learning
    " changes_its_arguments state_kept_between_calls dtype_float32 device_hard_coded weights_not_registered"
    " parameter_converted weights_frozen zero_weights layers_made_in_forward weights_stored_transposed"
    " not_set_up sizes_swapped detached initial_state_detached input_detached"
)
