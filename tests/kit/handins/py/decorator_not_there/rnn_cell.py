import numpy as np
import torch
from torch import nn


import numba
@numba.njit
def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    U, W, b = w_input.T, w_hidden.T, bias.reshape(-1, 1)
    return np.tanh(U @ x.T + W @ h_prev.T + b).T


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        std = hidden_size**-0.5
        self.w_input = nn.Parameter(torch.normal(0.0, std, size=(input_size, hidden_size)))
        self.w_hidden = nn.Parameter(torch.normal(0.0, std, size=(hidden_size, hidden_size)))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        z = self.w_input.mT @ x.mT + self.bias.unsqueeze(1)
        if hidden_state is None:
            hidden_state = torch.zeros_like(z).mT
        z = z + self.w_hidden.mT @ hidden_state.mT
        return z.tanh().mT
