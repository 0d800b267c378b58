"""All inputs are multiplied before the loop; two new memories are written in place; the first step stands alone."""

import numpy as np
import torch
from torch import nn


def logistic(z):
    return np.reciprocal(1 + np.exp(np.negative(z)))


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    a = np.empty((x.shape[0], bias.shape[0]), dtype=x.dtype)
    a[:] = bias
    a += x @ w_input
    a += h_prev @ w_hidden
    i, f, g, o = np.hsplit(a, 4)  # views: what follows is written into `a`
    i[:], f[:], o[:] = logistic(i), logistic(f), logistic(o)
    np.tanh(g, out=g)
    c = c_prev.copy()
    c *= f
    g *= i
    c += g
    return o * np.tanh(c), c


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        s = hidden_size**-0.5
        self.w_input = nn.Parameter((torch.rand(input_size, 4 * hidden_size) - 0.5) * s)
        self.w_hidden = nn.Parameter((torch.rand(hidden_size, 4 * hidden_size) - 0.5) * s)
        self.bias = nn.Parameter((torch.rand(4 * hidden_size) - 0.5) * s)

    def gates(self, a, c):
        i, f, g, o = a.chunk(4, -1)
        c = i.sigmoid() * g.tanh() + (0 if c is None else f.sigmoid() * c)
        return o.sigmoid() * c.tanh(), c

    def forward(self, x, state=None, lengths=None):
        N, L, _ = x.shape
        from_x = torch.einsum("nli,ij->lnj", x, self.w_input) + self.bias
        if state is None:
            h, c = self.gates(from_x[0], None)  # with zeros there is nothing to multiply
        else:
            h, c = self.gates(from_x[0] + state[0] @ self.w_hidden, state[1])
        outputs = [h]
        going = torch.arange(L)[:, None] < torch.as_tensor([L] * N if lengths is None else lengths)
        for t in range(1, L):
            now = going[t].unsqueeze(1)
            new_h, new_c = self.gates(from_x[t] + h @ self.w_hidden, c)
            h, c = torch.where(now, new_h, h), torch.where(now, new_c, c)
            outputs.append(torch.where(now, h, torch.zeros_like(h)))
        return torch.stack(outputs, dim=1), (h, c)
