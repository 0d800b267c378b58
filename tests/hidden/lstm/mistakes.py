"""The mistakes of lstm as edits of the reference: what the diagnosis names, and what the suite must catch.

Those of gates and of the two states are written here, the others in tests/hidden/shared/ideas.
"""

from itertools import permutations

from ..shared import ideas
from ..shared.ideas import Place, idea, way

GATES = {name: ideas.STEP[name] for name in ("pre", "from_input", "from_state", "INPUT", "STATE", "SUM")} | {
    "CUT": "{cut_into} = {split}({pre}, 4, {axis}=1)",
    "cut_into": "a_i, a_f, a_g, a_o",
    "layers": "4",
    "I": "i = {sigmoid}({into_i})",
    "into_i": "a_i",
    "F": "f = {sigmoid}({into_f})",
    "into_f": "a_f",
    "CANDIDATE": "{candidate} = {m}.tanh({into_candidate})",
    "candidate": "g",
    "into_candidate": "a_g",
    "O": "o = {sigmoid}({into_o})",
    "into_o": "a_o",
    "MEMORY": "c_next = f * {memory} + i * g",
    "NEW": "h_next = o * {m}.tanh(c_next)",
    "new": "h_next",
}
LOOP = {name: text for name, text in ideas.LOOP.items() if name not in ("BEGIN", "LAST", "RESULTS")}
CELL = Place(
    "lstm_cell_forward",
    {
        **ideas.NUMPY,
        **GATES,
        **ideas.ARGUMENTS,
        "x": "x",
        "state": "h_prev",
        "memory": "c_prev",
        "split": "np.split",
        "sigmoid": "sigmoid",
        "GIVE": "return h_next, c_next",
        "one": "h_next",
        "other": "c_next",
    },
)
NETWORK = Place(
    "LSTM.forward",
    {
        **ideas.TORCH,
        **GATES,
        **ideas.PARAMETERS,
        **ideas.MAYBE_NONE,
        **LOOP,
        **ideas.TORCH_LOOP,
        **ideas.STATES_SHOWN,
        "state": "h",
        "x": "x_t",
        "outputs": "outputs",
        "memory": "c",
        "split": "torch.chunk",
        "sigmoid": "torch.sigmoid",
        "IF_NONE": "if state is None:",
        "given": "zeros",
        "DEFAULT": "{IF_NONE}\n            {ZEROS}\n            {PAIR}",
        "PAIR": "state = zeros, zeros",
        "SIGNATURE": "def forward(self, x, state=None, lengths=None):",
        "without_lengths": "def forward(self, x, state=None):",
        "BOTH": "h, c = state",
        "IN_ORDER": "h, c = state[0][order], state[1][order]",
        "HOLD_MEMORY": "c = torch.where(is_real, c_next, c)",
        "GIVE": "return {outputs}, (h, c)",
        "one": "h",
        "other": "c",
    },
)
INIT = Place(
    "LSTM.__init__",
    {
        **ideas.MAKING,
        "size_w_input": "input_size, 4 * hidden_size",
        "size_w_input_turned": "4 * hidden_size, input_size",
        "size_w_hidden": "hidden_size, 4 * hidden_size",
        "size_bias": "4 * hidden_size",
    },
)
table = ideas.of(CELL, NETWORK, INIT)

EXCHANGED = "a_f, a_i, a_g, a_o"
ORDERS = [", ".join(order) for order in permutations(("a_i", "a_f", "a_g", "a_o"))][1:]
OF_GATES = [
    idea(
        "input_and_forget_exchanged",
        "The input gate and the forget gate have changed places",
        "One of the two multiplies the old memory, the other what is new. Which H columns belong to which?",
        way(CUT=f"{EXCHANGED} = {{split}}({{pre}}, 4, {{axis}}=1)"),
    ),
    idea(
        "gates_in_another_order",
        "The four layers are cut apart in another order than i, f, g, o",
        "Other libraries order the gates otherwise. Which columns does each of your gates get, and which should it?",
        *(way(CUT=f"{order} = {{split}}({{pre}}, 4, {{axis}}=1)") for order in ORDERS if order != EXCHANGED),
    ),
    idea(
        "gate_used_twice",
        "One gate is used in the place of another",
        "Print i, f and o for one step. Which two are the same, and which columns does each one come from?",
        *(
            way(**{gate: f"{gate.lower()} = {{sigmoid}}(a_{other})"})
            for gate in "IFO"
            for other in "ifo"
            if other != gate.lower()
        ),
    ),
    idea(
        "gate_missing",
        "A gate is left out",
        "Three products with gates are in the formulas. Which of them do you find in your code?",
        way(MEMORY="c_next = {memory} + i * g"),
        way(MEMORY="c_next = f * {memory} + g"),
        way(NEW="h_next = {m}.tanh(c_next)"),
    ),
    idea(
        "everything_is_sigmoid",
        "All four layers go through the sigmoid, and the memory too",
        "There are two functions in the formulas. Where does each of them stand?",
        way(CANDIDATE="g = {sigmoid}(a_g)", NEW="h_next = o * {sigmoid}(c_next)"),
        way(NEW="h_next = o * {sigmoid}(c_next)"),
    ),
    idea(
        "memory_shown_without_tanh",
        "The memory is shown without tanh",
        "The memory may grow beyond 1, a state may not. What stands between the two in the formulas?",
        way(NEW="h_next = o * c_next"),
    ),
    idea(
        "memory_squashed",
        "The memory itself goes through tanh",
        "tanh is for what is shown. Is it also in what goes on to the next step as memory?",
        way(MEMORY="c_next = {m}.tanh(f * {memory} + i * g)"),
        way(MEMORY="c_next = {m}.tanh(f * {memory} + i * g)", NEW="h_next = o * c_next"),
    ),
    idea(
        "forget_bias_added",
        "A number is added to the forget gate",
        "Some libraries open the forget gate at the start. Is that in the formulas, or is it a matter of the bias?",
        way(F="f = {sigmoid}(a_f + 1)"),
    ),
    idea(
        "memory_ignored",
        "The old memory plays no part in the new one",
        "Call it twice with different memories and everything else the same. Should the results be the same?",
        way(MEMORY="c_next = i * g"),
    ),
    idea(
        "state_taken_for_memory",
        "The old state stands where the old memory should",
        "Two states come in. Which of them does the forget gate scale?",
        way(MEMORY="c_next = f * {state} + i * g"),
    ),
    idea(
        "layers_read_the_memory",
        "The layers read the old memory, not the old state",
        "Two states come in. Which of them is multiplied by w_hidden?",
        way(STATE="{from_state} = {memory} @ {w_hidden}"),
        way(STATE="{from_state} = {memory} @ {w_hidden}", MEMORY="c_next = f * {state} + i * g"),
    ),
    idea(
        "products_of_sums",
        "Sums and products have changed places in the new memory",
        "Set the forget gate to 0 by hand. What must the new memory be then, and what is yours?",
        way(MEMORY="c_next = (f + {memory}) * (i + g)"),
        way(MEMORY="c_next = f * {memory} * i * g"),
        way(MEMORY="c_next = f * ({memory} + i * g)"),
        way(MEMORY="c_next = f * {memory} - i * g"),
        way(MEMORY="c_next = i * (f * {memory} + g)"),
    ),
    idea(
        "old_memory_shown",
        "The new state is made of the old memory",
        "Which memory does the output gate show, the one before the step or the one after it?",
        way(NEW="h_next = o * {m}.tanh({memory})"),
    ),
    idea(
        "candidate_shown",
        "The new state is made of the candidate, not of the memory",
        "What does the output gate multiply in the formulas?",
        way(NEW="h_next = o * g"),
        way(NEW="h_next = o * {m}.tanh(i * g)"),
    ),
    idea(
        "peepholes",
        "The gates look at the old memory as well",
        "Some LSTMs have such connections. Which arrays do the layers read in these formulas?",
        way(I="i = {sigmoid}(a_i + {memory})", F="f = {sigmoid}(a_f + {memory})"),
    ),
]

OF_BOTH_STATES = [
    idea(
        "state_and_memory_swapped",
        "State and memory are returned in each other's place",
        "Print h and c after one step. Which of the two can be larger than 1, and where does yours stand?",
        way(GIVE="return {other}, {one}"),
        way(GIVE="return {outputs}, ({other}, {one})"),
    ),
    idea(
        "state_returned_for_memory",
        "The state is returned in the place of the memory as well",
        "Two different things come back. Which variable holds the memory after the step?",
        way(GIVE="return {one}, {one}"),
        way(GIVE="return {outputs}, ({one}, {one})"),
    ),
    idea(
        "memory_returned_for_state",
        "The memory is returned in the place of the state as well",
        "Two different things come back. Which variable holds the state after the step?",
        way(GIVE="return {other}, {other}"),
        way(GIVE="return {outputs}, ({other}, {other})"),
    ),
    idea(
        "outputs_are_memories",
        "The outputs are the memory of each step, not its state",
        "An output is what the output gate lets through. Which variable do you collect?",
        way(SHOW="output = torch.where(is_real, c, 0)"),
    ),
    idea(
        "state_not_carried",
        "A state is not carried from step to step",
        "Which h and which c go into step 5, and where do they come from? Follow both once round your loop.",
        way(STATE="{from_state} = state[0] @ {w_hidden}"),
        way(MEMORY="c_next = f * state[1] + i * g"),
        way(STATE="{from_state} = state[0] @ {w_hidden}", MEMORY="c_next = f * state[1] + i * g"),
    ),
    idea(
        "initial_state_ignored",
        "The given initial states are not used",
        "Call it with two different initial states. Should the results be the same? Where does the argument go?",
        way(IF_NONE="if True:"),
        way(BOTH="h, c = torch.zeros_like(state[0]), torch.zeros_like(state[1])"),
        way(BOTH="h, c = 0 * state[0], 0 * state[1]"),
    ),
    idea(
        "initial_memory_ignored",
        "The given initial memory is not used",
        "state is a pair. Call it with two different c0. Should the results be the same?",
        way(BOTH="h, c = state[0], torch.zeros_like(state[0])"),
        way(BOTH="h, c = state[0], 0 * state[1]"),
    ),
    idea(
        "initial_h_ignored",
        "Of the given pair, h0 is not used",
        "state is a pair. Call it with two different h0. Should the results be the same?",
        way(BOTH="h, c = torch.zeros_like(state[0]), state[1]"),
        way(BOTH="h, c = 0 * state[0], state[1]"),
    ),
    idea(
        "initial_states_swapped",
        "h begins at c0, and c at h0",
        "state is (h0, c0). Which of the two does your code take first?",
        way(BOTH="c, h = state"),
    ),
    idea(
        "one_initial_state_for_both",
        "Both states begin at the same one of the given pair",
        "state is (h0, c0). Where does each of the two go?",
        way(BOTH="h, c = state[0], state[0]"),
        way(BOTH="h, c = state[1], state[1]"),
    ),
    idea(
        "memory_not_held",
        "The memory goes on changing on padding",
        "Both states of a sample end at its last real step. What happens to c while the longer samples read on?",
        way(HOLD_MEMORY="c = c_next"),
        way(HOLD_MEMORY="c = torch.where(is_real, c_next, 0)"),
    ),
    idea(
        "both_last_states_on_padding",
        "Both last states are taken after the padding",
        "A sample ends at its own last real step. What happens to its h and c while the longer samples read on?",
        way(HOLD="h = h_next", HOLD_MEMORY="c = c_next"),
    ),
    idea(
        "last_state_is_initial",
        "The initial states are returned as the last ones",
        "Which variables hold the states when your loop is over, and which ones do you return?",
        way(GIVE="return {outputs}, state"),
        way(GIVE="return {outputs}, (state[0], c)"),
        way(GIVE="return {outputs}, (h, state[1])"),
    ),
    idea(
        "last_state_one_step_early",
        "A last state that is returned is one step old",
        "With L = 1 your last state has read nothing. When is it stored, before the step or after?",
        way(HOLD="before = h, c\n{HOLD}", GIVE="return {outputs}, before"),
        way(HOLD_MEMORY="before = c\n{HOLD_MEMORY}", GIVE="return {outputs}, (h, before)"),
    ),
    idea(
        "states_in_one_array",
        "The last states are returned in one array, or side by side with the outputs",
        "Two things come back, and the second is a pair. What is yours?",
        way(GIVE="return {outputs}, torch.stack((h, c))"),
        way(GIVE="return {outputs}, torch.cat((h, c), dim=1)"),
        way(GIVE="return {outputs}, h, c"),
    ),
    idea(
        "results_swapped",
        "The two results are returned in the wrong order",
        "Print the shapes of what you return. Which one is asked for first, the steps or the last states?",
        way(GIVE="return (h, c), {outputs}"),
    ),
    idea(
        "returns_one_result",
        "One result is returned where two are asked for",
        "All steps and both last states are asked for. What stands after your `return`?",
        way(GIVE="return {outputs}"),
        way(needs="outputs", GIVE="return h, c"),
        way(GIVE="return {one}"),
        way(GIVE="return {other}"),
    ),
    idea(
        "returns_nothing",
        "The function returns nothing",
        "Print what a call of your function gives. Is there a `return`, and is it reached?",
        way(GIVE=""),
    ),
    idea(
        "not_unsorted",
        "The samples come back in another order",
        "Sorting by length moves the samples. How do they find the way back to their places?",
        way(
            BOTH="order = torch.argsort(-lengths, stable=True)\nx, lengths = x[order], lengths[order]\n{IN_ORDER}"
        ),
        way(
            BOTH="order = torch.argsort(lengths, stable=True)\nx, lengths = x[order], lengths[order]\n{IN_ORDER}"
        ),
    ),
    idea(
        "last_state_alone",
        "Of the two last states only one is returned",
        "The memory is needed to go on reading later. What do you give back beside the outputs?",
        way(GIVE="return {outputs}, h"),
        way(GIVE="return {outputs}, c"),
    ),
    idea(
        "last_state_has_an_axis_more",
        "The last states have one axis too many",
        "The exercise has no axis for layers. Print the shapes of the states that you return.",
        way(GIVE="return {outputs}, (h[None], c[None])"),
        way(GIVE="return {outputs}, (h[:, None], c[:, None])"),
    ),
    idea(
        "needs_a_state",
        "It fails when no state is given",
        "The initial state may be left out. What should take its place, and where is that decided?",
        way(DEFAULT=""),
        way(DEFAULT="state[0]"),
        way(SIGNATURE="def forward(self, x, state, lengths=None):"),
    ),
    idea(
        "state_kept_between_calls",
        "Something of one call is still there in the next",
        "Call it twice, the second time with fewer samples. What of the first call is still stored somewhere?",
        way(PAIR='state = getattr(self, "kept", (zeros, zeros))', GIVE="self.kept = h, c\n{GIVE}"),
        way(EMPTY='collected = self.kept = getattr(self, "kept", [])'),
    ),
    idea(
        "initial_state_detached",
        "No gradient reaches the initial states",
        "The numbers are right. What do you do with the given states before the first step?",
        way(BOTH="h, c = state[0].detach(), state[1].detach()"),
        way(BOTH="h, c = state[0].detach(), state[1]"),
        way(BOTH="h, c = state[0], state[1].detach()"),
    ),
]

OWN_WAYS = {
    "changes_its_arguments": {
        "lstm_cell_forward": [
            way(GIVE="c_prev[:] = c_next\n{GIVE}"),
            way(GIVE="h_prev[:] = h_next\n{GIVE}"),
            way(MEMORY="c_prev *= f\nc_next = c_prev + i * g"),
        ],
        "LSTM.forward": [
            way(GIVE="state[0].data.copy_(h)\nstate[1].data.copy_(c)\n{GIVE}"),
            way(BOTH="for n, length in enumerate(lengths):\n    x.data[n, length:] = 0\n{BOTH}"),
        ],
    },
    "dtype_float32": {
        "lstm_cell_forward": [
            way(GIVE="return h_next.astype(np.float32), c_next.astype(np.float32)"),
            way(GIVE="return h_next.astype(np.float32), c_next"),
            way(GIVE="return h_next, c_next.astype(np.float32)"),
        ],
        "LSTM.forward": [
            way(GIVE="return outputs.float(), (h.float(), c.float())"),
            way(GIVE="return outputs.float(), (h, c)"),
            way(GIVE="return {outputs}, (h.float(), c.float())"),
        ],
    },
    "dtype_float64": {
        "lstm_cell_forward": [
            way(GIVE="return h_next.astype(np.float64), c_next.astype(np.float64)"),
            way(GIVE="return h_next.astype(np.float64), c_next"),
            way(GIVE="return h_next, c_next.astype(np.float64)"),
        ],
        "LSTM.forward": [
            way(GIVE="return outputs.double(), (h.double(), c.double())"),
            way(GIVE="return outputs.double(), (h, c)"),
            way(GIVE="return {outputs}, (h.double(), c.double())"),
        ],
    },
    "detached": {
        "LSTM.forward": [
            way(GIVE="return outputs.detach(), (h.detach(), c.detach())"),
            way(GIVE="return outputs.detach(), (h, c)"),
            way(GIVE="return {outputs}, (h.detach(), c.detach())"),
        ]
    },
    "state_detached": {
        "LSTM.forward": [
            way(MEMORY="c_next = f * c.detach() + i * g"),
            way(STATE="from_state = h.detach() @ self.w_hidden", MEMORY="c_next = f * c.detach() + i * g"),
        ]
    },
    "numpy_in_module": {"LSTM.forward": [way(NEW="h_next = o * torch.as_tensor(np.tanh(c_next.numpy()))")]},
}

MISTAKES = [
    *(table.mistake(one) for one in (*OF_GATES, *OF_BOTH_STATES)),
    *table.mistakes(
        "gates_interleaved layers_transposed gates_cut_across_samples one_gate_for_all gates_coupled"
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
    ),
    *(table.mistake(id, ways) for id, ways in OWN_WAYS.items()),
]
