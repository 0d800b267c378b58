"""The mistakes of rnn_cell as edits of the reference: what the diagnosis names, and what the suite must catch.

Only edits stand here. Words that other assignments share are in grader/diagnose/wording.py. Where one idea can
be written in ways that give other numbers, or another exception, its edits are a list.
"""

from grader.diagnose import Mistake
from grader.diagnose.wording import said

# The statements of the reference that are edited.
NP_INPUT = "from_input = x @ w_input"
NP_STATE = "from_state = h_prev @ w_hidden"
NP_SUM = "pre_activation = from_input + from_state + bias"
NP_TANH = "h_next = np.tanh(pre_activation)"
NP_RETURN = "return h_next"

INPUT = "from_input = x @ self.w_input"
STATE = "from_state = hidden_state @ self.w_hidden"
SUM = "pre_activation = from_input + from_state + self.bias"
TANH = "next_state = torch.tanh(pre_activation)"
RETURN = "return next_state"
IF_NONE = "if hidden_state is None:"
ZEROS = "hidden_state = x.new_zeros(x.shape[0], self.hidden_size)"
DEFAULT = f"{IF_NONE}\n            {ZEROS}"

# What code asks a state for when it takes it for granted; each names itself in the exception.
OF_A_TENSOR = ("shape", "size", "to", "dtype", "device", "matmul", "mm", "clone", "unsqueeze", "squeeze")

MAKE_W_INPUT = "self.w_input = nn.Parameter(torch.empty(input_size, hidden_size).uniform_(-bound, bound))"
MAKE_W_HIDDEN = "self.w_hidden = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-bound, bound))"
MAKE_BIAS = "self.bias = nn.Parameter(torch.empty(hidden_size).uniform_(-bound, bound))"
MAKE = (MAKE_W_INPUT, MAKE_W_HIDDEN, MAKE_BIAS)
UNIFORM = ".uniform_(-bound, bound)"


def plain(make: str) -> str:
    """The statement that makes a parameter, without nn.Parameter."""
    return make.replace("nn.Parameter(", "(")


def ending(make: str, text: str) -> tuple[str, str]:
    """Change a statement that makes a parameter: `text` follows it."""
    return make, make + text


def within(make: str, old: str, new: str) -> tuple[str, str]:
    """Change a statement that makes a parameter: `new` stands for `old`."""
    return make, make.replace(old, new)


FORMULA = [
    Mistake(
        "no_tanh",
        **said("no_tanh"),
        edits={
            "rnn_cell_forward": (NP_TANH, "h_next = pre_activation"),
            "RNNCell.forward": (TANH, "next_state = pre_activation"),
        },
    ),
    Mistake(
        "other_activation",
        **said("other_activation"),
        edits={
            "rnn_cell_forward": [
                (NP_TANH, "h_next = np.maximum(pre_activation, 0)"),
                (NP_TANH, "h_next = 1 / (1 + np.exp(-pre_activation))"),
                (NP_TANH, "h_next = np.clip(pre_activation, -1, 1)"),
                (NP_TANH, "h_next = np.tan(pre_activation)"),
                (
                    NP_TANH,
                    "h_next = np.exp(pre_activation)\nh_next = h_next / h_next.sum(axis=1, keepdims=True)",
                ),
            ],
            "RNNCell.forward": [
                (TANH, "next_state = torch.relu(pre_activation)"),
                (TANH, "next_state = torch.sigmoid(pre_activation)"),
                (TANH, "next_state = torch.clamp(pre_activation, -1, 1)"),
                (TANH, "next_state = torch.tan(pre_activation)"),
                (TANH, "next_state = torch.softmax(pre_activation, dim=1)"),
            ],
        },
    ),
    Mistake(
        "tanh_of_one_term",
        **said("tanh_of_one_term"),
        edits={
            "rnn_cell_forward": [
                (NP_TANH, "h_next = np.tanh(from_input) + from_state + bias"),
                (NP_TANH, "h_next = from_input + np.tanh(from_state) + bias"),
                (NP_TANH, "h_next = np.tanh(from_input + from_state) + bias"),
                (NP_TANH, "h_next = np.tanh(from_input + bias) + from_state"),
                (NP_TANH, "h_next = from_input + np.tanh(from_state + bias)"),
            ],
            "RNNCell.forward": [
                (TANH, "next_state = torch.tanh(from_input) + from_state + self.bias"),
                (TANH, "next_state = from_input + torch.tanh(from_state) + self.bias"),
                (TANH, "next_state = torch.tanh(from_input + from_state) + self.bias"),
                (TANH, "next_state = torch.tanh(from_input + self.bias) + from_state"),
                (TANH, "next_state = from_input + torch.tanh(from_state + self.bias)"),
            ],
        },
    ),
    Mistake(
        "tanh_of_each_term",
        **said("tanh_of_each_term"),
        edits={
            "rnn_cell_forward": [
                (NP_TANH, "h_next = np.tanh(from_input) + np.tanh(from_state) + np.tanh(bias)"),
                (NP_TANH, "h_next = np.tanh(from_input) + np.tanh(from_state) + bias"),
                (NP_TANH, "h_next = np.tanh(from_input + bias) + np.tanh(from_state)"),
                (NP_TANH, "h_next = np.tanh(from_input) + np.tanh(from_state + bias)"),
            ],
            "RNNCell.forward": [
                (
                    TANH,
                    "next_state = torch.tanh(from_input) + torch.tanh(from_state) + torch.tanh(self.bias)",
                ),
                (TANH, "next_state = torch.tanh(from_input) + torch.tanh(from_state) + self.bias"),
                (TANH, "next_state = torch.tanh(from_input + self.bias) + torch.tanh(from_state)"),
                (TANH, "next_state = torch.tanh(from_input) + torch.tanh(from_state + self.bias)"),
            ],
        },
    ),
    Mistake(
        "tanh_twice",
        **said("tanh_twice"),
        edits={
            "rnn_cell_forward": [
                (NP_TANH, "h_next = np.tanh(np.tanh(pre_activation))"),
                (NP_TANH, "h_next = np.tanh(np.tanh(from_input) + np.tanh(from_state) + bias)"),
            ],
            "RNNCell.forward": [
                (TANH, "next_state = torch.tanh(torch.tanh(pre_activation))"),
                (
                    TANH,
                    "next_state = torch.tanh(torch.tanh(from_input) + torch.tanh(from_state) + self.bias)",
                ),
            ],
        },
    ),
    Mistake(
        "state_without_its_weights",
        **said("state_without_its_weights"),
        edits={
            "rnn_cell_forward": (NP_STATE, "from_state = h_prev"),
            "RNNCell.forward": (STATE, "from_state = hidden_state"),
        },
    ),
    Mistake(
        "w_hidden_transposed",
        **said("w_hidden_transposed"),
        edits={
            "rnn_cell_forward": (NP_STATE, "from_state = h_prev @ w_hidden.T"),
            "RNNCell.forward": (STATE, "from_state = hidden_state @ self.w_hidden.T"),
        },
    ),
    Mistake(
        "w_input_transposed",
        **said("w_input_transposed"),
        edits={
            "rnn_cell_forward": (NP_INPUT, "from_input = x @ w_input.T"),
            "RNNCell.forward": (INPUT, "from_input = x @ self.w_input.T"),
        },
    ),
    Mistake(
        "both_weights_transposed",
        **said("both_weights_transposed"),
        edits={
            "rnn_cell_forward": (
                (NP_INPUT, "from_input = x @ w_input.T"),
                (NP_STATE, "from_state = h_prev @ w_hidden.T"),
            ),
            "RNNCell.forward": (
                (INPUT, "from_input = x @ self.w_input.T"),
                (STATE, "from_state = hidden_state @ self.w_hidden.T"),
            ),
        },
    ),
    Mistake(
        "weights_swapped",
        **said("weights_swapped"),
        edits={
            "rnn_cell_forward": [
                ((NP_INPUT, "from_input = x @ w_hidden"), (NP_STATE, "from_state = h_prev @ w_input")),
                (
                    NP_SUM,
                    "joined = np.concatenate([x, h_prev], axis=1)\n"
                    "pre_activation = joined @ np.concatenate([w_hidden, w_input]) + bias",
                ),
            ],
            "RNNCell.forward": [
                (
                    (INPUT, "from_input = x @ self.w_hidden"),
                    (STATE, "from_state = hidden_state @ self.w_input"),
                ),
                (
                    SUM,
                    "joined = torch.cat([x, hidden_state], dim=1)\n"
                    "pre_activation = joined @ torch.cat([self.w_hidden, self.w_input]) + self.bias",
                ),
            ],
        },
    ),
    Mistake(
        "factors_swapped",
        **said("factors_swapped"),
        edits={
            "rnn_cell_forward": [
                (NP_INPUT, "from_input = w_input @ x"),
                (NP_STATE, "from_state = w_hidden @ h_prev"),
                ((NP_INPUT, "from_input = w_input @ x"), (NP_STATE, "from_state = w_hidden @ h_prev")),
            ],
            "RNNCell.forward": [
                (INPUT, "from_input = self.w_input @ x"),
                (STATE, "from_state = self.w_hidden @ hidden_state"),
                (
                    (INPUT, "from_input = self.w_input @ x"),
                    (STATE, "from_state = self.w_hidden @ hidden_state"),
                ),
            ],
        },
    ),
    Mistake(
        "elementwise_product",
        **said("elementwise_product"),
        edits={
            "rnn_cell_forward": [
                (NP_INPUT, "from_input = x * w_input"),
                (NP_STATE, "from_state = h_prev * w_hidden"),
                ((NP_INPUT, "from_input = x * w_input"), (NP_STATE, "from_state = h_prev * w_hidden")),
            ],
            "RNNCell.forward": [
                (INPUT, "from_input = x * self.w_input"),
                (STATE, "from_state = hidden_state * self.w_hidden"),
                (
                    (INPUT, "from_input = x * self.w_input"),
                    (STATE, "from_state = hidden_state * self.w_hidden"),
                ),
            ],
        },
    ),
    Mistake(
        "input_ignored",
        **said("input_ignored"),
        edits={
            "rnn_cell_forward": (NP_SUM, "pre_activation = from_state + bias"),
            "RNNCell.forward": (SUM, "pre_activation = from_state + self.bias"),
        },
    ),
    Mistake(
        "no_bias",
        **said("no_bias"),
        edits={
            "rnn_cell_forward": (NP_SUM, "pre_activation = from_input + from_state"),
            "RNNCell.forward": (SUM, "pre_activation = from_input + from_state"),
            "RNNCell": ((SUM, "pre_activation = from_input + from_state"), (MAKE_BIAS, "")),
        },
    ),
    Mistake(
        "bias_twice",
        **said("bias_twice"),
        edits={
            "rnn_cell_forward": (NP_SUM, "pre_activation = from_input + bias + from_state + bias"),
            "RNNCell.forward": (SUM, "pre_activation = from_input + self.bias + from_state + self.bias"),
        },
    ),
    Mistake(
        "bias_subtracted",
        **said("bias_subtracted"),
        edits={
            "rnn_cell_forward": (NP_SUM, "pre_activation = from_input + from_state - bias"),
            "RNNCell.forward": (SUM, "pre_activation = from_input + from_state - self.bias"),
        },
    ),
    Mistake(
        "bias_wrong_axis",
        **said("bias_wrong_axis"),
        edits={
            "rnn_cell_forward": (NP_SUM, "pre_activation = from_input + from_state + bias[:, None]"),
            "RNNCell.forward": (SUM, "pre_activation = from_input + from_state + self.bias[:, None]"),
        },
    ),
    Mistake(
        "bias_per_sample",
        **said("bias_per_sample"),
        edits={
            "RNNCell.__init__": [
                within(MAKE_BIAS, "torch.empty(hidden_size)", f"torch.empty({samples}, hidden_size)")
                for samples in (1, 2, 3, 4, 5)
            ]
        },
    ),
    Mistake(
        "state_ignored",
        **said("state_ignored"),
        edits={
            "rnn_cell_forward": (NP_SUM, "pre_activation = from_input + bias"),
            "RNNCell.forward": [
                (SUM, "pre_activation = from_input + self.bias"),
                (STATE, "from_state = torch.zeros_like(hidden_state) @ self.w_hidden"),
            ],
        },
    ),
    Mistake(
        "state_averaged_over_batch",
        **said("state_averaged_over_batch"),
        edits={
            "rnn_cell_forward": (NP_STATE, "from_state = h_prev.mean(axis=0, keepdims=True) @ w_hidden"),
            "RNNCell.forward": (STATE, "from_state = hidden_state.mean(dim=0, keepdim=True) @ self.w_hidden"),
        },
    ),
    Mistake(
        "state_added_on_top",
        **said("state_added_on_top"),
        edits={
            "rnn_cell_forward": [
                (NP_TANH, "h_next = h_prev + np.tanh(pre_activation)"),
                (NP_SUM, "pre_activation = from_input + from_state + h_prev + bias"),
            ],
            "RNNCell.forward": [
                (TANH, "next_state = hidden_state + torch.tanh(pre_activation)"),
                (SUM, "pre_activation = from_input + from_state + hidden_state + self.bias"),
            ],
        },
    ),
]

RESULT = [
    Mistake(
        "returns_old_state",
        **said("returns_old_state"),
        edits={
            "rnn_cell_forward": (NP_RETURN, "return h_prev"),
            "RNNCell.forward": (RETURN, "return hidden_state"),
        },
    ),
    Mistake(
        "returns_a_weight",
        **said("returns_a_weight"),
        edits={
            "rnn_cell_forward": [
                (NP_RETURN, "return w_hidden"),
                (NP_RETURN, "return w_input"),
                (NP_RETURN, "return bias"),
            ],
            "RNNCell.forward": [
                (RETURN, "return self.w_hidden"),
                (RETURN, "return self.w_input"),
                (RETURN, "return self.bias"),
            ],
        },
    ),
    Mistake(
        "cell_returns_tuple",
        **said("cell_returns_tuple"),
        edits={
            "rnn_cell_forward": [
                (NP_RETURN, "return h_next, h_next"),
                (NP_RETURN, "return h_next, pre_activation"),
                (NP_RETURN, "return pre_activation, h_next"),
                (NP_RETURN, "return h_next, h_prev"),
                (NP_RETURN, "return (h_next,)"),
            ],
            "RNNCell.forward": [
                (RETURN, "return next_state, next_state"),
                (RETURN, "return next_state, pre_activation"),
                (RETURN, "return pre_activation, next_state"),
                (RETURN, "return next_state, hidden_state"),
                (RETURN, "return (next_state,)"),
            ],
        },
    ),
    Mistake(
        "returns_nothing",
        **said("returns_nothing"),
        edits={"rnn_cell_forward": (NP_RETURN, ""), "RNNCell.forward": (RETURN, "")},
    ),
    Mistake(
        "result_transposed",
        **said("result_transposed"),
        edits={
            "rnn_cell_forward": (NP_RETURN, "return h_next.T"),
            "RNNCell.forward": (RETURN, "return next_state.T"),
        },
    ),
    Mistake(
        "batch_axis_squeezed",
        **said("batch_axis_squeezed"),
        edits={
            "rnn_cell_forward": [
                (NP_RETURN, "return h_next.squeeze()"),
                (NP_RETURN, "return h_next[0] if len(h_next) == 1 else h_next"),
            ],
            "RNNCell.forward": [
                (RETURN, "return next_state.squeeze()"),
                (RETURN, "return next_state.squeeze(0)"),
            ],
        },
    ),
]

STATE_GIVEN_OR_NOT = [
    Mistake(
        "needs_a_state",
        **said("needs_a_state"),
        edits={
            "RNNCell.forward": [
                (DEFAULT, ""),
                ((DEFAULT, ""), (STATE, "from_state = torch.matmul(hidden_state, self.w_hidden)")),
                ((DEFAULT, ""), (STATE, "from_state = torch.mm(hidden_state, self.w_hidden)")),
                (DEFAULT, "torch.cat([x, hidden_state], dim=1)"),
                *[(DEFAULT, f"hidden_state.{attribute}") for attribute in OF_A_TENSOR],
            ]
        },
    ),
    Mistake(
        "zero_state_axes_swapped",
        **said("zero_state_axes_swapped"),
        edits={"RNNCell.forward": (ZEROS, "hidden_state = x.new_zeros(self.hidden_size, x.shape[0])")},
    ),
    Mistake(
        "batch_size_hard_coded",
        **said("batch_size_hard_coded"),
        edits={
            "RNNCell.forward": [
                (ZEROS, f"hidden_state = x.new_zeros({samples}, self.hidden_size)")
                for samples in (2, 3, 4, 5, 32)
            ]
        },
    ),
    Mistake(
        "ones_initial_state",
        **said("ones_initial_state"),
        edits={"RNNCell.forward": (ZEROS, "hidden_state = x.new_ones(x.shape[0], self.hidden_size)")},
    ),
    Mistake(
        "random_initial_state",
        **said("random_initial_state"),
        edits={
            "RNNCell.forward": [
                (ZEROS, "hidden_state = torch.randn(x.shape[0], self.hidden_size, dtype=x.dtype)"),
                (ZEROS, "hidden_state = torch.rand(x.shape[0], self.hidden_size, dtype=x.dtype)"),
                (ZEROS, "hidden_state = torch.randn(x.shape[0], self.hidden_size)"),
                (ZEROS, "hidden_state = torch.rand(x.shape[0], self.hidden_size)"),
            ]
        },
        drawn=True,
    ),
    Mistake(
        "state_tested_for_truth",
        **said("state_tested_for_truth"),
        edits={
            "rnn_cell_forward": (NP_STATE, "from_state = h_prev @ w_hidden if h_prev else 0 * h_prev"),
            "RNNCell.forward": (IF_NONE, "if not hidden_state:"),
        },
    ),
]

BEHAVIOUR = [
    Mistake(
        "changes_its_arguments",
        **said("changes_its_arguments"),
        edits={
            "rnn_cell_forward": [
                (NP_RETURN, "h_prev[:] = h_next\nreturn h_prev"),
                (NP_INPUT, "from_input = x @ w_input\nx *= 0"),
                (NP_SUM, "pre_activation = from_input + from_state + bias\nh_prev *= 0\nx *= 0"),
                (NP_INPUT, "from_input = x @ w_input\nw_input *= 0"),
                (NP_STATE, "from_state = h_prev @ w_hidden\nw_hidden *= 0"),
                (NP_SUM, "pre_activation = from_input + from_state + bias\nbias *= 0"),
            ],
            "RNNCell.forward": [
                (RETURN, "hidden_state.copy_(next_state)\nreturn hidden_state"),
                (RETURN, "hidden_state.data.copy_(next_state)\nreturn next_state"),
                (RETURN, "x *= 0\nreturn next_state"),
                (RETURN, "x.data.zero_()\nreturn next_state"),
            ],
        },
    ),
    Mistake(
        "state_kept_between_calls",
        **said("state_kept_between_calls"),
        edits={
            "RNNCell.forward": (
                (ZEROS, f'{ZEROS}\nhidden_state = getattr(self, "kept", hidden_state)'),
                (RETURN, "self.kept = next_state\nreturn next_state"),
            )
        },
    ),
    Mistake(
        "dtype_float32",
        **said("dtype_float32"),
        makes="float32",
        edits={
            "rnn_cell_forward": [
                (NP_RETURN, "return h_next.astype(np.float32)"),
                (
                    NP_RETURN,
                    "result = np.zeros(h_next.shape, dtype=np.float32)\nresult[:] = h_next\nreturn result",
                ),
                (NP_TANH, "h_next = np.tanh(pre_activation.astype(np.float32)).astype(x.dtype)"),
                (NP_INPUT, "from_input = x.astype(np.float32) @ w_input"),
            ],
            "RNNCell.forward": [
                (RETURN, "return next_state.float()"),
                (ZEROS, "hidden_state = torch.zeros(x.shape[0], self.hidden_size)"),
                (INPUT, "from_input = x.float() @ self.w_input"),
            ],
        },
    ),
    Mistake(
        "dtype_float64",
        **said("dtype_float64"),
        makes="float64",
        edits={
            "rnn_cell_forward": [
                (NP_RETURN, "return h_next.astype(np.float64)"),
                (NP_RETURN, "result = np.zeros(h_next.shape)\nresult[:] = h_next\nreturn result"),
                (NP_SUM, "pre_activation = np.zeros(h_prev.shape) + from_input + from_state + bias"),
            ],
            "RNNCell.forward": [
                (RETURN, "return next_state.double()"),
                (ZEROS, "hidden_state = torch.zeros(x.shape[0], self.hidden_size, dtype=torch.float64)"),
                (INPUT, "from_input = x.double() @ self.w_input"),
            ],
            "RNNCell.__init__": tuple(within(make, "_size)", "_size, dtype=torch.float64)") for make in MAKE),
        },
    ),
    Mistake(
        "device_hard_coded",
        **said("device_hard_coded"),
        edits={
            "RNNCell.forward": [
                (ZEROS, 'hidden_state = torch.zeros(x.shape[0], self.hidden_size, device="cuda")'),
                (INPUT, "from_input = x.cuda() @ self.w_input"),
            ],
            "RNNCell.__init__": (MAKE_W_INPUT, within(MAKE_W_INPUT, "_size)", '_size, device="cuda")')[1]),
        },
    ),
]

LEARNING = [
    Mistake(
        "weights_not_registered",
        **said("weights_not_registered"),
        edits={
            "RNNCell.__init__": [
                tuple((make, plain(make)) for make in MAKE),
                *[(make, plain(make)) for make in MAKE],
                tuple((make, plain(make)) for make in MAKE[:2]),
            ]
        },
    ),
    Mistake(
        "parameter_converted",
        **said("parameter_converted"),
        edits={
            "RNNCell.__init__": [
                tuple(ending(make, ".double()") for make in MAKE),
                tuple(ending(make, ".double()") for make in MAKE[:2]),
                *[ending(make, ".double()") for make in MAKE],
            ]
        },
    ),
    Mistake(
        "weights_frozen",
        **said("weights_frozen"),
        edits={
            "RNNCell.__init__": [
                tuple(ending(make, ".requires_grad_(False)") for make in MAKE),
                *[ending(make, ".requires_grad_(False)") for make in MAKE],
            ]
        },
    ),
    Mistake(
        "zero_weights",
        **said("zero_weights"),
        edits={
            "RNNCell.__init__": [
                tuple((make, make.replace("empty", "zeros").replace(UNIFORM, "")) for make in makes)
                for makes in (MAKE, MAKE[:2])
            ]
        },
    ),
    Mistake(
        "layers_made_in_forward",
        **said("layers_made_in_forward"),
        edits={
            "RNNCell": (
                *[(make, "") for make in MAKE],
                (
                    DEFAULT,
                    f"{DEFAULT}\nbound, input_size, hidden_size = 0.5, self.input_size, self.hidden_size\n"
                    + "\n".join(MAKE),
                ),
            )
        },
    ),
    Mistake(
        "weights_stored_transposed",
        **said("weights_stored_transposed"),
        edits={
            "RNNCell": (
                within(MAKE_W_INPUT, "input_size, hidden_size", "hidden_size, input_size"),
                (INPUT, "from_input = x @ self.w_input.T"),
            )
        },
    ),
    Mistake("not_set_up", **said("not_set_up"), edits={"RNNCell.__init__": ("super().__init__()", "")}),
    Mistake(
        "sizes_swapped",
        **said("sizes_swapped"),
        edits={
            "RNNCell.__init__": (
                "def __init__(self, input_size, hidden_size):",
                "def __init__(self, hidden_size, input_size):",
            )
        },
    ),
    Mistake(
        "detached",
        **said("detached"),
        edits={
            "RNNCell.forward": [
                (RETURN, "return next_state.detach()"),
                (RETURN, "return torch.tensor(next_state.detach().numpy(), requires_grad=True)"),
            ]
        },
    ),
    Mistake(
        "state_detached",
        **said("state_detached"),
        edits={"RNNCell.forward": (STATE, "from_state = hidden_state.detach() @ self.w_hidden")},
    ),
    Mistake(
        "input_detached",
        **said("input_detached"),
        edits={"RNNCell.forward": (INPUT, "from_input = x.detach() @ self.w_input")},
    ),
    Mistake(
        "weights_detached",
        **said("weights_detached"),
        edits={
            "RNNCell.forward": [
                (INPUT, "from_input = x @ self.w_input.data"),
                (STATE, "from_state = hidden_state @ self.w_hidden.data"),
                (SUM, "pre_activation = from_input + from_state + self.bias.data"),
                (
                    (INPUT, "from_input = x @ self.w_input.data"),
                    (STATE, "from_state = hidden_state @ self.w_hidden.data"),
                ),
                (
                    (INPUT, "from_input = x @ self.w_input.data"),
                    (STATE, "from_state = hidden_state @ self.w_hidden.data"),
                    (SUM, "pre_activation = from_input + from_state + self.bias.data"),
                ),
            ]
        },
    ),
    Mistake(
        "numpy_in_module",
        **said("numpy_in_module"),
        edits={"RNNCell.forward": [(TANH, "next_state = torch.as_tensor(np.tanh(pre_activation.numpy()))")]},
    ),
]

MISTAKES = [*FORMULA, *RESULT, *STATE_GIVEN_OR_NOT, *BEHAVIOUR, *LEARNING]
