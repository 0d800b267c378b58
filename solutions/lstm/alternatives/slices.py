"""Four matrices cut out by slices; the memory and the state grow in buffers with one slot more than steps."""

import numpy as np
import torch
import torch.nn as nn


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    H = h_prev.shape[1]

    def layer(k):
        cols = slice(k * H, (k + 1) * H)
        return x.dot(w_input[:, cols]) + h_prev.dot(w_hidden[:, cols]) + bias[cols]

    i = 1 / (1 + np.exp(-layer(0)))
    f = 1 / (1 + np.exp(-layer(1)))
    o = 1 / (1 + np.exp(-layer(3)))
    c_next = c_prev * f
    c_next += np.tanh(layer(2)) * i
    return np.tanh(c_next) * o, c_next


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.H = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, 4 * hidden_size) * 0.1)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, 4 * hidden_size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(4 * hidden_size))

    def forward(self, x, state=None, lengths=None):
        N, L, _ = x.shape
        H = self.H
        if state is None:
            h = [torch.zeros(N, H, dtype=x.dtype)]
            c = [torch.zeros(N, H, dtype=x.dtype)]
        else:
            h, c = [state[0]], [state[1]]
        for t in range(L):
            a = torch.matmul(x[:, t, :], self.w_input) + torch.matmul(h[t], self.w_hidden) + self.bias
            i, f, o = a[:, :H].sigmoid(), a[:, H : 2 * H].sigmoid(), a[:, 3 * H :].sigmoid()
            c.append(f * c[t] + i * a[:, 2 * H : 3 * H].tanh())
            h.append(o * c[t + 1].tanh())
        if lengths is None:
            lengths = [L] * N
        outputs = x.new_zeros(N, L, H)
        for n in range(N):
            for t in range(int(lengths[n])):
                outputs[n, t] = h[t + 1][n]
        h_last = torch.stack([h[int(lengths[n])][n] for n in range(N)])
        c_last = torch.stack([c[int(lengths[n])][n] for n in range(N)])
        return outputs, (h_last, c_last)
