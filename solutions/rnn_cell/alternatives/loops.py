"""Explicit loops over the samples and the hidden units, one number at a time."""

import math

import numpy as np
import torch
from torch import nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    N, I = x.shape
    H = h_prev.shape[1]
    h_next = np.zeros((N, H), dtype=x.dtype)
    for n in range(N):
        for j in range(H):
            total = bias[j]
            for i in range(I):
                total = total + x[n, i] * w_input[i, j]
            for k in range(H):
                total = total + h_prev[n, k] * w_hidden[k, j]
            h_next[n, j] = np.tanh(total)
    return h_next


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        limit = 1.0 / math.sqrt(hidden_size)
        self.w_input = nn.Parameter(torch.Tensor(input_size, hidden_size).uniform_(-limit, limit))
        self.w_hidden = nn.Parameter(torch.Tensor(hidden_size, hidden_size).uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.Tensor(hidden_size).uniform_(-limit, limit))

    def forward(self, x, hidden_state=None):
        rows = []
        for n in range(x.shape[0]):
            units = []
            for j in range(self.hidden_size):
                total = self.bias[j] + (x[n] * self.w_input[:, j]).sum()
                if hidden_state is not None:
                    total = total + (hidden_state[n] * self.w_hidden[:, j]).sum()
                units.append(torch.tanh(total))
            rows.append(torch.stack(units))
        return torch.stack(rows)
