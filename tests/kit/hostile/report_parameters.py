# attack: registers parameters with hostile names
# expect: graded
# must-not: reach a terminal, a page or a table unescaped
# ruff: noqa
import numpy as np
import torch
from torch import nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    return np.zeros_like(h_prev)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        for name in ("<script>", "\x1b[31m", "=1+1", "\ud800", "x" * 10**5, "\u202e"):
            self._parameters[name] = nn.Parameter(torch.zeros(1))

    def forward(self, x, hidden_state=None):
        return x.new_zeros(x.shape[0], 1)
