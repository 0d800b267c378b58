"""Loops where others have a batch: numpy unit by unit, torch sample by sample, only as far as it is real."""

import math

import numpy as np
import torch
from torch import nn


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    h_next = np.zeros_like(h_prev)
    samples, units = h_prev.shape

    def layer(row, matrix, bias, column):
        total = bias[column]
        for k in range(len(row)):
            total = total + row[k] * matrix[k, column]
        return float(total)

    for k in range(samples):
        for j in range(units):
            a = [layer(x[k], w_input, bias_input, gate * units + j) for gate in range(3)]
            s = [layer(h_prev[k], w_hidden, bias_hidden, gate * units + j) for gate in range(3)]
            r = 1 / (1 + math.exp(-a[0] - s[0]))
            z = 1 / (1 + math.exp(-a[1] - s[1]))
            h_next[k, j] = (1 - z) * math.tanh(a[2] + r * s[2]) + z * float(h_prev[k, j])
    return h_next


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        rows = {"w_input": (input_size,), "w_hidden": (hidden_size,), "bias_input": (), "bias_hidden": ()}
        for name, shape in rows.items():
            weight = torch.empty(*shape, 3 * hidden_size).uniform_(-0.2, 0.2)
            self.register_parameter(name, nn.Parameter(weight))

    def read(self, sequence, h):
        outputs = []
        for x_t in sequence:
            a = torch.chunk(x_t @ self.w_input + self.bias_input, 3)
            s = torch.chunk(h @ self.w_hidden + self.bias_hidden, 3)
            r, z = torch.sigmoid(a[0] + s[0]), torch.sigmoid(a[1] + s[1])
            h = (1 - z) * torch.tanh(a[2] + r * s[2]) + z * h
            outputs.append(h)
        return torch.stack(outputs), h

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        outputs = torch.zeros(N, L, self.hidden_size, dtype=x.dtype)
        last = []
        for n in range(N):
            real = L if lengths is None else int(lengths[n])
            h = x.new_zeros(self.hidden_size) if hidden_state is None else hidden_state[n]
            outputs[n, :real], h = self.read(x[n, :real], h)
            last.append(h)
        return outputs, torch.stack(last)
