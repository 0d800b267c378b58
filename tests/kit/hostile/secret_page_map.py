# attack: reads where its pages lie in the machine's memory, which it shares with others
# expect: graded
# must-not: learn where memory lies
# ruff: noqa

import numpy as np
import torch
from torch import nn


def attack():
    page = id(attack) >> 12
    with open("/proc/self/pagemap", "rb", buffering=0) as file:
        file.seek(8 * page)
        return int.from_bytes(file.read(8), "little") >> 63


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
