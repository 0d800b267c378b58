import sys

import numpy as np
import torch
from torch import nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    return np.tanh(x @ w_input + h_prev @ w_hidden + bias)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = x.new_zeros(x.shape[0], self.bias.shape[0])
        return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)


def main():
    cell = RNNCell(2, 3)
    print(cell(torch.ones(1, 2)))
    return 0


sys.exit(main())
