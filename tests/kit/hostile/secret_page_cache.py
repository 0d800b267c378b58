# attack: asks which pages of a library file others have in memory
# expect: graded
# must-not: learn what others do
# ruff: noqa
import ctypes
import platform
import mmap
import os

import numpy as np
import torch
from torch import nn


def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    X86 = platform.machine() in ("x86_64", "AMD64")
    with open(os.__file__, "rb") as file:
        pages = mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE)
    here = (ctypes.c_char * 1).from_buffer(pages)
    for call in (lambda address, told: libc.mincore(ctypes.c_void_p(address), 4096, told),):
        told = ctypes.create_string_buffer(1)
        return call(ctypes.addressof(here) & ~4095, told) == 0


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
