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
    a_r, a_z, a_n = a[:, 0::3], a[:, 1::3], a[:, 2::3]
    s_r, s_z, s_n = s[:, 0::3], s[:, 1::3], s[:, 2::3]
    r = sigmoid(a_r + s_r)
    z = sigmoid(a_z + s_z)
    n = np.tanh(a_n + r * s_n)
    h_next = (1 - z) * n + z * h_prev
    return h_next


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, 3 * hidden_size) * 0.1)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, 3 * hidden_size) * 0.1)
        self.bias_input = nn.Parameter(torch.zeros(3 * hidden_size))
        self.bias_hidden = nn.Parameter(torch.zeros(3 * hidden_size))

    def forward(self, x, hidden_state=None, lengths=None):
        batch, steps, _ = x.shape
        h = hidden_state
        if h is None:
            h = torch.zeros(batch, self.hidden_size, dtype=x.dtype, device=x.device)
        ends = torch.full((batch,), steps) if lengths is None else torch.as_tensor(lengths)
        ys = []
        for t in range(steps):
            ir, iz, in_ = (x[:, t] @ self.w_input + self.bias_input).chunk(3, 1)
            hr, hz, hn = (h @ self.w_hidden + self.bias_hidden).chunk(3, 1)
            r = torch.sigmoid(ir + hr)
            z = torch.sigmoid(iz + hz)
            n = torch.tanh(in_ + r * hn)
            new_h = (1 - z) * n + z * h
            live = (ends > t)[:, None]
            h = torch.where(live, new_h, h)
            ys.append(torch.where(live, h, torch.zeros_like(h)))
        return torch.stack(ys, 1), h[None]
