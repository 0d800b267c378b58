"""What goes wrong when a sequence is read from both ends; `joining` has what goes wrong with the two answers."""

from .table import Way, idea, way

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
        "backward_reads_forward_states",
        "The backward direction reads the forward states instead of x",
        "Both readers read the same sequence. What do you hand to the backward one?",
        way(needs="np", RUN_B="x_b = reverse(outputs_f, lengths)\n{RUN_B}"),
        way(needs="torch", RUN_B="x_b = reverse(states_f, lengths)\n{RUN_B}"),
        way(needs="torch", RUN_B="x_b = reverse(self.forward_linear(states_f), lengths)\n{RUN_B}"),
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
]

#: The samples sorted by their lengths, longest or shortest first, and their initial states with them.
SORTED = (
    "order = {m}.argsort({m}.asarray(lengths) * SIGN{stable})\n"
    "x, lengths, {h0} = x[order], {m}.asarray(lengths)[order], {h0}[:, order]\n{STATE_F}"
)
BACK = "[{m}.argsort(order)]", "[:, {m}.argsort(order)]"


def sorted_and(returned: str, begin: str = SORTED) -> list[Way]:
    """Make ways that sort the samples and then return this."""
    return [way(STATE_F=begin.replace("SIGN", sign), RESULTS=f"return {returned}") for sign in ("-1", "1")]


def pinned(dtype: str) -> list[Way]:
    """Make ways of making something in this dtype whatever comes in."""
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
