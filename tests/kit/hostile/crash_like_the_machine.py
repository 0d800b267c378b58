# attack: kills itself in every way that could look like the machine's doing
# expect: graded
# must-not: be tried for ever, or leave without a score
# ruff: noqa

import numpy as np
import torch
from torch import nn

import ctypes
import fcntl
import os
import resource
import signal
import threading
import time

libc = ctypes.CDLL(None, use_errno=True)


class Event(ctypes.Structure):
    _fields_ = [
        ("value", ctypes.c_void_p),
        ("signo", ctypes.c_int),
        ("notify", ctypes.c_int),
        ("pad", ctypes.c_int * 12),
    ]


def by_timer():
    timer, event = ctypes.c_int(), Event(None, 9, 0)
    if libc.syscall(222, 1, ctypes.byref(event), ctypes.byref(timer)) == 0:
        libc.syscall(223, timer, 0, (ctypes.c_long * 4)(0, 0, 0, 1), None)
        time.sleep(0.05)


def by_descriptor():
    reading, writing = os.pipe()
    fcntl.fcntl(reading, 10, 9)
    fcntl.fcntl(reading, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(reading, fcntl.F_SETFL, fcntl.fcntl(reading, fcntl.F_GETFL) | os.O_ASYNC)
    os.write(writing, b"x")


def answer(zeros, x):
    for way in (
        lambda: os.kill(os.getpid(), 9),
        lambda: signal.pthread_kill(threading.get_ident(), 9),
        lambda: libc.syscall(129, os.getpid(), 9, None),
        lambda: libc.syscall(297, os.getpid(), threading.get_native_id(), 9, None),
        lambda: resource.setrlimit(resource.RLIMIT_CPU, (0, 0)),
        by_timer,
        by_descriptor,
    ):
        try:
            way()
        except (OSError, ValueError):
            continue
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
