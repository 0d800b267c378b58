"""One sample after the other, each only as long as it really is, filled up with zeros afterwards."""

import math

import numpy as np
import torch
from torch import nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L, I = x.shape
    H = h0.shape[-1]
    hidden_states = np.zeros((N, L, H), x.dtype)
    h_last = np.zeros((N, H), x.dtype)
    for n in range(N):
        length = L if lengths is None else lengths[n]
        h = h0[n]
        for t in range(length):
            h = np.tanh(x[n, t] @ w_input + h @ w_hidden + bias)
            hidden_states[n, t] = h
        h_last[n] = h
    return hidden_states, h_last


def uniform(*shape, bound):
    return nn.Parameter(bound * (2 * torch.rand(*shape) - 1))


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        b = 1 / math.sqrt(hidden_size)
        self.w_input = uniform(input_size, hidden_size, bound=b)
        self.w_hidden = uniform(hidden_size, hidden_size, bound=b)
        self.bias = uniform(hidden_size, bound=b)

    def forward(self, x, hidden_state=None):
        z = x @ self.w_input + self.bias
        if hidden_state is not None:
            z = z + hidden_state @ self.w_hidden
        return torch.tanh(z)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = uniform(hidden_size, hidden_size, bound=1 / math.sqrt(hidden_size))

    def forward(self, x, hidden_state=None, lengths=None):
        outputs, last = [], []
        for n, sequence in enumerate(x):
            length = len(sequence) if lengths is None else int(lengths[n])
            h = None if hidden_state is None else hidden_state[n : n + 1]
            rows = []
            for t in range(length):
                h = self.cell(sequence[t : t + 1], h)
                rows.append(h @ self.w_output)
            rows.append(x.new_zeros(len(sequence) - length, self.hidden_size))
            outputs.append(torch.cat(rows))
            last.append(h)
        return torch.stack(outputs), torch.cat(last)
