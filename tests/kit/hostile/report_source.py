# attack: holds hostile text in the line that raises
# expect: graded
# must-not: reach a terminal, a page or a table unescaped
# ruff: noqa
import numpy as np
import torch
from torch import nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    return 1 / 0  # <script>alert(1)</script> [bold]‮ passed [/bold] =1+1 ::error::x


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        raise RuntimeError("<script>")  # </textarea><script>alert(1)</script>
