"""Programs that beginners write, wrong each in its own way, and the sentence that each of them must get.

All are changes of the birnn reference. `page` must be read in the result of grading, `check` in `grader check`; an
empty one is not looked for. `next` is how the last paragraph begins. A sentence is told without its line breaks.
"""

from __future__ import annotations

from dataclasses import dataclass

from .handouts import REFERENCE, changed

HELPER = "def reverse(sequence, lengths):"
STATE_OF_ZEROS = "            hidden = x.new_zeros(2, num_samples, self.hidden_size)\n"
STEP = "            h_next = cell(x_t, state)\n"
JOINED = "    outputs = np.concatenate([outputs_f, outputs_b], axis=2)\n"
READ = "    outputs_f, last_f = rnn_forward(x, h0_f, *forward_weights, lengths)\n"
BEGIN = "    h0_f = h0[0]\n"
NO_LENGTHS = "    if lengths is None:\n        lengths = [num_steps] * num_samples\n    h0_f = h0[0]\n"
FORWARD = "    def forward(self, x, hidden=None, lengths=None):\n"
INIT = "    def __init__(self, input_size, hidden_size):\n"
CLOSED = "Your code is graded without files, network and other programs"


@dataclass(frozen=True)
class Wrong:
    """A wrong program: what is replaced in the reference, and what must be said of it."""

    edits: tuple[tuple[str, str], ...]
    page: str
    check: str = ""
    next: str = ""

    @property
    def source(self) -> str:
        """The whole program."""
        source = REFERENCE
        for old, new in self.edits:
            source = changed(old, new, source)
        return source


def before(line: str, new: str) -> tuple[str, str]:
    """An edit that puts a line before another, indented as that one is."""
    return line, " " * (len(line) - len(line.lstrip())) + new + "\n" + line


def unwritten(start: str) -> tuple[str, str]:
    """An edit that leaves a function unwritten, from the line that its body begins with."""
    return before(start, 'raise NotImplementedError("your turn")')


WRONG = {
    # still to be written: the function whose line raises, and who calls it
    "helper_unwritten": Wrong(
        (unwritten("    samples = np.arange(sequence.shape[0])[:, None]\n"),),
        "`reverse` is still to be written (line 258); `birnn_forward` calls it.",
        "`reverse` is still to be written",
        "What is written is right so far",
    ),
    "helper_of_the_class_unwritten": Wrong(
        (unwritten("        lengths = torch.as_tensor(lengths, device=x.device)\n        collected"[:64]),),
        "`BiRNN.run` is still to be written",
        "`BiRNN.run`",
        "What is written is right so far: go on with `BiRNN.run`.",
    ),
    # names
    "misspelt_in_a_helper": Wrong(
        (("x_t = x[:, t]\n        from_input", "x_t = x[:, step]\n        from_input"),),
        "Using `birnn_forward` raised NameError: name 'step' is not defined, in `rnn_forward`",
        "`rnn_forward` raised NameError: name 'step' is not defined",
        "Go to line",
    ),
    "misspelt_attribute": Wrong(
        (("self.forward_linear(states_f)", "self.foward_linear(states_f)"),),
        "Is `self.forward_linear` meant?",
        "Is `self.forward_linear` meant?",
        "Go to line",
    ),
    "helper_under_another_name": Wrong(
        ((HELPER, HELPER.replace("reverse", "revrse")),),
        "Is `revrse` meant?",
        "Is `revrse` meant?",
        "Go to line",
    ),
    "class_under_another_name": Wrong(
        (("class BiRNN(", "class BiRnn("),),
        "`birnn.py` defines no `BiRNN`. There is `BiRnn`: is it meant to be this one?",
        "There is `BiRnn`: is it meant to be this one?",
    ),
    "weight_under_another_name": Wrong(
        (
            ("self.forward_linear = ", "self.forward_lin = "),
            ("self.forward_linear(states_f)", "self.forward_lin(states_f)"),
        ),
        "There is `self.forward_lin`: is it meant to be this one?",
        "forward_linear is NoneType, expected nn.Linear",
    ),
    "numpy_is_not_imported": Wrong(
        (("import numpy as np\n", ""),),
        "Is its import missing at the top of the file?",
        "Is its import missing",
    ),
    # signatures
    "no_lengths": Wrong(
        (
            ("backward_weights, lengths=None):", "backward_weights):"),
            (NO_LENGTHS, NO_LENGTHS.replace("if lengths is None", "if True")),
        ),
        "It is defined as `def birnn_forward(x, h0, forward_weights, backward_weights):`",
        "`birnn_forward` cannot be called as the hand-out says",
    ),
    "arguments_left_out": Wrong(
        (
            (
                "def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):",
                "def birnn_forward(x):",
            ),
        ),
        "It is defined as `def birnn_forward(x):`",
        "`birnn_forward` cannot be called as the hand-out says",
        "Put the call and the `def` line side by side",
    ),
    "method_without_self": Wrong(
        ((FORWARD, FORWARD.replace("self, ", "")),),
        "which argument of a method is the object itself?",
        "which argument of a method is the object itself?",
    ),
    "init_misspelt": Wrong(
        ((INIT, INIT.replace("__init__", "__int__")),),
        "defines no `__init__`. There is `__int__`: is it meant to be this one?",
        "There is `__int__`: is it meant to be this one?",
    ),
    "forward_misspelt": Wrong(
        ((FORWARD, FORWARD.replace("forward", "foward")),),
        "`BiRNN` has no method `forward`. There is `foward`: is it meant to be this one?",
    ),
    "no_parent": Wrong(
        (("class BiRNN(nn.Module):", "class BiRNN:"),),
        "names no parent class: what makes it a module of PyTorch?",
        "names no parent class: what makes it a module of PyTorch?",
    ),
    "super_forgotten": Wrong(
        (("        super().__init__()\n", ""),),
        "What has `__init__` to call first?",
        "What has `__init__` to call first?",
    ),
    "helper_called_with_too_little": Wrong(
        (
            (
                "outputs_b = reverse(outputs_b, lengths)\n    outputs",
                "outputs_b = reverse(outputs_b)\n    outputs",
            ),
        ),
        "It is defined as `def reverse(sequence, lengths):`",
        "It is defined as `def reverse(sequence, lengths):`",
    ),
    "layer_called_with_too_much": Wrong(
        ((STEP, STEP.replace("state)", "state, lengths)")),),
        "This function is not yours: which arguments does its documentation name",
        "This function is not yours",
    ),
    # what comes back
    "helper_returns_nothing": Wrong(
        (("    return hidden_states, h_last\n", ""),),
        "Nothing came back from the right of `=`.",
        "Nothing came back from the right of `=`.",
    ),
    "yields": Wrong(
        (("    return outputs, hidden\n", "    yield outputs, hidden\n"),),
        "got a generator (does it yield where it should return?)",
    ),
    "tuple_as_an_array": Wrong(
        (
            (
                READ,
                "    outputs_f = rnn_forward(x, h0_f, *forward_weights, lengths)\n    last_f = outputs_f[:, -1]\n",
            ),
        ),
        "A tuple came back: which part of it do you need?",
        "A tuple came back",
    ),
    "tuple_into_a_layer": Wrong(
        (("self.forward_linear(states_f)", "self.forward_linear((states_f, last_f))"),),
        "Several things at once stand where one tensor is meant.",
        "Several things at once",
    ),
    # dtypes and shapes
    "dtype_of_its_own": Wrong(
        ((STATE_OF_ZEROS, STATE_OF_ZEROS.replace("x.new_zeros", "torch.zeros")),),
        "Tensors of two dtypes meet here.",
        "Tensors of two dtypes meet here.",
        "Just before line",
    ),
    "joined_along_no_axis": Wrong(
        ((JOINED, JOINED.replace("axis=2", "axis=3")),),
        "AxisError: axis 3 is out of bounds for array of dimension 3",
        "AxisError: axis 3 is out of bounds",
        "Just before line",
    ),
    "state_of_both_directions": Wrong(
        (("x, hidden_f, lengths)", "x, hidden, lengths)"),),
        "Shapes there: x_t (1, 1), state (2, 1, 1).",
        "has another number of axes than this layer takes",
        "Just before line",
    ),
    # what never ends
    "while_without_an_end": Wrong(
        (
            (
                "    for t in range(num_steps):\n        x_t = x[:, t]\n        from",
                "    t = 0\n    while t < num_steps:\n        x_t = x[:, t]\n        from",
            ),
        ),
        "does the `while` loop at line",
    ),
    "calls_itself": Wrong(
        (before(BEGIN, "return birnn_forward(x, h0, forward_weights, backward_weights, lengths)"),),
        "Something calls or makes itself without end.",
        "Something calls or makes itself without end.",
    ),
    # what cannot be had
    "reads_a_file": Wrong((before(BEGIN, 'np.load("weights.npy")'),), CLOSED, CLOSED, "Go to line"),
    "fetches": Wrong(
        (before(BEGIN, 'import urllib.request; urllib.request.urlretrieve("http://localhost:1/x", "x")'),),
        CLOSED,
        CLOSED,
        "Go to line",
    ),
    "arguments_of_the_program": Wrong(
        (before(BEGIN, "import sys; size = int(sys.argv[1])"),),
        "Your code is imported, not started with arguments of its own",
    ),
    "environment": Wrong((before(BEGIN, 'import os; os.environ["DATA_OF_MINE"]'),), CLOSED, CLOSED),
    "own_assert": Wrong(
        (before(BEGIN, "assert x.shape == (7, 7, 7)"),),
        "An `assert` of your own does not hold.",
        "An `assert` of your own does not hold.",
    ),
    "own_raise": Wrong(
        (before(BEGIN, 'raise ValueError("x must be square")'),),
        "Your own code raises this.",
        "Your own code raises",
    ),
    "ends_the_program": Wrong(
        (before(BEGIN, "exit()"),), "This ends the whole program", "This ends the whole program"
    ),
    "umlauts": Wrong(
        (before(BEGIN, "größe = x.shape; print(grösse)"),),
        "Is `größe` meant?",
        "Is `größe` meant?",
        "Go to line",
    ),
}
