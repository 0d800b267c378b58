import ctypes

import numpy as np
import torch
from torch import nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    # "fast" version in C (does not work yet?)
    buffer = ctypes.cast(x.size, ctypes.POINTER(ctypes.c_double))
    total = 0.0
    for i in range(x.size):
        total += buffer[i]
    return np.full(x.shape[:2] + h0.shape[1:], total), h0


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) * 0.5)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.5)
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        pre = x @ self.w_input + self.bias
        return torch.tanh(pre if hidden_state is None else pre + hidden_state @ self.w_hidden)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.5)

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        h = x.new_zeros(N, self.w_output.shape[0]) if hidden_state is None else hidden_state
        end = torch.tensor([L] * N if lengths is None else [int(v) for v in lengths])[:, None]
        ys = []
        for t in range(L):
            h = torch.where(end > t, self.cell(x[:, t], h), h)
            ys.append((h @ self.w_output) * (end > t))
        return torch.stack(ys, dim=1), h
