"""Where mistakes of birnn are made: functions of its reference, and what they call the names that ideas use.

`rnn_forward` is a helper of birnn_forward here, so a mistake in it shows in both directions.
"""

from ..shared import ideas
from ..shared.ideas import Place, way

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
