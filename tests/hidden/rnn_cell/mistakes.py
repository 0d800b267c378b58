"""The mistakes of rnn_cell as edits of the reference: what the diagnosis names, and what the suite must catch.

All of them are ideas that other assignments share (tests/hidden/shared/ideas); this file says where they can be made.
"""

from ..shared import ideas
from ..shared.ideas import ARGUMENTS, MAKING, MAYBE_NONE, NUMPY, PARAMETERS, STEP, TORCH, Place, way

FORWARD = Place("rnn_cell_forward", NUMPY | STEP | ARGUMENTS | {"x": "x", "state": "h_prev", "new": "h_next"})
CELL = Place(
    "RNNCell.forward",
    {
        **TORCH,
        **STEP,
        **PARAMETERS,
        **MAYBE_NONE,
        "x": "x",
        "state": "hidden_state",
        "given": "hidden_state",
        "new": "next_state",
        "samples": "x.shape[0]",
    },
)
INIT = Place("RNNCell.__init__", MAKING)

table = ideas.of(FORWARD, CELL, INIT)

FORMULA = [
    *table.mistakes(
        "no_tanh other_activation tanh_of_one_term tanh_of_each_term tanh_twice state_without_its_weights"
        " w_hidden_transposed w_input_transposed both_weights_transposed weights_swapped factors_swapped"
        " elementwise_product input_ignored no_bias bias_twice bias_subtracted bias_wrong_axis"
    ),
    table.mistake(
        "bias_per_sample",
        {
            "RNNCell.__init__": [
                way(MAKE_BIAS=f"self.bias = nn.Parameter(torch.empty({samples}, hidden_size){{filled}})")
                for samples in (3, 4, 5)
            ]
        },
    ),
    table.mistake(
        "state_ignored",
        {"RNNCell.forward": way(STATE="{from_state} = torch.zeros_like({state}) @ {w_hidden}")},
    ),
    *table.mistakes("state_averaged_over_batch state_added_on_top"),
]
RESULT = table.mistakes(
    "returns_old_state returns_a_weight cell_returns_tuple returns_nothing result_transposed batch_axis_squeezed"
)
STATE_GIVEN_OR_NOT = table.mistakes(
    "needs_a_state zero_state_axes_swapped batch_size_hard_coded ones_initial_state random_initial_state"
    " state_tested_for_truth"
)
BEHAVIOUR = table.mistakes(
    "changes_its_arguments state_kept_between_calls dtype_float32 dtype_float64 device_hard_coded"
)
LEARNING = table.mistakes(
    "weights_not_registered parameter_converted weights_frozen zero_weights layers_made_in_forward"
    " weights_stored_transposed not_set_up sizes_swapped detached state_detached input_detached weights_detached"
    " numpy_in_module"
)

MISTAKES = [*FORMULA, *RESULT, *STATE_GIVEN_OR_NOT, *BEHAVIOUR, *LEARNING]
