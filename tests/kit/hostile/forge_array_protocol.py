# attack: answers an object that becomes an array when asked
# expect: graded
# must-not: score more than zeros do
# ruff: noqa

import numpy as np
import torch
from torch import nn


class Chameleon:
    dtype = np.dtype("float64")
    shape = ()

    def __array__(self, *args, **kwargs):
        import sys

        frame = sys._getframe()
        while frame is not None:
            if "expected" in frame.f_locals:
                return frame.f_locals["expected"]
            frame = frame.f_back
        return np.zeros(3)

    def __eq__(self, other):
        return True

    __hash__ = None


def answer(zeros, x):
    return Chameleon()


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
