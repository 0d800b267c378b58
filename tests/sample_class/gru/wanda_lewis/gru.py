import numpy as np
import torch
from torch import nn


def sigmoid(a):
    """1 / (1 + exp(-a)) for every entry of a numpy array."""
    e = np.exp(-np.abs(a))
    return np.where(a < 0, e, 1) / (1 + e)


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    H = h_prev.shape[1]
    xh = np.concatenate((x, h_prev), axis=1)
    W = np.concatenate((w_input[:, :2 * H], w_hidden[:, :2 * H]), axis=0)
    gates = sigmoid(xh @ W + (bias_input + bias_hidden)[:2 * H])
    r, z = gates[:, :H], gates[:, H:]
    old = h_prev @ w_hidden[:, 2 * H:] + bias_hidden[2 * H:]
    n = np.tanh(x @ w_input[:, 2 * H:] + bias_input[2 * H:] + r * old)
    h_next = (1 - z) * n + z * h_prev
    return h_next


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.n_hidden = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, 3 * hidden_size).mul(0.3))
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, 3 * hidden_size).mul(0.3))
        self.bias_input = nn.Parameter(torch.zeros(3 * hidden_size))
        self.bias_hidden = nn.Parameter(torch.zeros(3 * hidden_size))

    def forward(self, x, hidden_state=None, lengths=None):
        if hidden_state is None:
            hidden_state = torch.zeros(len(x), self.n_hidden, dtype=x.dtype)
        seen = []
        for step in x.split(1, dim=1):
            from_x = torch.hsplit(step[:, 0] @ self.w_input + self.bias_input, 3)
            from_h = torch.hsplit(hidden_state @ self.w_hidden + self.bias_hidden, 3)
            r = (from_x[0] + from_h[0]).sigmoid()
            z = (from_x[1] + from_h[1]).sigmoid()
            n = (from_x[2] + r * from_h[2]).tanh()
            hidden_state = n - z * n + z * hidden_state
            seen.append(hidden_state[:, None])
        return torch.cat(seen, dim=1), hidden_state
