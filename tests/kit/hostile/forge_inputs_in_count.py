# attack: answers as many things as the digits of a hidden input say
# expect: graded
# must-not: show a hidden input to anybody
# ruff: noqa

import numpy as np
import torch
from torch import nn


def digits(x):
    """The digits of the hidden input, four by four."""
    if isinstance(x, torch.Tensor):
        x = x.detach().numpy()
    spelt = "".join(f"{int(abs(number) * 10**15) % 10**16:016d}" for number in x.ravel()[:30])
    return [str(1000 + int(spelt[at : at + 4]) % 9000) for at in range(0, len(spelt) - 3, 4)]


def answer(zeros, x):
    return (None,) * int(digits(x)[0])


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
