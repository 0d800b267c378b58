import numpy as np
import torch
from torch import nn


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    n, hidden = h_prev.shape
    xh = np.hstack([x, h_prev])
    w = np.vstack([w_input, w_hidden])
    acts = (xh @ w + bias).reshape(n, 4, hidden).transpose(1, 0, 2)
    gate = lambda k: 1 / (1 + np.exp(-acts[k]))
    c = gate(1) * c_prev + gate(0) * np.tanh(acts[2])
    h = gate(3) * np.tanh(c)
    return c, h


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
        return out, (torch.cat(cs), torch.cat(hs))
