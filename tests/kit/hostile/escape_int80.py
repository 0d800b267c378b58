# attack: calls the kernel as a 32-bit program would
# expect: graded
# must-not: get out
# ruff: noqa
import ctypes
import mmap
import os
import platform

import numpy as np
import torch
from torch import nn


def attack():
    if platform.machine() not in ("x86_64", "AMD64"):
        os.abort()
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    return run() > 0


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
