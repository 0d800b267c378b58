"""Reads everything, padding included, and only afterwards gathers the last states and blanks the rest."""

import math

import numpy as np
import torch
from torch import nn


def sigmoid(z):
    """No overflow on either side."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    n = len(x)
    a = (np.matmul(x, w_input) + bias_input).reshape(n, 3, -1)
    s = (np.matmul(h_prev, w_hidden) + bias_hidden).reshape(n, 3, -1)
    gates = sigmoid(a[:, :2] + s[:, :2])
    new = np.tanh(np.add(a[:, 2], np.multiply(gates[:, 0], s[:, 2])))
    return np.add(np.multiply(1 - gates[:, 1], new), np.multiply(gates[:, 1], h_prev))


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        k = math.sqrt(1 / hidden_size)
        self.w_input = nn.Parameter(torch.rand(input_size, 3 * hidden_size) * 2 * k - k)
        self.w_hidden = nn.Parameter(torch.rand(hidden_size, 3 * hidden_size) * 2 * k - k)
        self.bias_input = nn.Parameter(torch.rand(3 * hidden_size) * 2 * k - k)
        self.bias_hidden = nn.Parameter(torch.rand(3 * hidden_size) * 2 * k - k)

    def forward(self, x, hidden_state=None, lengths=None):
        N, L = x.shape[0], x.shape[1]
        hidden = self.w_hidden.shape[0]
        h = hidden_state if hidden_state is not None else torch.zeros((N, hidden)).to(x)
        hs = []
        for x_t in x.unbind(dim=1):
            a = (x_t @ self.w_input + self.bias_input).reshape(N, 3, hidden)
            s = (h @ self.w_hidden + self.bias_hidden).reshape(N, 3, hidden)
            r, z = (a[:, :2] + s[:, :2]).sigmoid().unbind(1)
            h = (1 - z) * (a[:, 2] + r * s[:, 2]).tanh() + z * h
            hs.append(h)
        hs = torch.stack(hs, 1)
        if lengths is None:
            return hs, h
        lengths = torch.as_tensor(lengths).long()
        where = (lengths - 1).view(N, 1, 1).expand(N, 1, hidden)
        padding = torch.arange(L)[None, :] >= lengths[:, None]
        return hs.masked_fill(padding[:, :, None], 0.0), hs.gather(1, where).squeeze(1)
