# Exercise 3, Chiara Rossi (exported from my notebook)
import numpy as np
import torch
import torch.nn as nn


def cell(x, h, w):
    return np.tanh(np.einsum("ni,ih->nh", x, w[0]) + np.einsum("nk,kh->nh", h, w[1]) + w[2])


def scan(x, h, w, lengths):
    hs = np.zeros((x.shape[0], x.shape[1], h.shape[1]), dtype=x.dtype)
    h = h.copy()
    for t in range(x.shape[1]):
        on = np.nonzero(lengths > t)[0]
        h[on] = cell(x[on, t], h[on], w)
        hs[on, t] = h[on]
    return hs, h


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L = x.shape[0], x.shape[1]
    lengths = np.full(N, L) if lengths is None else np.array(lengths)
    f, hf = scan(x, h0[0], forward_weights, lengths)
    # reverse, run, reverse again
    b, hb = scan(x[::-1], h0[1], backward_weights, lengths)
    b = b[::-1]
    return np.concatenate([f, b], axis=-1), np.stack([hf, hb])


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super(BiRNN, self).__init__()
        self.H = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def forward(self, x, hidden=None, lengths=None):
        N, L = x.shape[0], x.shape[1]
        lengths = torch.full((N,), L) if lengths is None else torch.tensor(list(lengths))
        hidden = x.new_zeros(2, N, self.H) if hidden is None else hidden
        hf, hb = hidden[0], hidden[1]
        f, b = [], []
        for t in range(L):
            on = (lengths > t)[:, None]
            hf = torch.where(on, self.forward_cell(x[:, t], hf), hf)
            f.append(torch.where(on, self.forward_linear(hf), x.new_zeros(())))
        for t in range(L - 1, -1, -1):
            on = (lengths > t)[:, None]
            hb = torch.where(on, self.backward_cell(x[:, t], hb), hb)
            b = [torch.where(on, self.backward_linear(hb), x.new_zeros(()))] + b
        return torch.cat([torch.stack(f, 1), torch.stack(b, 1)], -1), torch.stack([hf, hb])
