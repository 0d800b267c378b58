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
