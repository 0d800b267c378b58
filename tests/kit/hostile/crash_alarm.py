# attack: answers, and has the kernel end its process a moment later
# expect: crashed
# must-not: end the grader
# ruff: noqa
import signal
import time

import numpy as np
import torch
from torch import nn


def later():
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    time.sleep(0.1)


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    return later() or np.zeros_like(h_prev)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.zeros(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.zeros(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        return x.new_zeros(x.shape[0], self.bias.shape[0])
