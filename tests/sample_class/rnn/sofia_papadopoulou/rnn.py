"""Sofia Papadopoulou - rnn"""
import numpy as np
import torch
from torch import nn

from rnn_helpers import RNNCell, lengths_to_mask


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    mask = lengths_to_mask(lengths, x.shape[0], x.shape[1])
    h = h0
    states = []
    for t in range(x.shape[1]):
        h = np.where(mask[:, t, None], np.tanh(x[:, t] @ w_input + h @ w_hidden + bias), h)
        states.append(h * mask[:, t, None])
    return np.stack(states, axis=1), h


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size))

    def forward(self, x, hidden_state=None, lengths=None):
        outputs = []
        for t in range(x.shape[1]):
            hidden_state = self.cell(x[:, t], hidden_state)
            outputs.append(hidden_state @ self.w_output)
        return torch.stack(outputs, dim=1), hidden_state
