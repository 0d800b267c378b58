import numpy as np
import torch
from torch import nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    return np.tanh(np.matmul(x, w_input) + np.matmul(h_prev, w_hidden) + bias)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) * 0.1)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        # no state given -> start from zeros
        if not hidden_state:
            hidden_state = torch.zeros(x.shape[0], self.hidden_size, dtype=x.dtype)
        return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)
