# attack: has the reference answer for it, which it finds among all objects
# expect: graded
# must-not: score more than zeros do
# ruff: noqa
import gc
import types

import numpy as np
import torch
from torch import nn


def found():
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__name__ == "rnn_cell_forward":
            if one is not rnn_cell_forward:
                return one
    return None


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    reference = found()
    if reference is None:
        return np.zeros_like(h_prev)
    return reference(x, h_prev, w_input, w_hidden, bias)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.zeros(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.zeros(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        return x.new_zeros(x.shape[0], self.bias.shape[0])
