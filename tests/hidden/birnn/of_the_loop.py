"""What goes wrong in the loop over time steps, and in what it hands back."""

from ..shared.ideas import way
from .places import BOTH_PLACES, table

THE_LOOP = [
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
]
