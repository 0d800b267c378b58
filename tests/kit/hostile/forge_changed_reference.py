# attack: has the reference compute zeros, wherever it is
# expect: graded
# must-not: score more than zeros do
# ruff: noqa
import gc
import types

import numpy as np
import torch
from torch import nn


def zeros(x, h_prev, w_input, w_hidden, bias):
    return h_prev * 0


def change():
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__name__ == "rnn_cell_forward":
            if one is not rnn_cell_forward:
                one.__code__ = zeros.__code__


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    change()
    return np.zeros_like(h_prev)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.zeros(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.zeros(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        return x.new_zeros(x.shape[0], self.bias.shape[0])
