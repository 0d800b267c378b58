"""The input's share of all steps in one product before the loop, preallocated outputs, masks by where."""

import math

import numpy as np
import torch
from torch import nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L, _ = x.shape
    H = h0.shape[1]
    lengths = np.full(N, L) if lengths is None else np.array(lengths)
    from_input = np.einsum("nli,ih->nlh", x, w_input) + bias
    hidden_states = np.zeros((N, L, H), dtype=x.dtype)
    h = h0
    for t in range(L):
        alive = np.expand_dims(t < lengths, 1)
        h = np.where(alive, np.tanh(from_input[:, t] + h @ w_hidden), h)
        hidden_states[:, t, :] = np.where(alive, h, 0)
    return hidden_states, h


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        k = 1 / math.sqrt(hidden_size)
        self.w_input = nn.Parameter(torch.empty(input_size, hidden_size).uniform_(-k, k))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-k, k))
        self.bias = nn.Parameter(torch.empty(hidden_size).uniform_(-k, k))

    def step(self, from_input, hidden_state):
        return torch.tanh(from_input + hidden_state @ self.w_hidden)

    def forward(self, x, hidden_state=None):
        from_input = x @ self.w_input + self.bias
        return self.step(from_input, torch.zeros_like(from_input) if hidden_state is None else hidden_state)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        k = 1 / math.sqrt(hidden_size)
        self.hidden_size = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-k, k))

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        from_input = torch.einsum("nli,ih->nlh", x, self.cell.w_input) + self.cell.bias
        lengths = torch.full((N,), L) if lengths is None else torch.tensor([int(n) for n in lengths])
        h = x.new_zeros(N, self.hidden_size) if hidden_state is None else hidden_state
        states = x.new_zeros(N, L, self.hidden_size)
        for t in range(L):
            alive = (t < lengths).unsqueeze(1)
            h = torch.where(alive, self.cell.step(from_input[:, t], h), h)
            states[:, t] = torch.where(alive, h, torch.zeros_like(h))
        return torch.einsum("nlh,hk->nlk", states, self.w_output), h
