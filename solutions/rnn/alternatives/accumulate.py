"""Functional: itertools.accumulate carries the state, no loop statement around the step."""

import math
from functools import partial
from itertools import accumulate

import numpy as np
import torch
from torch import nn


def real_steps(lengths, N, L):
    """(L, N, 1), true where a step is real."""
    return np.arange(L)[:, None, None] < np.reshape([L] * N if lengths is None else lengths, (1, N, 1))


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L, _ = x.shape
    real = real_steps(lengths, N, L)

    def step(h, now):
        x_t, real_t = now
        return np.where(real_t, np.tanh(x_t @ w_input + h @ w_hidden + bias), h)

    states = list(accumulate(zip(x.transpose(1, 0, 2), real), step, initial=h0))
    return np.stack([h * m for h, m in zip(states[1:], real)], axis=1), states[-1]


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        new = partial(torch.nn.init.uniform_, a=-1 / math.sqrt(hidden_size), b=1 / math.sqrt(hidden_size))
        self.w_input = nn.Parameter(new(torch.empty(input_size, hidden_size)))
        self.w_hidden = nn.Parameter(new(torch.empty(hidden_size, hidden_size)))
        self.bias = nn.Parameter(new(torch.empty(hidden_size)))

    def forward(self, x, hidden_state=None):
        from_x = x @ self.w_input
        from_h = 0 if hidden_state is None else hidden_state @ self.w_hidden
        return nn.Tanh()(from_x + from_h + self.bias)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        bound = 1 / math.sqrt(hidden_size)
        self.w_output = nn.Parameter(
            torch.nn.init.uniform_(torch.empty(hidden_size, hidden_size), -bound, bound)
        )

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        real = torch.from_numpy(real_steps(lengths, N, L))
        start = x.new_zeros(N, self.w_output.shape[0]) if hidden_state is None else hidden_state

        def step(h, t):
            return torch.where(real[t], self.cell(x[:, t], h), h)

        states = list(accumulate(range(L), step, initial=start))
        outputs = torch.stack(states[1:]) @ self.w_output * real
        return outputs.transpose(0, 1), states[-1]
