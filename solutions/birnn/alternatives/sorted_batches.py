"""Samples of equal length are read together as one unpadded batch, and put back into their places."""

import numpy as np
import torch
from torch import nn


def run(x, h, weights):
    w_input, w_hidden, bias = weights
    hs = np.zeros((x.shape[1], *h.shape), dtype=h.dtype)
    for t in range(x.shape[1]):
        h = hs[t] = np.tanh(x[:, t] @ w_input + h @ w_hidden + bias)
    return hs.swapaxes(0, 1)


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L, _ = x.shape
    H = h0.shape[2]
    lengths = np.asarray([L] * N if lengths is None else lengths)
    outputs = np.zeros((N, L, 2 * H), dtype=x.dtype)
    hidden = np.zeros_like(h0)
    for length in np.unique(lengths):
        who = np.flatnonzero(lengths == length)
        part = x[who, :length]
        hs_f = run(part, h0[0, who], forward_weights)
        hs_b = np.flip(run(np.flip(part, axis=1), h0[1, who], backward_weights), axis=1)
        outputs[who, :length] = np.concatenate((hs_f, hs_b), axis=2)
        hidden[0, who], hidden[1, who] = hs_f[:, -1], hs_b[:, 0]
    return outputs, hidden


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.forward_cell, self.backward_cell = (nn.RNNCell(input_size, hidden_size) for _ in range(2))
        self.forward_linear, self.backward_linear = (nn.Linear(hidden_size, hidden_size) for _ in range(2))

    def read(self, cell, x, h):
        hs = []
        for x_t in x.unbind(1):
            h = cell(x_t, h)
            hs.append(h)
        return torch.stack(hs, 1)

    def forward(self, x, hidden=None, lengths=None):
        N, L, _ = x.shape
        lengths = np.asarray([L] * N if lengths is None else lengths)
        if hidden is None:
            hidden = x.new_zeros(2, N, self.hidden_size)
        order, outputs, finals = [], [], []
        for length in sorted(set(lengths.tolist())):
            who = np.flatnonzero(lengths == length).tolist()
            part = x[who, :length]
            hs_f = self.read(self.forward_cell, part, hidden[0, who])
            hs_b = self.read(self.backward_cell, part.flip(1), hidden[1, who]).flip(1)
            both = torch.cat([self.forward_linear(hs_f), self.backward_linear(hs_b)], 2)
            outputs.append(torch.cat([both, x.new_zeros(len(who), L - length, 2 * self.hidden_size)], 1))
            finals.append(torch.stack([hs_f[:, -1], hs_b[:, 0]]))
            order += who
        places = torch.tensor(order).argsort()
        return torch.cat(outputs)[places], torch.cat(finals, 1)[:, places]
