import math

import numpy as np
import torch
import torch.nn as nn


class NumpyReader:
    """Keeps the weights and the state of one pass."""

    def __init__(self, w_input, w_hidden, bias):
        self.w_input = w_input
        self.w_hidden = w_hidden
        self.bias = bias
        self.state = None

    def begin(self, h0):
        self.state = h0.copy()
        return self

    def step(self, x_t, alive):
        new = np.tanh(x_t @ self.w_input + self.state @ self.w_hidden + self.bias)
        self.state = np.where(alive, new, self.state)
        return self.state


class Lengths:
    def __init__(self, lengths, n, steps):
        self.values = [steps] * n if lengths is None else list(lengths)

    def alive(self, t):
        return np.array([[t < value] for value in self.values])


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    reader = NumpyReader(w_input, w_hidden, bias).begin(h0)
    ends = Lengths(lengths, x.shape[0], x.shape[1])
    out = np.zeros((x.shape[0], x.shape[1], h0.shape[1]), dtype=x.dtype)
    for t in range(x.shape[1]):
        alive = ends.alive(t)
        out[:, t] = reader.step(x[:, t], alive) * alive
    return out, reader.state


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.empty(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.empty(hidden_size))
        self.reset()

    def reset(self):
        bound = 1 / math.sqrt(self.hidden_size)
        for weight in self.parameters():
            nn.init.uniform_(weight, -bound, bound)

    def start(self, x):
        return torch.zeros(x.size(0), self.hidden_size, dtype=x.dtype, device=x.device)

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = self.start(x)
        return (x.matmul(self.w_input) + hidden_state.matmul(self.w_hidden) + self.bias).tanh()


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.empty(hidden_size, hidden_size))
        nn.init.uniform_(self.w_output, -1 / math.sqrt(hidden_size), 1 / math.sqrt(hidden_size))

    def mask(self, x, lengths):
        if lengths is None:
            return torch.ones(x.size(0), x.size(1), 1, dtype=torch.bool)
        return (torch.arange(x.size(1))[None, :] < torch.as_tensor(lengths)[:, None]).unsqueeze(2)

    def read_out(self, state, alive):
        return torch.where(alive, state @ self.w_output, torch.zeros_like(state))

    def forward(self, x, hidden_state=None, lengths=None):
        alive = self.mask(x, lengths)
        state = self.cell.start(x) if hidden_state is None else hidden_state
        outputs = []
        for t in range(x.size(1)):
            state = torch.where(alive[:, t], self.cell(x[:, t], state), state)
            outputs.append(self.read_out(state, alive[:, t]))
        return torch.stack(outputs, 1), state
