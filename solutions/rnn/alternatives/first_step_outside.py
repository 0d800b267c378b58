"""Step 0 before the loop, earlier states by negative index, index assignment instead of masks."""

import numpy as np
import torch
from torch import nn


def one_step(x_t, h, w_input, w_hidden, bias):
    return np.tanh(x_t @ w_input + h @ w_hidden + bias)


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    num_steps = x.shape[1]
    states = [one_step(x[:, 0], h0, w_input, w_hidden, bias)]
    for t in range(1, num_steps):
        new = one_step(x[:, t], states[-1], w_input, w_hidden, bias)
        if lengths is not None:
            done = [n for n, length in enumerate(lengths) if length <= t]
            new[done] = states[-1][done]
        states.append(new)
    h_last = states[-1].copy()
    hidden_states = np.stack(states, axis=-2)
    if lengths is not None:
        for n, length in enumerate(lengths):
            if length < num_steps:
                hidden_states[n, length - num_steps :] = 0
    return hidden_states, h_last


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        stdv = hidden_size**-0.5
        self.w_input = nn.Parameter(torch.FloatTensor(input_size, hidden_size).uniform_(-stdv, stdv))
        self.w_hidden = nn.Parameter(torch.FloatTensor(hidden_size, hidden_size).uniform_(-stdv, stdv))
        self.bias = nn.Parameter(torch.FloatTensor(hidden_size).uniform_(-stdv, stdv))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros(x.size()[0], self.hidden_size).type_as(x)
        return torch.tanh(x.mm(self.w_input) + hidden_state.mm(self.w_hidden) + self.bias)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        stdv = hidden_size**-0.5
        self.w_output = nn.Parameter(torch.FloatTensor(hidden_size, hidden_size).uniform_(-stdv, stdv))

    def forward(self, x, hidden_state=None, lengths=None):
        N, L = x.size(0), x.size(1)
        h = self.cell(x[:, 0], hidden_state)
        outputs = h.mm(self.w_output).unsqueeze(1)
        last = h
        for t in range(-L + 1, 0):
            h = self.cell(x[:, t], h)
            outputs = torch.cat((outputs, h.mm(self.w_output).unsqueeze(1)), dim=1)
            if lengths is not None:
                reading = torch.tensor([int(length) > L + t for length in lengths]).view(N, 1)
                last = torch.where(reading, h, last)
        if lengths is None:
            return outputs, h
        keep = torch.tensor([[t < int(length) for t in range(L)] for length in lengths])
        return outputs * keep.unsqueeze(-1), last
