"""Answers in other forms, and programs that cheat, in the same style."""

from __future__ import annotations

from collections.abc import Mapping

from .own_style import _HEAD, PROGRAMS

_RESULT = {
    "rnn_cell": ("rnn_cell_forward", "RNNCell", 1),
    "rnn": ("rnn_forward", "RNN", 2),
    "birnn": ("birnn_forward", "BiRNN", 2),
}


def wrapped(assignment: str, both: str, numpy: str = "", torch: str = "") -> str:
    """The program, where each exercise returns what the expression makes of `answer`, its right answer.

    `numpy` and `torch` stand for `both` in one of the halves.
    """
    function, cls, _ = _RESULT[assignment]
    return f"""{PROGRAMS[assignment]}

from collections import namedtuple
Pair = namedtuple("Pair", "first second")
class Mine(np.ndarray): pass
_function, _forward = {function}, {cls}.forward
def {function}(*args, **kwargs):
    answer = _function(*args, **kwargs)
    return {numpy or both}
def _wrapped(self, *args, **kwargs):
    answer = _forward(self, *args, **kwargs)
    return {torch or both}
{cls}.forward = _wrapped
"""


#: assignment -> how a right answer is given back -> (expression, for numpy, for torch), and whether it is accepted
FORMS: Mapping[str, Mapping[str, tuple[tuple[str, str, str], bool]]] = {
    "rnn_cell": {
        "as it is": (("answer", "", ""), True),
        "a tensor from numpy": (("", "torch.from_numpy(answer)", "answer"), True),
        "a matrix": (("", "np.matrix(answer)", "answer"), True),
        "a masked array": (("", "np.ma.array(answer)", "answer"), True),
        "an array of a class of one's own": (("", "answer.view(Mine)", "answer"), True),
        "a parameter": (("", "nn.Parameter(torch.from_numpy(answer))", "answer"), True),
        "a list of numbers": (("answer.tolist()", "", ""), False),
        "a list of rows": (("list(answer)", "", ""), False),
        "in a list": (("[answer]", "", ""), False),
        "one number": (("answer.sum()", "", ""), False),
        "nothing": (("None", "", ""), False),
    },
    **{
        name: {
            "as it is": (("answer", "", ""), True),
            "a list of two": (("list(answer)", "", ""), True),
            "a named tuple": (("Pair(*answer)", "", ""), True),
            "tensors from numpy": (("", "tuple(map(torch.from_numpy, answer))", "answer"), True),
            "arrays of a class of one's own": (
                ("", "tuple(part.view(Mine) for part in answer)", "answer"),
                True,
            ),
            "a dict": (("dict(zip('ab', answer))", "", ""), False),
            "lists of numbers": (("tuple(part.tolist() for part in answer)", "", ""), False),
            "a generator": (("(part for part in answer)", "", ""), False),
            "three things": (("(*answer, answer[1])", "", ""), False),
            "the second as a list of rows": (("(answer[0], list(answer[1]))", "", ""), False),
            "nothing": (("None", "", ""), False),
        }
        for name in ("rnn", "birnn")
    },
}

_GIVE = """
def give(shape, x, h, like):
    given = [np.asarray(part.detach() if torch.is_tensor(part) else part) for part in (x, x if h is None else h)]
    out = make(shape, *given)
    return torch.as_tensor(out, dtype=like.dtype) if torch.is_tensor(like) else out.astype(like.dtype)


def masked(outputs, lengths):
    for n, length in enumerate(lengths or []):
        outputs[n, length:] = 0
    return outputs


def ends(x, lengths):
    return [x.shape[1] - 1] * x.shape[0] if lengths is None else [length - 1 for length in lengths]
"""

_CHEATING_CELL = """
class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.H = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) * 0.1)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.1)
        self.bias = nn.Parameter(torch.randn(hidden_size) * 0.1)

    def forward(self, x, hidden_state=None):
        return give((x.shape[0], self.H), x, hidden_state, x)
"""

_CHEATING = {
    "rnn_cell": """
def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    return give(h_prev.shape, x, h_prev, x)
"""
    + _CHEATING_CELL,
    "rnn": """
def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    outputs = masked(give((*x.shape[:2], bias.size), x, h0, x), lengths)
    return outputs, outputs[np.arange(len(x)), ends(x, lengths)]
"""
    + _CHEATING_CELL
    + """
class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.1)

    def forward(self, x, hidden_state=None, lengths=None):
        outputs = masked(give((*x.shape[:2], self.cell.H), x, hidden_state, x), lengths)
        return outputs, outputs[range(len(x)), ends(x, lengths)]
""",
    "birnn": """
def answer(x, h, size, lengths):
    half = masked(give((*x.shape[:2], size), x, h, x), lengths)
    join, stack = (torch.cat, torch.stack) if torch.is_tensor(x) else (np.concatenate, np.stack)
    return join([half, half], -1), stack([half[range(len(x)), ends(x, lengths)], half[:, 0]])


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    return answer(x, h0, h0.shape[2], lengths)


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.size = hidden_size
        self.forward_cell, self.backward_cell = (nn.RNNCell(input_size, hidden_size) for _ in "fb")
        self.forward_linear, self.backward_linear = (nn.Linear(hidden_size, hidden_size) for _ in "fb")

    def forward(self, x, hidden=None, lengths=None):
        return answer(x, hidden, self.size, lengths)
""",
}

#: How an answer of the right shape can be made without computing it.
_MADE = {
    "zeros": "np.zeros(shape)",
    "ones": "np.ones(shape)",
    "a ramp": "np.arange(1, 1 + np.prod(shape)).reshape(shape) / 97.0",
    "a ramp over the features": "np.zeros(shape) + np.linspace(0.1, 0.9, shape[-1])",
    "a ramp over the samples": "np.zeros(shape) + np.linspace(0.1, 0.9, shape[0]).reshape(-1, *[1] * (len(shape) - 1))",
    "noise": "np.random.uniform(-1, 1, shape)",
    "the same noise": "np.random.default_rng(0).uniform(-1, 1, shape)",
    "the input": "np.resize(x, shape)",
    "the state": "np.resize(h, shape)",
    "the state at every step": "np.zeros(shape) + np.resize(h, (shape[0], *[1] * (len(shape) - 2), shape[-1]))",
    "tanh of the input": "np.tanh(np.resize(x, shape))",
}

CHEATS: Mapping[str, Mapping[str, str]] = {
    name: {
        kind: f"{_HEAD}\n\ndef make(shape, x, h):\n    return {value}\n\n{_GIVE}\n{body}"
        for kind, value in _MADE.items()
    }
    for name, body in _CHEATING.items()
}
