"""Read everything, padding included, and only afterwards gather the last real states and blank the rest."""

import math

import numpy as np
import torch
from torch import nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L = x.shape[:2]
    h = h0
    all_h = []
    for t in range(L):
        h = np.tanh(x[:, t] @ w_input + h @ w_hidden + bias)
        all_h.append(h[:, None, :])
    all_h = np.concatenate(all_h, axis=1)
    if lengths is None:
        return all_h, h
    lengths = np.asarray(lengths)
    last = np.take_along_axis(all_h, (lengths - 1)[:, None, None], axis=1)[:, 0]
    all_h[np.arange(L)[None, :] >= lengths[:, None]] = 0
    return all_h, last


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        bound = 1 / math.sqrt(hidden_size)
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.zeros(input_size, hidden_size).uniform_(-bound, bound))
        self.w_hidden = nn.Parameter(torch.zeros(hidden_size, hidden_size).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(hidden_size).uniform_(-bound, bound))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = x.new_zeros(x.size(0), self.hidden_size)
        return torch.tanh(
            torch.matmul(x, self.w_input) + torch.matmul(hidden_state, self.w_hidden) + self.bias
        )


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        bound = 1 / math.sqrt(hidden_size)
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.zeros(hidden_size, hidden_size).uniform_(-bound, bound))

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.size()
        states = []
        for t in range(L):
            hidden_state = self.cell(x[:, t], hidden_state)
            states.append(hidden_state)
        states = torch.stack(states, dim=1)
        outputs = torch.matmul(states, self.w_output)
        if lengths is not None:
            lengths = torch.as_tensor(lengths).long()
            index = (lengths - 1).view(N, 1, 1).expand(N, 1, states.size(2))
            hidden_state = states.gather(1, index).squeeze(1)
            padding = torch.arange(L).unsqueeze(0) >= lengths.unsqueeze(1)
            outputs = outputs.masked_fill(padding.unsqueeze(2), 0.0)
        return outputs, hidden_state
