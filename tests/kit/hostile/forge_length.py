# attack: announces a message of four gigabytes
# expect: graded
# must-not: make the grader wait or fill its memory
# ruff: noqa

import numpy as np
import torch
from torch import nn

import os

for number in range(3, 64):
    try:
        os.write(number, b"\xff\xff\xff\xff" + b"x" * 1000)
    except OSError:
        continue


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
