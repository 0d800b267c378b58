"""What goes wrong when a sequence is read from both ends, and the two readers' answers are joined."""

from .table import Way, idea, way

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
        "state_of_one_direction_ignored",
        "Only one direction begins at its given state, the other at zero",
        "The initial states hold one state for each direction. Where does your code use the other one?",
        way(STATE_B="{state_b} = {m}.zeros_like({h0}[1])"),
        way(STATE_F="{state_f} = {m}.zeros_like({h0}[0])"),
    ),
    idea(
        "one_state_for_both",
        "Both directions begin at the same state",
        "Two states are given, one for each direction. Which one does your backward direction begin with?",
        way(STATE_B="{state_b} = {h0}[0]"),
        way(STATE_F="{state_f} = {h0}[1]"),
    ),
    idea(
        "initial_states_swapped",
        "Each direction begins at the other one's state",
        "Of the two given states, which belongs to the forward direction? Follow it to where it is used.",
        way(STATE_F="{state_f} = {h0}[1]", STATE_B="{state_b} = {h0}[0]"),
    ),
    idea(
        "states_read_batch_first",
        "The initial states are read as if the samples came first",
        "The initial states are (2, N, H). Which axis do you index to choose a direction? Try N different from 2.",
        way(STATE_F="{state_f} = {h0}[:, 0]", STATE_B="{state_b} = {h0}[:, 1]"),
    ),
    idea(
        "backward_starts_from_forward",
        "The backward direction begins where the forward direction ended",
        "Neither direction sees the other's state. Which state should the backward one begin with?",
        way(RUN_B="{state_b} = last_f\n{RUN_B}"),
    ),
    idea(
        "state_flipped_instead",
        "The backward state is flipped, and the sequence is not",
        "What has a first and a last step: a sequence, or a state? Which of the two must be read from its end?",
        *(
            way(needs=library, X_B="x_b = x", STATE_B=f"{{state_b}} = {{h0}}[1]{flipped}", **turn)
            for library, flips in (
                ("np", ("[::-1]", "[:, ::-1]", "[::-1, ::-1]")),
                ("torch", (".flip(0)", ".flip(1)", ".flip(0, 1)")),
            )
            for flipped in flips
            for turn in ({}, {"TURN": ""})
        ),
    ),
    idea(
        "backward_not_realigned",
        "The backward outputs are still in reversed time order",
        "You read the sequence from its end, so your first backward output belongs to the last step."
        " What must happen before the halves are joined?",
        way(TURN=""),
        # Read from the end of the array, with the state held on padding: flipped as a whole or not at all.
        way(needs="np", TURN="{TURN}[:, ::-1]"),
        way(needs="np", TURN="{TURN}[:, ::-1]\noutputs_b[outputs_f == 0] = 0"),
        way(needs="torch", TURN="{TURN}.flip(1)"),
        way(
            TURN="",
            MASK="{MASK}\noutputs[..., self.hidden_size :] = "
            "reverse(outputs[..., self.hidden_size :], lengths).flip(1)",
        ),
    ),
    idea(
        "backward_not_reversed",
        "The backward direction reads the sequence from its start",
        "Print the first step that each direction reads. Which step should the backward one begin with?",
        way(X_B="x_b = x"),
        way(X_B="x_b = x", TURN=""),
    ),
    idea(
        "batch_axis_flipped",
        "The samples are put in reversed order, not the time steps",
        "x is (N, L, I): which axis is time, and which one does your code turn round? Try two samples.",
        way(X_B="x_b = x{flip_0}", TURN="outputs_b = outputs_b{flip_0}"),
        way(X_B="x_b = x{flip_0}", TURN=""),
        way(X_B="x_b = x{flip_0}"),
        way(TURN="outputs_b = outputs_b{flip_0}"),
    ),
    idea(
        "all_axes_flipped",
        "All axes are put in reversed order, not only the time steps",
        "Flip a tiny array that holds 0, 1, 2, … and look at it: which axes were turned round besides time?",
        way(X_B="x_b = x{flip_all}", TURN="outputs_b = outputs_b{flip_all}"),
        way(X_B="x_b = x{flip_all}"),
        way(TURN="outputs_b = outputs_b{flip_all}"),
    ),
    idea(
        "features_flipped",
        "The features are put in reversed order, not the time steps",
        "x is (N, L, I): which axis is time, and which one does your code turn round? Try I = 1: what changes?",
        way(X_B="x_b = x{flip_2}", TURN="outputs_b = outputs_b{flip_2}"),
        way(X_B="x_b = x{flip_2}", TURN=""),
        way(X_B="x_b = x{flip_2}"),
        way(TURN="outputs_b = outputs_b{flip_2}"),
    ),
    idea(
        "directions_swapped",
        "The forward direction reads from the end, and the backward one from the start",
        "Print the first step that each direction reads, and compare with the drawing in the hand-out.",
        way(RUN_F="x, x_b = x_b, x\n{RUN_F}", TURN="outputs_f = reverse(outputs_f, lengths)"),
        way(RUN_F="x, x_b = x_b, x\n{RUN_F}"),
        way(RUN_F="x, x_b = x_b, x\n{RUN_F}", TURN=""),
    ),
    idea(
        "forward_turned_round",
        "The forward outputs are turned round as well, or instead",
        "Which of the two readers leaves its outputs in reversed order? Only those need to be turned round.",
        way(TURN="outputs_f = reverse(outputs_f, lengths)"),
        way(TURN="{TURN}\noutputs_f = reverse(outputs_f, lengths)"),
    ),
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
        "backward_reads_forward_states",
        "The backward direction reads the forward states instead of x",
        "Both readers read the same sequence. What do you hand to the backward one?",
        way(needs="np", RUN_B="x_b = reverse(outputs_f, lengths)\n{RUN_B}"),
        way(needs="torch", RUN_B="x_b = reverse(states_f, lengths)\n{RUN_B}"),
        way(needs="torch", RUN_B="x_b = reverse(self.forward_linear(states_f), lengths)\n{RUN_B}"),
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
        "sliced_backwards",
        "A tensor is sliced with a negative step",
        "numpy arrays can be sliced backwards, tensors cannot. Which method of a tensor turns an axis round?",
        way(needs="torch", X_B="x_b = x[:, ::-1]"),
        way(needs="torch", TURN="outputs_b = outputs_b[:, ::-1]"),
    ),
    idea(
        "through_numpy",
        "A tensor is turned into a numpy array on the way",
        "numpy knows nothing of gradients. Which line of yours leaves torch, and what does torch have for it?",
        way(needs="torch", X_B="x_b = torch.from_numpy(reverse(x.numpy(), lengths))"),
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

#: The samples sorted by their lengths, longest or shortest first, and their initial states with them.
SORTED = (
    "order = {m}.argsort({m}.asarray(lengths) * SIGN{stable})\n"
    "x, lengths, {h0} = x[order], {m}.asarray(lengths)[order], {h0}[:, order]\n{STATE_F}"
)
BACK = "[{m}.argsort(order)]", "[:, {m}.argsort(order)]"


def sorted_and(returned: str, begin: str = SORTED) -> list[Way]:
    """Ways that sort the samples and then return this."""
    return [way(STATE_F=begin.replace("SIGN", sign), RESULTS=f"return {returned}") for sign in ("-1", "1")]


def pinned(dtype: str) -> list[Way]:
    """Ways of making something in this dtype whatever comes in."""
    return [
        way(needs="h0", SIZES=f"x = x{{{dtype}}}\n{{SIZES}}"),
        way(
            JOIN=f"outputs = {{m}}.zeros((num_samples, num_steps, 2 * outputs_f.shape[2]), dtype={{m}}.{dtype})\n"
            "outputs[:] = {joined}"
        ),
        way(
            PUT=f"{{last}} = {{m}}.zeros({{h0}}.shape, dtype={{m}}.{dtype})\n"
            "{last}[0], {last}[1] = last_f, last_b"
        ),
    ]


#: Further ways of ideas that need no second direction.
MORE = {
    "dtype_float32": [*pinned("float32"), way(needs="np", STATE_F="{state_f} = {h0}[0].astype(np.float32)")],
    "dtype_float64": [*pinned("float64"), way(MASK="outputs = outputs * (steps < num_real).double()")],
    "changes_its_arguments": [
        way(PUT="{h0}[0], {h0}[1] = last_f, last_b\n{last} = {h0}"),
        way(X_B="x[...] = reverse(x, lengths)\nx_b = x"),
        way(STATE_F="for n in range(num_samples):\n    x[n, lengths[n] :] = 0\n{STATE_F}"),
        way(needs="h0", RESULTS="lengths.sort()\n{RESULTS}"),
    ],
    "initial_state_ignored": [
        way(STATE_F="{state_f} = {m}.zeros_like({h0}[0])", STATE_B="{state_b} = {m}.zeros_like({h0}[1])"),
    ],
    "needs_a_state": [
        way(SIGNATURE="{without_default}", DEFAULT=""),
        way(DEFAULT="", STATE_F="{state_f}, {state_b} = {h0}", STATE_B=""),
    ],
    "loops_over_batch": [way(SIZES="x = x{swap}\n{SIZES}", RESULTS="return outputs{swap}, {last}")],
    "time_axis_first": [way(RESULTS="return outputs{swap}, {last}")],
    "reshaped_not_transposed": [way(RESULTS="return outputs{swap}.reshape(outputs.shape), {last}")],
    "input_off_by_one": [
        way(needs="np", X_B="x_b = np.roll(reverse(x, lengths), 1, axis=1)"),
        way(needs="torch", X_B="x_b = torch.roll(reverse(x, lengths), 1, dims=1)"),
        way(X_B="x_b = reverse(x, np.asarray(lengths) + 1)"),
    ],
    "only_last_output": [
        way(needs="h0", RESULTS="return outputs[:, -1], {last}"),
        way(needs="h0", RESULTS="return outputs[:, -1:], {last}"),
        way(needs="h0", RESULTS="return {m}.{cat}([last_f, last_b], {axis}=1), {last}"),
        way(
            needs="LINEAR_F LINEAR_B",
            RESULTS="last = [self.forward_linear(last_f), self.backward_linear(last_b)]\n"
            "return torch.cat(last, dim=1), {last}",
        ),
    ],
    "last_state_is_initial": [way(RESULTS="return outputs, {h0}")],
    "initial_state_detached": [
        way(needs="torch", STATE_F="{STATE_F}.detach()", STATE_B="{STATE_B}.detach()"),
        way(needs="torch", STATE_B="{STATE_B}.detach()"),
        way(needs="torch", STATE_F="{STATE_F}.detach()"),
    ],
    "input_detached": [
        way(needs="torch h0", SIZES="x = x.detach()\n{SIZES}"),
        way(needs="torch", X_B="{X_B}.detach()"),
    ],
    "not_unsorted": [
        *sorted_and("outputs, {last}"),
        *sorted_and(f"outputs{BACK[0]}, {{last}}"),
        *sorted_and(f"outputs, {{last}}{BACK[1]}"),
    ],
    "unsorted_the_wrong_way": sorted_and("outputs[order], {last}[:, order]"),
    "state_not_sorted_along": sorted_and(
        f"outputs{BACK[0]}, {{last}}{BACK[1]}", SORTED.replace("{h0}[:, order]", "{h0}")
    ),
    "lengths_must_be_sorted": [
        way(
            needs="torch",
            STATE_F="nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)\n{STATE_F}",
        ),
    ],
    "one_length_for_all": [
        way(STATE_F=f"lengths = [{length}] * num_samples\n{{STATE_F}}")
        for length in ("lengths[0]", "max(lengths)", "min(lengths)", "lengths[-1]")
    ],
    "outputs_cut_to_longest": [way(needs="h0", RESULTS="return outputs[:, : max(lengths)], {last}")],
    "lengths_must_be_a_tensor": [
        way(
            needs=library,
            ALL_REAL="lengths = {m}.full((num_samples,), num_steps)",
            STATE_F=f"{used}\n{{STATE_F}}",
        )
        for library, uses in (
            ("m", ("0 < lengths", "lengths > 0", "lengths - 1", "lengths[:, None]", "lengths.max()")),
            ("torch", ("lengths.unsqueeze(1)", "lengths.view(-1, 1)", "lengths.to(x.device)")),
        )
        for used in uses
    ],
}
