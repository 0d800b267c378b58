# attack: pushes a page of a library file out of memory, which the next submission can see by its faults
# expect: graded
# must-not: leave anything to another submission
# ruff: noqa
import ctypes
import platform
import resource

import numpy as np
import torch
from torch import nn


def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    X86 = platform.machine() in ("x86_64", "AMD64")
    libc.mmap.restype = ctypes.c_void_p
    for path in 5 * ("/usr/share/zoneinfo/Etc/UTC", "/etc/localtime", "/etc/ld.so.cache"):
        with open(path, "rb") as file:
            page = libc.mmap(None, ctypes.c_size_t(4096), 1, 2, file.fileno(), 0)
        ctypes.c_char.from_address(page).value
        if libc.madvise(ctypes.c_void_p(page), ctypes.c_size_t(4096), 21) == 0:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_majflt
            ctypes.c_char.from_address(page).value
            if resource.getrusage(resource.RUSAGE_SELF).ru_majflt > before:
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
