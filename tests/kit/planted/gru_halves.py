"""Gates that a method computes from halves of two tuples."""

import numpy as np
import torch
import torch.nn as nn


def _sigm(v):
    return 1 / (1 + np.exp(-v))


def _lin(v, W, b, H):
    y = v @ W + b
    return y[:, :H], y[:, H : 2 * H], y[:, 2 * H :]


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    H = h_prev.shape[-1]
    xr, xz, xn = _lin(x, w_input, bias_input, H)
    hr, hz, hn = _lin(h_prev, w_hidden, bias_hidden, H)
    reset = _sigm(xr + hr)
    update = _sigm(xz + hz)
    cand = np.tanh(xn + reset * hn)
    out = cand.copy()
    out += update * (h_prev - cand)
    return out


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.size = hidden_size
        a = 1.0 / hidden_size**0.5
        u = torch.distributions.Uniform(-a, a)
        self.w_input = nn.Parameter(u.sample((input_size, 3 * hidden_size)))
        self.w_hidden = nn.Parameter(u.sample((hidden_size, 3 * hidden_size)))
        self.bias_input = nn.Parameter(u.sample((3 * hidden_size,)))
        self.bias_hidden = nn.Parameter(u.sample((3 * hidden_size,)))

    def gates(self, xt, h):
        gi = (xt @ self.w_input + self.bias_input).split(self.size, dim=1)
        gh = (h @ self.w_hidden + self.bias_hidden).split(self.size, dim=1)
        r, z = [torch.sigmoid(i + j) for i, j in zip(gi[:2], gh[:2])]
        n = torch.tanh(gi[2] + r * gh[2])
        return z, n

    def forward(self, x, hidden_state=None, lengths=None):
        B, T, _ = x.size()
        h = torch.zeros(B, self.size, dtype=x.dtype) if hidden_state is None else hidden_state
        if lengths is None:
            lengths = [T] * B
        left = torch.tensor([int(n) for n in lengths]).unsqueeze(1)
        out = torch.zeros(B, T, self.size, dtype=x.dtype)
        for t in range(0, T):
            z, n = self.gates(x[:, t], h)
            h = torch.where(
                left > t,
                torch.lerp(n, h, z),
                h,
            )
            out[:, t] = h * (left > t)
        return out, h
