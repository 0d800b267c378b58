import numpy as np
import torch
from torch import nn


def sigmoid(a):
    return np.where(a >= 0, 1 / (1 + np.exp(-np.abs(a))), 1 - 1 / (1 + np.exp(-np.abs(a))))


class Layer:
    """One of the three layers: its columns of the weights."""

    def __init__(self, number, w_input, w_hidden, bias_input, bias_hidden):
        H = w_hidden.shape[0]
        columns = slice(number * H, (number + 1) * H)
        self.w_input, self.w_hidden = w_input[:, columns], w_hidden[:, columns]
        self.bias_input, self.bias_hidden = bias_input[columns], bias_hidden[columns]

    def of_input(self, x):
        return x @ self.w_input + self.bias_input

    def of_state(self, h):
        return h @ self.w_hidden + self.bias_hidden

    def gate(self, x, h, squash):
        return squash(self.of_input(x) + self.of_state(h))


class Step:
    def __init__(self, *weights):
        self.reset, self.update, self.candidate = (Layer(number, *weights) for number in range(3))

    def __call__(self, x, h, squash, tanh):
        r = self.reset.gate(x, h, squash)
        z = self.update.gate(x, h, squash)
        n = tanh(self.candidate.of_input(x) + r * self.candidate.of_state(h))
        return z * h + (1 - z) * n


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    return Step(w_input, w_hidden, bias_input, bias_hidden)(x, h_prev, sigmoid, np.tanh)


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        self.w_input = self._weight(input_size, 3 * hidden_size)
        self.w_hidden = self._weight(hidden_size, 3 * hidden_size)
        self.bias_input = self._weight(3 * hidden_size)
        self.bias_hidden = self._weight(3 * hidden_size)

    def _weight(self, *shape):
        bound = self.hidden_size**-0.5
        return nn.Parameter(torch.rand(*shape) * 2 * bound - bound)

    def _begin(self, x, hidden_state):
        if hidden_state is not None:
            return hidden_state
        return torch.zeros(x.shape[0], self.hidden_size, dtype=x.dtype)

    def _real(self, x, lengths):
        N, L = x.shape[:2]
        if lengths is None:
            return torch.ones(N, L, 1, dtype=torch.bool)
        return torch.tensor([[[t < int(length)] for t in range(L)] for length in lengths])

    def forward(self, x, hidden_state=None, lengths=None):
        step = Step(self.w_input, self.w_hidden, self.bias_input, self.bias_hidden)
        h = self._begin(x, hidden_state)
        real = self._real(x, lengths)
        outputs = []
        for t in range(x.shape[1]):
            new = step(x[:, t], h, torch.sigmoid, torch.tanh)
            h = torch.where(real[:, t], new, h)
            outputs.append(torch.where(real[:, t], h, torch.zeros_like(h)))
        return torch.stack(outputs, dim=1), h
