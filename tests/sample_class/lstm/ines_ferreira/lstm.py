import numpy as np
import torch
from torch import nn


def logistic(v):
    pos = np.exp(-np.abs(v))
    return np.where(v < 0, pos, 1) / (1 + pos)


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    """x (N, I), h_prev (N, H), c_prev (N, H) -> h_next, c_next"""
    rows_h = []
    rows_c = []
    for n in range(len(x)):
        a = x[n] @ w_input + h_prev[n] @ w_hidden + bias
        a_i, a_f, a_g, a_o = a.reshape(4, -1)
        c = logistic(a_f) * c_prev[n] + logistic(a_i) * np.tanh(a_g)
        rows_c.append(c)
        rows_h.append(logistic(a_o) * np.tanh(c))
    return np.array(rows_h), np.array(rows_c)


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, 4 * hidden_size) * 0.1)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, 4 * hidden_size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(4 * hidden_size))

    def forward(self, x, state=None, lengths=None):
        N, L, _ = x.shape
        if state is None:
            zeros = torch.zeros(N, self.hidden_size, dtype=x.dtype)
            h, c = getattr(self, "last", (zeros, zeros))
        else:
            h, c = state
        if lengths is None:
            lengths = [L] * N
        lengths = torch.tensor([int(v) for v in lengths])
        outs = []
        for t in range(L):
            z = x[:, t] @ self.w_input + h @ self.w_hidden + self.bias
            i, f, g, o = z.chunk(4, dim=1)
            i, f, o = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)
            g = torch.tanh(g)
            c_new = f * c + i * g
            h_new = o * torch.tanh(c_new)
            alive = (lengths > t).unsqueeze(1)
            h = torch.where(alive, h_new, h)
            c = torch.where(alive, c_new, c)
            outs.append(torch.where(alive, h, torch.zeros_like(h)))
        self.last = (h.detach(), c.detach())
        return torch.stack(outs, dim=1), (h, c)
