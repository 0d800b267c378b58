"""All inputs are multiplied before the loop; new memory is written in place; the first step stands alone."""

import numpy as np
import torch
from torch import nn


def logistic(z):
    return np.reciprocal(1 + np.exp(np.negative(z)))


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    a = np.empty((x.shape[0], bias_input.shape[0]), dtype=x.dtype)
    s = np.empty_like(a)
    a[:], s[:] = bias_input, bias_hidden
    a += x @ w_input
    s += h_prev @ w_hidden
    r, z, n = np.hsplit(a, 3)  # views: what follows is written into `a`
    from_r, from_z, from_n = np.hsplit(s, 3)
    r[:], z[:] = logistic(r + from_r), logistic(z + from_z)
    n += r * from_n
    np.tanh(n, out=n)
    h = h_prev.copy()
    h -= n
    h *= z
    h += n
    return h


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        s = hidden_size**-0.5
        self.w_input = nn.Parameter((torch.rand(input_size, 3 * hidden_size) - 0.5) * s)
        self.w_hidden = nn.Parameter((torch.rand(hidden_size, 3 * hidden_size) - 0.5) * s)
        self.bias_input = nn.Parameter((torch.rand(3 * hidden_size) - 0.5) * s)
        self.bias_hidden = nn.Parameter((torch.rand(3 * hidden_size) - 0.5) * s)

    def step(self, a, h):
        s = self.bias_hidden.expand_as(a) if h is None else h @ self.w_hidden + self.bias_hidden
        (r, z, n), (r_h, z_h, n_h) = a.chunk(3, -1), s.chunk(3, -1)
        z = (z + z_h).sigmoid()
        new = (1 - z) * (n + (r + r_h).sigmoid() * n_h).tanh()
        return new if h is None else new + z * h

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        from_x = torch.einsum("nli,ij->lnj", x, self.w_input) + self.bias_input
        h = self.step(from_x[0], hidden_state)  # with no state there is nothing to multiply
        outputs = [h]
        going = torch.arange(L)[:, None] < torch.as_tensor([L] * N if lengths is None else lengths)
        for t in range(1, L):
            now = going[t].unsqueeze(1)
            h = torch.where(now, self.step(from_x[t], h), h)
            outputs.append(torch.where(now, h, torch.zeros_like(h)))
        return torch.stack(outputs, dim=1), h
