# -*- coding: cp1251 -*-
# Задание 2. Рекуррентная сеть (не успела)
# Ольга Петрова

import numpy as np
import torch
from torch import nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    h = h0
    for t in range(x.shape[1]):
        features = np.hstack((h, x[:, t]))
        weights = np.vstack((w_hidden, w_input))
        h = np.tanh(features.dot(weights) + bias)
    # TODO: собрать все состояния, длины
    raise NotImplementedError


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        shapes = {"w_input": (input_size, hidden_size), "w_hidden": (hidden_size, hidden_size), "bias": (hidden_size,)}
        for name, shape in shapes.items():
            setattr(self, name, nn.Parameter(torch.randn(*shape) * 0.05))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros((x.shape[0], self.w_hidden.shape[0])).to(x)
        return (x @ self.w_input).add(hidden_state @ self.w_hidden).add(self.bias).tanh()


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.05)

    def forward(self, x, hidden_state=None, lengths=None):
        for t in range(x.shape[1]):
            hidden_state = self.cell(x[:, t], hidden_state)
        # TODO
