"""The templates of the plain exercises, NumPy and torch in one program, for `switches`."""

from __future__ import annotations

from collections.abc import Mapping

_HEAD = """\
import numpy as np
import torch
import torch.nn as nn

"""

_CELL = """
class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.n_hidden = hidden_size
        scale = hidden_size ** -0.5
        self.w_input = <<c_wi|nn.Parameter(scale * (2 * torch.rand(input_size, hidden_size) - 1))>>
        self.w_hidden = <<c_wh|nn.Parameter(scale * (2 * torch.rand(hidden_size, hidden_size) - 1))>>
        self.bias = <<c_b|nn.Parameter(scale * (2 * torch.rand(hidden_size) - 1))>>

    def forward(self, x, hidden_state=None):
        if <<c_none|hidden_state is None>>:
            hidden_state = <<c_zero|torch.zeros(len(x), self.n_hidden).to(x)>>
        <<c_keep|>>
        h = <<c_h|hidden_state>>
        net = x.matmul(<<c_mi|self.w_input>>) + <<c_mh|h.matmul(self.w_hidden)>>
        net = net <<c_add|+ self.bias>>
        out = <<c_act|net.tanh()>>
        <<c_end|>>
        return <<c_ret|out>>
"""

TEMPLATES: Mapping[str, str] = {
    "rnn_cell": _HEAD
    + """
def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    <<top|>>
    seen = x.dot(<<wi|w_input>>)
    kept = <<wh|h_prev.dot(w_hidden)>>
    net = seen + kept
    net = net <<add|+ bias>>
    new = <<act|np.tanh(net)>>
    <<end|>>
    return <<ret|new>>

"""
    + _CELL,
    "rnn": _HEAD
    + """
def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    n, steps = x.shape[:2]
    if <<given|lengths is None>>:
        lengths = n * [steps]
    stop = np.array(lengths).reshape(-1, 1)
    h = <<h0|h0>>
    seq = []
    for i in range(<<range|steps>>):
        old = h
        net = np.matmul(x[:, <<read|i>>], <<wi|w_input>>) + <<wh|np.matmul(h, w_hidden)>> <<add|+ bias>>
        new = <<act|np.tanh(net)>>
        go = <<go|i < stop>>
        h = <<hold|np.where(go, new, h)>>
        seq.append(<<out|h * go>>)
    <<end|>>
    return <<join|np.stack(seq, 1)>>, <<last|h>>

"""
    + _CELL
    + """
class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.n_hidden = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = <<wo|nn.Parameter(torch.randn(hidden_size, hidden_size) / hidden_size)>>

    def forward(self, x, hidden_state=None, lengths=None):
        n, steps = x.shape[0], x.shape[1]
        if <<t_given|lengths is None>>:
            lengths = n * [steps]
        stop = torch.tensor(list(lengths)).view(n, 1)
        if <<t_none|hidden_state is None>>:
            hidden_state = <<t_zero|torch.zeros(n, self.n_hidden, dtype=x.dtype)>>
        h = hidden_state
        seq = []
        for i in range(<<t_range|steps>>):
            old = h
            new = self.cell(x.select(1, <<t_read|i>>), <<t_state|h>>)
            go = <<t_go|i < stop>>
            h = <<t_hold|torch.where(go, new, h)>>
            y = <<t_out|torch.matmul(h, self.w_output)>>
            seq.append(<<t_mask|y * go>>)
        <<t_end|>>
        return <<t_join|torch.stack(seq, 1)>>, <<t_last|h>>
""",
    "birnn": _HEAD
    + """
def turned(seq, stop):
    out = seq.copy() if isinstance(seq, np.ndarray) else seq.clone()
    for k, end in enumerate(stop):
        out[k, :end] = seq[k, :end][::-1] if isinstance(seq, np.ndarray) else seq[k, :end].flip(0)
    return out


def one_way(x, h, w, u, b, stop):
    stop = np.array(stop)[:, np.newaxis]
    seq = []
    for i in range(x.shape[1]):
        net = np.matmul(x[:, i], <<wi|w>>) + <<wh|np.matmul(h, u)>> <<add|+ b>>
        new = <<act|np.tanh(net)>>
        go = <<go|i < stop>>
        h = <<hold|np.where(go, new, h)>>
        seq.append(<<out|h * go>>)
    return np.stack(seq, 1), <<last|h>>


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    n, steps = x.shape[:2]
    if <<given|lengths is None>>:
        lengths = n * [steps]
    a, b = <<state_f|h0[0]>>, <<state_b|h0[1]>>
    there, last = one_way(x, a, *<<weights_f|forward_weights>>, lengths)
    xr = <<turn|turned(x, lengths)>>
    back, first = one_way(xr, <<begin|b>>, *<<weights_b|backward_weights>>, lengths)
    back = <<back|turned(back, lengths)>>
    outputs = <<join|np.concatenate((there, back), -1)>>
    hidden = <<ends|np.array([last, first])>>
    <<end|>>
    return <<ret|outputs, hidden>>


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.n_hidden = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = <<cells|nn.RNNCell(input_size, hidden_size)>>
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = <<linears|nn.Linear(hidden_size, hidden_size)>>

    def walk(self, cell, x, h, stop):
        stop = torch.tensor(list(stop)).unsqueeze(1)
        seq = []
        for i, step in enumerate(x.unbind(1)):
            new = cell(step, <<t_carry|h>>)
            go = <<t_go|i < stop>>
            h = <<t_hold|torch.where(go, new, h)>>
            seq.append(h)
        return torch.stack(seq, 1), <<t_state|h>>

    def forward(self, x, hidden=None, lengths=None):
        n, steps = x.shape[0], x.shape[1]
        if <<t_given|lengths is None>>:
            lengths = n * [steps]
        if <<t_none|hidden is None>>:
            hidden = <<t_zero|torch.zeros(2, n, self.n_hidden, dtype=x.dtype)>>
        a, b = <<t_state_f|hidden[0]>>, <<t_state_b|hidden[1]>>
        there, last = self.walk(<<t_cell_f|self.forward_cell>>, x, a, lengths)
        xr = <<t_turn|turned(x, lengths)>>
        back, first = self.walk(<<t_cell_b|self.backward_cell>>, xr, <<t_begin|b>>, lengths)
        there = <<t_lin_f|self.forward_linear(there)>>
        back = <<t_lin_b|self.backward_linear(back)>>
        back = <<t_back|turned(back, lengths)>>
        outputs = <<t_join|torch.cat((there, back), -1)>>
        for k, end in enumerate(lengths):
            <<t_mask|outputs = outputs.clone(); outputs[k, end:] = 0>>
        hidden_n = <<t_ends|torch.stack((last, first))>>
        <<t_end|>>
        return <<t_ret|outputs, hidden_n>>
""",
}
