# I come from C, so: loops. Slow but I understand it.
import math

import numpy as np
import torch


def dot(a, b):
    s = 0.0
    for u, v in zip(a, b):
        s = s + u * v
    return s


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    N = x.shape[0]
    H = w_hidden.shape[0]
    h_next = np.empty((N, H), x.dtype)
    for n in range(N):
        for j in range(H):
            z = dot(x[n, :], w_input[:, j])
            z += dot(h_prev[n, :], w_hidden[:, j])
            z += bias[j]
            h_next[n, j] = math.tanh(z)
    return h_next


class RNNCell(torch.nn.Module):
    def __init__(self, input_size, hidden_size):
        torch.nn.Module.__init__(self)
        self.register_parameter("w_input", torch.nn.Parameter(0.3 * torch.randn(input_size, hidden_size)))
        self.register_parameter("w_hidden", torch.nn.Parameter(0.3 * torch.randn(hidden_size, hidden_size)))
        self.register_parameter("bias", torch.nn.Parameter(torch.zeros(hidden_size)))

    def forward(self, x, hidden_state=None):
        rows = []
        for n in range(x.shape[0]):
            z = x[n] @ self.w_input + self.bias
            if hidden_state is not None:
                z = z + hidden_state[n] @ self.w_hidden
            rows.append(torch.tanh(z))
        return torch.stack(rows)
