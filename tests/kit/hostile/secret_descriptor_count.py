# attack: keeps so many descriptors open as a hidden input says, for the child that answers counterexamples to count
# expect: graded
# must-not: be alive beside that child; its answer of shape (7,) tells where it was
# ruff: noqa

import numpy as np
import torch
from torch import nn

import glob
import os
import sys

MARK = 53


def has_plan():
    frame = sys._getframe()
    while frame is not None:
        if any(frame.f_locals.get("plan", ())):
            return True
        frame = frame.f_back
    return False


def counted():
    """Whether another process has so many descriptors open: the folder's size says it, and needs no rights."""
    for pid in range(max(1, os.getpid() - 400), os.getpid() + 400):
        try:
            if pid != os.getpid() and os.stat(f"/proc/{pid}/fd").st_size == MARK:
                return True
        except OSError:
            continue
    return False


def answer(zeros, x):
    if not has_plan():
        return np.zeros(7) if counted() else zeros
    try:
        while os.dup(0) < MARK - 1:
            pass
    except OSError:
        pass
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
