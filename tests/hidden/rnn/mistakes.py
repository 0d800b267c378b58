"""The mistakes of rnn as edits of the reference: what the diagnosis names, and what the suite must catch.

Only edits stand here; words that other assignments share are in grader/diagnose/wording.py. Where one idea can be
written in ways that give other numbers, or another exception, its edits are a list. What is wrong in the cell but
shows only when RNN is used (gradients, registration) is said to belong to RNN.
"""

from grader.diagnose import Mistake
from grader.diagnose.wording import said

# The statements of one step, as they stand in rnn_forward and, with other names, in RNNCell.forward.
INPUT = "from_input = {x} @ {w_input}"
STATE = "from_state = {state} @ {w_hidden}"
SUM = "pre_activation = from_input + from_state + {bias}"
TANH = "{new} = {m}.tanh(pre_activation)"
IN_NUMPY = {"x": "x_t", "state": "state", "new": "h_next", "m": "np", "axis": "axis", "cat": "concatenate"}
IN_NUMPY |= {name: name for name in ("w_input", "w_hidden", "bias")}
IN_TORCH = {"x": "x", "state": "hidden_state", "new": "next_state", "m": "torch", "axis": "dim", "cat": "cat"}
IN_TORCH |= {name: f"self.{name}" for name in ("w_input", "w_hidden", "bias")}

# The statements of the loop: in rnn_forward and RNN.forward alike, or in one of them.
SIZES = "num_samples, num_steps, _ = x.shape"
NO_LENGTHS = "if lengths is None:"
ALL_REAL = "lengths = [num_steps] * num_samples"
FOR = "for t in range(num_steps):"
READ = "x_t = x[:, t]"
REAL = "is_real = (t < lengths)[:, None]"
EMPTY = "collected = []"
KEEP = "collected.append(output)"

NP_LENGTHS = "lengths = np.asarray(lengths)"
NP_BEGIN = "state = h0"
NP_OLD = "from_state = state @ w_hidden"
NP_HOLD = "state = np.where(is_real, h_next, state)"
NP_ZERO = "output = np.where(is_real, state, 0)"
NP_STACK = "hidden_states = np.stack(collected, axis=1)"
NP_LAST = "h_last = state"
NP_BUFFER = (
    "hidden_states = np.zeros((num_samples, num_steps, h0.shape[1]){})\n"
    "for t in range(num_steps):\n    hidden_states[:, t] = collected[t]"
)
NP_RETURN = "return hidden_states, h_last"

LENGTHS = "lengths = torch.as_tensor(lengths, device=x.device)"
IF_NONE = "if hidden_state is None:"
ZEROS = "hidden_state = x.new_zeros(num_samples, self.hidden_size)"
DEFAULT = f"{IF_NONE}\n            {ZEROS}"
BEGIN = "state = hidden_state"
CELL = "h_next = self.cell(x_t, state)"
HOLD = "state = torch.where(is_real, h_next, state)"
PROJECT = "output = state @ self.w_output"
ZERO = "output = torch.where(is_real, output, 0)"
STACK = "outputs = torch.stack(collected, dim=1)"
LAST = "last_state = state"
BUFFER = (
    "outputs = torch.zeros(num_samples, num_steps, self.hidden_size{})\n"
    "for t in range(num_steps):\n    outputs[:, t] = collected[t]"
)
RETURN = "return outputs, last_state"
SIGNATURE = "def forward(self, x, hidden_state=None, lengths=None):"

# The cell's own.
CELL_ZEROS = "hidden_state = x.new_zeros(x.shape[0], self.hidden_size)"
CELL_DEFAULT = f"{IF_NONE}\n            {CELL_ZEROS}"
CELL_RETURN = "return next_state"
CELL_INPUT, CELL_STATE, CELL_SUM, CELL_TANH = (text.format(**IN_TORCH) for text in (INPUT, STATE, SUM, TANH))
INIT = "def __init__(self, input_size, hidden_size):"
MAKE_W_INPUT = "self.w_input = nn.Parameter(torch.empty(input_size, hidden_size).uniform_(-bound, bound))"
MAKE_W_HIDDEN = "self.w_hidden = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-bound, bound))"
MAKE_BIAS = "self.bias = nn.Parameter(torch.empty(hidden_size).uniform_(-bound, bound))"
MAKE = (MAKE_W_INPUT, MAKE_W_HIDDEN, MAKE_BIAS)
MAKE_CELL = "self.cell = RNNCell(input_size, hidden_size)"
MAKE_W_OUTPUT = "self.w_output = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-bound, bound))"

# What code asks a state for when it takes it for granted; each names itself in the exception.
OF_A_TENSOR = ("shape", "size", "to", "dtype", "device", "matmul", "mm", "clone", "unsqueeze", "squeeze")

SEEN_IN_RNN = dict.fromkeys(("RNNCell", "RNNCell.__init__", "RNNCell.forward"), "RNN")


def step(*ways):
    """The edits of one step, each written once with the names above, for rnn_forward and for RNNCell.forward."""

    def written(way, names):
        if isinstance(way[0], str):
            return tuple(text.format(**names) for text in way)
        return tuple(written(change, names) for change in way)

    return {
        "rnn_forward": [written(way, IN_NUMPY) for way in ways],
        "RNNCell.forward": [written(way, IN_TORCH) for way in ways],
    }


def loop(*ways):
    """Edits that read the same in rnn_forward and in RNN.forward."""
    return {"rnn_forward": list(ways), "RNN.forward": list(ways)}


def plain(make):
    """The statement that makes a parameter, without nn.Parameter."""
    return make.replace("nn.Parameter(", "(")


FORMULA = [
    Mistake("no_tanh", **said("no_tanh"), edits=step((TANH, "{new} = pre_activation"))),
    Mistake(
        "other_activation",
        **said("other_activation"),
        edits=step(
            (TANH, "{new} = pre_activation * (pre_activation > 0)"),
            (TANH, "{new} = 1 / (1 + {m}.exp(-pre_activation))"),
            (TANH, "{new} = {m}.clip(pre_activation, -1, 1)"),
            (TANH, "{new} = {m}.tan(pre_activation)"),
            (TANH, "{new} = {m}.exp(pre_activation) / {m}.exp(pre_activation).sum(1)[:, None]"),
        ),
    ),
    Mistake(
        "tanh_of_one_term",
        **said("tanh_of_one_term"),
        edits=step(
            (TANH, "{new} = {m}.tanh(from_input) + from_state + {bias}"),
            (TANH, "{new} = from_input + {m}.tanh(from_state) + {bias}"),
            (TANH, "{new} = {m}.tanh(from_input + from_state) + {bias}"),
            (TANH, "{new} = {m}.tanh(from_input + {bias}) + from_state"),
            (TANH, "{new} = from_input + {m}.tanh(from_state + {bias})"),
        ),
    ),
    Mistake(
        "tanh_of_each_term",
        **said("tanh_of_each_term"),
        edits=step(
            (TANH, "{new} = {m}.tanh(from_input) + {m}.tanh(from_state) + {m}.tanh({bias})"),
            (TANH, "{new} = {m}.tanh(from_input) + {m}.tanh(from_state) + {bias}"),
            (TANH, "{new} = {m}.tanh(from_input + {bias}) + {m}.tanh(from_state)"),
            (TANH, "{new} = {m}.tanh(from_input) + {m}.tanh(from_state + {bias})"),
        ),
    ),
    Mistake(
        "tanh_twice",
        **said("tanh_twice"),
        edits=step(
            (TANH, "{new} = {m}.tanh({m}.tanh(pre_activation))"),
            (TANH, "{new} = {m}.tanh({m}.tanh(from_input) + {m}.tanh(from_state) + {bias})"),
        ),
    ),
    Mistake(
        "state_without_its_weights",
        **said("state_without_its_weights"),
        edits=step((STATE, "from_state = {state}")),
    ),
    Mistake(
        "w_hidden_transposed",
        **said("w_hidden_transposed"),
        edits=step((STATE, "from_state = {state} @ {w_hidden}.T")),
    ),
    Mistake(
        "w_input_transposed",
        **said("w_input_transposed"),
        edits=step((INPUT, "from_input = {x} @ {w_input}.T")),
    ),
    Mistake(
        "both_weights_transposed",
        **said("both_weights_transposed"),
        edits=step(
            ((INPUT, "from_input = {x} @ {w_input}.T"), (STATE, "from_state = {state} @ {w_hidden}.T"))
        ),
    ),
    Mistake(
        "weights_swapped",
        **said("weights_swapped"),
        edits=step(
            ((INPUT, "from_input = {x} @ {w_hidden}"), (STATE, "from_state = {state} @ {w_input}")),
            (
                SUM,
                "joined = {m}.{cat}([{x}, {state}], {axis}=1)\n"
                "pre_activation = joined @ {m}.{cat}([{w_hidden}, {w_input}]) + {bias}",
            ),
        ),
    ),
    Mistake(
        "factors_swapped",
        **said("factors_swapped"),
        edits=step(
            (INPUT, "from_input = {w_input} @ {x}"),
            (STATE, "from_state = {w_hidden} @ {state}"),
            ((INPUT, "from_input = {w_input} @ {x}"), (STATE, "from_state = {w_hidden} @ {state}")),
        ),
    ),
    Mistake(
        "elementwise_product",
        **said("elementwise_product"),
        edits=step(
            (INPUT, "from_input = {x} * {w_input}"),
            (STATE, "from_state = {state} * {w_hidden}"),
            ((INPUT, "from_input = {x} * {w_input}"), (STATE, "from_state = {state} * {w_hidden}")),
        ),
    ),
    Mistake(
        "input_ignored",
        **said("input_ignored"),
        edits=step((SUM, "pre_activation = 0 * from_input + from_state + {bias}")),
    ),
    Mistake(
        "no_bias",
        **said("no_bias"),
        edits={
            **step((SUM, "pre_activation = from_input + from_state")),
            "RNNCell": ((CELL_SUM, "pre_activation = from_input + from_state"), (MAKE_BIAS, "")),
        },
    ),
    Mistake(
        "bias_twice",
        **said("bias_twice"),
        edits=step((SUM, "pre_activation = from_input + {bias} + from_state + {bias}")),
    ),
    Mistake(
        "bias_subtracted",
        **said("bias_subtracted"),
        edits=step((SUM, "pre_activation = from_input + from_state - {bias}")),
    ),
    Mistake(
        "bias_wrong_axis",
        **said("bias_wrong_axis"),
        edits=step((SUM, "pre_activation = from_input + from_state + {bias}[:, None]")),
    ),
    Mistake(
        "bias_per_sample",
        **said("bias_per_sample"),
        edits={
            "RNNCell.__init__": [
                (MAKE_BIAS, MAKE_BIAS.replace("empty(", f"empty({samples}, ")) for samples in (1, 2)
            ]
        },
    ),
    Mistake(
        "state_ignored", **said("state_ignored"), edits=step((SUM, "pre_activation = from_input + {bias}"))
    ),
    Mistake(
        "state_averaged_over_batch",
        **said("state_averaged_over_batch"),
        edits=step((STATE, "from_state = {state}.mean(0)[None] @ {w_hidden}")),
    ),
    Mistake(
        "state_added_on_top",
        **said("state_added_on_top"),
        edits=step(
            (TANH, "{new} = {state} + {m}.tanh(pre_activation)"),
            (SUM, "pre_activation = from_input + from_state + {state} + {bias}"),
        ),
    ),
]

CELL_ALONE = [
    Mistake(
        "returns_old_state",
        **said("returns_old_state"),
        edits={"RNNCell.forward": (CELL_RETURN, "return hidden_state")},
    ),
    Mistake(
        "returns_a_weight",
        **said("returns_a_weight"),
        edits={
            "RNNCell.forward": [
                (CELL_RETURN, f"return self.{name}") for name in ("w_hidden", "w_input", "bias")
            ]
        },
    ),
    Mistake(
        "cell_returns_tuple",
        **said("cell_returns_tuple"),
        edits={
            "RNNCell.forward": [
                (CELL_RETURN, f"return {what}")
                for what in (
                    "next_state, next_state",
                    "next_state, pre_activation",
                    "pre_activation, next_state",
                    "next_state, hidden_state",
                    "(next_state,)",
                )
            ]
        },
    ),
    Mistake(
        "result_transposed",
        **said("result_transposed"),
        edits={"RNNCell.forward": (CELL_RETURN, "return next_state.T")},
    ),
]

THE_LOOP = [
    Mistake(
        "state_not_carried",
        **said("state_not_carried"),
        edits={
            "rnn_forward": (NP_OLD, "from_state = h0 @ w_hidden"),
            "RNN.forward": [
                (CELL, "h_next = self.cell(x_t, hidden_state)"),
                (CELL, "h_next = self.cell(x_t)"),
            ],
        },
    ),
    Mistake(
        "loops_over_batch",
        **said("loops_over_batch"),
        edits={
            "rnn_forward": [
                (FOR, "for t in range(num_samples):"),
                (READ, "x_t = x[t]"),
                ((FOR, "for t in range(num_samples):"), (READ, "x_t = x[t]")),
                (
                    (FOR, "for t in range(num_samples):"),
                    (READ, "x_t = x[t]"),
                    (NP_STACK, "hidden_states = np.stack(collected)"),
                ),
                (
                    (SIZES, "num_steps, num_samples, _ = x.shape"),
                    (READ, "x_t = x[t]"),
                    (NP_STACK, "hidden_states = np.stack(collected)"),
                ),
            ],
            "RNN.forward": [
                (FOR, "for t in range(num_samples):"),
                (READ, "x_t = x[t]"),
                ((FOR, "for t in range(num_samples):"), (READ, "x_t = x[t]")),
                (
                    (FOR, "for t in range(num_samples):"),
                    (READ, "x_t = x[t]"),
                    (STACK, "outputs = torch.stack(collected)"),
                ),
                ((SIZES, "num_steps, num_samples, _ = x.shape"), (READ, "x_t = x[t]")),
                (
                    (SIZES, "num_steps, num_samples, _ = x.shape"),
                    (READ, "x_t = x[t]"),
                    (STACK, "outputs = torch.stack(collected)"),
                ),
            ],
        },
    ),
    Mistake(
        "batch_size_from_wrong_axis",
        **said("batch_size_from_wrong_axis"),
        edits={
            **loop((SIZES, "num_steps, num_samples, _ = x.shape")),
            "RNN.forward": [
                (SIZES, "num_steps, num_samples, _ = x.shape"),
                (ZEROS, "hidden_state = x.new_zeros(num_steps, self.hidden_size)"),
            ],
        },
    ),
    Mistake(
        "starts_one_step_late",
        **said("starts_one_step_late"),
        edits=loop((FOR, "for t in range(1, num_steps):")),
    ),
    Mistake(
        "stops_one_step_early",
        **said("stops_one_step_early"),
        edits=loop((FOR, "for t in range(num_steps - 1):")),
    ),
    Mistake(
        "input_off_by_one",
        **said("input_off_by_one"),
        edits=loop(
            (READ, "x_t = x[:, t - 1]"),
            (READ, "x_t = x[:, -t]"),
            (READ, "x_t = x[:, t + 1]"),
            (READ, "x_t = x[:, min(t + 1, num_steps - 1)]"),
            (READ, "x_t = x[:, max(t - 1, 0)]"),
        ),
    ),
    Mistake("reads_backwards", **said("reads_backwards"), edits=loop((READ, "x_t = x[:, -t - 1]"))),
    Mistake(
        "reads_one_step_always",
        **said("reads_one_step_always"),
        edits=loop((READ, "x_t = x[:, 0]"), (READ, "x_t = x[:, -1]")),
    ),
    Mistake(
        "cell_arguments_swapped",
        title="The cell is given its state where it expects the input",
        hint="In which order does the cell take its two arguments, and in which order do you give them?",
        edits={"RNN.forward": (CELL, "h_next = self.cell(state, x_t)")},
    ),
]

RESULTS = [
    Mistake(
        "outputs_one_step_late",
        **said("outputs_one_step_late"),
        edits={
            "rnn_forward": [
                ((NP_HOLD, f"before = state\n{NP_HOLD}"), (NP_ZERO, "output = np.where(is_real, before, 0)")),
                ((NP_HOLD, f"before = state\n{NP_HOLD}"), (NP_ZERO, "output = before")),
            ],
            "RNN.forward": [
                ((HOLD, f"before = state\n{HOLD}"), (PROJECT, "output = before @ self.w_output")),
                ((HOLD, f"before = state\n{HOLD}"), (PROJECT, "output = before @ self.w_output"), (ZERO, "")),
            ],
        },
    ),
    Mistake(
        "initial_state_in_outputs",
        **said("initial_state_in_outputs"),
        edits={
            "rnn_forward": (EMPTY, "collected = [h0]"),
            "RNN.forward": [(EMPTY, "collected = [state @ self.w_output]"), (EMPTY, "collected = [state]")],
        },
    ),
    Mistake(
        "all_outputs_alike",
        **said("all_outputs_alike"),
        edits={
            "rnn_forward": [
                (KEEP, "collected = [output] * num_steps"),
                (KEEP, "collected = [state] * num_steps"),
                ((NP_HOLD, "state[:] = np.where(is_real, h_next, state)"), (NP_ZERO, "output = state")),
            ],
            "RNN.forward": [
                (KEEP, "collected = [output] * num_steps"),
                (KEEP, "collected = [state @ self.w_output] * num_steps"),
            ],
        },
    ),
    Mistake(
        "only_last_output",
        **said("only_last_output"),
        edits={
            "rnn_forward": [
                (NP_STACK, "hidden_states = output"),
                (NP_STACK, "hidden_states = state"),
                (NP_STACK, "hidden_states = output[:, None]"),
            ],
            "RNN.forward": [
                (STACK, "outputs = output"),
                (STACK, "outputs = state @ self.w_output"),
                (STACK, "outputs = output[:, None]"),
            ],
        },
    ),
    Mistake(
        "time_axis_first",
        **said("time_axis_first"),
        edits={
            "rnn_forward": (NP_STACK, "hidden_states = np.stack(collected)"),
            "RNN.forward": (STACK, "outputs = torch.stack(collected)"),
        },
    ),
    Mistake(
        "time_axis_last",
        title="The results are (N, H, L): time comes last",
        hint="Print the shape of your result, with N, L and H all different. Which axis should be time?",
        edits={
            "rnn_forward": (NP_STACK, "hidden_states = np.stack(collected, axis=2)"),
            "RNN.forward": (STACK, "outputs = torch.stack(collected, dim=2)"),
        },
    ),
    Mistake(
        "reshaped_not_transposed",
        **said("reshaped_not_transposed"),
        edits={
            "rnn_forward": [
                (NP_STACK, "hidden_states = np.stack(collected).reshape(num_samples, num_steps, -1)"),
                (READ, "x_t = x.reshape(num_steps, num_samples, -1)[t]"),
            ],
            "RNN.forward": [
                (STACK, "outputs = torch.stack(collected).reshape(num_samples, num_steps, -1)"),
                (READ, "x_t = x.reshape(num_steps, num_samples, -1)[t]"),
            ],
        },
    ),
    Mistake(
        "joined_not_stacked",
        title="The steps are joined on an axis that was there before: time has no axis of its own",
        hint="L arrays of (N, H) should become (N, L, H). How many axes does your result have?",
        edits={
            "rnn_forward": [
                (NP_STACK, "hidden_states = np.concatenate(collected)"),
                (NP_STACK, "hidden_states = np.concatenate(collected, axis=1)"),
            ],
            "RNN.forward": [
                (STACK, "outputs = torch.cat(collected)"),
                (STACK, "outputs = torch.cat(collected, dim=1)"),
            ],
        },
    ),
    Mistake(
        "steps_left_in_a_list",
        title="The steps are returned as a list, not as one array",
        hint="One array (N, L, H) is asked for. What do you have after your loop?",
        edits={
            "rnn_forward": (NP_STACK, "hidden_states = collected"),
            "RNN.forward": (STACK, "outputs = collected"),
        },
    ),
    Mistake(
        "last_state_is_initial",
        **said("last_state_is_initial"),
        edits={"rnn_forward": (NP_LAST, "h_last = h0"), "RNN.forward": (LAST, "last_state = hidden_state")},
    ),
    Mistake(
        "last_state_is_the_first",
        **said("last_state_is_the_first"),
        edits={
            "rnn_forward": (NP_LAST, "h_last = collected[0]"),
            "RNN.forward": (
                (HOLD, f"{HOLD}\nfirst = state if t == 0 else first"),
                (LAST, "last_state = first"),
            ),
        },
    ),
    Mistake(
        "last_state_one_step_early",
        **said("last_state_one_step_early"),
        edits={
            "rnn_forward": ((NP_HOLD, f"before = state\n{NP_HOLD}"), (NP_LAST, "h_last = before")),
            "RNN.forward": ((HOLD, f"before = state\n{HOLD}"), (LAST, "last_state = before")),
        },
    ),
    Mistake(
        "last_sample_not_last_step",
        title="The last sample is returned where the last step is meant",
        hint="Your results are (N, L, H). Which axis does an index of -1 alone pick from?",
        edits={
            "rnn_forward": (NP_LAST, "h_last = hidden_states[-1]"),
            "RNN.forward": (LAST, "last_state = outputs[-1]"),
        },
    ),
    Mistake(
        "last_state_has_an_axis_more",
        title="The last state has one axis too many",
        hint="The exercise has no axis for layers. Print the shape of the state that you return.",
        edits={
            "rnn_forward": [(NP_LAST, "h_last = state[None]"), (NP_LAST, "h_last = state[:, None]")],
            "RNN.forward": [(LAST, "last_state = state[None]"), (LAST, "last_state = state[:, None]")],
        },
    ),
    Mistake(
        "results_swapped",
        **said("results_swapped"),
        edits={
            "rnn_forward": (NP_RETURN, "return h_last, hidden_states"),
            "RNN.forward": (RETURN, "return last_state, outputs"),
        },
    ),
    Mistake(
        "returns_one_result",
        **said("returns_one_result"),
        edits={
            "rnn_forward": [(NP_RETURN, "return hidden_states"), (NP_RETURN, "return h_last")],
            "RNN.forward": [(RETURN, "return outputs"), (RETURN, "return last_state")],
        },
    ),
    Mistake(
        "returns_nothing",
        **said("returns_nothing"),
        edits={
            "rnn_forward": (NP_RETURN, ""),
            "RNNCell.forward": (CELL_RETURN, ""),
            "RNN.forward": (RETURN, ""),
        },
    ),
    Mistake(
        "batch_axis_squeezed",
        **said("batch_axis_squeezed"),
        edits={
            "rnn_forward": [
                (NP_RETURN, "return hidden_states.squeeze(), h_last.squeeze()"),
                (NP_RETURN, "return hidden_states.squeeze(), h_last"),
                (NP_RETURN, "return hidden_states, h_last.squeeze()"),
                (READ, "x_t = x[:, t].squeeze()"),
                (READ, "x_t = x.squeeze()[:, t]"),
            ],
            "RNNCell.forward": [
                (CELL_RETURN, "return next_state.squeeze()"),
                (CELL_RETURN, "return next_state.squeeze(0)"),
            ],
            "RNN.forward": [
                (RETURN, "return outputs.squeeze(), last_state.squeeze()"),
                (RETURN, "return outputs.squeeze(0), last_state.squeeze(0)"),
                (RETURN, "return outputs.squeeze(), last_state"),
                (RETURN, "return outputs.squeeze(0), last_state"),
                (RETURN, "return outputs, last_state.squeeze()"),
                (RETURN, "return outputs, last_state.squeeze(0)"),
                (READ, "x_t = x.squeeze()[:, t]"),
            ],
        },
    ),
]

OUTPUTS = [
    Mistake(
        "projection_skipped", **said("projection_skipped"), edits={"RNN.forward": (PROJECT, "output = state")}
    ),
    Mistake(
        "projection_transposed",
        **said("projection_transposed"),
        edits={"RNN.forward": [(PROJECT, "output = state @ self.w_output.T")]},
    ),
    Mistake(
        "output_fed_back",
        **said("output_fed_back"),
        edits={
            "RNN.forward": [
                (ZERO, f"state = torch.where(is_real, output, state)\n{ZERO}"),
                (
                    (HOLD, f"before = state\n{HOLD}\nlast = state"),
                    (ZERO, f"state = torch.where(is_real, output, before)\n{ZERO}"),
                    (LAST, "last_state = last"),
                ),
                ((CELL, f"state = collected[-1] if collected else state\n{CELL}"), (ZERO, "")),
            ]
        },
    ),
    Mistake(
        "output_returned_as_state",
        **said("output_returned_as_state"),
        edits={"RNN.forward": [(LAST, "last_state = state @ self.w_output"), (LAST, "last_state = output")]},
    ),
    Mistake(
        "activation_on_output",
        **said("activation_on_output"),
        edits={
            "RNN.forward": [
                (PROJECT, f"output = torch.{name}(state @ self.w_output)")
                for name in ("tanh", "relu", "sigmoid")
            ]
            + [
                (PROJECT, "output = torch.softmax(state @ self.w_output, dim=-1)"),
                (PROJECT, "output = torch.log_softmax(state @ self.w_output, dim=-1)"),
            ]
        },
    ),
]

INITIAL_STATE = [
    Mistake(
        "initial_state_ignored",
        **said("initial_state_ignored"),
        edits={"rnn_forward": (NP_BEGIN, "state = np.zeros_like(h0)"), "RNN.forward": (IF_NONE, "if True:")},
    ),
    Mistake(
        "initial_state_of_one_sample",
        title="All samples begin at the initial state of one of them",
        hint="The initial state is (N, H): is there an axis for layers that you could index? Print its shape.",
        edits={
            "rnn_forward": [
                (NP_BEGIN, "state = h0[0]"),
                (NP_BEGIN, "state = h0[-1]"),
            ],
            "RNN.forward": [
                (BEGIN, "state = hidden_state[0]"),
                (BEGIN, "state = hidden_state[-1]"),
            ],
        },
    ),
    Mistake(
        "needs_a_state",
        **said("needs_a_state"),
        edits={
            "RNNCell.forward": [
                (CELL_DEFAULT, ""),
                ((CELL_DEFAULT, ""), (CELL_STATE, "from_state = torch.matmul(hidden_state, self.w_hidden)")),
                ((CELL_DEFAULT, ""), (CELL_STATE, "from_state = torch.mm(hidden_state, self.w_hidden)")),
                (CELL_DEFAULT, "torch.cat([x, hidden_state], dim=1)"),
                *[(CELL_DEFAULT, f"hidden_state.{attribute}") for attribute in OF_A_TENSOR],
            ],
            "RNN.forward": [
                (DEFAULT, ""),
                ((DEFAULT, ""), (HOLD, "state = is_real * h_next + ~is_real * state")),
                (DEFAULT, "hidden_state[0]"),
                *[(DEFAULT, f"hidden_state.{attribute}") for attribute in OF_A_TENSOR],
                (SIGNATURE, "def forward(self, x, hidden_state, lengths=None):"),
                (
                    (SIGNATURE, "def forward(self, x, hidden_state, lengths=None):"),
                    (DEFAULT, "hidden_state = hidden_state.to(x.dtype)"),
                ),
            ],
        },
    ),
    Mistake(
        "zero_state_axes_swapped",
        **said("zero_state_axes_swapped"),
        edits={
            "RNNCell.forward": (CELL_ZEROS, "hidden_state = x.new_zeros(self.hidden_size, x.shape[0])"),
            "RNN.forward": (ZEROS, "hidden_state = x.new_zeros(self.hidden_size, num_samples)"),
        },
    ),
    Mistake(
        "batch_size_hard_coded",
        **said("batch_size_hard_coded"),
        edits={
            "RNNCell.forward": [
                (CELL_ZEROS, f"hidden_state = x.new_zeros({samples}, self.hidden_size)")
                for samples in (2, 3, 4)
            ],
            "RNN.forward": [
                (ZEROS, f"hidden_state = x.new_zeros({samples}, self.hidden_size)") for samples in (2, 3, 4)
            ],
        },
    ),
    Mistake(
        "ones_initial_state",
        **said("ones_initial_state"),
        edits={
            "RNNCell.forward": (CELL_ZEROS, "hidden_state = x.new_ones(x.shape[0], self.hidden_size)"),
            "RNN.forward": (ZEROS, "hidden_state = x.new_ones(num_samples, self.hidden_size)"),
        },
    ),
    Mistake(
        "random_initial_state",
        **said("random_initial_state"),
        edits={
            "RNNCell.forward": [
                (CELL_ZEROS, f"hidden_state = torch.{draw}(x.shape[0], self.hidden_size, dtype=x.dtype)")
                for draw in ("randn", "rand")
            ],
            "RNN.forward": [
                (ZEROS, f"hidden_state = torch.{draw}(num_samples, self.hidden_size{dtype})")
                for draw in ("randn", "rand")
                for dtype in (", dtype=x.dtype", "")
            ],
        },
        drawn=True,
    ),
    Mistake(
        "trainable_initial_state",
        **said("trainable_initial_state"),
        edits={
            "RNN": [
                (
                    (
                        MAKE_W_OUTPUT,
                        f"{MAKE_W_OUTPUT}\nself.{name} = nn.Parameter(torch.zeros({axes}hidden_size))",
                    ),
                    (ZEROS, f"hidden_state = self.{name}.expand(num_samples, self.hidden_size)"),
                )
                for name in ("h0", "initial_state", "init_state", "hidden_state")
                for axes in ("", "1, ")
            ]
        },
    ),
    Mistake(
        "state_tested_for_truth",
        **said("state_tested_for_truth"),
        edits={
            "rnn_forward": (NP_BEGIN, "state = h0 if h0 else 0 * h0"),
            "RNNCell.forward": (IF_NONE, "if not hidden_state:"),
            "RNN.forward": (IF_NONE, "if not hidden_state:"),
        },
    ),
    Mistake(
        "state_kept_between_calls",
        **said("state_kept_between_calls"),
        edits={
            "RNNCell.forward": (
                (CELL_ZEROS, f'{CELL_ZEROS}\nhidden_state = getattr(self, "kept", hidden_state)'),
                (CELL_RETURN, "self.kept = next_state\nreturn next_state"),
            ),
            "RNN.forward": [
                (
                    (ZEROS, f'{ZEROS}\nhidden_state = getattr(self, "kept", hidden_state)'),
                    (RETURN, f"self.kept = last_state\n{RETURN}"),
                ),
                (
                    (BEGIN, 'state = getattr(self, "kept", hidden_state)'),
                    (RETURN, f"self.kept = last_state\n{RETURN}"),
                ),
                (EMPTY, 'collected = self.kept = getattr(self, "kept", [])'),
                (
                    (
                        ZEROS,
                        f'{ZEROS}\nkept = getattr(self, "kept", hidden_state)\n'
                        "if (kept.shape, kept.dtype) == (hidden_state.shape, x.dtype):\n    hidden_state = kept",
                    ),
                    (RETURN, f"self.kept = last_state\n{RETURN}"),
                ),
            ],
        },
    ),
]

LENGTHS_GIVEN = [
    Mistake("lengths_ignored", **said("lengths_ignored"), edits=loop((NO_LENGTHS, "if True:"))),
    Mistake(
        "lengths_not_accepted",
        **said("lengths_not_accepted"),
        edits={
            "rnn_forward": (("bias, lengths=None):", "bias):"), (NO_LENGTHS, "if True:")),
            "RNN.forward": ((SIGNATURE, SIGNATURE.replace(", lengths=None", "")), (NO_LENGTHS, "if True:")),
        },
    ),
    Mistake(
        "final_state_on_padding",
        **said("final_state_on_padding"),
        edits={"rnn_forward": (NP_HOLD, "state = h_next"), "RNN.forward": (HOLD, "state = h_next")},
    ),
    Mistake(
        "final_state_from_zeros",
        **said("final_state_from_zeros"),
        edits={
            "rnn_forward": (NP_LAST, "h_last = hidden_states[:, -1]"),
            "RNN.forward": (HOLD, "state = torch.where(is_real, h_next, 0)"),
        },
    ),
    Mistake(
        "padding_not_zeroed",
        **said("padding_not_zeroed"),
        edits={
            "rnn_forward": [
                (NP_ZERO, "output = state"),
                (
                    (NP_HOLD, "state = h_next"),
                    (NP_ZERO, "output = state"),
                    (NP_LAST, "h_last = hidden_states[np.arange(num_samples), lengths - 1]"),
                ),
            ],
            "RNN.forward": [
                (ZERO, ""),
                (
                    (HOLD, "held = torch.where(is_real, h_next, held if t else state)\nstate = h_next"),
                    (ZERO, ""),
                    (LAST, "last_state = held"),
                ),
            ],
        },
    ),
    Mistake(
        "length_one_too_long",
        **said("length_one_too_long"),
        edits=loop((REAL, "is_real = (t <= lengths)[:, None]")),
    ),
    Mistake(
        "length_one_too_short",
        **said("length_one_too_short"),
        edits=loop(
            (REAL, "is_real = (t + 1 < lengths)[:, None]"),
            (
                (REAL, "is_real = (t + 1 < lengths)[:, None]"),
                (ALL_REAL, "lengths = [num_steps + 1] * num_samples"),
            ),
        ),
    ),
    Mistake(
        "last_state_one_step_late",
        title="The last state is looked up one step too far",
        hint="Steps count from 0. At which index is the last real step of a sample with two real steps?",
        edits={
            "rnn_forward": (NP_LAST, "h_last = hidden_states[np.arange(num_samples), lengths]"),
            "RNN.forward": (
                (EMPTY, "collected, states = [], []"),
                (HOLD, f"{HOLD}\nstates.append(state)"),
                (LAST, "last_state = torch.stack(states, dim=1)[torch.arange(num_samples), lengths]"),
            ),
        },
    ),
    Mistake(
        "one_length_for_all",
        **said("one_length_for_all"),
        edits={
            "rnn_forward": [
                (NP_LENGTHS, f"lengths = np.full(num_samples, {one})")
                for one in ("lengths[0]", "lengths[-1]", "max(lengths)", "min(lengths)")
            ],
            "RNN.forward": [
                (LENGTHS, f"lengths = torch.full((num_samples,), int({one}))")
                for one in ("lengths[0]", "lengths[-1]", "max(lengths)", "min(lengths)")
            ],
        },
    ),
    Mistake(
        "outputs_cut_to_longest",
        **said("outputs_cut_to_longest"),
        edits=loop((FOR, "for t in range(max(lengths)):")),
    ),
    Mistake(
        "lengths_of_wrong_axis",
        **said("lengths_of_wrong_axis"),
        edits=loop(
            (REAL, "is_real = t < lengths"),
            ((REAL, "is_real = t < lengths"), (ALL_REAL, "lengths = [[num_steps]] * num_samples")),
        ),
    ),
    Mistake(
        "lengths_must_be_a_tensor",
        **said("lengths_must_be_a_tensor"),
        edits={
            "rnn_forward": [
                ((ALL_REAL, "lengths = np.full(num_samples, num_steps)"), (NP_LENGTHS, use))
                for use in (
                    "",
                    "lengths = lengths[:, None][:, 0]",
                    "lengths.max()",
                    "lengths = lengths - 0",
                    "lengths.shape",
                )
            ],
            "RNN.forward": [
                ((ALL_REAL, "lengths = torch.full((num_samples,), num_steps)"), (LENGTHS, use))
                for use in (
                    "",
                    "lengths = lengths[:, None][:, 0]",
                    "lengths.max()",
                    "lengths = lengths - 0",
                    "lengths.shape",
                    "lengths = lengths.to(x.device)",
                    "lengths.unsqueeze(1)",
                    "lengths.view(-1, 1)",
                )
            ],
        },
    ),
    Mistake(
        "lengths_must_be_sorted",
        **said("lengths_must_be_sorted"),
        edits={
            "rnn_forward": (REAL, "is_real = (np.arange(num_samples) < (t < lengths).sum())[:, None]"),
            "RNN.forward": [
                (REAL, "is_real = (torch.arange(num_samples) < (t < lengths).sum())[:, None]"),
                (
                    LENGTHS,
                    f"{LENGTHS}\ntorch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)",
                ),
            ],
        },
    ),
    Mistake(
        "not_unsorted",
        **said("not_unsorted"),
        edits={
            "rnn_forward": [
                *[
                    (
                        NP_LENGTHS,
                        f"{NP_LENGTHS}\norder = {order}\nx, h0, lengths = x[order], h0[order], lengths[order]",
                    )
                    for order in ("np.argsort(-lengths)", "np.argsort(lengths)", "np.argsort(lengths)[::-1]")
                ],
                *[
                    (
                        (
                            NP_LENGTHS,
                            f"{NP_LENGTHS}\norder = np.argsort(-lengths)\n"
                            "x, h0, lengths = x[order], h0[order], lengths[order]",
                        ),
                        (NP_RETURN, f"back = np.argsort(order)\nreturn {results}"),
                    )
                    for results in ("hidden_states[back], h_last", "hidden_states, h_last[back]")
                ],
            ],
            "RNN.forward": [
                *[
                    (
                        BEGIN,
                        f"order = torch.argsort({key}, stable=True)\n"
                        "x, lengths, state = x[order], lengths[order], hidden_state[order]",
                    )
                    for key in ("-lengths", "lengths")
                ],
                *[
                    (
                        (
                            BEGIN,
                            "order = torch.argsort(-lengths, stable=True)\n"
                            "x, lengths, state = x[order], lengths[order], hidden_state[order]",
                        ),
                        (RETURN, f"back = torch.argsort(order)\nreturn {results}"),
                    )
                    for results in ("outputs[back], last_state", "outputs, last_state[back]")
                ],
            ],
        },
    ),
    Mistake(
        "unsorted_the_wrong_way",
        **said("unsorted_the_wrong_way"),
        edits={
            "rnn_forward": (
                (
                    NP_LENGTHS,
                    f"{NP_LENGTHS}\norder = np.argsort(-lengths)\n"
                    "x, h0, lengths = x[order], h0[order], lengths[order]",
                ),
                (NP_RETURN, "return hidden_states[order], h_last[order]"),
            ),
            "RNN.forward": (
                (
                    BEGIN,
                    "order = torch.argsort(-lengths, stable=True)\n"
                    "x, lengths, state = x[order], lengths[order], hidden_state[order]",
                ),
                (RETURN, "return outputs[order], last_state[order]"),
            ),
        },
    ),
    Mistake(
        "state_not_sorted_along",
        title="The samples are sorted by length, but their initial states are not",
        hint="When you move the samples, what else has one row per sample?",
        edits={
            "rnn_forward": (
                (
                    NP_LENGTHS,
                    f"{NP_LENGTHS}\norder = np.argsort(-lengths)\nx, lengths = x[order], lengths[order]",
                ),
                (NP_RETURN, "back = np.argsort(order)\nreturn hidden_states[back], h_last[back]"),
            ),
            "RNN.forward": (
                (
                    BEGIN,
                    "order = torch.argsort(-lengths, stable=True)\n"
                    "x, lengths, state = x[order], lengths[order], hidden_state",
                ),
                (RETURN, "back = torch.argsort(order)\nreturn outputs[back], last_state[back]"),
            ),
        },
    ),
]

BEHAVIOUR = [
    Mistake(
        "changes_its_arguments",
        **said("changes_its_arguments"),
        exercise=SEEN_IN_RNN,
        edits={
            "rnn_forward": [
                (NP_HOLD, "state[:] = np.where(is_real, h_next, state)"),
                (NP_BEGIN, "for n, length in enumerate(lengths):\n    x[n, length:] = 0\nstate = h0"),
            ],
            "RNNCell.forward": [
                (CELL_RETURN, "hidden_state[:] = next_state\nreturn next_state"),
                (CELL_RETURN, "hidden_state.data.copy_(next_state)\nreturn next_state"),
            ],
            "RNN.forward": [
                (RETURN, f"hidden_state.copy_(last_state)\n{RETURN}"),
                (RETURN, f"hidden_state.data.copy_(last_state)\n{RETURN}"),
                (BEGIN, "for n, length in enumerate(lengths):\n    x[n, length:] = 0\nstate = hidden_state"),
                (
                    BEGIN,
                    "for n, length in enumerate(lengths):\n    x.data[n, length:] = 0\nstate = hidden_state",
                ),
            ],
        },
    ),
    Mistake(
        "dtype_float32",
        **said("dtype_float32"),
        makes="float32",
        edits={
            "rnn_forward": [
                *[
                    (NP_RETURN, f"return {results}")
                    for results in (
                        "hidden_states.astype(np.float32), h_last.astype(np.float32)",
                        "hidden_states.astype(np.float32), h_last",
                        "hidden_states, h_last.astype(np.float32)",
                    )
                ],
                (NP_STACK, NP_BUFFER.format(", dtype=np.float32")),
                (NP_BEGIN, "state = h0.astype(np.float32)"),
                (NP_HOLD, f"{NP_HOLD}.astype(np.float32)"),
                (READ, "x_t = x[:, t].astype(np.float32)"),
            ],
            "RNNCell.forward": [
                (CELL_RETURN, "return next_state.float()"),
                (CELL_ZEROS, "hidden_state = torch.zeros(x.shape[0], self.hidden_size)"),
                (CELL_INPUT, "from_input = x.float() @ self.w_input"),
            ],
            "RNN.forward": [
                (RETURN, "return outputs.float(), last_state"),
                (RETURN, "return outputs.float(), last_state.float()"),
                (RETURN, "return outputs, last_state.float()"),
                (STACK, BUFFER.format("")),
                (ZEROS, "hidden_state = torch.zeros(num_samples, self.hidden_size)"),
                (READ, "x_t = x[:, t].float()"),
            ],
        },
    ),
    Mistake(
        "dtype_float64",
        **said("dtype_float64"),
        makes="float64",
        edits={
            "rnn_forward": [
                *[
                    (NP_RETURN, f"return {results}")
                    for results in (
                        "hidden_states.astype(np.float64), h_last.astype(np.float64)",
                        "hidden_states.astype(np.float64), h_last",
                        "hidden_states, h_last.astype(np.float64)",
                    )
                ],
                (NP_STACK, NP_BUFFER.format("")),
                (NP_ZERO, "output = state * is_real.astype(float)"),
                (NP_HOLD, "mask = is_real.astype(float)\nstate = mask * h_next + (1 - mask) * state"),
            ],
            "RNNCell.forward": [
                (CELL_RETURN, "return next_state.double()"),
                (CELL_ZEROS, "hidden_state = torch.zeros(x.shape[0], self.hidden_size, dtype=torch.float64)"),
                (CELL_INPUT, "from_input = x.double() @ self.w_input"),
            ],
            "RNN.forward": [
                (RETURN, "return outputs.double(), last_state"),
                (RETURN, "return outputs.double(), last_state.double()"),
                (RETURN, "return outputs, last_state.double()"),
                (STACK, BUFFER.format(", dtype=torch.float64")),
                (ZERO, "output = output * is_real.double()"),
                (ZEROS, "hidden_state = torch.zeros(num_samples, self.hidden_size, dtype=torch.float64)"),
                (READ, "x_t = x[:, t].double()"),
            ],
        },
    ),
    Mistake(
        "device_hard_coded",
        **said("device_hard_coded"),
        edits={
            "RNNCell.forward": [
                (CELL_ZEROS, 'hidden_state = torch.zeros(x.shape[0], self.hidden_size, device="cuda")'),
                (CELL_INPUT, "from_input = x.cuda() @ self.w_input"),
            ],
            "RNN.forward": [
                (ZEROS, 'hidden_state = torch.zeros(num_samples, self.hidden_size, device="cuda")'),
                (READ, "x_t = x[:, t].cuda()"),
            ],
        },
    ),
]

LEARNING = [
    Mistake(
        "weights_not_registered",
        **said("weights_not_registered"),
        exercise=SEEN_IN_RNN,
        edits={
            "RNNCell.__init__": [
                tuple((make, plain(make)) for make in MAKE),
                *[(make, plain(make)) for make in MAKE],
                tuple((make, plain(make)) for make in MAKE[:2]),
            ],
            "RNN.__init__": (MAKE_W_OUTPUT, plain(MAKE_W_OUTPUT)),
        },
    ),
    Mistake(
        "parameter_converted",
        **said("parameter_converted"),
        edits={
            "RNNCell.__init__": [
                tuple((make, make + ".double()") for make in MAKE),
                tuple((make, make + ".double()") for make in MAKE[:2]),
                *[(make, make + ".double()") for make in MAKE],
            ],
            "RNN.__init__": (MAKE_W_OUTPUT, MAKE_W_OUTPUT + ".double()"),
        },
    ),
    Mistake(
        "weights_frozen",
        **said("weights_frozen"),
        exercise=SEEN_IN_RNN,
        edits={
            "RNNCell.__init__": [
                tuple((make, make + ".requires_grad_(False)") for make in MAKE),
                *[(make, make + ".requires_grad_(False)") for make in MAKE],
            ],
            "RNN.__init__": (MAKE_W_OUTPUT, MAKE_W_OUTPUT + ".requires_grad_(False)"),
        },
    ),
    Mistake(
        "cell_not_owned",
        title="The network does not own its cell",
        hint="Print list(rnn.named_parameters()). Is the cell made once, where, and under which name is it kept?",
        edits={
            "RNN": [
                ((MAKE_CELL, ""), (CELL, "h_next = RNNCell(self.input_size, self.hidden_size)(x_t, state)")),
                (
                    (MAKE_CELL, f"{MAKE_CELL}\nself.cell = [self.cell]"),
                    (CELL, "h_next = self.cell[0](x_t, state)"),
                ),
                (
                    (MAKE_CELL, "self.rnn_cell = RNNCell(input_size, hidden_size)"),
                    (CELL, "h_next = self.rnn_cell(x_t, state)"),
                ),
            ]
        },
    ),
    Mistake(
        "new_cell_at_each_step",
        **said("new_cell_at_each_step"),
        edits={
            "RNN.forward": [
                (CELL, "h_next = RNNCell(self.input_size, self.hidden_size)(x_t, state)"),
                (CELL, f"self.cell = RNNCell(self.input_size, self.hidden_size)\n{CELL}"),
            ]
        },
    ),
    Mistake(
        "zero_weights",
        **said("zero_weights"),
        edits={
            "RNN.__init__": (
                MAKE_W_OUTPUT,
                "self.w_output = nn.Parameter(torch.zeros(hidden_size, hidden_size))",
            )
        },
    ),
    Mistake(
        "layers_made_in_forward",
        **said("layers_made_in_forward"),
        edits={
            "RNN": (
                (MAKE_W_OUTPUT, ""),
                (SIZES, f"{SIZES}\nbound, hidden_size = 0.5, self.hidden_size\n{MAKE_W_OUTPUT}"),
            )
        },
    ),
    Mistake(
        "weights_stored_transposed",
        **said("weights_stored_transposed"),
        edits={
            "RNNCell": (
                (MAKE_W_INPUT, MAKE_W_INPUT.replace("input_size, hidden_size", "hidden_size, input_size")),
                (CELL_INPUT, "from_input = x @ self.w_input.T"),
            )
        },
    ),
    Mistake(
        "sizes_swapped",
        **said("sizes_swapped"),
        edits={
            "RNNCell.__init__": (INIT, "def __init__(self, hidden_size, input_size):"),
            "RNN.__init__": [
                (INIT, "def __init__(self, hidden_size, input_size):"),
                (MAKE_CELL, "self.cell = RNNCell(hidden_size, input_size)"),
            ],
        },
    ),
    Mistake(
        "not_set_up",
        **said("not_set_up"),
        edits={"RNNCell.__init__": ("super().__init__()", ""), "RNN.__init__": ("super().__init__()", "")},
    ),
    Mistake(
        "detached",
        **said("detached"),
        exercise=SEEN_IN_RNN,
        edits={
            "RNNCell.forward": (CELL_RETURN, "return next_state.detach()"),
            "RNN.forward": [
                (RETURN, "return outputs.detach(), last_state.detach()"),
                (RETURN, "return outputs.detach(), last_state"),
                (RETURN, "return outputs, last_state.detach()"),
            ],
        },
    ),
    Mistake(
        "state_detached",
        **said("state_detached"),
        edits={
            "RNN.forward": [
                (CELL, "h_next = self.cell(x_t, state.detach())"),
                (HOLD, f"state = state.detach()\n{HOLD}"),
                (PROJECT, f"{PROJECT}\nstate = state.detach()"),
                ((KEEP, f"{KEEP}\nkept = state\nstate = state.detach()"), (LAST, "last_state = kept")),
            ]
        },
    ),
    Mistake(
        "initial_state_detached",
        **said("initial_state_detached"),
        edits={"RNN.forward": (BEGIN, "state = hidden_state.detach()")},
    ),
    Mistake(
        "input_detached", **said("input_detached"), edits={"RNN.forward": (READ, "x_t = x[:, t].detach()")}
    ),
    Mistake(
        "weights_detached",
        **said("weights_detached"),
        exercise=SEEN_IN_RNN,
        edits={
            "RNNCell.forward": [
                (CELL_INPUT, "from_input = x @ self.w_input.data"),
                (CELL_STATE, "from_state = hidden_state @ self.w_hidden.data"),
                (CELL_SUM, "pre_activation = from_input + from_state + self.bias.data"),
                (
                    (CELL_INPUT, "from_input = x @ self.w_input.data"),
                    (CELL_STATE, "from_state = hidden_state @ self.w_hidden.data"),
                ),
                (
                    (CELL_INPUT, "from_input = x @ self.w_input.data"),
                    (CELL_STATE, "from_state = hidden_state @ self.w_hidden.data"),
                    (CELL_SUM, "pre_activation = from_input + from_state + self.bias.data"),
                ),
            ],
            "RNN.forward": (PROJECT, "output = state @ self.w_output.data"),
        },
    ),
    Mistake(
        "numpy_in_module",
        **said("numpy_in_module"),
        exercise=SEEN_IN_RNN,
        edits={
            "RNNCell.forward": (CELL_TANH, "next_state = torch.as_tensor(np.tanh(pre_activation.numpy()))")
        },
    ),
]

MISTAKES = [
    *FORMULA,
    *CELL_ALONE,
    *THE_LOOP,
    *RESULTS,
    *OUTPUTS,
    *INITIAL_STATE,
    *LENGTHS_GIVEN,
    *BEHAVIOUR,
    *LEARNING,
]
