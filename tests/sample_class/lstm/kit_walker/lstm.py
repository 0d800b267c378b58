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
        H = self.hidden_size
        h, c = (x.new_zeros(N, H), x.new_zeros(N, H)) if state is None else state
        weights = (self.w_input.T, self.w_hidden.T, self.bias, torch.zeros_like(self.bias))
        out = torch.zeros(N, L, H, dtype=x.dtype)
        for t in range(L):
            new_h, new_c = torch.lstm_cell(x[:, t], (h, c), *weights)
            real = torch.tensor([True] * N if lengths is None else [t < int(e) for e in lengths])[:, None]
            h, c = torch.where(real, new_h, h), torch.where(real, new_c, c)
            out[:, t] = h * real
        return out, (h, c)
