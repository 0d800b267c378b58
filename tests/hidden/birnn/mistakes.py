"""Mistakes that can be made in birnn, as edits of its reference: each is a diagnosis, and a proof of the suite.

Most are ideas that other assignments share (tests/hidden/shared/ideas). Nothing here may name a graded input. A title
says what the code does; a hint asks or points.
"""

from ..shared.ideas import idea, way
from .of_directions import BOTH_DIRECTIONS
from .of_lengths import ANY_LENGTHS, LENGTHS
from .of_the_module import GRADIENTS, THE_MODULE
from .places import BOTH_PLACES, cells, table

# Pairs of mistakes are tried in this order, so the ones that most often come together stand first.
MISTAKES = [
    *LENGTHS,
    *BOTH_DIRECTIONS,
    # The states to begin from, one for each direction.
    *table.mistakes(
        "initial_state_ignored state_of_one_direction_ignored one_state_for_both initial_states_swapped"
        " states_read_batch_first backward_starts_from_forward state_flipped_instead"
    ),
    table.mistake("state_tested_for_truth", at="BiRNN"),
    *table.mistakes("needs_a_state"),
    table.mistake(
        "zero_state_axes_swapped", ways=[way(ZEROS="hidden = x.new_zeros(num_samples, 2, self.hidden_size)")]
    ),
    *table.mistakes("random_initial_state"),
    table.mistake("batch_size_hard_coded", ways=[way(ZEROS="hidden = x.new_zeros(2, 1, self.hidden_size)")]),
    *table.mistakes("ones_initial_state"),
    table.mistake(
        "state_kept_between_calls",
        at="BiRNN.forward",
        ways=[
            way(
                IF_NONE='hidden = getattr(self, "kept", hidden)\n{IF_NONE}',
                RESULTS="self.kept = {last}\n{RESULTS}",
            ),
            way(
                ZEROS='if not hasattr(self, "zeros"):\n    self.zeros = x.new_zeros(2, num_samples, self.hidden_size)\n'
                "hidden = self.zeros"
            ),
        ],
    ),
    table.mistake(
        "trainable_initial_state",
        at="-",
        ways=[
            way(
                SET_UP=f"{{SET_UP}}\nself.{name} = nn.Parameter(torch.{values}(2, 1, hidden_size))",
                ZEROS=f"hidden = self.{name}.expand(2, num_samples, self.hidden_size)",
            )
            for name in ("h0", "hidden")
            for values in ("zeros", "randn")
        ],
    ),
    # One step, whichever direction takes it.
    *table.mistakes("no_tanh"),
    table.mistake(
        "other_activation",
        {"BiRNN.__init__": cells('nn.RNNCell(input_size, hidden_size, nonlinearity="relu")')},
    ),
    *table.mistakes("tanh_of_one_term tanh_of_each_term"),
    table.mistake("tanh_twice", {"BiRNN.run": way(CELL="h_next = torch.tanh(cell(x_t, state))")}),
    table.mistake(
        idea(
            "outputs_without_tanh",
            "The outputs are taken before tanh",
            "Two arrays pass through your loop at each step, before and after tanh. Which of them is the state?",
            way(SHOW="output = np.where(is_real, {pre}, 0)"),
        )
    ),
    *table.mistakes(
        "state_without_its_weights w_hidden_transposed w_input_transposed both_weights_transposed input_ignored"
        " weights_swapped factors_swapped elementwise_product"
    ),
    table.mistake(
        idea(
            "stacked_in_other_order",
            "Input and state are joined in one order, their weights in the other",
            "One long row times one tall matrix: which rows of the matrix does the first part of your row meet?",
            way(SUM="{pre} = np.hstack([state, x_t]) @ np.vstack([w_input, w_hidden]) + bias"),
        )
    ),
    *table.mistakes("no_bias bias_twice bias_subtracted"),
    table.mistake("bias_wrong_axis", ways=[way(SUM="{pre} = ((from_input + from_state).T + bias).T")]),
    table.mistake("state_ignored", {"BiRNN.run": way(CELL="h_next = cell(x_t)")}),
    table.mistake("state_added_on_top", {"BiRNN.run": way(CELL="h_next = cell(x_t, state) + state")}),
    table.mistake(
        "state_averaged_over_batch",
        {"BiRNN.run": way(CELL="h_next = cell(x_t, state.mean(dim=0, keepdim=True).expand_as(state))")},
    ),
    *table.mistakes("dtype_float32 dtype_float64 changes_its_arguments"),
    # The loop over time steps, and what it hands back.
    *table.mistakes("state_not_carried"),
    # Not with the loop's range alone: that is what the sizes taken from the wrong axes come to.
    table.mistake(
        "loops_over_batch",
        {
            "rnn_forward": [
                way(FOR="for t in range({samples}):", READ="x_t = x[t]"),
                way(
                    FOR="for t in range({samples}):",
                    READ="x_t = x[t]",
                    STACK="{outputs} = np.stack(collected)",
                ),
            ]
        },
        at="birnn_forward BiRNN",
    ),
    *table.mistakes("batch_size_from_wrong_axis"),
    *table.mistakes("time_axis_first", at=BOTH_PLACES),
    *table.mistakes("reshaped_not_transposed"),
    table.mistake(
        "outputs_one_step_late", {"BiRNN.run": way(KEEP="", CELL="collected.append(state)\n{CELL}")}
    ),
    table.mistake(
        "initial_state_in_outputs",
        {
            "birnn_forward": way(
                JOIN="outputs_f = np.concatenate([h0_f[:, None], outputs_f], axis=1)\n"
                "outputs_b = np.concatenate([outputs_b, h0_b[:, None]], axis=1)\n{JOIN}"
            ),
            "BiRNN.forward": way(
                JOIN="outputs_f = torch.cat([self.forward_linear(hidden_f)[:, None], outputs_f], dim=1)\n"
                "outputs_b = torch.cat([outputs_b, self.backward_linear(hidden_b)[:, None]], dim=1)\n{JOIN}",
                MASK="steps = torch.arange(-1, num_steps, device=x.device)[None, :, None]\n{MASK}",
            ),
        },
        at="rnn_forward",
    ),
    *table.mistakes("starts_one_step_late stops_one_step_early reads_one_step_always input_off_by_one"),
    table.mistake(
        "all_outputs_alike",
        {
            "rnn_forward": way(
                STACK="collected = [np.where(t < lengths[:, None], state, 0) for t in range(num_steps)]\n{STACK}"
            )
        },
    ),
    *table.mistakes("only_last_output", at=BOTH_PLACES),
    table.mistake(
        "last_state_is_the_first",
        {
            "birnn_forward": way(PUT="hidden = np.stack([outputs_f[:, 0], last_b])"),
            "BiRNN.run": way(RESULTS="return states, states[:, 0]"),
            "BiRNN.forward": way(PUT="last_states = torch.stack([states_f[:, 0], last_b])"),
        },
    ),
    table.mistake(
        "last_state_one_step_early",
        {"BiRNN.run": way(HOLD="before = state\n{HOLD}", RESULTS="return states, before")},
    ),
    *table.mistakes("last_state_is_initial"),
    *table.mistakes("results_swapped returns_one_result returns_nothing", at=BOTH_PLACES),
    table.mistake(
        "batch_axis_squeezed",
        {
            "BiRNN.forward": [
                way(RESULTS=f"return {results}")
                for results in (
                    "outputs.squeeze(), last_states",
                    "outputs, last_states.squeeze()",
                    "outputs.squeeze(), last_states.squeeze()",
                    "outputs.squeeze(0), last_states",
                    "outputs, last_states.squeeze(1)",
                    "outputs.squeeze(0), last_states.squeeze(1)",
                )
            ]
        },
        at="birnn_forward",
        ways=[way(needs="h0", SIZES="x = x.squeeze()\n{SIZES}")],
    ),
    *THE_MODULE,
    *GRADIENTS,
    *ANY_LENGTHS,
]
