# attack: names 15,000 changed arguments
# expect: crashed
# must-not: have more shown than a few hundred characters
# ruff: noqa

import numpy as np
import torch
from torch import nn

import sys

host = sys.modules.get("grader.subject.host")
ops = sys.modules.get("grader.subject.operations")
if host is not None:
    host.Host.run = lambda self, batch: [ops.Value(np.zeros((3, 3)), ("argument 1",) * 15_000) for _ in batch]


def answer(zeros, x):
    return zeros


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
