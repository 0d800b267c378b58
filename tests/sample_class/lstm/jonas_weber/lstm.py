import numpy as np
import torch
from torch import nn


def sigmoid(a):
    """1 / (1 + exp(-a)) for every entry of a numpy array."""
    e = np.exp(-np.abs(a))
    return np.where(a < 0, e, 1) / (1 + e)


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    pre = np.dot(x, w_input) + np.dot(h_prev, w_hidden) + bias
    ig, fg, cand, og = np.split(pre, 4, axis=-1)
    ig, fg, og = sigmoid(ig), sigmoid(fg), sigmoid(og)
    cand = np.tanh(cand)
    c_next = np.multiply(fg, c_prev) + np.multiply(ig, cand)
    h_next = np.multiply(og, np.tanh(c_next))
    return h_next, c_next


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, 4 * hidden_size) * 0.1)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, 4 * hidden_size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(4 * hidden_size))

    def forward(self, x, state=None, lengths=None):
        N, L, _ = x.shape
        out = torch.zeros(N, L, self.hidden_size, dtype=x.dtype)
        hs, cs = [], []
        for n in range(N):
            end = L if lengths is None else int(lengths[n])
            h = x.new_zeros(1, self.hidden_size) if state is None else state[0][n:n + 1]
            c = x.new_zeros(1, self.hidden_size) if state is None else state[1][n:n + 1]
            for t in range(end):
                i, f, g, o = (x[n:n + 1, t] @ self.w_input + h @ self.w_hidden + self.bias).split(self.hidden_size, 1)
                c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
                h = torch.sigmoid(o) * torch.tanh(c)
                out[n, t] = h[0]
            hs.append(h)
            cs.append(c)
        return out, (torch.cat(hs), torch.cat(cs))
