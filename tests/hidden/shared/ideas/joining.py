"""What goes wrong when the answers of two readers are joined: the halves of the outputs, and the two last states."""

from .table import idea, way

#: Other ways of joining two halves, F and B. Where there is a mask it follows: it is made to fit, as it is for whoever
#: masks each half before joining.
OTHER_AXES = (
    "{m}.{cat}([F, B], {axis}=0)",
    "{m}.{cat}([F, B], {axis}=1)",
    "{m}.stack([F, B])",
    "{m}.stack([F, B], {axis}=2)",
    "{m}.stack([F, B], {axis}=3)",
)
MASKED_F = "torch.where(steps < num_real, outputs_f, 0)"
MASKED_B = "torch.where(steps < num_real, outputs_b, 0)"

IDEAS = [
    idea(
        "forward_joined_with_itself",
        "The forward outputs stand in both halves",
        "Which array do you put into the second half of the outputs? Look at the names where you join them.",
        way(JOIN="outputs = {m}.{cat}([outputs_f, outputs_f], {axis}=2)"),
        way(TURN="outputs_b = reverse(outputs_f, lengths)"),
        way(
            JOIN="outputs = {m}.{cat}([outputs_f, outputs_f], {axis}=2)",
            PUT="{last} = {m}.stack([last_f, last_f])",
        ),
        way(LINEAR_B="outputs_b = self.backward_linear(states_f)"),
        way(LINEAR_B="outputs_b = self.backward_linear(states_f)", TURN=""),
    ),
    idea(
        "one_half_only",
        "One half of the outputs is missing",
        "What two readers know is asked for at every step. How many numbers is that, and how many do you return?",
        way(JOIN="outputs = outputs_f"),
        way(JOIN="outputs = outputs_b"),
    ),
    idea(
        "halves_swapped",
        "The two halves of the outputs have changed places",
        "Which direction belongs in the first H numbers of each output? Look at the order in which you join.",
        way(JOIN="outputs = {m}.{cat}([outputs_b, outputs_f], {axis}=2)"),
    ),
    idea(
        "halves_added",
        "The two halves are added, averaged or multiplied instead of joined",
        "An output has 2H numbers: H from each direction, side by side. How many has yours?",
        way(JOIN="outputs = outputs_f + outputs_b"),
        way(JOIN="outputs = (outputs_f + outputs_b) / 2"),
        way(JOIN="outputs = outputs_f * outputs_b"),
    ),
    idea(
        "halves_interleaved",
        "The two halves are shuffled together like cards",
        "Number the entries of two tiny halves and print what you return: do the first H numbers belong together?",
        way(JOIN="outputs = {m}.stack([outputs_f, outputs_b], {axis}=3).reshape(num_samples, num_steps, -1)"),
    ),
    idea(
        "halves_reshaped",
        "The two halves are stacked and reshaped, which mixes steps and directions",
        "reshape keeps the numbers in one long row. Which two lie side by side in it, and which two should?",
        way(JOIN="outputs = {m}.stack([outputs_f, outputs_b]).reshape(num_samples, num_steps, -1)"),
        way(JOIN="outputs = {m}.stack([outputs_f, outputs_b], {axis}=1).reshape(num_samples, num_steps, -1)"),
    ),
    idea(
        "last_states_put_together_wrongly",
        "The two last states are put together along another axis",
        "hidden should be (2, N, H): one state for each direction, one row for each sample. Print yours.",
        way(PUT="{last} = {m}.stack([last_f, last_b], {axis}=1)"),
        way(PUT="{last} = {m}.{cat}([last_f, last_b], {axis}=1)"),
        way(PUT="{last} = {m}.{cat}([last_f, last_b])"),
        way(PUT="{last} = {m}.stack([last_f, last_b], {axis}=2)"),
    ),
    idea(
        "batch_and_direction_mixed",
        "reshape or view mixes samples and directions",
        "reshape cuts one long row of numbers anew. Try N = 3 and look whose state stands in hidden[0].",
        way(PUT="{last} = {m}.{cat}([last_f, last_b], {axis}=1).reshape({h0}.shape)"),
        way(
            STATE_F="{state_f} = {h0}.reshape(num_samples, 2, -1)[:, 0]",
            STATE_B="{state_b} = {h0}.reshape(num_samples, 2, -1)[:, 1]",
        ),
    ),
    idea(
        "last_states_swapped",
        "The two last states have changed places",
        "hidden[0] belongs to the forward direction. Which one do you put there?",
        way(PUT="{last} = {m}.stack([last_b, last_f])"),
    ),
    idea(
        "one_last_state_twice",
        "The last state of one direction is returned for both",
        "hidden holds two states, one for each direction. Which names stand there in your code?",
        way(PUT="{last} = {m}.stack([last_f, last_f])"),
        way(PUT="{last} = {m}.stack([last_b, last_b])"),
    ),
    idea(
        "last_states_not_joined",
        "The two last states are returned apart",
        "One array of (2, N, H) is asked for beside the outputs. What do you return, and how many things is it?",
        *(
            way(needs="h0", RESULTS=f"return outputs, {apart}")
            for apart in ("last_f, last_b", "(last_f, last_b)", "last_f", "last_b")
        ),
    ),
    idea(
        "backward_state_of_last_step",
        "hidden[1] is the backward state at the last step, where that reader has only begun",
        "After which step has the backward reader read everything? At which step do you pick its state up?",
        *(
            way(needs="np", PUT=f"{{last}} = np.stack([{f}, {b}])")
            for f, b in (
                ("last_f", "outputs_b[:, -1]"),
                ("outputs_f[:, -1]", "outputs_b[:, -1]"),
                ("last_f", "outputs_b[np.arange(num_samples), np.asarray(lengths) - 1]"),
            )
        ),
        *(
            way(needs="torch", PUT=f"{{last}} = torch.stack([last_f, {b}])")
            for b in (
                "reverse(states_b, lengths)[:, -1]",
                "states_b[:, 0]",
                "states_b[:, 0] * (torch.as_tensor(lengths)[:, None] == num_steps)",
            )
        ),
    ),
    idea(
        "masked_before_linear",
        "Padding is set to zero before the linear layer, not after it",
        "nn.Linear has a bias. What comes out of it when a state of zeros goes in?",
        way(
            MASK="",
            LINEAR_F="padding = torch.arange(num_steps) >= torch.as_tensor(lengths)[:, None]\n"
            "states_f = states_f.masked_fill(padding[:, :, None], 0)\n"
            "states_b = states_b.masked_fill(padding[:, :, None], 0)\n{LINEAR_F}",
        ),
    ),
    idea(
        "one_half_not_zeroed",
        "Only one half of the outputs is zero on padding",
        "Both directions leave something on padding. In which half did you take care of it?",
        way(MASK="outputs = torch.cat([torch.where(steps < num_real, outputs_f, 0), outputs_b], dim=2)"),
        way(MASK="outputs = torch.cat([outputs_f, torch.where(steps < num_real, outputs_b, 0)], dim=2)"),
    ),
    idea(
        "same_linear_for_both",
        "Both halves go through the same linear layer",
        "Each direction has a linear layer of its own. Which one does your backward half go through?",
        way(MAKE_LB="self.backward_linear = self.forward_linear"),
        way(LINEAR_B="outputs_b = self.forward_linear(states_b)"),
        way(LINEAR_F="outputs_f = self.backward_linear(states_f)"),
    ),
    idea(
        "joined_along_another_axis",
        "The two halves are joined along the wrong axis",
        "Two arrays of (N, L, H) should become one of (N, L, 2H). Which axis grows? Print the shape you get.",
        *(
            way(needs="np", JOIN="outputs = " + text.replace("F", "outputs_f").replace("B", "outputs_b"))
            for text in OTHER_AXES
        ),
        *(
            way(JOIN="", MASK="outputs = " + text.replace("F", MASKED_F).replace("B", MASKED_B))
            for text in OTHER_AXES
        ),
    ),
]
