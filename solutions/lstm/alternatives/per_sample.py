"""Loops where others have a batch: numpy unit by unit, torch sample by sample, only as far as it is real."""

import math

import numpy as np
import torch
from torch import nn


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    h_next, c_next = np.zeros_like(h_prev), np.zeros_like(c_prev)
    samples, units = h_prev.shape
    for n in range(samples):
        for j in range(units):
            a = []
            for gate in range(4):
                column = gate * units + j
                total = bias[column]
                for p in range(x.shape[1]):
                    total = total + x[n, p] * w_input[p, column]
                for q in range(units):
                    total = total + h_prev[n, q] * w_hidden[q, column]
                a.append(float(total))
            i, f, o = (1 / (1 + math.exp(-value)) for value in (a[0], a[1], a[3]))
            new = f * float(c_prev[n, j]) + i * math.tanh(a[2])
            c_next[n, j] = new
            h_next[n, j] = o * math.tanh(new)
    return h_next, c_next


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        for name, shape in (("w_input", (input_size,)), ("w_hidden", (hidden_size,)), ("bias", ())):
            weight = torch.empty(*shape, 4 * hidden_size).uniform_(-0.2, 0.2)
            self.register_parameter(name, nn.Parameter(weight))

    def read(self, sequence, h, c):
        outputs = []
        for x_t in sequence:
            i, f, g, o = torch.chunk(x_t @ self.w_input + h @ self.w_hidden + self.bias, 4)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            outputs.append(h)
        return torch.stack(outputs), h, c

    def forward(self, x, state=None, lengths=None):
        N, L, _ = x.shape
        outputs = torch.zeros(N, L, self.hidden_size, dtype=x.dtype)
        last = []
        for n in range(N):
            real = L if lengths is None else int(lengths[n])
            zero = x.new_zeros(self.hidden_size)
            h, c = (zero, zero) if state is None else (state[0][n], state[1][n])
            shown, h, c = self.read(x[n, :real], h, c)
            outputs[n, :real] = shown
            last.append((h, c))
        return outputs, tuple(torch.stack(part) for part in zip(*last))
