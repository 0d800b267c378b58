# attack: compiles expressions that take for ever or overflow the parser
# expect: graded
# must-not: take the grader down
# ruff: noqa

import numpy as np
import torch
from torch import nn

for bomb in (
    "(" * 150 + ")" * 150,
    "-" * 50_000 + "1",
    "a." * 50_000 + "a",
    "[" * 90 + "]" * 90,
    "1" + "+1" * 50_000,
):
    try:
        compile(bomb, "bomb", "eval")
    except (SyntaxError, MemoryError, RecursionError):
        continue


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
