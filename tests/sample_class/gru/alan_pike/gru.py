import numpy as np
import torch
from torch import nn


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    H = h_prev.shape[1]
    a = x @ w_input + bias_input + h_prev @ w_hidden + bias_hidden
    r = 1 / (1 + np.exp(-a[:, :H]))
    z = 1 / (1 + np.exp(-a[:, H:2 * H]))
    # TODO: n
    return z


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, 3 * hidden_size) * 0.2)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, 3 * hidden_size) * 0.2)
        self.bias_input = nn.Parameter(torch.zeros(3 * hidden_size))
        self.bias_hidden = nn.Parameter(torch.zeros(3 * hidden_size))

    def forward(self, x, hidden_state=None):
        h = hidden_state
        if h is None:
            h = torch.zeros(x.shape[0], self.hidden_size, dtype=x.dtype)
        out = torch.empty(x.shape[0], x.shape[1], self.hidden_size, dtype=x.dtype)
        for t in range(x.shape[1]):
            a = (x[:, t] @ self.w_input + self.bias_input).chunk(3, dim=1)
            b = (h @ self.w_hidden + self.bias_hidden).chunk(3, dim=1)
            r, z = torch.sigmoid(a[0] + b[0]), torch.sigmoid(a[1] + b[1])
            h = (1 - z) * torch.tanh(a[2] + r * b[2]) + z * h
            out[:, t] = h
        return out, h
