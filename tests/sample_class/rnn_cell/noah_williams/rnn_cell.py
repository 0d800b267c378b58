import numpy as np
import torch
import torch.nn as nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    return np.tanh(x @ w_input + h_prev @ w_hidden + bias)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        # ran out of time :(
        raise NotImplementedError("not done")

    def forward(self, x, hidden_state=None):
        raise NotImplementedError("not done")
