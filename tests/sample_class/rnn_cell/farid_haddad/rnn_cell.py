from torch import nn
import numpy as np
import torch


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    res = x @ w_input
    res = res + h_prev @ w_hidden
    res = res + bias
    return np.tanh(res)


class RNNCell(nn.Module):

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.i, self.h = input_size, hidden_size
        self.w_input = nn.Parameter(torch.normal(0.0, 0.1, (input_size, hidden_size)))
        self.w_hidden = nn.Parameter(torch.normal(0.0, 0.1, (hidden_size, hidden_size)))
        self.bias = nn.Parameter(torch.normal(0.0, 0.1, (hidden_size,)))

    def forward(self, x, hidden_state=None):
        batch = x.shape[0]
        if hidden_state is None:
            hidden_state = torch.zeros(self.h, batch, dtype=x.dtype)
        res = x @ self.w_input
        res = res + hidden_state @ self.w_hidden
        res = res + self.bias
        return torch.tanh(res)
