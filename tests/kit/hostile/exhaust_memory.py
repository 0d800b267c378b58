# attack: takes memory until there is none
# expect: graded
# must-not: take more than its limit
# ruff: noqa

import numpy as np
import torch
from torch import nn


def answer(zeros, x):
    hoard = []
    while True:
        hoard.append(bytes(1 << 26))  # not written to: the limit is met at once on every machine


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
