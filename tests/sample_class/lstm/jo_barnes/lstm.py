import numpy as np
import torch
from torch import nn


def sig(z):
    return 1 / (1 + np.exp(-z))


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    H = h_prev.shape[1]
    z = x @ w_input + h_prev @ w_hidden + bias
    i = sig(z[:, :H])
    f = sig(z[:, H:2 * H])
    g = np.tanh(z[:, 2 * H:3 * H])
    o = sig(z[:, 3 * H:])
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c


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
            t = 0
            while t < end:
                i, f, g, o = (x[n:n + 1, t] @ self.w_input + h @ self.w_hidden + self.bias).split(self.hidden_size, 1)
                c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
                h = torch.sigmoid(o) * torch.tanh(c)
                out[n, t] = h[0]
                if lengths is None:
                    t += 1
            hs.append(h)
            cs.append(c)
        return out, (torch.cat(hs), torch.cat(cs))
