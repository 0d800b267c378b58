"""One product for everything: the input, the state and a column of ones beside each other. Masks by multiplication."""

import numpy as np
import torch
from torch import nn


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    joined = np.concatenate((x, h_prev, np.ones((len(x), 1), dtype=x.dtype)), axis=1)
    matrix = np.vstack((w_input, w_hidden, bias[None, :]))
    a = (joined @ matrix).T  # (4H, N): the gates are blocks of rows
    i, f, g, o = np.array_split(a, 4)
    half = lambda z: np.tanh(z * 0.5) * 0.5 + 0.5  # noqa: E731
    c = half(f) * c_prev.T + half(i) * np.tanh(g)
    h = half(o) * np.tanh(c)
    return h.T, c.T


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        self.w_input = nn.Parameter(torch.empty(input_size, 4 * hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, 4 * hidden_size))
        self.bias = nn.Parameter(torch.zeros(4 * hidden_size))
        nn.init.xavier_uniform_(self.w_input)
        nn.init.orthogonal_(self.w_hidden)
        with torch.no_grad():
            self.bias[hidden_size : 2 * hidden_size] = 1.0

    def forward(self, x, state=None, lengths=None):
        N, L, _ = x.shape
        weights = torch.cat([self.w_input, self.w_hidden], dim=0)
        real = torch.ones(N, L, 1, dtype=x.dtype)
        if lengths is not None:
            for n in range(N):
                real[n, lengths[n] :] = 0
        if state is None:
            state = (torch.zeros(N, self.hidden_size).type_as(x),) * 2
        h, c = state
        outputs = []
        for t in range(L):
            a = torch.cat([x[:, t], h], dim=1).mm(weights).add(self.bias)
            gates = a.view(N, 4, self.hidden_size)
            i, f, o = gates[:, [0, 1, 3]].sigmoid().unbind(1)
            new_c = f.mul(c).add(i.mul(gates[:, 2].tanh()))
            new_h = o.mul(new_c.tanh())
            m = real[:, t]
            h, c = m * new_h + (1 - m) * h, m * new_c + (1 - m) * c
            outputs.append(m * h)
        return torch.stack(outputs, dim=1), (h, c)
