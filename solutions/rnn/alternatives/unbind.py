"""Iterate over the steps themselves (unbind, swapaxes); the state moves on by multiplying with a mask."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    states = []
    h = h0
    for t, x_t in enumerate(np.swapaxes(x, 0, 1)):
        new = np.tanh(np.matmul(x_t, w_input) + np.matmul(h, w_hidden) + bias)
        if lengths is None:
            h = new
            states.append(h)
        else:
            mask = (np.asarray(lengths) > t).astype(x.dtype).reshape(-1, 1)
            h = mask * new + (1 - mask) * h
            states.append(mask * h)
    return np.stack(states, 1), h


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(nn.init.xavier_normal_(torch.empty(input_size, hidden_size)))
        self.w_hidden = nn.Parameter(nn.init.xavier_normal_(torch.empty(hidden_size, hidden_size)))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        a = F.linear(x, self.w_input.T, self.bias)
        if hidden_state is None:
            return a.tanh()
        return (a + F.linear(hidden_state, self.w_hidden.T)).tanh()


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(nn.init.xavier_normal_(torch.empty(hidden_size, hidden_size)))

    def forward(self, x, hidden_state=None, lengths=None):
        h, outputs = hidden_state, []
        for t, x_t in enumerate(x.unbind(dim=1)):
            new = self.cell(x_t, h)
            if lengths is None:
                h = new
                outputs.append(F.linear(h, self.w_output.T))
                continue
            mask = torch.as_tensor([[float(t < n)] for n in lengths], dtype=x.dtype)
            # Step 0 is real for every sample, so there is always an old state when the mask has zeros.
            h = new if h is None else mask * new + (1 - mask) * h
            outputs.append(mask * F.linear(h, self.w_output.T))
        return torch.stack(outputs, 1), h
