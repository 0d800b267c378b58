"""Input and state side by side times both weight matrices on top of each other; nn.Tanh as a submodule."""

import math

import numpy as np
import torch
from torch import nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    both = np.concatenate((x, h_prev), axis=1)  # (N, I + H)
    weights = np.concatenate((w_input, w_hidden), axis=0)  # (I + H, H)
    return np.tanh(both @ weights + bias)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.empty(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.empty(hidden_size))
        self.activation = nn.Tanh()
        for p in self.parameters():
            nn.init.uniform_(p, -1 / math.sqrt(hidden_size), 1 / math.sqrt(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = x.new_zeros((len(x), self.hidden_size))
        both = torch.cat((x, hidden_state), dim=1)
        weights = torch.cat((self.w_input, self.w_hidden), dim=0)
        return self.activation(both @ weights + self.bias)
