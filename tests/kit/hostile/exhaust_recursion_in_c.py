# attack: recurses without end, with the limit lifted
# expect: crashed
# must-not: take the grader down
# ruff: noqa

import numpy as np
import torch
from torch import nn


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x"[:0])


def answer(zeros, x):
    import sys

    sys.setrecursionlimit(10**9)
    return Deep().x


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    return answer(np.zeros_like(h_prev), x)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.zeros(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.zeros(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        return answer(x.new_zeros(x.shape[0], self.bias.shape[0]), x)
