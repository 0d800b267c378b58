"""Mistakes that can be made in birnn, as edits of its reference: each is a diagnosis, and a proof of the suite.

`rnn_forward` is a helper of birnn_forward here, so a mistake in it shows in both directions. The groups
follow a student's way through the exercise: the step, the states, the loop, both directions, the module, lengths.
Nothing here may name a graded input. A title says what the code does; a hint asks or points.
"""

from grader.diagnose import Mistake
from grader.diagnose.wording import said

HELPERS = {"rnn_forward": "birnn_forward"}


def shared(id, edits, twins=(), drawn=False, makes=""):
    """A mistake whose words are shared with the other assignments."""
    return Mistake(id, **said(id), edits=edits, exercise=HELPERS, twins=twins, drawn=drawn, makes=makes)


def ours(id, title, hint, edits, twins=()):
    """A mistake with words of its own."""
    return Mistake(id, title=title, hint=hint, edits=edits, exercise=HELPERS, twins=twins)


def instead(old, *news):
    """Several ways of writing one line."""
    return [(old, new) for new in news]


# Lines of rnn_forward.
PRE = "pre_activation = from_input + from_state + bias"
TANH = "h_next = np.tanh(pre_activation)"
HOLD = "state = np.where(is_real, h_next, state)"
SHOW = "output = np.where(is_real, state, 0)"
STACK = "hidden_states = np.stack(collected, axis=1)"
LAST = "h_last = state"
REAL = "is_real = (t < lengths)[:, None]"

# Lines of birnn_forward and of BiRNN.forward; the first seven stand in both.
SHAPE = "num_samples, num_steps, _ = x.shape"
NO_LENGTHS = "if lengths is None:"
X_B = "x_b = reverse(x, lengths)"
TURN = "outputs_b = reverse(outputs_b, lengths)"
H0_F, H0_B = "h0_f = h0[0]", "h0_b = h0[1]"
HIDDEN_F, HIDDEN_B = "hidden_f = hidden[0]", "hidden_b = hidden[1]"
RUN_F = "outputs_f, last_f = rnn_forward(x, h0_f, *forward_weights, lengths)"
RUN_B = "outputs_b, last_b = rnn_forward(x_b, h0_b, *backward_weights, lengths)"
CAT_F = "outputs = np.concatenate([outputs_f, outputs_b], axis=2)"
CAT_T = "outputs = torch.cat([outputs_f, outputs_b], dim=2)"
LAST_F = "hidden = np.stack([last_f, last_b])"
LAST_T = "last_states = torch.stack([last_f, last_b])"
NP_BUFFER = (
    "outputs = np.zeros((num_samples, num_steps, 2 * outputs_f.shape[2]){})\n"
    "outputs[:] = np.concatenate([outputs_f, outputs_b], axis=2)"
)
NP_HIDDEN = "hidden = np.zeros(h0.shape{})\nhidden[0], hidden[1] = last_f, last_b"
BUFFER = (
    "outputs = torch.zeros(num_samples, num_steps, 2 * self.hidden_size{})\n"
    "outputs[:] = torch.cat([outputs_f, outputs_b], dim=2)"
)
HIDDEN = (
    "last_states = torch.zeros(2, num_samples, self.hidden_size{})\n"
    "last_states[0], last_states[1] = last_f, last_b"
)
RETURN_F, RETURN_T = "return outputs, hidden", "return outputs, last_states"

# Lines of BiRNN only.
MAKE_F = "self.forward_cell = nn.RNNCell(input_size, hidden_size)"
MAKE_B = "self.backward_cell = nn.RNNCell(input_size, hidden_size)"
MAKE_LF = "self.forward_linear = nn.Linear(hidden_size, hidden_size)"
MAKE_LB = "self.backward_linear = nn.Linear(hidden_size, hidden_size)"
CELL = "h_next = cell(x_t, state)"
HOLD_T = "state = torch.where(is_real, h_next, state)"
STACK_T = "states = torch.stack(collected, dim=1)"
REAL_T = "is_real = (t < lengths)[:, None]"
STATES_F = "states_f, last_f = self.run(self.forward_cell, x, hidden_f, lengths)"
STATES_B = "states_b, last_b = self.run(self.backward_cell, x_b, hidden_b, lengths)"
LINEAR_F = "outputs_f = self.forward_linear(states_f)"
LINEAR_B = "outputs_b = self.backward_linear(states_b)"
MASK = "outputs = torch.where(steps < num_real, outputs, 0)"
NO_HIDDEN = "if hidden is None:"
ZEROS = "hidden = x.new_zeros(2, num_samples, self.hidden_size)"


THE_STEP = [
    shared("no_tanh", {"rnn_forward": (TANH, "h_next = pre_activation")}),
    shared(
        "other_activation",
        {
            "rnn_forward": instead(
                TANH, "h_next = np.maximum(pre_activation, 0)", "h_next = 1 / (1 + np.exp(-pre_activation))"
            ),
            "BiRNN.__init__": (
                (MAKE_F, MAKE_F[:-1] + ', nonlinearity="relu")'),
                (MAKE_B, MAKE_B[:-1] + ', nonlinearity="relu")'),
            ),
        },
    ),
    shared(
        "tanh_of_one_term",
        {
            "rnn_forward": instead(
                TANH,
                "h_next = np.tanh(from_input) + from_state + bias",
                "h_next = np.tanh(from_input + bias) + from_state",
                "h_next = from_input + np.tanh(from_state) + bias",
                "h_next = from_input + np.tanh(from_state + bias)",
                "h_next = np.tanh(from_input + from_state) + bias",
            )
        },
    ),
    shared(
        "tanh_of_each_term",
        {
            "rnn_forward": instead(
                TANH,
                "h_next = np.tanh(from_input) + np.tanh(from_state) + np.tanh(bias)",
                "h_next = np.tanh(from_input) + np.tanh(from_state) + bias",
                "h_next = np.tanh(from_input + bias) + np.tanh(from_state)",
                "h_next = np.tanh(from_input) + np.tanh(from_state + bias)",
            )
        },
    ),
    shared(
        "tanh_twice",
        {
            "rnn_forward": (TANH, "h_next = np.tanh(np.tanh(pre_activation))"),
            "BiRNN.run": (CELL, "h_next = torch.tanh(cell(x_t, state))"),
        },
    ),
    ours(
        "outputs_without_tanh",
        "The outputs are taken before tanh",
        "Two arrays pass through your loop at each step, before and after tanh. Which of them is the state?",
        {"rnn_forward": (SHOW, "output = np.where(is_real, pre_activation, 0)")},
    ),
    shared(
        "state_without_its_weights", {"rnn_forward": ("from_state = state @ w_hidden", "from_state = state")}
    ),
    shared("w_hidden_transposed", {"rnn_forward": ("state @ w_hidden", "state @ w_hidden.T")}),
    shared("w_input_transposed", {"rnn_forward": ("x_t @ w_input", "x_t @ w_input.T")}),
    shared(
        "both_weights_transposed",
        {"rnn_forward": (("x_t @ w_input", "x_t @ w_input.T"), ("state @ w_hidden", "state @ w_hidden.T"))},
    ),
    shared("input_ignored", {"rnn_forward": (PRE, "pre_activation = from_state + bias")}),
    shared(
        "weights_swapped",
        {"rnn_forward": (("x_t @ w_input", "x_t @ w_hidden"), ("state @ w_hidden", "state @ w_input"))},
    ),
    shared(
        "factors_swapped",
        {
            "rnn_forward": [
                ("x_t @ w_input", "w_input @ x_t"),
                ("state @ w_hidden", "w_hidden @ state"),
                (("x_t @ w_input", "w_input @ x_t"), ("state @ w_hidden", "w_hidden @ state")),
            ]
        },
    ),
    shared(
        "elementwise_product",
        {
            "rnn_forward": [
                ("x_t @ w_input", "x_t * w_input"),
                ("state @ w_hidden", "state * w_hidden"),
                (("x_t @ w_input", "x_t * w_input"), ("state @ w_hidden", "state * w_hidden")),
            ]
        },
    ),
    ours(
        "stacked_in_other_order",
        "Input and state are joined in one order, their weights in the other",
        "One long row times one tall matrix: which rows of the matrix does the first part of your row meet?",
        {
            "rnn_forward": (
                PRE,
                "pre_activation = np.hstack([state, x_t]) @ np.vstack([w_input, w_hidden]) + bias",
            )
        },
    ),
    shared("no_bias", {"rnn_forward": (PRE, "pre_activation = from_input + from_state")}),
    shared("bias_twice", {"rnn_forward": (PRE, "pre_activation = from_input + from_state + 2 * bias")}),
    shared("bias_subtracted", {"rnn_forward": (PRE, "pre_activation = from_input + from_state - bias")}),
    shared(
        "bias_wrong_axis",
        {
            "rnn_forward": instead(
                PRE,
                "pre_activation = from_input + from_state + bias[:, None]",
                "pre_activation = ((from_input + from_state).T + bias).T",
            )
        },
    ),
    shared(
        "state_ignored",
        {
            "rnn_forward": ("from_state = state @ w_hidden", "from_state = 0"),
            "BiRNN.run": (CELL, "h_next = cell(x_t)"),
        },
    ),
    shared(
        "state_added_on_top",
        {
            "rnn_forward": (TANH, "h_next = np.tanh(pre_activation) + state"),
            "BiRNN.run": (CELL, "h_next = cell(x_t, state) + state"),
        },
    ),
    shared(
        "state_averaged_over_batch",
        {
            "rnn_forward": ("state @ w_hidden", "state.mean(axis=0) @ w_hidden"),
            "BiRNN.run": (CELL, "h_next = cell(x_t, state.mean(dim=0, keepdim=True).expand_as(state))"),
        },
    ),
    shared(
        "dtype_float32",
        {
            "birnn_forward": [
                (RETURN_F, "return outputs.astype(np.float32), hidden"),
                (RETURN_F, "return outputs, hidden.astype(np.float32)"),
                (RETURN_F, "return outputs.astype(np.float32), hidden.astype(np.float32)"),
                (SHAPE, "x = x.astype(np.float32)\n" + SHAPE),
                (H0_F, "h0_f = h0[0].astype(np.float32)"),
                (CAT_F, NP_BUFFER.format(", dtype=np.float32")),
                (LAST_F, NP_HIDDEN.format(", dtype=np.float32")),
            ],
            "rnn_forward": [
                (STACK, "hidden_states = np.stack(collected, axis=1).astype(np.float32)"),
                (HOLD, HOLD + ".astype(np.float32)"),
            ],
            "BiRNN.forward": [
                (ZEROS, "hidden = torch.zeros(2, num_samples, self.hidden_size)"),
                (RETURN_T, "return outputs.float(), last_states"),
                (RETURN_T, "return outputs, last_states.float()"),
                (RETURN_T, "return outputs.float(), last_states.float()"),
                (SHAPE, "x = x.float()\n" + SHAPE),
                (CAT_T, BUFFER.format("")),
                (LAST_T, HIDDEN.format("")),
            ],
        },
        makes="float32",
    ),
    shared(
        "dtype_float64",
        {
            "birnn_forward": [
                (RETURN_F, "return outputs.astype(np.float64), hidden"),
                (RETURN_F, "return outputs, hidden.astype(np.float64)"),
                (RETURN_F, "return outputs.astype(np.float64), hidden.astype(np.float64)"),
                (SHAPE, "x = x.astype(np.float64)\n" + SHAPE),
                (CAT_F, NP_BUFFER.format("")),
                (LAST_F, NP_HIDDEN.format("")),
            ],
            "rnn_forward": [
                (SHOW, "output = state * is_real.astype(float)"),
                (HOLD, "mask = is_real.astype(float)\nstate = mask * h_next + (1 - mask) * state"),
            ],
            "BiRNN.forward": [
                (ZEROS, "hidden = torch.zeros(2, num_samples, self.hidden_size, dtype=torch.float64)"),
                (RETURN_T, "return outputs.double(), last_states"),
                (RETURN_T, "return outputs, last_states.double()"),
                (RETURN_T, "return outputs.double(), last_states.double()"),
                (SHAPE, "x = x.double()\n" + SHAPE),
                (CAT_T, BUFFER.format(", dtype=torch.float64")),
                (LAST_T, HIDDEN.format(", dtype=torch.float64")),
                (MASK, "outputs = outputs * (steps < num_real).double()"),
            ],
        },
        makes="float64",
    ),
    shared(
        "changes_its_arguments",
        {
            "rnn_forward": [
                (HOLD, "state[...] = np.where(is_real, h_next, state)"),
                (SHAPE, SHAPE + "\nx[np.arange(num_steps) >= np.asarray(lengths)[:, None]] = 0"),
            ],
            "birnn_forward": [
                (LAST_F, "h0[0], h0[1] = last_f, last_b\nhidden = h0"),
                (X_B, "x[...] = reverse(x, lengths)\nx_b = x"),
                (RETURN_F, "lengths.sort()\n" + RETURN_F),
            ],
            "BiRNN.forward": [
                (LAST_T, "hidden[0], hidden[1] = last_f, last_b\nlast_states = hidden"),
                (
                    HIDDEN_F,
                    "for n in range(num_samples):\n    x[n, lengths[n] :] = 0\n" + HIDDEN_F,
                ),
                (RETURN_T, "lengths.sort()\n" + RETURN_T),
            ],
        },
    ),
]

THE_STATE = [
    shared(
        "initial_state_ignored",
        {
            "birnn_forward": (
                (H0_F, "h0_f = np.zeros_like(h0[0])"),
                (H0_B, "h0_b = np.zeros_like(h0[1])"),
            ),
            "BiRNN.forward": (NO_HIDDEN, "if True:"),
        },
    ),
    ours(
        "state_of_one_direction_ignored",
        "Only one direction begins at its given state, the other at zero",
        "The initial states hold one state for each direction. Where does your code use the other one?",
        {
            "birnn_forward": [(H0_B, "h0_b = np.zeros_like(h0[1])"), (H0_F, "h0_f = np.zeros_like(h0[0])")],
            "BiRNN.forward": [
                (HIDDEN_B, "hidden_b = torch.zeros_like(hidden[1])"),
                (HIDDEN_F, "hidden_f = torch.zeros_like(hidden[0])"),
            ],
        },
    ),
    ours(
        "one_state_for_both",
        "Both directions begin at the same state",
        "Two states are given, one for each direction. Which one does your backward direction begin with?",
        {
            "birnn_forward": [(H0_B, "h0_b = h0[0]"), (H0_F, "h0_f = h0[1]")],
            "BiRNN.forward": [(HIDDEN_B, "hidden_b = hidden[0]"), (HIDDEN_F, "hidden_f = hidden[1]")],
        },
    ),
    ours(
        "initial_states_swapped",
        "Each direction begins at the other one's state",
        "Of the two given states, which belongs to the forward direction? Follow it to where it is used.",
        {
            "birnn_forward": ((H0_F, "h0_f = h0[1]"), (H0_B, "h0_b = h0[0]")),
            "BiRNN.forward": ((HIDDEN_F, "hidden_f = hidden[1]"), (HIDDEN_B, "hidden_b = hidden[0]")),
        },
    ),
    ours(
        "states_read_batch_first",
        "The initial states are read as if the samples came first",
        "The initial states are (2, N, H). Which axis do you index to choose a direction? Try N different from 2.",
        {
            "birnn_forward": ((H0_F, "h0_f = h0[:, 0]"), (H0_B, "h0_b = h0[:, 1]")),
            "BiRNN.forward": ((HIDDEN_F, "hidden_f = hidden[:, 0]"), (HIDDEN_B, "hidden_b = hidden[:, 1]")),
        },
    ),
    ours(
        "backward_starts_from_forward",
        "The backward direction begins where the forward direction ended",
        "Neither direction sees the other's state. Which state should the backward one begin with?",
        {
            "birnn_forward": (RUN_B, RUN_B.replace("h0_b", "last_f")),
            "BiRNN.forward": (STATES_B, STATES_B.replace("hidden_b", "last_f")),
        },
    ),
    ours(
        "state_flipped_instead",
        "The backward state is flipped, and the sequence is not",
        "What has a first and a last step: a sequence, or a state? Which of the two must be read from its end?",
        {
            "birnn_forward": [
                ((X_B, "x_b = x"), (H0_B, f"h0_b = {flipped}"), *turn)
                for flipped in ("h0[1][::-1]", "h0[1][:, ::-1]", "np.flip(h0[1])")
                for turn in ((), ((TURN, ""),))
            ],
            "BiRNN.forward": [
                ((X_B, "x_b = x"), (HIDDEN_B, f"hidden_b = hidden[1].flip({axes})"), *turn)
                for axes in ("0", "1", "0, 1")
                for turn in ((), ((TURN, ""),))
            ],
        },
    ),
    shared(
        "state_tested_for_truth",
        {"BiRNN.forward": (NO_HIDDEN, "if not hidden:")},
    ),
    shared(
        "needs_a_state",
        {
            "BiRNN.forward": [
                (NO_HIDDEN, "if False:"),
                ("x, hidden=None, lengths=None", "x, hidden, lengths=None"),
                ((NO_HIDDEN, "if False:"), ("x, hidden=None, lengths=None", "x, hidden, lengths=None")),
                ((NO_HIDDEN, "if False:"), (HIDDEN_F, "hidden_f, hidden_b = hidden"), (HIDDEN_B, "")),
                ((NO_HIDDEN, "if False:"), (HIDDEN_F, "hidden.shape\n" + HIDDEN_F)),
            ]
        },
    ),
    shared(
        "zero_state_axes_swapped",
        {
            "BiRNN.forward": instead(
                ZEROS,
                "hidden = x.new_zeros(2, self.hidden_size, num_samples)",
                "hidden = x.new_zeros(num_samples, 2, self.hidden_size)",
            )
        },
    ),
    shared(
        "random_initial_state",
        {
            "BiRNN.forward": instead(
                ZEROS,
                "hidden = torch.randn(2, num_samples, self.hidden_size, dtype=x.dtype)",
                "hidden = torch.rand(2, num_samples, self.hidden_size, dtype=x.dtype)",
                "hidden = torch.randn(2, num_samples, self.hidden_size)",
                "hidden = torch.rand(2, num_samples, self.hidden_size)",
            )
        },
        drawn=True,
    ),
    shared(
        "batch_size_hard_coded",
        {
            "BiRNN.forward": [
                (ZEROS, f"hidden = x.new_zeros(2, {samples}, self.hidden_size)")
                for samples in (1, 3, 4, 5, 32)
            ]
        },
    ),
    shared("ones_initial_state", {"BiRNN.forward": (ZEROS, ZEROS.replace("zeros", "ones"))}),
    shared(
        "state_kept_between_calls",
        {
            "BiRNN.forward": [
                (
                    (NO_HIDDEN, f"{condition}\n    hidden = self.state\n{NO_HIDDEN}"),
                    (RETURN_T, f"self.state = last_states\n{RETURN_T}"),
                )
                for condition in (
                    'if hidden is None and hasattr(self, "state"):',
                    'if hasattr(self, "state"):',
                )
            ]
            + [
                (
                    ZEROS,
                    'if not hasattr(self, "zeros"):\n'
                    "    self.zeros = x.new_zeros(2, num_samples, self.hidden_size)\n"
                    "hidden = self.zeros",
                ),
                (
                    (
                        ZEROS,
                        f'{ZEROS}\nstate = getattr(self, "state", hidden)\n'
                        "if (state.shape, state.dtype) == (hidden.shape, x.dtype):\n    hidden = state",
                    ),
                    (RETURN_T, f"self.state = last_states\n{RETURN_T}"),
                ),
            ],
        },
    ),
    shared(
        "trainable_initial_state",
        {
            "BiRNN": [
                (
                    (MAKE_LB, f"{MAKE_LB}\nself.{name} = nn.Parameter(torch.{values}(2, 1, hidden_size))"),
                    (ZEROS, f"hidden = self.{name}.expand(2, num_samples, self.hidden_size)"),
                )
                for name in ("h0", "hidden")
                for values in ("zeros", "randn")
            ]
        },
    ),
]

THE_LOOP = [
    shared(
        "state_not_carried",
        {
            "rnn_forward": ("state @ w_hidden", "h0 @ w_hidden"),
            "BiRNN.run": (
                ("collected = []", "collected = []\ninitial = state"),
                (CELL, "h_next = cell(x_t, initial)"),
            ),
        },
    ),
    shared(
        "loops_over_batch",
        {
            "rnn_forward": [
                (("range(num_steps)", "range(num_samples)"), ("x_t = x[:, t]", "x_t = x[t]")),
                (
                    ("range(num_steps)", "range(num_samples)"),
                    ("x_t = x[:, t]", "x_t = x[t]"),
                    (STACK, "hidden_states = np.stack(collected)"),
                ),
            ],
            "birnn_forward": (
                (SHAPE, "x = x.transpose(1, 0, 2)\n" + SHAPE),
                (RETURN_F, "return outputs.transpose(1, 0, 2), hidden"),
            ),
            "BiRNN.run": (("range(x.shape[1])", "range(x.shape[0])"), ("x_t = x[:, t]", "x_t = x[t]")),
            "BiRNN.forward": (
                (SHAPE, "x = x.transpose(0, 1)\n" + SHAPE),
                (RETURN_T, "return outputs.transpose(0, 1), last_states"),
            ),
        },
    ),
    shared(
        "batch_size_from_wrong_axis",
        {
            "rnn_forward": (SHAPE, "num_steps, num_samples, _ = x.shape"),
            "birnn_forward": (SHAPE, "num_steps, num_samples, _ = x.shape"),
            "BiRNN.forward": (SHAPE, "num_steps, num_samples, _ = x.shape"),
        },
    ),
    shared(
        "time_axis_first",
        {
            "birnn_forward": (RETURN_F, "return outputs.transpose(1, 0, 2), hidden"),
            "BiRNN.forward": (RETURN_T, "return outputs.transpose(0, 1), last_states"),
        },
    ),
    shared(
        "reshaped_not_transposed",
        {
            "rnn_forward": [
                (STACK, "hidden_states = np.stack(collected).reshape(num_samples, num_steps, -1)"),
                ("x_t = x[:, t]", "x_t = x.reshape(num_steps, num_samples, -1)[t]"),
            ],
            "birnn_forward": (
                RETURN_F,
                "return outputs.transpose(1, 0, 2).reshape(outputs.shape), hidden",
            ),
            "BiRNN.run": [
                (STACK_T, "states = torch.stack(collected).reshape(*x.shape[:2], -1)"),
                ("x_t = x[:, t]", "x_t = x.reshape(x.shape[1], x.shape[0], -1)[t]"),
            ],
            "BiRNN.forward": (
                RETURN_T,
                "return outputs.transpose(0, 1).reshape(outputs.shape), last_states",
            ),
        },
    ),
    shared(
        "outputs_one_step_late",
        {
            "rnn_forward": (
                (HOLD, f"before = state\n{HOLD}"),
                (SHOW, "output = np.where(is_real, before, 0)"),
            ),
            "BiRNN.run": (
                (CELL, f"collected.append(state)\n{CELL}"),
                (f"{HOLD_T}\n            collected.append(state)", HOLD_T),
            ),
        },
    ),
    shared(
        "initial_state_in_outputs",
        {
            "rnn_forward": ("collected = []", "collected = [state]"),
            "birnn_forward": (
                CAT_F,
                "outputs_f = np.concatenate([h0_f[:, None], outputs_f], axis=1)\n"
                f"outputs_b = np.concatenate([outputs_b, h0_b[:, None]], axis=1)\n{CAT_F}",
            ),
            "BiRNN.forward": (
                (
                    CAT_T,
                    "outputs_f = torch.cat([self.forward_linear(hidden_f)[:, None], outputs_f], dim=1)\n"
                    "outputs_b = torch.cat([outputs_b, self.backward_linear(hidden_b)[:, None]], dim=1)\n"
                    + CAT_T,
                ),
                ("torch.arange(num_steps,", "torch.arange(-1, num_steps,"),
            ),
        },
    ),
    shared(
        "starts_one_step_late",
        {
            "rnn_forward": [
                ("range(num_steps)", "range(1, num_steps)"),
                (
                    ("collected = []", "collected = [np.zeros_like(state)]"),
                    ("range(num_steps)", "range(1, num_steps)"),
                ),
            ],
            "BiRNN.run": ("range(x.shape[1])", "range(1, x.shape[1])"),
        },
    ),
    shared(
        "stops_one_step_early",
        {
            "rnn_forward": [
                ("range(num_steps)", "range(num_steps - 1)"),
                (
                    ("range(num_steps)", "range(num_steps - 1)"),
                    (STACK, f"collected.append(np.zeros_like(state))\n{STACK}"),
                ),
            ],
            "BiRNN.run": ("range(x.shape[1])", "range(x.shape[1] - 1)"),
        },
    ),
    shared(
        "reads_one_step_always",
        {
            "rnn_forward": ("x_t = x[:, t]", "x_t = x[:, 0]"),
            "BiRNN.run": ("x_t = x[:, t]", "x_t = x[:, 0]"),
        },
    ),
    shared(
        "input_off_by_one",
        {
            "birnn_forward": instead(
                X_B,
                "x_b = np.roll(reverse(x, lengths), 1, axis=1)",
                "x_b = reverse(x, np.asarray(lengths) + 1)",
            ),
            "BiRNN.forward": instead(
                X_B,
                "x_b = torch.roll(reverse(x, lengths), 1, dims=1)",
                "x_b = reverse(x, np.asarray(lengths) + 1)",
            ),
        },
    ),
    shared(
        "all_outputs_alike",
        {
            "rnn_forward": [
                (STACK, f"hidden_states = {alike}")
                for alike in (
                    "np.stack([state] * num_steps, axis=1)",
                    "np.stack([np.where(t < lengths[:, None], state, 0) for t in range(num_steps)], axis=1)",
                    "np.stack(collected[-1:] * num_steps, axis=1)",
                )
            ],
            "BiRNN.run": (STACK_T, "states = torch.stack([state] * x.shape[1], dim=1)"),
        },
    ),
    shared(
        "only_last_output",
        {
            "birnn_forward": [
                (RETURN_F, f"return {last}, hidden")
                for last in (
                    "outputs[:, -1]",
                    "outputs[:, -1:]",
                    "np.concatenate([last_f, last_b], axis=1)",
                )
            ],
            "BiRNN.forward": [
                (RETURN_T, f"return {last}, last_states")
                for last in (
                    "outputs[:, -1]",
                    "outputs[:, -1:]",
                    "torch.cat([self.forward_linear(last_f), self.backward_linear(last_b)], dim=1)",
                    "torch.cat([last_f, last_b], dim=1)",
                )
            ],
        },
    ),
    shared(
        "last_state_is_the_first",
        {
            "rnn_forward": (LAST, "h_last = hidden_states[:, 0]"),
            "birnn_forward": (LAST_F, "hidden = np.stack([outputs_f[:, 0], last_b])"),
            "BiRNN.run": ("return states, state", "return states, states[:, 0]"),
            "BiRNN.forward": (LAST_T, "last_states = torch.stack([states_f[:, 0], last_b])"),
        },
    ),
    shared(
        "last_state_one_step_early",
        {
            "rnn_forward": ((HOLD, f"before = state\n{HOLD}"), (LAST, "h_last = before")),
            "BiRNN.run": (
                (HOLD_T, f"before = state\n{HOLD_T}"),
                ("return states, state", "return states, before"),
            ),
        },
    ),
    shared(
        "last_state_is_initial",
        {
            "birnn_forward": (RETURN_F, "return outputs, h0"),
            "BiRNN.forward": (RETURN_T, "return outputs, hidden"),
        },
    ),
    shared(
        "results_swapped",
        {
            "birnn_forward": (RETURN_F, "return hidden, outputs"),
            "BiRNN.forward": (RETURN_T, "return last_states, outputs"),
        },
    ),
    shared(
        "returns_one_result",
        {
            "birnn_forward": instead(RETURN_F, "return outputs", "return hidden"),
            "BiRNN.forward": instead(RETURN_T, "return outputs", "return last_states"),
        },
    ),
    shared(
        "returns_nothing",
        {"birnn_forward": (RETURN_F, "return None"), "BiRNN.forward": (RETURN_T, "return None")},
    ),
    shared(
        "batch_axis_squeezed",
        {
            "birnn_forward": [
                (RETURN_F, f"return {both}")
                for both in (
                    "outputs.squeeze(), hidden",
                    "outputs, hidden.squeeze()",
                    "outputs.squeeze(), hidden.squeeze()",
                )
            ]
            + [(SHAPE, f"x = x.squeeze()\n{SHAPE}")],
            "BiRNN.forward": [
                (RETURN_T, f"return {both}")
                for both in (
                    "outputs.squeeze(), last_states",
                    "outputs, last_states.squeeze()",
                    "outputs.squeeze(), last_states.squeeze()",
                    "outputs.squeeze(0), last_states",
                    "outputs, last_states.squeeze(1)",
                    "outputs.squeeze(0), last_states.squeeze(1)",
                )
            ]
            + [(SHAPE, f"x = x.squeeze()\n{SHAPE}")],
        },
    ),
]

BOTH_DIRECTIONS = [
    ours(
        "backward_not_realigned",
        "The backward outputs are still in reversed time order",
        "You read the sequence from its end, so your first backward output belongs to the last step."
        " What must happen before the halves are joined?",
        {
            "birnn_forward": [
                (TURN, ""),
                # Read from the end of the array, with the state held on padding: flipped as a whole or not at all.
                (TURN, "outputs_b = reverse(outputs_b, lengths)[:, ::-1]"),
                (TURN, "outputs_b = reverse(outputs_b, lengths)[:, ::-1]\noutputs_b[outputs_f == 0] = 0"),
            ],
            "BiRNN.forward": [
                (TURN, ""),
                (TURN, "outputs_b = reverse(outputs_b, lengths).flip(1)"),
                (
                    (TURN, ""),
                    (
                        MASK,
                        f"{MASK}\noutputs[..., self.hidden_size :] = "
                        "reverse(outputs[..., self.hidden_size :], lengths).flip(1)",
                    ),
                ),
            ],
        },
    ),
    ours(
        "backward_not_reversed",
        "The backward direction reads the sequence from its start",
        "Print the first step that each direction reads. Which step should the backward one begin with?",
        {
            "birnn_forward": [(X_B, "x_b = x"), ((X_B, "x_b = x"), (TURN, ""))],
            "BiRNN.forward": [(X_B, "x_b = x"), ((X_B, "x_b = x"), (TURN, ""))],
        },
    ),
    ours(
        "batch_axis_flipped",
        "The samples are put in reversed order, not the time steps",
        "x is (N, L, I): which axis is time, and which one does your code turn round? Try two samples.",
        {
            "birnn_forward": [
                ((X_B, "x_b = x[::-1]"), (TURN, "outputs_b = outputs_b[::-1]")),
                ((X_B, "x_b = x[::-1]"), (TURN, "")),
                (X_B, "x_b = x[::-1]"),
                (TURN, "outputs_b = outputs_b[::-1]"),
            ],
            "BiRNN.forward": [
                ((X_B, "x_b = x.flip(0)"), (TURN, "outputs_b = outputs_b.flip(0)")),
                ((X_B, "x_b = x.flip(0)"), (TURN, "")),
                (X_B, "x_b = x.flip(0)"),
                (TURN, "outputs_b = outputs_b.flip(0)"),
            ],
        },
    ),
    ours(
        "all_axes_flipped",
        "All axes are put in reversed order, not only the time steps",
        "Flip a tiny array that holds 0, 1, 2, … and look at it: which axes were turned round besides time?",
        {
            "birnn_forward": [
                ((X_B, "x_b = np.flip(x)"), (TURN, "outputs_b = np.flip(outputs_b)")),
                (X_B, "x_b = np.flip(x)"),
                (TURN, "outputs_b = np.flip(outputs_b)"),
            ],
            "BiRNN.forward": [
                ((X_B, "x_b = x.flip(0, 1, 2)"), (TURN, "outputs_b = outputs_b.flip(0, 1, 2)")),
                (X_B, "x_b = x.flip(0, 1, 2)"),
                (TURN, "outputs_b = outputs_b.flip(0, 1, 2)"),
            ],
        },
    ),
    ours(
        "features_flipped",
        "The features are put in reversed order, not the time steps",
        "x is (N, L, I): which axis is time, and which one does your code turn round? Try I = 1: what changes?",
        {
            "birnn_forward": [
                ((X_B, "x_b = x[:, :, ::-1]"), (TURN, "outputs_b = outputs_b[:, :, ::-1]")),
                ((X_B, "x_b = x[:, :, ::-1]"), (TURN, "")),
                (X_B, "x_b = x[:, :, ::-1]"),
                (TURN, "outputs_b = outputs_b[:, :, ::-1]"),
            ],
            "BiRNN.forward": [
                ((X_B, "x_b = x.flip(2)"), (TURN, "outputs_b = outputs_b.flip(2)")),
                ((X_B, "x_b = x.flip(2)"), (TURN, "")),
                (X_B, "x_b = x.flip(2)"),
                (TURN, "outputs_b = outputs_b.flip(2)"),
            ],
        },
    ),
    ours(
        "backward_stops_before_step_0",
        "The backward direction never reads step 0",
        "Print t while the backward direction reads. Which step is read last, and which one should be?",
        {
            "birnn_forward": [
                (
                    RUN_B,
                    "early = np.maximum(np.asarray(lengths) - 1, 0)\n"
                    "outputs_b, last_b = rnn_forward(x_b, h0_b, *backward_weights, early)",
                ),
                (CAT_F, CAT_F.replace("outputs_b", "outputs_b[:, 1:]")),
            ],
            "BiRNN.forward": [
                (
                    (STATES_B, STATES_B.replace("lengths", "np.asarray(lengths) - 1")),
                    (
                        TURN,
                        f"{TURN}\noutputs_b = torch.cat([torch.zeros_like(outputs_b[:, :1]), outputs_b[:, 1:]], 1)",
                    ),
                ),
                (CAT_T, CAT_T.replace("outputs_b", "outputs_b[:, 1:]")),
            ],
        },
    ),
    ours(
        "directions_swapped",
        "The forward direction reads from the end, and the backward one from the start",
        "Print the first step that each direction reads, and compare with the drawing in the hand-out.",
        {
            "birnn_forward": [
                (
                    (RUN_F, RUN_F.replace("(x,", "(x_b,")),
                    (RUN_B, RUN_B.replace("(x_b,", "(x,")),
                    (TURN, turn),
                )
                for turn in ("outputs_f = reverse(outputs_f, lengths)", TURN, "")
            ],
            "BiRNN.forward": [
                (
                    (STATES_F, STATES_F.replace("cell, x,", "cell, x_b,")),
                    (STATES_B, STATES_B.replace("cell, x_b,", "cell, x,")),
                    (TURN, turn),
                )
                for turn in ("outputs_f = reverse(outputs_f, lengths)", TURN, "")
            ],
        },
    ),
    ours(
        "forward_turned_round",
        "The forward outputs are turned round as well, or instead",
        "Which of the two readers leaves its outputs in reversed order? Only those need to be turned round.",
        {
            "birnn_forward": [
                (TURN, "outputs_f = reverse(outputs_f, lengths)"),
                (TURN, f"{TURN}\noutputs_f = reverse(outputs_f, lengths)"),
            ],
            "BiRNN.forward": [
                (TURN, "outputs_f = reverse(outputs_f, lengths)"),
                (TURN, f"{TURN}\noutputs_f = reverse(outputs_f, lengths)"),
            ],
        },
    ),
    ours(
        "forward_joined_with_itself",
        "The forward outputs stand in both halves",
        "Which array do you put into the second half of the outputs? Look at the names where you join them.",
        {
            "birnn_forward": [
                (CAT_F, CAT_F.replace("outputs_b", "outputs_f")),
                (TURN, "outputs_b = reverse(outputs_f, lengths)"),
                (
                    (CAT_F, CAT_F.replace("outputs_b", "outputs_f")),
                    (LAST_F, LAST_F.replace("last_b", "last_f")),
                ),
            ],
            "BiRNN.forward": [
                (CAT_T, CAT_T.replace("outputs_b", "outputs_f")),
                (LINEAR_B, LINEAR_B.replace("states_b", "states_f")),
                ((LINEAR_B, LINEAR_B.replace("states_b", "states_f")), (TURN, "")),
                (
                    (CAT_T, CAT_T.replace("outputs_b", "outputs_f")),
                    (LAST_T, LAST_T.replace("last_b", "last_f")),
                ),
            ],
        },
    ),
    ours(
        "one_half_only",
        "One half of the outputs is missing",
        "What two readers know is asked for at every step. How many numbers is that, and how many do you return?",
        {
            "birnn_forward": instead(CAT_F, "outputs = outputs_f", "outputs = outputs_b"),
            "BiRNN.forward": instead(CAT_T, "outputs = outputs_f", "outputs = outputs_b"),
        },
    ),
    ours(
        "halves_swapped",
        "The two halves of the outputs have changed places",
        "Which direction belongs in the first H numbers of each output? Look at the order in which you join.",
        {
            "birnn_forward": (CAT_F, CAT_F.replace("outputs_f, outputs_b", "outputs_b, outputs_f")),
            "BiRNN.forward": (CAT_T, CAT_T.replace("outputs_f, outputs_b", "outputs_b, outputs_f")),
        },
    ),
    ours(
        "joined_along_another_axis",
        "The two halves are joined along the wrong axis",
        "Two arrays of (N, L, H) should become one of (N, L, 2H). Which axis grows? Print the shape you get.",
        {
            "birnn_forward": instead(
                CAT_F,
                CAT_F.replace("axis=2", "axis=0"),
                CAT_F.replace("axis=2", "axis=1"),
                "outputs = np.stack([outputs_f, outputs_b])",
                "outputs = np.stack([outputs_f, outputs_b], axis=2)",
                "outputs = np.stack([outputs_f, outputs_b], axis=3)",
            ),
            # The mask follows: it is made to fit, as it is for whoever masks each half before joining.
            "BiRNN.forward": [
                ((CAT_T, ""), (MASK, f"outputs = {joined.replace('F', half_f).replace('B', half_b)}"))
                for joined in (
                    "torch.cat([F, B], dim=0)",
                    "torch.cat([F, B], dim=1)",
                    "torch.stack([F, B])",
                    "torch.stack([F, B], dim=2)",
                    "torch.stack([F, B], dim=3)",
                )
                for half_f, half_b in [
                    (
                        "torch.where(steps < num_real, outputs_f, 0)",
                        "torch.where(steps < num_real, outputs_b, 0)",
                    )
                ]
            ],
        },
    ),
    ours(
        "halves_added",
        "The two halves are added, averaged or multiplied instead of joined",
        "An output has 2H numbers: H from each direction, side by side. How many has yours?",
        {
            "birnn_forward": instead(
                CAT_F,
                "outputs = outputs_f + outputs_b",
                "outputs = (outputs_f + outputs_b) / 2",
                "outputs = outputs_f * outputs_b",
            ),
            "BiRNN.forward": instead(
                CAT_T,
                "outputs = outputs_f + outputs_b",
                "outputs = (outputs_f + outputs_b) / 2",
                "outputs = outputs_f * outputs_b",
            ),
        },
    ),
    ours(
        "halves_interleaved",
        "The two halves are shuffled together like cards",
        "Number the entries of two tiny halves and print what you return: do the first H numbers belong together?",
        {
            "birnn_forward": (
                CAT_F,
                "outputs = np.stack([outputs_f, outputs_b], axis=3).reshape(num_samples, num_steps, -1)",
            ),
            "BiRNN.forward": (
                CAT_T,
                "outputs = torch.stack([outputs_f, outputs_b], dim=3).reshape(num_samples, num_steps, -1)",
            ),
        },
    ),
    ours(
        "halves_reshaped",
        "The two halves are stacked and reshaped, which mixes steps and directions",
        "reshape keeps the numbers in one long row. Which two lie side by side in it, and which two should?",
        {
            "birnn_forward": instead(
                CAT_F,
                "outputs = np.stack([outputs_f, outputs_b]).reshape(num_samples, num_steps, -1)",
                "outputs = np.stack([outputs_f, outputs_b], axis=1).reshape(num_samples, num_steps, -1)",
            ),
            "BiRNN.forward": instead(
                CAT_T,
                "outputs = torch.stack([outputs_f, outputs_b]).reshape(num_samples, num_steps, -1)",
                "outputs = torch.stack([outputs_f, outputs_b], dim=1).reshape(num_samples, num_steps, -1)",
            ),
        },
    ),
    ours(
        "backward_state_of_last_step",
        "hidden[1] is the backward state at the last step, where that reader has only begun",
        "After which step has the backward reader read everything? At which step do you pick its state up?",
        {
            "birnn_forward": [
                (LAST_F, f"hidden = np.stack([{f}, {b}])")
                for f, b in (
                    ("last_f", "outputs_b[:, -1]"),
                    ("outputs_f[:, -1]", "outputs_b[:, -1]"),
                    ("last_f", "outputs_b[np.arange(num_samples), np.asarray(lengths) - 1]"),
                )
            ],
            "BiRNN.forward": [
                (LAST_T, f"last_states = torch.stack([last_f, {b}])")
                for b in (
                    "reverse(states_b, lengths)[:, -1]",
                    "states_b[:, 0]",
                    "states_b[:, 0] * (torch.as_tensor(lengths)[:, None] == num_steps)",
                )
            ],
        },
    ),
    ours(
        "last_states_put_together_wrongly",
        "The two last states are put together along another axis",
        "hidden should be (2, N, H): one state for each direction, one row for each sample. Print yours.",
        {
            "birnn_forward": instead(
                LAST_F,
                "hidden = np.stack([last_f, last_b], axis=1)",
                "hidden = np.concatenate([last_f, last_b], axis=1)",
                "hidden = np.concatenate([last_f, last_b])",
                "hidden = np.stack([last_f, last_b], axis=2)",
            ),
            "BiRNN.forward": instead(
                LAST_T,
                "last_states = torch.stack([last_f, last_b], dim=1)",
                "last_states = torch.cat([last_f, last_b], dim=1)",
                "last_states = torch.cat([last_f, last_b])",
                "last_states = torch.stack([last_f, last_b], dim=2)",
            ),
        },
    ),
    ours(
        "batch_and_direction_mixed",
        "reshape or view mixes samples and directions",
        "reshape cuts one long row of numbers anew. Try N = 3 and look whose state stands in hidden[0].",
        {
            "birnn_forward": [
                (LAST_F, "hidden = np.concatenate([last_f, last_b], axis=1).reshape(h0.shape)"),
                (
                    (H0_F, "h0_f = h0.reshape(num_samples, 2, -1)[:, 0]"),
                    (H0_B, "h0_b = h0.reshape(num_samples, 2, -1)[:, 1]"),
                ),
            ],
            "BiRNN.forward": [
                (LAST_T, "last_states = torch.cat([last_f, last_b], dim=1).reshape(hidden.shape)"),
                (
                    (HIDDEN_F, "hidden_f = hidden.reshape(num_samples, 2, -1)[:, 0]"),
                    (HIDDEN_B, "hidden_b = hidden.reshape(num_samples, 2, -1)[:, 1]"),
                ),
            ],
        },
    ),
    ours(
        "last_states_swapped",
        "The two last states have changed places",
        "hidden[0] belongs to the forward direction. Which one do you put there?",
        {
            "birnn_forward": (LAST_F, LAST_F.replace("last_f, last_b", "last_b, last_f")),
            "BiRNN.forward": (LAST_T, LAST_T.replace("last_f, last_b", "last_b, last_f")),
        },
    ),
    ours(
        "one_last_state_twice",
        "The last state of one direction is returned for both",
        "hidden holds two states, one for each direction. Which names stand there in your code?",
        {
            "birnn_forward": instead(
                LAST_F, LAST_F.replace("last_b", "last_f"), LAST_F.replace("last_f", "last_b")
            ),
            "BiRNN.forward": instead(
                LAST_T, LAST_T.replace("last_b", "last_f"), LAST_T.replace("last_f", "last_b")
            ),
        },
    ),
    ours(
        "last_states_not_joined",
        "The two last states are returned apart",
        "One array of (2, N, H) is asked for beside the outputs. What do you return, and how many things is it?",
        {
            "birnn_forward": instead(
                RETURN_F,
                "return outputs, last_f, last_b",
                "return outputs, (last_f, last_b)",
                "return outputs, last_f",
                "return outputs, last_b",
            ),
            "BiRNN.forward": instead(
                RETURN_T,
                "return outputs, last_f, last_b",
                "return outputs, (last_f, last_b)",
                "return outputs, last_f",
                "return outputs, last_b",
            ),
        },
    ),
    ours(
        "same_weights_for_both",
        "Both directions use the same weights",
        "Each direction has weights of its own. Which ones does your backward direction use?",
        {
            "birnn_forward": [
                (RUN_B, RUN_B.replace("backward_weights", "forward_weights")),
                (RUN_F, RUN_F.replace("forward_weights", "backward_weights")),
            ],
            "BiRNN.__init__": (MAKE_B, "self.backward_cell = self.forward_cell"),
            "BiRNN.forward": [
                (STATES_B, STATES_B.replace("backward_cell", "forward_cell")),
                (STATES_F, STATES_F.replace("forward_cell", "backward_cell")),
            ],
        },
    ),
    ours(
        "same_linear_for_both",
        "Both halves go through the same linear layer",
        "Each direction has a linear layer of its own. Which one does your backward half go through?",
        {
            "BiRNN.__init__": (MAKE_LB, "self.backward_linear = self.forward_linear"),
            "BiRNN.forward": [
                (LINEAR_B, LINEAR_B.replace("backward_linear", "forward_linear")),
                (LINEAR_F, LINEAR_F.replace("forward_linear", "backward_linear")),
            ],
        },
    ),
    ours(
        "parts_of_directions_swapped",
        "Each direction uses the weights of the other",
        "Which weights belong to the forward direction? Follow them by name to where they are used.",
        {
            "birnn_forward": (
                (RUN_F, RUN_F.replace("forward_weights", "backward_weights")),
                (RUN_B, RUN_B.replace("backward_weights", "forward_weights")),
            ),
            "BiRNN.forward": [
                (
                    (STATES_F, STATES_F.replace("forward_cell", "backward_cell")),
                    (STATES_B, STATES_B.replace("backward_cell", "forward_cell")),
                ),
                (
                    (LINEAR_F, LINEAR_F.replace("forward_linear", "backward_linear")),
                    (LINEAR_B, LINEAR_B.replace("backward_linear", "forward_linear")),
                ),
                (
                    (STATES_F, STATES_F.replace("forward_cell", "backward_cell")),
                    (STATES_B, STATES_B.replace("backward_cell", "forward_cell")),
                    (LINEAR_F, LINEAR_F.replace("forward_linear", "backward_linear")),
                    (LINEAR_B, LINEAR_B.replace("backward_linear", "forward_linear")),
                ),
            ],
        },
    ),
    ours(
        "backward_reads_forward_states",
        "The backward direction reads the forward states instead of x",
        "Both readers read the same sequence. What do you hand to the backward one?",
        {
            "birnn_forward": (RUN_B, f"x_b = reverse(outputs_f, lengths)\n{RUN_B}"),
            "BiRNN.forward": [
                (STATES_B, f"x_b = reverse({read}, lengths)\n{STATES_B}")
                for read in ("states_f", "self.forward_linear(states_f)")
            ],
        },
    ),
]

THE_MODULE = [
    shared(
        "projection_skipped",
        {
            "BiRNN.forward": [
                ((LINEAR_F, "outputs_f = states_f"), (LINEAR_B, "outputs_b = states_b")),
                (LINEAR_F, "outputs_f = states_f"),
                (LINEAR_B, "outputs_b = states_b"),
            ]
        },
    ),
    shared(
        "output_fed_back",
        {
            "BiRNN": (
                (
                    CELL,
                    "linear = self.forward_linear if cell is self.forward_cell else self.backward_linear\n"
                    "h_next = linear(cell(x_t, state))",
                ),
                (LINEAR_F, "outputs_f = states_f"),
                (LINEAR_B, "outputs_b = states_b"),
            )
        },
    ),
    shared(
        "output_returned_as_state",
        {
            "BiRNN.forward": [
                (LAST_T, f"last_states = torch.stack([{f}, {b}])")
                for f, b in (
                    ("self.forward_linear(last_f)", "self.backward_linear(last_b)"),
                    ("outputs_f[:, -1]", "outputs_b[:, 0]"),
                    ("outputs_f[:, -1]", "outputs_b[:, -1]"),
                )
            ]
        },
    ),
    shared(
        "activation_on_output",
        {
            "BiRNN.forward": [
                (
                    (LINEAR_F, f"outputs_f = {function}(self.forward_linear(states_f){axis})"),
                    (LINEAR_B, f"outputs_b = {function}(self.backward_linear(states_b){axis})"),
                )
                for function, axis in (
                    ("torch.tanh", ""),
                    ("torch.relu", ""),
                    ("torch.sigmoid", ""),
                    ("torch.softmax", ", dim=-1"),
                )
            ]
            + [(CAT_T, f"{CAT_T}\noutputs = torch.softmax(outputs, dim=-1)")],
        },
    ),
    shared(
        "new_cell_at_each_step",
        {
            "BiRNN.run": [
                (CELL, "h_next = nn.RNNCell(self.input_size, self.hidden_size)(x_t, state)"),
                (CELL, "h_next = nn.RNNCell(self.input_size, self.hidden_size, dtype=x.dtype)(x_t, state)"),
            ]
        },
    ),
    shared(
        "cells_in_a_list",
        {
            "BiRNN": [
                (
                    (MAKE_F, "self.cells = [nn.RNNCell(input_size, hidden_size) for _ in range(2)]"),
                    (MAKE_B, ""),
                    (STATES_F, STATES_F.replace("forward_cell", "cells[0]")),
                    (STATES_B, STATES_B.replace("backward_cell", "cells[1]")),
                ),
                (
                    (MAKE_LF, "self.linears = [nn.Linear(hidden_size, hidden_size) for _ in range(2)]"),
                    (MAKE_LB, ""),
                    (LINEAR_F, LINEAR_F.replace("forward_linear", "linears[0]")),
                    (LINEAR_B, LINEAR_B.replace("backward_linear", "linears[1]")),
                ),
                (
                    (MAKE_F, "self.cells = [nn.RNNCell(input_size, hidden_size) for _ in range(2)]"),
                    (MAKE_B, ""),
                    (STATES_F, STATES_F.replace("forward_cell", "cells[0]")),
                    (STATES_B, STATES_B.replace("backward_cell", "cells[1]")),
                    (MAKE_LF, "self.linears = [nn.Linear(hidden_size, hidden_size) for _ in range(2)]"),
                    (MAKE_LB, ""),
                    (LINEAR_F, LINEAR_F.replace("forward_linear", "linears[0]")),
                    (LINEAR_B, LINEAR_B.replace("backward_linear", "linears[1]")),
                ),
            ]
        },
    ),
    ours(
        "parts_under_other_names",
        "The parts are in an nn.ModuleList, and not under the names asked for",
        "Print list(module.named_parameters()) and compare the names, dots and all, with the hand-out.",
        {
            "BiRNN": [
                (
                    (
                        MAKE_F,
                        "self.cells = nn.ModuleList(nn.RNNCell(input_size, hidden_size) for _ in range(2))",
                    ),
                    (MAKE_B, ""),
                    (STATES_F, STATES_F.replace("forward_cell", "cells[0]")),
                    (STATES_B, STATES_B.replace("backward_cell", "cells[1]")),
                ),
                (
                    (
                        MAKE_F,
                        "self.cells = nn.ModuleList(nn.RNNCell(input_size, hidden_size) for _ in range(2))",
                    ),
                    (MAKE_B, ""),
                    (STATES_F, STATES_F.replace("forward_cell", "cells[0]")),
                    (STATES_B, STATES_B.replace("backward_cell", "cells[1]")),
                    (
                        MAKE_LF,
                        "self.linears = nn.ModuleList(nn.Linear(hidden_size, hidden_size) for _ in range(2))",
                    ),
                    (MAKE_LB, ""),
                    (LINEAR_F, LINEAR_F.replace("forward_linear", "linears[0]")),
                    (LINEAR_B, LINEAR_B.replace("backward_linear", "linears[1]")),
                ),
            ]
        },
    ),
    shared(
        "layers_made_in_forward",
        {
            "BiRNN": [
                (
                    (MAKE_LF, ""),
                    (MAKE_LB, ""),
                    (LINEAR_F, "outputs_f = nn.Linear(self.hidden_size, self.hidden_size)(states_f)"),
                    (LINEAR_B, "outputs_b = nn.Linear(self.hidden_size, self.hidden_size)(states_b)"),
                ),
                (
                    (MAKE_F, ""),
                    (MAKE_B, ""),
                    (
                        STATES_F,
                        STATES_F.replace(
                            "self.forward_cell", "nn.RNNCell(self.input_size, self.hidden_size)"
                        ),
                    ),
                    (
                        STATES_B,
                        STATES_B.replace(
                            "self.backward_cell", "nn.RNNCell(self.input_size, self.hidden_size)"
                        ),
                    ),
                ),
                (
                    *((make, "") for make in (MAKE_F, MAKE_B, MAKE_LF, MAKE_LB)),
                    *(
                        (line, line.replace(f"self.{part}", made))
                        for line, part, made in (
                            (STATES_F, "forward_cell", "nn.RNNCell(self.input_size, self.hidden_size)"),
                            (STATES_B, "backward_cell", "nn.RNNCell(self.input_size, self.hidden_size)"),
                            (LINEAR_F, "forward_linear", "nn.Linear(self.hidden_size, self.hidden_size)"),
                            (LINEAR_B, "backward_linear", "nn.Linear(self.hidden_size, self.hidden_size)"),
                        )
                    ),
                ),
            ],
            # Made in __init__ as well, so that the names exist, and then again in every call.
            "BiRNN.forward": [
                (
                    (
                        LINEAR_F,
                        "outputs_f = nn.Linear(self.hidden_size, self.hidden_size, dtype=x.dtype)(states_f)",
                    ),
                    (
                        LINEAR_B,
                        "outputs_b = nn.Linear(self.hidden_size, self.hidden_size, dtype=x.dtype)(states_b)",
                    ),
                ),
                (
                    (LINEAR_F, "outputs_f = nn.Linear(self.hidden_size, self.hidden_size)(states_f)"),
                    (LINEAR_B, "outputs_b = nn.Linear(self.hidden_size, self.hidden_size)(states_b)"),
                ),
            ],
        },
    ),
    ours(
        "parts_without_bias",
        "A part is made without its bias",
        "Print the names of the parameters of your module. Which part has fewer of them than its kind usually has?",
        {
            "BiRNN.__init__": [
                ((MAKE_F, MAKE_F[:-1] + ", bias=False)"), (MAKE_B, MAKE_B[:-1] + ", bias=False)")),
                ((MAKE_LF, MAKE_LF[:-1] + ", bias=False)"), (MAKE_LB, MAKE_LB[:-1] + ", bias=False)")),
            ]
        },
    ),
    ours(
        "linears_of_other_size",
        "The linear layers are made for both directions at once",
        "Each direction has a linear layer of its own. How many numbers has the state that goes into it?",
        {
            "BiRNN": [
                (
                    (MAKE_LF, "self.forward_linear = nn.Linear(2 * hidden_size, hidden_size)"),
                    (MAKE_LB, "self.backward_linear = nn.Linear(2 * hidden_size, hidden_size)"),
                    (
                        LINEAR_F,
                        "both = torch.cat([states_f, states_b], dim=2)\noutputs_f = self.forward_linear(both)",
                    ),
                    (LINEAR_B, "outputs_b = self.backward_linear(both)"),
                ),
                (
                    (MAKE_LF, "self.forward_linear = nn.Linear(hidden_size, 2 * hidden_size)"),
                    (MAKE_LB, "self.backward_linear = nn.Linear(hidden_size, 2 * hidden_size)"),
                    (CAT_T, "outputs = outputs_f + outputs_b"),
                ),
            ]
        },
    ),
    ours(
        "whole_rnn_for_a_cell",
        "An nn.RNN stands where an nn.RNNCell is asked for",
        "One of the two reads whole sequences, the other takes a single step. Which kind is a cell?",
        {
            "BiRNN": (
                (MAKE_F, "self.forward_cell = nn.RNN(input_size, hidden_size, batch_first=True)"),
                (MAKE_B, "self.backward_cell = nn.RNN(input_size, hidden_size, batch_first=True)"),
                (CELL, "_, h_next = cell(x_t[:, None], state[None])\nh_next = h_next[0]"),
            )
        },
    ),
    ours(
        "another_kind_of_cell",
        "The cells are of another kind than nn.RNNCell",
        "Print your module and compare the kinds of its parts with the table in the hand-out.",
        {
            "BiRNN": [
                (
                    (MAKE_F, MAKE_F.replace("RNNCell", "GRUCell")),
                    (MAKE_B, MAKE_B.replace("RNNCell", "GRUCell")),
                ),
                (
                    (MAKE_F, MAKE_F.replace("RNNCell", "LSTMCell")),
                    (MAKE_B, MAKE_B.replace("RNNCell", "LSTMCell")),
                    (CELL, "h_next, _ = cell(x_t, (state, torch.zeros_like(state)))"),
                ),
            ]
        },
    ),
    shared(
        "sizes_swapped",
        {
            "BiRNN.__init__": (
                (MAKE_F, MAKE_F.replace("input_size, hidden_size", "hidden_size, input_size")),
                (MAKE_B, MAKE_B.replace("input_size, hidden_size", "hidden_size, input_size")),
            )
        },
    ),
    shared("not_set_up", {"BiRNN.__init__": ("super().__init__()", "")}),
    shared(
        "weights_frozen",
        {
            "BiRNN.__init__": [
                (MAKE_LB, f"{MAKE_LB}\n{frozen}.requires_grad_(False)")
                for frozen in ("self", "self.backward_cell", "self.backward_linear")
            ]
            + [
                (
                    MAKE_LB,
                    f"{MAKE_LB}\nself.forward_{part}.requires_grad_(False)\nself.backward_{part}.requires_grad_(False)",
                )
                for part in ("cell", "linear")
            ],
        },
    ),
    ours(
        "sliced_backwards",
        "A tensor is sliced with a negative step",
        "numpy arrays can be sliced backwards, tensors cannot. Which method of a tensor turns an axis round?",
        {"BiRNN.forward": [(X_B, "x_b = x[:, ::-1]"), (TURN, "outputs_b = outputs_b[:, ::-1]")]},
    ),
]

GRADIENTS = [
    shared(
        "state_detached",
        {
            "BiRNN.run": [
                (CELL, "h_next = cell(x_t, state.detach())"),
                (HOLD_T, "state = torch.where(is_real, h_next, state).detach()"),
                ("return states, state", "return states, state.detach()"),
            ]
        },
    ),
    shared(
        "initial_state_detached",
        {
            "BiRNN.forward": [
                ((HIDDEN_F, "hidden_f = hidden[0].detach()"), (HIDDEN_B, "hidden_b = hidden[1].detach()")),
                (HIDDEN_B, "hidden_b = hidden[1].detach()"),
                (HIDDEN_F, "hidden_f = hidden[0].detach()"),
            ]
        },
    ),
    shared(
        "input_detached",
        {
            "BiRNN.forward": [
                (SHAPE, f"x = x.detach()\n{SHAPE}"),
                (X_B, "x_b = reverse(x, lengths).detach()"),
            ]
        },
    ),
    shared(
        "detached",
        {
            "BiRNN.forward": [
                (RETURN_T, "return outputs.detach(), last_states.detach()"),
                (RETURN_T, "return outputs.detach(), last_states"),
                (TURN, "outputs_b = reverse(outputs_b, lengths).detach()"),
                (
                    (LINEAR_F, "outputs_f = self.forward_linear(states_f.detach())"),
                    (LINEAR_B, "outputs_b = self.backward_linear(states_b.detach())"),
                ),
                (LINEAR_B, "outputs_b = self.backward_linear(states_b.detach())"),
            ]
        },
    ),
    ours(
        "through_numpy",
        "A tensor is turned into a numpy array on the way",
        "numpy knows nothing of gradients. Which line of yours leaves torch, and what does torch have for it?",
        {"BiRNN.forward": (X_B, "x_b = torch.from_numpy(reverse(x.numpy(), lengths))")},
    ),
]

LENGTHS = [
    shared(
        "lengths_ignored",
        {"birnn_forward": (NO_LENGTHS, "if True:"), "BiRNN.forward": (NO_LENGTHS, "if True:")},
    ),
    shared(
        "lengths_not_accepted",
        {
            "birnn_forward": (", lengths=None):", "):\n    lengths = None"),
            "BiRNN.forward": [
                ("hidden=None, lengths=None):", "hidden=None):\n    lengths = None"),
                ("hidden=None, lengths=None):", "hidden):\n    lengths = None"),
            ],
        },
    ),
    ours(
        "padding_read_first",
        "The backward direction begins in the padding",
        "Write down a short sample with its padding, and turn the whole row round. What does the backward"
        " reader meet first? What should it meet first?",
        {
            "birnn_forward": [
                # Turned round as a whole, padding too; the state runs through all L steps.
                (
                    (X_B, "x_b = x[:, ::-1]"),
                    (RUN_B, RUN_B.replace("lengths", "[num_steps] * num_samples")),
                    (TURN, "outputs_b = outputs_b[:, ::-1] * (outputs_f != 0)"),
                ),
                # The same, and the mask of the forward direction is used for the reversed sequence.
                ((X_B, "x_b = x[:, ::-1]"), (TURN, "outputs_b = outputs_b[:, ::-1]")),
                (X_B, "x_b = x[:, ::-1]"),
                (
                    (X_B, "x_b = x[:, ::-1]"),
                    (TURN, "outputs_b = outputs_b[:, ::-1] * (outputs_f != 0)"),
                ),
            ],
            "BiRNN.forward": [
                (
                    (X_B, "x_b = x.flip(1)"),
                    (STATES_B, STATES_B.replace("lengths", "[num_steps] * num_samples")),
                    (TURN, "outputs_b = outputs_b.flip(1)"),
                ),
                ((X_B, "x_b = x.flip(1)"), (TURN, "outputs_b = outputs_b.flip(1)")),
                (X_B, "x_b = x.flip(1)"),
            ],
        },
    ),
    shared(
        "final_state_on_padding",
        {
            "rnn_forward": (HOLD, "state = h_next"),
            "BiRNN.run": (HOLD_T, "state = h_next"),
        },
    ),
    shared(
        "final_state_from_zeros",
        {
            "rnn_forward": (LAST, "h_last = hidden_states[:, -1]"),
            "birnn_forward": (LAST_F, "hidden = np.stack([outputs_f[:, -1], last_b])"),
            "BiRNN.run": ("return states, state", "return states, torch.where(is_real, state, 0)"),
            "BiRNN.forward": (
                LAST_T,
                "last_f = last_f * (torch.as_tensor(lengths)[:, None] == num_steps)\n" + LAST_T,
            ),
        },
        twins=("state_zeroed_on_padding",),
    ),
    shared(
        "state_zeroed_on_padding",
        {
            "rnn_forward": (HOLD, "state = np.where(is_real, h_next, 0)"),
            "BiRNN.run": (HOLD_T, "state = torch.where(is_real, h_next, 0)"),
        },
        twins=("final_state_from_zeros",),
    ),
    shared(
        "padding_not_zeroed",
        {
            "rnn_forward": instead(SHOW, "output = state", "output = h_next"),
            "BiRNN": [
                (MASK, ""),
                ((MASK, ""), ("collected.append(state)", "collected.append(h_next)")),
            ],
        },
    ),
    ours(
        "masked_before_linear",
        "Padding is set to zero before the linear layer, not after it",
        "nn.Linear has a bias. What comes out of it when a state of zeros goes in?",
        {
            "BiRNN.forward": (
                (MASK, ""),
                (
                    LINEAR_F,
                    "padding = torch.arange(num_steps) >= torch.as_tensor(lengths)[:, None]\n"
                    "states_f = states_f.masked_fill(padding[:, :, None], 0)\n"
                    "states_b = states_b.masked_fill(padding[:, :, None], 0)\n" + LINEAR_F,
                ),
            )
        },
    ),
    ours(
        "one_half_not_zeroed",
        "Only one half of the outputs is zero on padding",
        "Both directions leave something on padding. In which half did you take care of it?",
        {
            "BiRNN.forward": [
                (MASK, f"outputs = torch.cat([{f}, {b}], dim=2)")
                for f, b in (
                    ("torch.where(steps < num_real, outputs_f, 0)", "outputs_b"),
                    ("outputs_f", "torch.where(steps < num_real, outputs_b, 0)"),
                )
            ]
        },
    ),
    shared(
        "length_one_too_long",
        {
            "rnn_forward": [
                (REAL, "is_real = (t <= lengths)[:, None]"),
                (SHOW, "output = np.where((t <= lengths)[:, None], state, 0)"),
            ],
            "BiRNN": [
                ((REAL_T, "is_real = (t <= lengths)[:, None]"), ("steps < num_real", "steps <= num_real")),
                ("steps < num_real", "steps <= num_real"),
                (REAL_T, "is_real = (t <= lengths)[:, None]"),
            ],
        },
    ),
    shared(
        "length_one_too_short",
        {
            "rnn_forward": [
                (REAL, "is_real = (t < lengths - 1)[:, None]"),
                (SHOW, "output = np.where((t < lengths - 1)[:, None], state, 0)"),
            ],
            "BiRNN": [
                (
                    (REAL_T, "is_real = (t < lengths - 1)[:, None]"),
                    ("steps < num_real", "steps < num_real - 1"),
                ),
                ("steps < num_real", "steps < num_real - 1"),
                (REAL_T, "is_real = (t < lengths - 1)[:, None]"),
            ],
        },
    ),
]

SORT_F = (
    'order = np.argsort({sign}np.asarray(lengths), kind="stable")\n'
    "x, h0, lengths = x[order], h0[:, order], np.asarray(lengths)[order]\n" + H0_F
)
SORT_T = (
    "order = torch.argsort(torch.as_tensor(lengths), stable=True, descending={sign})\n"
    "x, hidden, lengths = x[order], hidden[:, order], torch.as_tensor(lengths)[order]\n" + HIDDEN_F
)


def sorted_and(return_f, return_t):
    """The samples sorted by their lengths, longest or shortest first, and what is then returned."""
    return {
        "birnn_forward": [
            ((H0_F, SORT_F.format(sign=sign)), (RETURN_F, f"return {back}"))
            for sign in "- "
            for back in return_f
        ],
        "BiRNN.forward": [
            ((HIDDEN_F, SORT_T.format(sign=sign)), (RETURN_T, f"return {back}"))
            for sign in ("True", "False")
            for back in return_t
        ],
    }


ANY_LENGTHS = [
    shared(
        "not_unsorted",
        sorted_and(
            (
                "outputs, hidden",
                "outputs[np.argsort(order)], hidden",
                "outputs, hidden[:, np.argsort(order)]",
            ),
            (
                "outputs, last_states",
                "outputs[order.argsort()], last_states",
                "outputs, last_states[:, order.argsort()]",
            ),
        ),
    ),
    shared(
        "unsorted_the_wrong_way",
        sorted_and(("outputs[order], hidden[:, order]",), ("outputs[order], last_states[:, order]",)),
    ),
    ours(
        "state_not_sorted_along",
        "The samples are sorted by length, but not their initial states",
        "Every sample has its own initial state. When a sample moves, what has to move with it?",
        {
            "birnn_forward": [
                (
                    (H0_F, SORT_F.format(sign=sign).replace("h0[:, order]", "h0")),
                    (RETURN_F, "return outputs[np.argsort(order)], hidden[:, np.argsort(order)]"),
                )
                for sign in "- "
            ],
            "BiRNN.forward": [
                (
                    (HIDDEN_F, SORT_T.format(sign=sign).replace("hidden[:, order]", "hidden")),
                    (RETURN_T, "return outputs[order.argsort()], last_states[:, order.argsort()]"),
                )
                for sign in ("True", "False")
            ],
        },
    ),
    shared(
        "lengths_must_be_sorted",
        {
            "rnn_forward": (REAL, "is_real = (np.arange(num_samples) < (t < lengths).sum())[:, None]"),
            "BiRNN.forward": (
                HIDDEN_F,
                f"nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)\n{HIDDEN_F}",
            ),
            "BiRNN": (
                (REAL_T, "is_real = (torch.arange(x.shape[0]) < (t < lengths).sum())[:, None]"),
                (
                    MASK,
                    "alive = torch.as_tensor([[t < n for n in lengths] for t in range(num_steps)]).sum(1)\n"
                    "rows = torch.arange(num_samples)[:, None]\n"
                    "outputs = torch.where((rows < alive)[:, :, None], outputs, 0)",
                ),
            ),
        },
    ),
    shared(
        "one_length_for_all",
        {
            "birnn_forward": [
                (H0_F, f"lengths = [{length}] * num_samples\n{H0_F}")
                for length in ("lengths[0]", "max(lengths)", "min(lengths)", "lengths[-1]")
            ],
            "BiRNN.forward": [
                (HIDDEN_F, f"lengths = [{length}] * num_samples\n{HIDDEN_F}")
                for length in ("lengths[0]", "max(lengths)", "min(lengths)", "lengths[-1]")
            ],
        },
    ),
    shared(
        "outputs_cut_to_longest",
        {
            "birnn_forward": (RETURN_F, "return outputs[:, : max(lengths)], hidden"),
            "BiRNN.forward": (RETURN_T, "return outputs[:, : max(lengths)], last_states"),
        },
    ),
    shared(
        "lengths_must_be_a_tensor",
        {
            "birnn_forward": [
                (
                    ("lengths = [num_steps] * num_samples", "lengths = np.full(num_samples, num_steps)"),
                    (H0_F, f"{used}\n{H0_F}"),
                )
                for used in ("0 < lengths", "lengths > 0", "lengths - 1", "lengths[:, None]", "lengths.max()")
            ],
            "BiRNN.forward": [
                (
                    (
                        "lengths = [num_steps] * num_samples",
                        "lengths = torch.full((num_samples,), num_steps)",
                    ),
                    (HIDDEN_F, f"{used}\n{HIDDEN_F}"),
                )
                for used in (
                    "0 < lengths",
                    "lengths > 0",
                    "lengths - 1",
                    "lengths[:, None]",
                    "lengths.max()",
                    "lengths.unsqueeze(1)",
                    "lengths.view(-1, 1)",
                    "lengths.to(x.device)",
                )
            ],
        },
    ),
    shared(
        "lengths_of_wrong_axis",
        {
            "rnn_forward": instead(REAL, "is_real = (t < lengths)[None, :]", "is_real = t < lengths"),
            "BiRNN.run": instead(REAL_T, "is_real = (t < lengths)[None, :]", "is_real = t < lengths"),
        },
    ),
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
