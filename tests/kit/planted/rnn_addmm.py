"""A network of fused products, and a mask that a method makes."""

import math
import numpy as np
import torch
import torch.nn as nn


def one_step(xt, h, Wx, Wh, b):
    return np.tanh(xt.dot(Wx) + h.dot(Wh) + b)


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L, _ = x.shape
    H = h0.shape[1]
    lens = np.full(N, L) if lengths is None else np.array(lengths)
    hs = np.zeros((N, L, H), dtype=x.dtype)
    h = h0.copy()
    for step in range(L):
        alive = step < lens
        new = one_step(x[:, step, :], h, w_input, w_hidden, bias)
        h = np.where(
            alive.reshape(-1, 1),
            new,
            h,
        )
        hs[alive, step] = h[alive]
    return hs, h


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        r = math.sqrt(1.0 / hidden_size)
        make = lambda *shape: nn.Parameter(torch.empty(*shape).uniform_(-r, r))
        self.w_input = make(input_size, hidden_size)
        self.w_hidden = make(hidden_size, hidden_size)
        self.bias = make(hidden_size)

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros(x.shape[0], self.bias.numel(), dtype=x.dtype)
        z = torch.addmm(self.bias, x, self.w_input)
        z = torch.addmm(z, hidden_state, self.w_hidden)
        return z.tanh()


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.H = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        r = math.sqrt(1.0 / hidden_size)
        self.w_output = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-r, r))

    def _mask(self, lengths, N, L):
        if lengths is None:
            return torch.ones(N, L, dtype=torch.bool)
        return torch.arange(L).unsqueeze(0) < torch.as_tensor(lengths).unsqueeze(1)

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        mask = self._mask(lengths, N, L)
        h = hidden_state if hidden_state is not None else torch.zeros(N, self.H, dtype=x.dtype)
        history = []
        for t, xt in enumerate(x.unbind(1)):
            m = mask[:, t].unsqueeze(1)
            h = torch.where(m, self.cell(xt, h), h)
            history += [h]
        outs = torch.stack(history, 1) @ self.w_output
        return outs * mask.unsqueeze(2), h
