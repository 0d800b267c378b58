# attack: writes bytes that decode to trouble
# expect: graded
# must-not: make the grader fail
# ruff: noqa

import numpy as np
import torch
from torch import nn

import os
import struct

NASTY = (
    b"\xc1",
    b"",
    b"\xdd\xff\xff\xff\xff",
    b"\x91" * 3000,
    b"\xc7\x02\x01\x00\x09",
    b"\xc7\x0a\x01\x00\x02\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xc7\x01\x15\x90",
    b"\xd9\x02\xff\xfe",
)
for number in range(3, 64):
    for data in NASTY:
        try:
            os.write(number, struct.pack("<I", len(data)) + data)
        except OSError:
            break


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
