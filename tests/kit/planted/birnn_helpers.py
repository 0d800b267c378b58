import numpy as np
import torch
from torch import nn


def all_of(lengths, x):
    return [x.shape[1]] * x.shape[0] if lengths is None else [int(n) for n in lengths]


def step(x_t, h, weights):
    w_input, w_hidden, bias = weights
    return np.tanh(x_t @ w_input + h @ w_hidden + bias)


def keep(new, old, t, lengths):
    real = np.array([t < n for n in lengths])[:, None]
    return np.where(real, new, old)


def blank(states, lengths):
    for row, n in enumerate(lengths):
        states[row, n:] = 0
    return states


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    lengths = all_of(lengths, x)
    h, states = h0, []
    for t in range(x.shape[1]):
        h = keep(step(x[:, t], h, (w_input, w_hidden, bias)), h, t, lengths)
        states.append(h)
    return blank(np.stack(states, 1), lengths), h


def places(n, total):
    return [*range(n - 1, -1, -1), *range(n, total)]


def reverse(sequence, lengths):
    total = sequence.shape[1]
    rows = [sequence[row][places(int(n), total)] for row, n in enumerate(lengths)]
    return torch.stack(rows) if isinstance(sequence, torch.Tensor) else np.stack(rows)


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    lengths = all_of(lengths, x)
    left, h_left = rnn_forward(x, h0[0], *forward_weights, lengths=lengths)
    right, h_right = rnn_forward(reverse(x, lengths), h0[1], *backward_weights, lengths=lengths)
    right = reverse(right, lengths)
    return np.concatenate((left, right), axis=-1), np.stack((h_left, h_right))


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def real(self, lengths, t):
        return torch.tensor([[t < n] for n in lengths])

    def run(self, cell, x, state, lengths):
        states = []
        for t in range(x.shape[1]):
            state = torch.where(self.real(lengths, t), cell(x[:, t], state), state)
            states.append(state)
        return torch.stack(states, dim=1), state

    def begin(self, x, hidden):
        return x.new_zeros(2, len(x), self.hidden_size) if hidden is None else hidden

    def forward(self, x, hidden=None, lengths=None):
        lengths = all_of(lengths, x)
        h_left, h_right = self.begin(x, hidden)
        left, h_left = self.run(self.forward_cell, x, h_left, lengths)
        right, h_right = self.run(self.backward_cell, reverse(x, lengths), h_right, lengths)
        right = reverse(self.backward_linear(right), lengths)
        outputs = torch.cat((self.forward_linear(left), right), dim=-1)
        real = torch.stack([self.real(lengths, t) for t in range(x.shape[1])], dim=1)
        return outputs * real, torch.stack((h_left, h_right))
