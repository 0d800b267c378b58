"""Programs for every assignment, right and written in a style of their own, and what can be changed in them.

They are not made from the references: what is true of these is true of code that nobody here has foreseen.
"""

from __future__ import annotations

from collections.abc import Mapping

_HEAD = """
import numpy as np
import torch
from torch import nn
"""

_CELL = """
class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.H = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) * 0.1)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros(x.size(0), self.H, dtype=x.dtype)
        z = torch.addmm(self.bias, x, self.w_input)
        z = torch.addmm(z, hidden_state, self.w_hidden)
        return z.tanh()
"""

PROGRAMS: Mapping[str, str] = {
    "rnn_cell": _HEAD
    + """
def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    h_next = np.zeros(h_prev.shape, dtype=x.dtype)
    h_next += x.dot(w_input)
    h_next += h_prev.dot(w_hidden)
    h_next += bias
    return np.tanh(h_next)
"""
    + _CELL,
    "rnn": _HEAD
    + """
def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L, I = x.shape
    H = bias.shape[0]
    out = np.zeros((N, L, H), dtype=x.dtype)
    h = h0.copy()
    if lengths is None:
        lengths = np.full(N, L)
    mask = (np.arange(L)[None, :] < np.array(lengths)[:, None]).astype(x.dtype)
    for t in range(L):
        m = mask[:, t : t + 1]
        new = np.tanh(np.dot(x[:, t, :], w_input) + np.dot(h, w_hidden) + bias)
        h = m * new + (1 - m) * h
        out[:, t, :] = m * new
    return out, h
"""
    + _CELL
    + """
class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.size = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size))

    def forward(self, x, hidden_state=None, lengths=None):
        B, T, _ = x.size()
        h = hidden_state
        if h is None:
            h = torch.zeros(B, self.size, dtype=x.dtype)
        outputs = torch.zeros(B, T, self.size, dtype=x.dtype)
        for t in range(T):
            new = self.cell(x[:, t], h)
            if lengths is None:
                h = new
                outputs[:, t] = h.matmul(self.w_output)
            else:
                alive = (torch.tensor(lengths) > t).unsqueeze(1)
                h = torch.where(alive, new, h)
                outputs[:, t] = h.matmul(self.w_output) * alive
        return outputs, h
""",
    "birnn": _HEAD
    + """
def one_way(x, h, W, U, b, lengths, step):
    res = np.zeros((*x.shape[:2], len(b)), dtype=x.dtype)
    h = h.copy()
    for n, length in enumerate(lengths):
        for t in range(length)[::step]:
            h[n] = np.tanh(x[n, t] @ W + h[n] @ U + b)
            res[n, t] = h[n]
    return res, h


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L, _ = x.shape
    H = h0.shape[2]
    if lengths is None:
        lengths = [L] * N
    of, hf = one_way(x, h0[0], *forward_weights, lengths, 1)
    ob, hb = one_way(x, h0[1], *backward_weights, lengths, -1)
    outputs = np.zeros((N, L, 2 * H), dtype=x.dtype)
    outputs[:, :, :H] = of
    outputs[:, :, H:] = ob
    hidden = np.zeros((2, N, H), dtype=x.dtype)
    hidden[0], hidden[1] = hf, hb
    return outputs, hidden


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.size = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def forward(self, x, hidden=None, lengths=None):
        N, L, _ = x.shape
        H = self.size
        if hidden is None:
            hidden = torch.zeros(2, N, H, dtype=x.dtype)
        mask = torch.ones(N, L, 1, dtype=x.dtype)
        for n, length in enumerate(lengths or []):
            mask[n, length:] = 0
        outputs = torch.zeros(N, L, 2 * H, dtype=x.dtype)
        h, g = hidden[0], hidden[1]
        for t in range(L):
            m = mask[:, t]
            h = m * self.forward_cell(x[:, t], h) + (1 - m) * h
            outputs[:, t, :H] = m * self.forward_linear(h)
        for t in reversed(range(L)):
            m = mask[:, t]
            g = m * self.backward_cell(x[:, t], g) + (1 - m) * g
            outputs[:, t, H:] = m * self.backward_linear(g)
        return outputs, torch.stack((h, g))
""",
}


def changed(assignment: str, old: str, new: str) -> str:
    """The program of an assignment with one change. Raises ValueError when `old` does not stand there once."""
    source = PROGRAMS[assignment]
    if source.count(old) != 1:
        raise ValueError(f"{assignment}: {old!r} stands there {source.count(old)} times")
    return source.replace(old, new)


#: assignment -> name -> (exercise that loses its dtype, the dtype that it always makes, text, what stands for it)
SLIPS: Mapping[str, Mapping[str, tuple[str, str, str, str]]] = {
    "rnn_cell": {
        "buffer": (
            "rnn_cell_forward",
            "float32",
            "(h_prev.shape, dtype=x.dtype)",
            "(h_prev.shape, dtype='f4')",
        ),
        "buffer by default": (
            "rnn_cell_forward",
            "float64",
            "(h_prev.shape, dtype=x.dtype)",
            "(h_prev.shape)",
        ),
        "and back": (
            "rnn_cell_forward",
            "float32",
            "np.tanh(h_next)",
            "np.tanh(h_next.astype(np.float32)).astype(x.dtype)",
        ),
        "zeros by default": ("RNNCell", "float32", "self.H, dtype=x.dtype)", "self.H)"),
        "zeros": ("RNNCell", "float64", "self.H, dtype=x.dtype)", "self.H, dtype=torch.float64)"),
        "input": ("RNNCell", "float32", "addmm(self.bias, x, ", "addmm(self.bias, x.float(), "),
        "wide input": ("RNNCell", "float64", "addmm(self.bias, x, ", "addmm(self.bias, x.double(), "),
        "result": ("RNNCell", "float32", "return z.tanh()", "return z.tanh().float()"),
        "wide result": ("RNNCell", "float64", "return z.tanh()", "return z.tanh().double()"),
        "wide parameter": (
            "RNNCell",
            "float64",
            "torch.randn(hidden_size, hidden_size) * 0.1",
            "torch.randn(hidden_size, hidden_size).double()",
        ),
    },
    "rnn": {
        "numpy buffer": (
            "rnn_forward",
            "float32",
            "(N, L, H), dtype=x.dtype)",
            "(N, L, H), dtype=np.float32)",
        ),
        "numpy buffer by default": ("rnn_forward", "float64", "(N, L, H), dtype=x.dtype)", "(N, L, H))"),
        "numpy mask": ("rnn_forward", "float64", ".astype(x.dtype)", ".astype(float)"),
        "numpy state": ("rnn_forward", "float32", "h = h0.copy()", "h = h0.astype(np.float32)"),
        "numpy states": (
            "rnn_forward",
            "float32",
            "(1 - m) * h\n",
            "(1 - m) * h\n        h = h.astype('f4')\n",
        ),
        "numpy input": ("rnn_forward", "float32", "np.dot(x[:, t, :], ", "np.dot(x[:, t, :].astype('f4'), "),
        "numpy last state": ("rnn_forward", "float32", "return out, h\n", "return out, h.astype('f4')\n"),
        "buffer by default": ("RNN", "float32", "(B, T, self.size, dtype=x.dtype)", "(B, T, self.size)"),
        "wide buffer": ("RNN", "float64", "(B, T, self.size, dtype=x.dtype)", "(B, T, self.size).double()"),
        "zeros by default": (
            "RNN",
            "float32",
            "h = torch.zeros(B, self.size, dtype=x.dtype)",
            "h = torch.zeros(B, self.size)",
        ),
        "input": ("RNN", "float32", "self.cell(x[:, t], h)", "self.cell(x[:, t].float(), h)"),
        "wide input": ("RNN", "float64", "self.cell(x[:, t], h)", "self.cell(x[:, t].double(), h)"),
        "results": ("RNN", "float32", "return outputs, h\n", "return outputs.float(), h.float()\n"),
        "zeros of the cell": (
            "RNNCell",
            "float32",
            "x.size(0), self.H, dtype=x.dtype)",
            "x.size(0), self.H)",
        ),
        "result of the cell": ("RNNCell", "float32", "return z.tanh()", "return z.tanh().float()"),
        "wide result of the cell": ("RNNCell", "float64", "return z.tanh()", "return z.tanh().double()"),
    },
    "birnn": {
        "helper's buffer": (
            "birnn_forward",
            "float32",
            "len(b)), dtype=x.dtype)",
            "len(b)), dtype=np.float32)",
        ),
        "helper's state": ("birnn_forward", "float32", "h = h.copy()", "h = h.astype(np.float32)"),
        "numpy buffer": (
            "birnn_forward",
            "float32",
            "np.zeros((N, L, 2 * H), dtype=x.dtype)",
            "np.zeros((N, L, 2 * H), 'f4')",
        ),
        "numpy buffer by default": (
            "birnn_forward",
            "float64",
            "np.zeros((N, L, 2 * H), dtype=x.dtype)",
            "np.zeros((N, L, 2 * H))",
        ),
        "numpy states by default": (
            "birnn_forward",
            "float64",
            "(2, N, H), dtype=x.dtype)\n    hidden[0]",
            "(2, N, H))\n    hidden[0]",
        ),
        "buffer by default": (
            "BiRNN",
            "float32",
            "torch.zeros(N, L, 2 * H, dtype=x.dtype)",
            "torch.zeros(N, L, 2 * H)",
        ),
        "zeros by default": (
            "BiRNN",
            "float32",
            "torch.zeros(2, N, H, dtype=x.dtype)",
            "torch.zeros(2, N, H)",
        ),
        "wide zeros": (
            "BiRNN",
            "float64",
            "torch.zeros(2, N, H, dtype=x.dtype)",
            "torch.zeros(2, N, H).double()",
        ),
        "wide mask": ("BiRNN", "float64", "(N, L, 1, dtype=x.dtype)", "(N, L, 1, dtype=torch.double)"),
        "input": ("BiRNN", "float32", "H = self.size\n", "H, x = self.size, x.float()\n"),
        "wide input": ("BiRNN", "float64", "H = self.size\n", "H, x = self.size, x.double()\n"),
    },
}

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
