import numpy as np
import torch
from torch import nn


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    bias = bias_input + bias_hidden
    xr, xz, xn = np.split(x @ w_input + bias, 3, axis=1)
    hr, hz, hn = np.split(h_prev @ w_hidden, 3, axis=1)
    r = 1 / (1 + np.exp(-xr - hr))
    z = 1 / (1 + np.exp(-xz - hz))
    n = np.tanh(xn + r * hn)
    return (1 - z) * n + z * h_prev


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.h_size = hidden_size
        self.w_input = nn.Parameter(torch.empty(input_size, 3 * hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, 3 * hidden_size))
        self.bias_input = nn.Parameter(torch.zeros(3 * hidden_size))
        self.bias_hidden = nn.Parameter(torch.zeros(3 * hidden_size))
        nn.init.xavier_normal_(self.w_input)
        nn.init.orthogonal_(self.w_hidden)

    def forward(self, x, hidden_state=None, lengths=None):
        size = self.h_size
        projected = x @ self.w_input + self.bias_input  # all steps at once
        h = hidden_state if hidden_state is not None else projected.new_zeros(len(x), size)
        out = []
        for t in range(x.shape[1]):
            p, q = projected[:, t], h @ self.w_hidden + self.bias_hidden
            r, z = torch.sigmoid(p[:, :2 * size] + q[:, :2 * size]).tensor_split(2, dim=1)
            n = torch.tanh(torch.addcmul(p[:, 2 * size:], r, q[:, 2 * size:]))
            h_new = torch.lerp(n, h, z)
            if lengths is None:
                h = h_new
                out.append(h)
            else:
                going = torch.tensor([[t < int(length)] for length in lengths])
                h = torch.where(going, h_new, h)
                out.append(h * going)
        return torch.stack(out, dim=1), h
