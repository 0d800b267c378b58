import numpy as np
import torch
import torch.nn as nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    h_next = np.tanh(x @ w_input + h_prev @ w_hidden + bias)
    # print("h_next", h_next)
    return h_next


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.randn(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros((x.shape[0], self.hidden_size), dtype=x.dtype)
        hidden_state = torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)
        output = hidden_state
        return output, hidden_state
