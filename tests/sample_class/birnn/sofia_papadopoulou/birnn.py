"""Sofia Papadopoulou - birnn"""
import numpy as np
import torch
from torch import nn


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    w_input, w_hidden, bias = forward_weights
    h = h0[0]
    forward_states = []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ w_input + h @ w_hidden + bias)
        forward_states.append(h)
    # backward: same but from the end ???
    raise NotImplementedError("backward half")


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def forward(self, x, hidden=None, lengths=None):
        h = hidden[0] if hidden is not None else None
        outputs = []
        for t in range(x.shape[1]):
            h = self.forward_cell(x[:, t], h)
            outputs.append(self.forward_linear(h))
        raise NotImplementedError("backward half")
