"""Sofia Papadopoulou - rnn_cell"""
import numpy as np
import torch
from torch import nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    wx = x @ w_input
    wh = h_prev @ w_hidden
    total = np.add(np.add(wx, wh), bias)
    return np.tanh(total)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros(x.shape[0], self.hidden_size)
        # and now?
        ...
