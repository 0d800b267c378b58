"""Each sample by itself, cut to its length, so that padding and masks never come up."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def read(sequence, h, weights):
    w_input, w_hidden, bias = weights
    states = []
    for x_t in sequence:
        h = np.tanh(x_t @ w_input + h @ w_hidden + bias)
        states.append(h)
    return np.array(states), h


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L, _ = x.shape
    H = h0.shape[-1]
    outputs = np.zeros((N, L, 2 * H), dtype=x.dtype)
    hidden = np.zeros((2, N, H), dtype=x.dtype)
    for n in range(N):
        T = L if lengths is None else int(lengths[n])
        states, hidden[0, n] = read(x[n, :T], h0[0, n], forward_weights)
        outputs[n, :T, :H] = states
        states, hidden[1, n] = read(x[n, :T][::-1], h0[1, n], backward_weights)
        outputs[n, :T, H:] = states[::-1]
    return outputs, hidden


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    @staticmethod
    def read(cell, sequence, h):
        states = []
        for x_t in sequence:
            h = cell(x_t.unsqueeze(0), h)
            states.append(h)
        return torch.cat(states), h

    def forward(self, x, hidden=None, lengths=None):
        L = x.shape[1]
        rows, finals = [], []
        for n, sequence in enumerate(x):
            T = L if lengths is None else int(lengths[n])
            h_f, h_b = (None, None) if hidden is None else (hidden[0, n : n + 1], hidden[1, n : n + 1])
            states_f, h_f = self.read(self.forward_cell, sequence[:T], h_f)
            states_b, h_b = self.read(self.backward_cell, sequence[:T].flip(0), h_b)
            row = torch.cat((self.forward_linear(states_f), self.backward_linear(states_b.flip(0))), dim=1)
            rows.append(F.pad(row, (0, 0, 0, L - T)))
            finals.append(torch.stack((h_f, h_b)))
        return torch.stack(rows), torch.cat(finals, dim=1)
