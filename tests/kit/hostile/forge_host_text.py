# attack: takes the place of the host's text function, and says 72,000 characters
# expect: crashed
# must-not: have more shown than a few hundred characters
# ruff: noqa

import numpy as np
import torch
from torch import nn

import sys

host = sys.modules.get("grader.subject.host")
LONG = "maximum recursion depth exceeded" + " (1234, 5678)" * 6000
if host is not None:
    sys.modules["grader.subject.raising"].text_of = lambda error: LONG[:72_000]


def answer(zeros, x):
    raise RecursionError(LONG)


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
