# -*- coding: cp1251 -*-
# Задание 1. Ячейка рекуррентной сети
# Ольга Петрова

import numpy as np
import torch
from torch import nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    # один общий вектор признаков: вход и прошлое состояние
    features = np.hstack((h_prev, x))
    weights = np.vstack((w_hidden, w_input))  # порядок тот же: сначала h, потом x
    h_next = features.dot(weights) + bias
    h_next = np.tanh(h_next)
    return h_next


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        shapes = {"w_input": (input_size, hidden_size), "w_hidden": (hidden_size, hidden_size), "bias": (hidden_size,)}
        for name, shape in shapes.items():
            setattr(self, name, nn.Parameter(torch.randn(*shape) * 0.05))

    def step(self, x, h):
        return (x @ self.w_input).add(h @ self.w_hidden).add(self.bias).tanh()

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            # нулевое начальное состояние
            hidden_state = torch.zeros((x.shape[0], self.w_hidden.shape[0])).to(x)
        return self.step(x, hidden_state)
