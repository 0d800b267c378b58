"""One index array turns sequences round, by take_along_axis and torch.gather; no mask inside the loop."""

import numpy as np
import torch
from torch import nn


def turn(N, L, lengths):
    """(N, L): where step t of the turned sequence comes from. Padding stays behind the real steps."""
    index = np.tile(np.arange(L), (N, 1))
    for n, length in enumerate([L] * N if lengths is None else lengths):
        index[n, :length] = index[n, :length][::-1].copy()
    return index


def unroll(x, h, w_input, w_hidden, bias):
    states = []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t].dot(w_input) + h.dot(w_hidden) + bias)
        states.append(h)
    return np.stack(states, axis=1)


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L, _ = x.shape
    index = turn(N, L, lengths)[:, :, None]
    ends = np.array([L] * N if lengths is None else lengths) - 1
    forward = unroll(x, h0[0], *forward_weights)
    backward = unroll(np.take_along_axis(x, index, axis=1), h0[1], *backward_weights)
    hidden = np.stack([forward[np.arange(N), ends], backward[np.arange(N), ends]])
    outputs = np.concatenate([forward, np.take_along_axis(backward, index, axis=1)], axis=2)
    return np.where(np.arange(L)[None, :, None] <= ends[:, None, None], outputs, 0).astype(x.dtype), hidden


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def unroll(self, cell, x, h):
        states = []
        for x_t in x.transpose(0, 1):
            h = cell(x_t, h)
            states.append(h)
        return torch.stack(states, dim=1)

    def forward(self, x, hidden=None, lengths=None):
        N, L, _ = x.shape
        index = torch.from_numpy(turn(N, L, lengths)).unsqueeze(2)
        ends = torch.as_tensor([L] * N if lengths is None else [int(n) for n in lengths]).view(N, 1, 1) - 1
        h_f, h_b = (None, None) if hidden is None else hidden.unbind(0)
        forward = self.unroll(self.forward_cell, x, h_f)
        backward = self.unroll(self.backward_cell, x.gather(1, index.expand_as(x)), h_b)
        last = ends.expand(N, 1, forward.shape[2])
        finals = torch.cat([forward.gather(1, last), backward.gather(1, last)], dim=1).transpose(0, 1)
        backward = backward.gather(1, index.expand_as(backward))
        outputs = torch.cat([self.forward_linear(forward), self.backward_linear(backward)], dim=2)
        return outputs * (torch.arange(L).view(1, L, 1) <= ends), finals
