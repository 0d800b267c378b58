"""Flips whole sequences, padding too, but holds the initial state while padding goes by; flips back whole."""

import numpy as np
import torch
from torch import nn


def scan(x, h, weights, mask):
    w_input, w_hidden, bias = weights
    states = np.empty(x.shape[:2] + h.shape[1:], dtype=h.dtype)
    for t in range(x.shape[1]):
        m = mask[:, t]
        h = m * np.tanh(x[:, t] @ w_input + h @ w_hidden + bias) + (1 - m) * h
        states[:, t] = m * h
    return states, h


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L, _ = x.shape
    mask = np.ones((N, L, 1), dtype=x.dtype)
    if lengths is not None:
        for n in range(N):
            mask[n, lengths[n] :] = 0
    out_f, h_f = scan(x, h0[0], forward_weights, mask)
    out_b, h_b = scan(x[:, ::-1], h0[1], backward_weights, mask[:, ::-1])
    return np.dstack((out_f, out_b[:, ::-1])), np.array((h_f, h_b))


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def scan(self, cell, linear, x, h, mask):
        outputs = []
        for x_t, m in zip(x.unbind(1), mask.unbind(1)):
            h = torch.lerp(h, cell(x_t, h), m.expand_as(h))
            outputs.append(linear(h) * m)
        return torch.stack(outputs, 1), h

    def forward(self, x, hidden=None, lengths=None):
        N, L, _ = x.shape
        mask = x.new_ones(N, L, 1)
        if lengths is not None:
            for n, length in enumerate(lengths):
                mask[n, int(length) :] = 0.0
        if hidden is None:
            hidden = x.new_zeros(2, N, self.hidden_size)
        out_f, h_f = self.scan(self.forward_cell, self.forward_linear, x, hidden[0], mask)
        out_b, h_b = self.scan(self.backward_cell, self.backward_linear, x.flip(1), hidden[1], mask.flip(1))
        return torch.cat((out_f, out_b.flip(1)), -1), torch.stack((h_f, h_b), 0)
