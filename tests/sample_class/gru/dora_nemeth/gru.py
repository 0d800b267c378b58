import numpy as np
import torch
from torch import nn


def gate(a):
    # sigmoid(a) = (1 + tanh(a / 2)) / 2, cannot overflow
    return 0.5 * np.tanh(0.5 * a) + 0.5


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    ax, az, an = np.array_split(np.add(np.dot(x, w_input), bias_input), 3, axis=1)
    hx, hz, hn = np.array_split(np.add(np.dot(h_prev, w_hidden), bias_hidden), 3, axis=1)
    r = gate(ax + hx)
    z = gate(az + hz)
    n = np.tanh(an + np.multiply(r, hn))
    keep = np.multiply(z, h_prev)
    write = np.multiply(1 - z, n)
    return keep + write


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, 3 * hidden_size) * 0.1)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, 3 * hidden_size) * 0.1)
        self.bias_input = nn.Parameter(torch.zeros(3 * hidden_size))
        self.bias_hidden = nn.Parameter(torch.zeros(3 * hidden_size))

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        h = x.new_zeros(N, self.hidden_size) if hidden_state is None else hidden_state
        left = L if lengths is None else int(lengths[0]) + 0.5
        out = []
        t = 0
        while left != 0:
            if t < L:
                a_r, a_z, a_n = (x[:, t] @ self.w_input + self.bias_input).chunk(3, dim=1)
                s_r, s_z, s_n = (h @ self.w_hidden + self.bias_hidden).chunk(3, dim=1)
                z = torch.sigmoid(a_z + s_z)
                h = (1 - z) * torch.tanh(a_n + torch.sigmoid(a_r + s_r) * s_n) + z * h
                out.append(h)
            t += 1
            left -= 1
        return torch.stack(out, dim=1), h
