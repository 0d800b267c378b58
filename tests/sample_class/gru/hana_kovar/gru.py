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
    """A GRU over whole sequences. Owns w_input (I, 3H), w_hidden (H, 3H), bias_input (3H,) and bias_hidden (3H,)."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        bound = 1 / hidden_size ** 0.5
        self.w_input = nn.Parameter(torch.empty(input_size, 3 * hidden_size).uniform_(-bound, bound))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, 3 * hidden_size).uniform_(-bound, bound))
        self.bias_input = nn.Parameter(torch.empty(3 * hidden_size).uniform_(-bound, bound))
        self.bias_hidden = nn.Parameter(torch.empty(3 * hidden_size).uniform_(-bound, bound))

    def step(self, x, h):
        a_r, a_z, a_n = torch.chunk(x @ self.w_input + self.bias_input, 3, dim=1)
        s_r, s_z, s_n = torch.chunk(h @ self.w_hidden + self.bias_hidden, 3, dim=1)
        r = torch.sigmoid(a_r + s_r)
        z = torch.sigmoid(a_z + s_z)
        n = torch.tanh(a_n + r * s_n)
        return (1 - z) * n + z * h

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        if hidden_state is None:
            hidden_state = torch.zeros(N, self.hidden_size, dtype=x.dtype)
        if lengths is None:
            lengths = [L] * N
        outputs = []
        h = hidden_state
        for t in range(L):
            new = self.step(x[:, t], h)
            rows = []
            shown = []
            for n in range(N):
                rows.append(new[n] if t < lengths[n] else h[n])
                shown.append(new[n] if t < lengths[n] else torch.zeros_like(h[n]))
            h = torch.stack(rows)
            outputs.append(torch.stack(shown))
        return torch.stack(outputs, dim=1), h
