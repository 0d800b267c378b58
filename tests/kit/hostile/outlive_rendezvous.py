# attack: waits and wakes at a page of a library file that others have mapped as well
# expect: graded
# must-not: signal to another submission
# ruff: noqa
import ctypes
import platform

import numpy as np
import torch
from torch import nn


def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    X86 = platform.machine() in ("x86_64", "AMD64")
    with open("/etc/ld.so.cache", "rb") as file:
        libc.mmap.restype = ctypes.c_void_p
        page = libc.mmap(None, ctypes.c_size_t(4096), 1, 1, file.fileno(), 0)
    return libc.syscall(202 if X86 else 98, ctypes.c_void_p(page), 1, 1, None, None, ctypes.c_long(0)) >= 0


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
