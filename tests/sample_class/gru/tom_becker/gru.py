import numpy as np
import torch
from torch import nn


def sigmoid(a):
    """1 / (1 + exp(-a)) for every entry of a numpy array."""
    e = np.exp(-np.abs(a))
    return np.where(a < 0, e, 1) / (1 + e)


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    """One step of a GRU, in numpy."""
    a = x @ w_input + bias_input
    s = h_prev @ w_hidden + bias_hidden
    a_r, a_z, a_n = np.split(a, 3, axis=1)
    s_r, s_z, s_n = np.split(s, 3, axis=1)
    r = sigmoid(a_r + s_r)
    z = sigmoid(a_z + s_z)
    n = np.tanh(a_n + r * s_n)
    h_next = (1 - z) * n + z * h_prev
    return h_next


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.units = hidden_size
        scale = hidden_size ** -0.5
        for name, rows in (("w_input", input_size), ("w_hidden", hidden_size)):
            setattr(self, name, nn.Parameter((2 * torch.rand(rows, 3 * hidden_size) - 1) * scale))
        for name in ("bias_input", "bias_hidden"):
            setattr(self, name, nn.Parameter((2 * torch.rand(3 * hidden_size) - 1) * scale))

    def cell(self, x, h):
        k = self.units
        a = x.matmul(self.w_input) + self.bias_input
        s = h.matmul(self.w_hidden) + self.bias_hidden
        gates = (a[:, :2 * k] + s[:, :2 * k]).sigmoid()
        candidate = (a[:, 2 * k:] + gates[:, :k] * s[:, 2 * k:]).tanh()
        return candidate + gates[:, k:] * (h - candidate)

    def forward(self, x, hidden_state=None, lengths=None):
        n, length, _ = x.size()
        h = x.new_zeros(n, self.units) if hidden_state is None else hidden_state
        mask = x.new_ones(n, length, 1)
        for i, end in enumerate([] if lengths is None else lengths):
            mask[i, end:] = 0
        out = []
        for t in range(length):
            m = mask[:, t]
            h = h.detach()  # saves memory
            h = m * self.cell(x[:, t], h) + (1 - m) * h
            out.append(m * h)
        return torch.stack(out, dim=1), h
