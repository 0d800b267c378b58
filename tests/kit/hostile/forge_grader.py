# attack: replaces the grader's own comparison, wherever a module holds it
# expect: graded
# must-not: score more than zeros do
# ruff: noqa
import sys

import numpy as np
import torch
from torch import nn

for module in list(sys.modules.values()):
    for name in ("difference", "assert_close", "assert_same", "is_close"):
        if getattr(getattr(module, name, None), "__module__", "").startswith("grader."):
            setattr(module, name, lambda *arguments, **more: None)


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
