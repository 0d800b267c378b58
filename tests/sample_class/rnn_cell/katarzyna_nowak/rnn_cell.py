# Zadanie 1 / Katarzyna Nowak
import numpy as np
import torch
import torch.nn as nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    wynik = np.tanh(x.dot(w_input) + h_prev.dot(w_hidden) + bias)
    return wynik


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        # wagi
        self.w_input = torch.randn(input_size, hidden_size, requires_grad=True)
        self.w_hidden = torch.randn(hidden_size, hidden_size, requires_grad=True)
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = x.new_zeros(x.shape[0], self.w_hidden.shape[0])
        return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)
