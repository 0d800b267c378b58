# attack: widens the limits of the comparison, which it finds in the modules that are loaded
# expect: graded
# must-not: score more than zeros do
# ruff: noqa
import sys

import numpy as np
import torch
from torch import nn

for module in list(sys.modules.values()):
    for one in list(vars(module).values()):
        if type(one) is dict and one and all(isinstance(key, np.dtype) for key in one):
            if all(type(value) is float for value in one.values()):
                one.update(dict.fromkeys(one, 1e9))


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
