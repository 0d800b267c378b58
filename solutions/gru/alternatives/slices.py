"""Matrices cut out by slices, gate after gate; lists with one state more than steps; sample by sample at the end."""

import numpy as np
import torch
import torch.nn as nn


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    H = h_prev.shape[1]
    R, Z, C = slice(0, H), slice(H, 2 * H), slice(2 * H, 3 * H)
    r = 1 / (
        1 + np.exp(-(x.dot(w_input[:, R]) + h_prev.dot(w_hidden[:, R]) + bias_input[R] + bias_hidden[R]))
    )
    z = 1 / (
        1 + np.exp(-(x.dot(w_input[:, Z]) + h_prev.dot(w_hidden[:, Z]) + bias_input[Z] + bias_hidden[Z]))
    )
    heard = h_prev.dot(w_hidden[:, C]) + bias_hidden[C]
    n = np.tanh(x.dot(w_input[:, C]) + bias_input[C] + r * heard)
    return n + z * (h_prev - n)


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.H = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, 3 * hidden_size) * 0.1)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, 3 * hidden_size) * 0.1)
        self.bias_input = nn.Parameter(torch.zeros(3 * hidden_size))
        self.bias_hidden = nn.Parameter(torch.zeros(3 * hidden_size))

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        H = self.H
        h = [torch.zeros(N, H, dtype=x.dtype) if hidden_state is None else hidden_state]
        for t in range(L):
            a = torch.matmul(x[:, t, :], self.w_input) + self.bias_input
            s = torch.matmul(h[t], self.w_hidden) + self.bias_hidden
            r = (a[:, :H] + s[:, :H]).sigmoid()
            z = (a[:, H:-H] + s[:, H:-H]).sigmoid()
            n = (a[:, -H:] + r * s[:, -H:]).tanh()
            h.append(n - z * n + z * h[t])
        if lengths is None:
            lengths = [L] * N
        outputs = x.new_zeros(N, L, H)
        for k in range(N):
            for t in range(int(lengths[k])):
                outputs[k, t] = h[t + 1][k]
        return outputs, torch.stack([h[int(lengths[k])][k] for k in range(N)])
