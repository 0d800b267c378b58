"""Reads everything, padding included, and only afterwards gathers both last states and blanks the rest."""

import math

import numpy as np
import torch
from torch import nn


def sigmoid(z):
    """No overflow on either side."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    n = len(x)
    z = np.matmul(x, w_input) + np.matmul(h_prev, w_hidden) + bias
    z = z.reshape(n, 4, -1)
    i, f, o = sigmoid(z[:, 0]), sigmoid(z[:, 1]), sigmoid(z[:, 3])
    g = np.tanh(z[:, 2])
    c = np.add(np.multiply(f, c_prev), np.multiply(i, g))
    return np.multiply(o, np.tanh(c)), c


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        k = math.sqrt(1 / hidden_size)
        self.w_input = nn.Parameter(torch.rand(input_size, 4 * hidden_size) * 2 * k - k)
        self.w_hidden = nn.Parameter(torch.rand(hidden_size, 4 * hidden_size) * 2 * k - k)
        self.bias = nn.Parameter(torch.rand(4 * hidden_size) * 2 * k - k)

    def forward(self, x, state=None, lengths=None):
        N, L = x.shape[0], x.shape[1]
        hidden = self.w_hidden.shape[0]
        h, c = state if state is not None else torch.zeros((2, N, hidden)).to(x)
        hs, cs = [], []
        for x_t in x.unbind(dim=1):
            z = (x_t @ self.w_input + h @ self.w_hidden + self.bias).reshape(N, 4, hidden)
            i, f, g, o = z[:, 0], z[:, 1], z[:, 2], z[:, 3]
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            hs.append(h)
            cs.append(c)
        hs, cs = torch.stack(hs, 1), torch.stack(cs, 1)
        if lengths is None:
            return hs, (h, c)
        lengths = torch.as_tensor(lengths).long()
        where = (lengths - 1).view(N, 1, 1).expand(N, 1, hidden)
        padding = torch.arange(L)[None, :] >= lengths[:, None]
        outputs = hs.masked_fill(padding[:, :, None], 0.0)
        return outputs, (hs.gather(1, where).squeeze(1), cs.gather(1, where).squeeze(1))
