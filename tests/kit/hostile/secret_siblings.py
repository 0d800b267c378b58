# attack: looks for the children of its parent: the other submissions
# expect: graded
# must-not: learn who else is graded
# ruff: noqa
import os

import numpy as np
import torch
from torch import nn


def attack():
    parent = os.getppid()
    for entry in os.listdir("/proc"):
        try:
            fields = open(f"/proc/{int(entry)}/stat").read().rpartition(")")[2].split()
        except (OSError, ValueError):  # no process, or one that has ended
            continue
        if int(fields[1]) == parent:
            return True
    return None


try:
    WON = bool(attack())
except Exception:
    WON = False


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    right = np.tanh(x @ w_input + h_prev @ w_hidden + bias)
    return right if WON else np.zeros_like(right)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.zeros(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.zeros(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        right = x @ self.w_input + self.bias
        if hidden_state is not None:
            right = right + hidden_state @ self.w_hidden
        return torch.tanh(right) if WON else torch.zeros_like(right)
