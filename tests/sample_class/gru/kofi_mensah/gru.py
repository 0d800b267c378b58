import numpy as np
import torch
from torch import nn


def sigm(a):
    return 1.0 / (1.0 + np.exp(-a))


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    hidden = h_prev.shape[1]
    gi = x @ w_input + bias_input
    gh = h_prev @ w_hidden + bias_hidden
    r = sigm(gi[:, :hidden] + gh[:, :hidden])
    z = sigm(gi[:, hidden:2 * hidden] + gh[:, hidden:2 * hidden])
    cand = np.tanh(gi[:, 2 * hidden:] + r * gh[:, 2 * hidden:])
    return z * h_prev + (1 - z) * cand


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
        lengths = torch.tensor([L] * N if lengths is None else list(lengths))
        out = []
        for t in range(L):
            new = torch.gru_cell(x[:, t], h, self.w_input.t(), self.w_hidden.t(), self.bias_input, self.bias_hidden)
            real = (t < lengths)[:, None]
            h = torch.where(real, new, h)
            out.append(h * real)
        return torch.stack(out, 1), h
