# attack: stops itself like a job in a shell
# expect: graded
# must-not: run longer than its limit, or hurt others
# ruff: noqa

import numpy as np
import torch
from torch import nn


def answer(zeros, x):
    import os
    import signal

    os.kill(os.getpid(), signal.SIGSTOP)
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
