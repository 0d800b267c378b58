# attack: ends whoever forgets its answer
# expect: crashed
# must-not: end the grader
# ruff: noqa
import os
import weakref

import numpy as np
import torch
from torch import nn

KEPT = []


def watched(answer):
    KEPT.append(weakref.ref(answer, lambda reference: os._exit(0)))
    return answer


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    return watched(np.zeros_like(h_prev))


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.zeros(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.zeros(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        return x.new_zeros(x.shape[0], self.bias.shape[0])
