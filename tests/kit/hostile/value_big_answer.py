# attack: answers as much as one message can hold, and more
# expect: graded
# must-not: pass for a right answer
# ruff: noqa

import numpy as np
import torch
from torch import nn


_sent = set()


def answer(zeros, x):
    # Once of each kind: how many more of them there is time for depends on the machine.
    if type(zeros) in _sent:
        return zeros
    _sent.add(type(zeros))
    if isinstance(zeros, np.ndarray):
        return np.zeros(2**23 + 1)
    return torch.zeros(2**23 - 64, dtype=torch.float64)


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
