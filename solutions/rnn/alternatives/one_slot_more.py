"""L+1 slots, the initial state in slot 0; last states picked out by index; projection once at the end."""

import numpy as np
import torch
import torch.nn as nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L, I = x.shape
    lengths = np.array([L] * N if lengths is None else lengths, dtype=int)
    h = np.zeros((L + 1,) + h0.shape, dtype=h0.dtype)
    h[0] = h0
    for t in range(1, L + 1):
        h[t] = np.tanh(x[:, t - 1] @ w_input + h[t - 1] @ w_hidden + bias)
    h_last = h[lengths, np.arange(N)]
    states = h[1:].transpose(1, 0, 2).copy()
    for n in range(N):
        states[n, lengths[n] :] = 0
    return states, h_last


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) / np.sqrt(input_size))
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) / np.sqrt(hidden_size))
        self.bias = nn.Parameter(torch.randn(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros(x.shape[0], self.hidden_size, dtype=x.dtype)
        both = torch.cat([x, hidden_state], 1)
        return torch.tanh(both @ torch.cat([self.w_input, self.w_hidden], 0) + self.bias)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size) / np.sqrt(hidden_size))

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, I = x.shape
        if lengths is None:
            lengths = [L for n in range(N)]
        if hidden_state is None:
            hidden_state = torch.zeros(N, self.cell.hidden_size, dtype=x.dtype)
        h = [hidden_state]
        for t in range(L):
            h.append(self.cell(x[:, t, :], h[t]))
        last = torch.stack([h[int(lengths[n])][n] for n in range(N)])
        states = torch.stack(h[1:], dim=1)
        mask = torch.zeros(N, L, 1, dtype=x.dtype)
        for n in range(N):
            mask[n, : int(lengths[n])] = 1
        return (states * mask) @ self.w_output, last
