"""Mistakes that can be made in birnn, as edits of its reference: each is a diagnosis, and a proof of the suite.

`rnn_forward` is a helper of birnn_forward here, so a mistake in it shows in both directions. Most are ideas that other
assignments share (tests/hidden/shared/ideas). Nothing here may name a graded input. A title says what the code does; a
hint asks or points.
"""

from dataclasses import replace

from ..shared import ideas
from ..shared.ideas import Place, idea, way

RUN_F = "outputs_f, last_f = rnn_forward(x, h0_f, *forward_weights, lengths)"
RUN_B = "outputs_b, last_b = rnn_forward(x_b, h0_b, *backward_weights, lengths)"
RUN_TORCH_F = "states_f, last_f = self.run(self.forward_cell, x, hidden_f, lengths)"
RUN_TORCH_B = "states_b, last_b = self.run(self.backward_cell, x_b, hidden_b, lengths)"
MAKE_CELL, MAKE_LINEAR = "nn.RNNCell(input_size, hidden_size)", "nn.Linear(hidden_size, hidden_size)"
SIGNATURE = "def forward(self, x, hidden=None, lengths=None):"

HELPER = Place(
    "rnn_forward",
    {
        **ideas.NUMPY,
        **{name: text for name, text in ideas.LOOP.items() if name not in ("NO_LENGTHS", "ALL_REAL")},
        **ideas.NUMPY_LOOP,
        **ideas.STATES_SHOWN,
        **{name: text for name, text in ideas.STEP.items() if name != "RETURN"},
        **ideas.ARGUMENTS,
        "x": "x_t",
        "begun": "h0",
        "outputs": "hidden_states",
        "last": "h_last",
    },
    exercise="birnn_forward",
)
FORWARD = Place(
    "birnn_forward",
    {
        **ideas.NUMPY,
        **ideas.DIRECTIONS,
        "h0": "h0",
        "state_f": "h0_f",
        "state_b": "h0_b",
        "last": "hidden",
        "RUN_F": RUN_F,
        "RUN_B": RUN_B,
        **ideas.NUMPY_AXES,
        "SIGNATURE": ", lengths=None):",
    },
)
BIRNN = Place(
    "BiRNN.forward",
    {
        **ideas.TORCH,
        **ideas.MAYBE_NONE,
        **ideas.DIRECTIONS,
        "lead": "2, ",
        "given": "hidden",
        "h0": "hidden",
        "state_f": "hidden_f",
        "state_b": "hidden_b",
        "last": "last_states",
        "RUN_F": RUN_TORCH_F,
        "RUN_B": RUN_TORCH_B,
        "LINEAR_F": "outputs_f = self.forward_linear(states_f)",
        "LINEAR_B": "outputs_b = self.backward_linear(states_b)",
        "MASK": "outputs = torch.where(steps < num_real, outputs, 0)",
        **ideas.TORCH_AXES,
        "SIGNATURE": SIGNATURE,
        "without_default": SIGNATURE.replace("hidden=None", "hidden"),
    },
)
RUN = Place(
    "BiRNN.run",
    {
        **ideas.TORCH,
        **{
            name: ideas.LOOP[name]
            for name in ("new", "state", "EMPTY", "FOR", "READ", "REAL", "HOLD", "KEEP", "STACK")
        },
        "steps": "x.shape[1]",
        "samples": "x.shape[0]",
        "output": "state",
        "shown": "state",
        "outputs": "states",
        "last": "state",
        "RESULTS": "return states, state",
        "LENGTHS": "lengths = torch.as_tensor(lengths, device=x.device)",
        "CELL": "h_next = cell(x_t, state)",
        "cell": "cell",
        "new_cell": "nn.RNNCell(self.input_size, self.hidden_size)",
    },
)
INIT = Place(
    "BiRNN.__init__",
    {
        "SET_UP": "super().__init__()",
        "MAKE_F": f"self.forward_cell = {MAKE_CELL}",
        "MAKE_B": f"self.backward_cell = {MAKE_CELL}",
        "MAKE_LF": f"self.forward_linear = {MAKE_LINEAR}",
        "MAKE_LB": f"self.backward_linear = {MAKE_LINEAR}",
    },
)
table = ideas.of(HELPER, FORWARD, RUN, BIRNN, INIT)
BOTH_PLACES = "birnn_forward BiRNN.forward"


def cells(made, **more):
    """Both cells made otherwise."""
    return way(MAKE_F=f"self.forward_cell = {made}", MAKE_B=f"self.backward_cell = {made}", **more)


def linears(made, **more):
    """Both linear layers made otherwise."""
    return way(MAKE_LF=f"self.forward_linear = {made}", MAKE_LB=f"self.backward_linear = {made}", **more)


def using(**texts):
    """Lines in which the part that is used is another: RUN_F="nn.RNNCell(…)" instead of self.forward_cell."""
    lines = {
        "RUN_F": (RUN_TORCH_F, "self.forward_cell"),
        "RUN_B": (RUN_TORCH_B, "self.backward_cell"),
        "LINEAR_F": (BIRNN.words["LINEAR_F"], "self.forward_linear"),
        "LINEAR_B": (BIRNN.words["LINEAR_B"], "self.backward_linear"),
    }
    return {name: lines[name][0].replace(lines[name][1], text) for name, text in texts.items()}


THE_STEP = [
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
]

THE_STATE = [
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
]

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

BOTH_DIRECTIONS = [
    *table.mistakes(
        "backward_not_realigned backward_not_reversed batch_axis_flipped all_axes_flipped features_flipped"
    ),
    table.mistake(
        idea(
            "backward_stops_before_step_0",
            "The backward direction never reads step 0",
            "Print t while the backward direction reads. Which step is read last, and which one should be?",
            way(needs="np", RUN_B=RUN_B.replace("lengths", "np.maximum(np.asarray(lengths) - 1, 0)")),
            way(
                RUN_B=RUN_TORCH_B.replace("lengths", "np.asarray(lengths) - 1"),
                TURN="{TURN}\noutputs_b = torch.cat([torch.zeros_like(outputs_b[:, :1]), outputs_b[:, 1:]], 1)",
                needs="torch",
            ),
            way(JOIN="outputs = {m}.{cat}([outputs_f, outputs_b[:, 1:]], {axis}=2)"),
        )
    ),
    *table.mistakes(
        "directions_swapped forward_turned_round forward_joined_with_itself one_half_only halves_swapped"
        " joined_along_another_axis halves_added halves_interleaved halves_reshaped backward_state_of_last_step"
        " last_states_put_together_wrongly batch_and_direction_mixed last_states_swapped one_last_state_twice"
        " last_states_not_joined"
    ),
    table.mistake(
        idea(
            "same_weights_for_both",
            "Both directions use the same weights",
            "Each direction has weights of its own. Which ones does your backward direction use?",
        ),
        {
            "birnn_forward": [
                way(RUN_B=RUN_B.replace("backward_weights", "forward_weights")),
                way(RUN_F=RUN_F.replace("forward_weights", "backward_weights")),
            ],
            "BiRNN.__init__": way(MAKE_B="self.backward_cell = self.forward_cell"),
            "BiRNN.forward": [
                way(**using(RUN_B="self.forward_cell")),
                way(**using(RUN_F="self.backward_cell")),
            ],
        },
    ),
    *table.mistakes("same_linear_for_both"),
    table.mistake(
        idea(
            "parts_of_directions_swapped",
            "Each direction uses the weights of the other",
            "Which weights belong to the forward direction? Follow them by name to where they are used.",
        ),
        {
            "birnn_forward": way(
                RUN_F="forward_weights, backward_weights = backward_weights, forward_weights\n{RUN_F}"
            ),
            "BiRNN.forward": [
                way(**using(RUN_F="self.backward_cell", RUN_B="self.forward_cell")),
                way(**using(LINEAR_F="self.backward_linear", LINEAR_B="self.forward_linear")),
                way(
                    **using(RUN_F="self.backward_cell", RUN_B="self.forward_cell"),
                    **using(LINEAR_F="self.backward_linear", LINEAR_B="self.forward_linear"),
                ),
            ],
        },
    ),
    *table.mistakes("backward_reads_forward_states"),
]

SKIPPED = {"LINEAR_F": "outputs_f = states_f", "LINEAR_B": "outputs_b = states_b"}
TWO_CELLS = using(RUN_F="self.cells[0]", RUN_B="self.cells[1]") | {"MAKE_B": ""}
TWO_LINEARS = using(LINEAR_F="self.linears[0]", LINEAR_B="self.linears[1]") | {"MAKE_LB": ""}
IN_LIST = "self.{parts} = [{made} for _ in range(2)]"
IN_MODULE_LIST = "self.{parts} = nn.ModuleList({made} for _ in range(2))"
OWN_CELL = "nn.RNNCell(self.input_size, self.hidden_size)"
OWN_LINEAR = "nn.Linear(self.hidden_size, self.hidden_size)"

THE_MODULE = [
    table.mistake(
        "projection_skipped",
        ways=[way(**SKIPPED), way(LINEAR_F=SKIPPED["LINEAR_F"]), way(LINEAR_B=SKIPPED["LINEAR_B"])],
    ),
    table.mistake(
        "output_fed_back",
        {
            "BiRNN": way(
                CELL="linear = self.forward_linear if cell is self.forward_cell else self.backward_linear\n"
                "h_next = linear(cell(x_t, state))",
                **SKIPPED,
            )
        },
        at="-",
    ),
    table.mistake(
        "output_returned_as_state",
        ways=[
            way(needs="torch", PUT=f"{{last}} = torch.stack([{f}, {b}])")
            for f, b in (
                ("self.forward_linear(last_f)", "self.backward_linear(last_b)"),
                ("outputs_f[:, -1]", "outputs_b[:, 0]"),
                ("outputs_f[:, -1]", "outputs_b[:, -1]"),
            )
        ],
    ),
    table.mistake(
        "activation_on_output",
        ways=[
            *(
                way(
                    LINEAR_F=f"outputs_f = torch.{function}(self.forward_linear(states_f){axis})",
                    LINEAR_B=f"outputs_b = torch.{function}(self.backward_linear(states_b){axis})",
                )
                for function, axis in (("tanh", ""), ("relu", ""), ("sigmoid", ""), ("softmax", ", dim=-1"))
            ),
            way(needs="torch", JOIN="{JOIN}\noutputs = torch.softmax(outputs, dim=-1)"),
        ],
    ),
    table.mistake(
        "new_cell_at_each_step",
        ways=[way(CELL=f"h_next = {OWN_CELL[:-1]}, dtype=x.dtype)(x_t, state)")],
    ),
    table.mistake(
        "cells_in_a_list",
        ways=[
            way(MAKE_F=IN_LIST.format(parts="cells", made=MAKE_CELL), **TWO_CELLS),
            way(MAKE_LF=IN_LIST.format(parts="linears", made=MAKE_LINEAR), **TWO_LINEARS),
            way(
                MAKE_F=IN_LIST.format(parts="cells", made=MAKE_CELL),
                MAKE_LF=IN_LIST.format(parts="linears", made=MAKE_LINEAR),
                **TWO_CELLS,
                **TWO_LINEARS,
            ),
        ],
    ),
    table.mistake(
        idea(
            "parts_under_other_names",
            "The parts are in an nn.ModuleList, and not under the names asked for",
            "Print list(module.named_parameters()) and compare the names, dots and all, with the hand-out.",
            way(MAKE_F=IN_MODULE_LIST.format(parts="cells", made=MAKE_CELL), **TWO_CELLS),
            way(
                MAKE_F=IN_MODULE_LIST.format(parts="cells", made=MAKE_CELL),
                MAKE_LF=IN_MODULE_LIST.format(parts="linears", made=MAKE_LINEAR),
                **TWO_CELLS,
                **TWO_LINEARS,
            ),
        )
    ),
    table.mistake(
        "layers_made_in_forward",
        ways=[
            way(MAKE_LF="", MAKE_LB="", **using(LINEAR_F=OWN_LINEAR, LINEAR_B=OWN_LINEAR)),
            way(MAKE_F="", MAKE_B="", **using(RUN_F=OWN_CELL, RUN_B=OWN_CELL)),
            way(
                MAKE_F="",
                MAKE_B="",
                MAKE_LF="",
                MAKE_LB="",
                **using(RUN_F=OWN_CELL, RUN_B=OWN_CELL, LINEAR_F=OWN_LINEAR, LINEAR_B=OWN_LINEAR),
            ),
            # Made in __init__ as well, so that the names exist, and then again in every call.
            way(
                **using(
                    LINEAR_F=f"{OWN_LINEAR[:-1]}, dtype=x.dtype)",
                    LINEAR_B=f"{OWN_LINEAR[:-1]}, dtype=x.dtype)",
                )
            ),
            way(**using(LINEAR_F=OWN_LINEAR, LINEAR_B=OWN_LINEAR)),
        ],
    ),
    table.mistake(
        idea(
            "parts_without_bias",
            "A part is made without its bias",
            "Print the names of the parameters of your module. Which part has fewer of them than its kind usually has?",
            cells(f"{MAKE_CELL[:-1]}, bias=False)"),
            linears(f"{MAKE_LINEAR[:-1]}, bias=False)"),
        )
    ),
    table.mistake(
        idea(
            "linears_of_other_size",
            "The linear layers are made for both directions at once",
            "Each direction has a linear layer of its own. How many numbers has the state that goes into it?",
            linears(
                "nn.Linear(2 * hidden_size, hidden_size)",
                LINEAR_F="both = torch.cat([states_f, states_b], dim=2)\noutputs_f = self.forward_linear(both)",
                LINEAR_B="outputs_b = self.backward_linear(both)",
            ),
            linears("nn.Linear(hidden_size, 2 * hidden_size)", JOIN="outputs = outputs_f + outputs_b"),
        )
    ),
    table.mistake(
        idea(
            "whole_rnn_for_a_cell",
            "An nn.RNN stands where an nn.RNNCell is asked for",
            "One of the two reads whole sequences, the other takes a single step. Which kind is a cell?",
            cells(
                "nn.RNN(input_size, hidden_size, batch_first=True)",
                CELL="_, h_next = cell(x_t[:, None], state[None])\nh_next = h_next[0]",
            ),
        )
    ),
    table.mistake(
        idea(
            "another_kind_of_cell",
            "The cells are of another kind than nn.RNNCell",
            "Print your module and compare the kinds of its parts with the table in the hand-out.",
            cells("nn.GRUCell(input_size, hidden_size)"),
            cells(
                "nn.LSTMCell(input_size, hidden_size)",
                CELL="h_next, _ = cell(x_t, (state, torch.zeros_like(state)))",
            ),
        )
    ),
    table.mistake("sizes_swapped", ways=[cells("nn.RNNCell(hidden_size, input_size)")]),
    *table.mistakes("not_set_up"),
    table.mistake(
        "weights_frozen",
        ways=[
            way(
                MAKE_LB="\n".join(["{MAKE_LB}", *(f"{part}.requires_grad_(False)" for part in parts.split())])
            )
            for parts in (
                "self",
                "self.backward_cell",
                "self.backward_linear",
                "self.forward_cell self.backward_cell",
                "self.forward_linear self.backward_linear",
            )
        ],
    ),
    *table.mistakes("sliced_backwards"),
]

GRADIENTS = [
    table.mistake(
        "state_detached",
        {"BiRNN.run": [way(HOLD="{HOLD}.detach()"), way(RESULTS="return states, state.detach()")]},
    ),
    *table.mistakes("initial_state_detached input_detached"),
    # Not the last states alone: that is what detaching them in `run` comes to.
    table.mistake(
        "detached",
        at="-",
        ways=[
            way(needs="h0 torch", RESULTS="return outputs.detach(), {last}.detach()"),
            way(needs="h0 torch", RESULTS="return outputs.detach(), {last}"),
            way(needs="torch", TURN="{TURN}.detach()"),
            way(
                LINEAR_F="outputs_f = self.forward_linear(states_f.detach())",
                LINEAR_B="outputs_b = self.backward_linear(states_b.detach())",
            ),
            way(LINEAR_B="outputs_b = self.backward_linear(states_b.detach())"),
        ],
    ),
    *table.mistakes("through_numpy"),
]

ALL_STEPS = "[num_steps] * num_samples"
MASKED = "[:, ::-1] * (outputs_f != 0)"
LENGTHS = [
    *table.mistakes("lengths_ignored"),
    table.mistake(
        "lengths_not_accepted",
        {
            "birnn_forward": way(SIGNATURE="):\n    lengths = None"),
            "BiRNN.forward": [
                way(SIGNATURE=f"def forward(self, x, {hidden}):\n    lengths = None")
                for hidden in ("hidden=None", "hidden")
            ],
        },
    ),
    table.mistake(
        idea(
            "padding_read_first",
            "The backward direction begins in the padding",
            "Write down a short sample with its padding, and turn the whole row round. What does the backward"
            " reader meet first? What should it meet first?",
        ),
        {
            "birnn_forward": [
                # Turned round as a whole, padding too; the state runs through all L steps.
                way(
                    X_B="x_b = x[:, ::-1]",
                    RUN_B=RUN_B.replace("lengths", ALL_STEPS),
                    TURN=f"outputs_b = outputs_b{MASKED}",
                ),
                # The same, and the mask of the forward direction is used for the reversed sequence.
                way(X_B="x_b = x[:, ::-1]", TURN="outputs_b = outputs_b[:, ::-1]"),
                way(X_B="x_b = x[:, ::-1]"),
                way(X_B="x_b = x[:, ::-1]", TURN=f"outputs_b = outputs_b{MASKED}"),
            ],
            "BiRNN.forward": [
                way(
                    X_B="x_b = x.flip(1)",
                    RUN_B=RUN_TORCH_B.replace("lengths", ALL_STEPS),
                    TURN="outputs_b = outputs_b.flip(1)",
                ),
                way(X_B="x_b = x.flip(1)", TURN="outputs_b = outputs_b.flip(1)"),
                way(X_B="x_b = x.flip(1)"),
            ],
        },
    ),
    *table.mistakes("final_state_on_padding"),
    table.mistake(
        "final_state_from_zeros",
        {
            "birnn_forward": way(PUT="hidden = np.stack([outputs_f[:, -1], last_b])"),
            "BiRNN.run": way(RESULTS="return states, torch.where(is_real, state, 0)"),
            "BiRNN.forward": way(
                PUT="last_f = last_f * (torch.as_tensor(lengths)[:, None] == num_steps)\n{PUT}"
            ),
        },
        twins=("state_zeroed_on_padding",),
    ),
    table.mistake("state_zeroed_on_padding", twins=("final_state_from_zeros",)),
    table.mistake(
        "padding_not_zeroed",
        ways=[
            way(SHOW="output = h_next"),
            way(MASK=""),
            way(MASK="", KEEP="collected.append(h_next)"),
        ],
    ),
    *table.mistakes("masked_before_linear one_half_not_zeroed"),
    table.mistake(
        "length_one_too_long",
        ways=[
            way(
                REAL="is_real = (t <= lengths)[:, None]",
                MASK="outputs = torch.where(steps <= num_real, outputs, 0)",
            ),
            way(MASK="outputs = torch.where(steps <= num_real, outputs, 0)"),
        ],
    ),
    table.mistake(
        "length_one_too_short",
        ways=[
            way(
                REAL="is_real = (t < lengths - 1)[:, None]",
                MASK="outputs = torch.where(steps < num_real - 1, outputs, 0)",
            ),
            way(MASK="outputs = torch.where(steps < num_real - 1, outputs, 0)"),
        ],
    ),
]

ANY_LENGTHS = [
    *table.mistakes("not_unsorted unsorted_the_wrong_way", at=BOTH_PLACES),
    table.mistake(
        replace(
            ideas.CATALOGUE["state_not_sorted_along"],
            title="The samples are sorted by length, but not their initial states",
            hint="Every sample has its own initial state. When a sample moves, what has to move with it?",
        ),
        at=BOTH_PLACES,
    ),
    table.mistake(
        "lengths_must_be_sorted",
        {
            "BiRNN": way(
                REAL="is_real = (torch.arange(x.shape[0]) < (t < lengths).sum())[:, None]",
                MASK="alive = torch.as_tensor([[t < n for n in lengths] for t in range(num_steps)]).sum(1)\n"
                "rows = torch.arange(num_samples)[:, None]\n"
                "outputs = torch.where((rows < alive)[:, :, None], outputs, 0)",
            )
        },
        at="rnn_forward BiRNN.forward",
    ),
    *table.mistakes("one_length_for_all outputs_cut_to_longest lengths_must_be_a_tensor", at=BOTH_PLACES),
    *table.mistakes("lengths_of_wrong_axis"),
]

# Pairs of mistakes are tried in this order, so the ones that most often come together stand first.
MISTAKES = [
    *LENGTHS,
    *BOTH_DIRECTIONS,
    *THE_STATE,
    *THE_STEP,
    *THE_LOOP,
    *THE_MODULE,
    *GRADIENTS,
    *ANY_LENGTHS,
]
