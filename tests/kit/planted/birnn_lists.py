"""Sequences read one by one, and an order made of lists."""

import numpy as np
import torch
import torch.nn as nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, T = x.shape[0], x.shape[1]
    if lengths is None:
        lengths = [T for _ in range(N)]
    hs = np.zeros((N, T, w_hidden.shape[0]), dtype=x.dtype)
    last = np.array(h0)
    for n in range(N):
        for t in range(lengths[n]):
            last[n] = np.tanh(x[n, t] @ w_input + last[n] @ w_hidden + bias)
            hs[n, t] = last[n]
    return hs, last


def reverse(sequence, lengths):
    rows = [list(range(int(k)))[::-1] + list(range(int(k), sequence.shape[1])) for k in lengths]
    return sequence[np.arange(len(rows)).reshape(-1, 1), np.array(rows)]


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    if lengths is None:
        lengths = [x.shape[1]] * x.shape[0]
    flip = lambda seq: reverse(seq, lengths)
    fw, hf = rnn_forward(x, h0[0], *forward_weights, lengths=lengths)
    bw, hb = rnn_forward(flip(x), h0[1], *backward_weights, lengths=lengths)
    return np.concatenate((fw, flip(bw)), axis=-1), np.array([hf, hb])


class BiRNN(nn.Module):
    directions = 2

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hs = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def _scan(self, cell, x, h, lens, order):
        seen = [None] * x.shape[1]
        for t in order:
            live = (lens > t).to(x.dtype).unsqueeze(1)
            h = live * cell(x[:, t], h) + (1 - live) * h
            seen[t] = h
        return torch.stack(seen, dim=1), h

    def forward(self, x, hidden=None, lengths=None):
        N, L, _ = x.shape
        if hidden is None:
            hidden = torch.zeros(self.directions, N, self.hs, dtype=x.dtype)
        lens = torch.full((N,), L) if lengths is None else torch.as_tensor(lengths)
        f, hf = self._scan(self.forward_cell, x, hidden[0], lens, range(L))
        b, hb = self._scan(self.backward_cell, x, hidden[1], lens, range(L - 1, -1, -1))
        keep = (torch.arange(L)[None, :] < lens[:, None])[..., None]
        y = torch.cat(
            [
                self.forward_linear(f),
                self.backward_linear(b),
            ],
            dim=-1,
        )
        return y.masked_fill(~keep, 0.0), torch.stack((hf, hb))
