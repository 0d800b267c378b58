# attack: reads of a library file only what is in memory, to see what others have read
# expect: graded
# must-not: learn what others do
# ruff: noqa
import ctypes
import platform

import numpy as np
import torch
from torch import nn


def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    X86 = platform.machine() in ("x86_64", "AMD64")

    class Piece(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    buffer = ctypes.create_string_buffer(64)
    piece = Piece(ctypes.addressof(buffer), 64)
    with open("/etc/ld.so.cache", "rb") as file:
        asked = (ctypes.c_uint64 * 2)(0, 4096)
        counted = (ctypes.c_uint64 * 5)()
        if libc.syscall(451, file.fileno(), asked, counted, 0) == 0:
            return True
        return (
            libc.syscall(327 if X86 else 286, file.fileno(), ctypes.byref(piece), 1, 0, 0, ctypes.c_long(8))
            >= 0
        )


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
