# attack: names hidden inputs among the calls that are watched
# expect: graded
# must-not: show a hidden input to anybody
# ruff: noqa

import numpy as np
import torch
from torch import nn

import sys

watched = sys.modules.get("grader.subject.watched")
SEEN = []
if watched is not None:
    watched.CALLS.take = lambda: tuple(SEEN)


def answer(zeros, x):
    SEEN[:] = [f"leaked {float(x.ravel()[0]):.12f}", "torch.nn." + str(int(abs(float(x.ravel()[0])) * 10**9))]
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
