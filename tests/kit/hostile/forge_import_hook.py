# attack: puts a hook before every import
# expect: graded
# must-not: score more than zeros do
# ruff: noqa

import numpy as np
import torch
from torch import nn

import sys


class Hook:
    @staticmethod
    def find_spec(name, path=None, target=None):
        sys.modules[name] = sys
        return None


sys.meta_path.insert(0, Hook)
sys.modules["pytest"] = sys.modules["numpy.testing"] = sys


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
