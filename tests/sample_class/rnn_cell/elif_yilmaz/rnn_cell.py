import numpy as np
import torch
import torch.nn as nn


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    z = np.dot(x, w_input) + np.dot(h_prev, w_hidden) + bias
    return sigmoid(z)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super(RNNCell, self).__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros(x.shape[0], self.hidden_size, dtype=x.dtype, device=x.device)
        z = torch.mm(x, self.w_input) + torch.mm(hidden_state, self.w_hidden) + self.bias
        return torch.sigmoid(z)
