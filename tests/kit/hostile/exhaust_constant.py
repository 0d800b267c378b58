# attack: holds a constant expression of gigabytes
# expect: graded
# must-not: make the grader itself compute it
# ruff: noqa
import numpy as np
import torch
from torch import nn

HUGE = (((2**999) ** 999) ** 99) and "x" * 10**9 and ((1,) * 10**8)


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    return np.zeros_like(h_prev)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.zeros(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.zeros(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        return x.new_zeros(x.shape[0], self.bias.shape[0])
