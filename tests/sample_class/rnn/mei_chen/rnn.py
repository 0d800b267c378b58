"""RNN over a sequence; mei chen
I do one sample at a time, then there is no mask to think about."""
import numpy as np
import torch
from torch import nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L = x.shape[:2]
    H = h0.shape[1]
    if lengths is None:
        lengths = [L] * N
    hidden_states = np.zeros((N, L, H), dtype=x.dtype)
    h_last = np.zeros((N, H), dtype=x.dtype)
    for n in range(N):
        h = h0[n]
        for t in range(lengths[n]):
            h = np.tanh(x[n, t] @ w_input + h @ w_hidden + bias)
            hidden_states[n, t] = h
        h_last[n] = h
    return hidden_states, h_last


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) * 0.2)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.2)
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = x.new_zeros(x.shape[0], self.w_hidden.shape[0])
        return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.2)

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        if hidden_state is None:
            hidden_state = x.new_zeros(N, self.hidden_size)
        all_outputs = []
        all_last = []
        for n in range(N):
            length = L if lengths is None else int(lengths[n])
            h = hidden_state[n:n + 1]
            steps = []
            for t in range(length):
                h = self.cell(x[n:n + 1, t], h)
                steps.append(h @ self.w_output)
            for t in range(length, L):
                steps.append(x.new_zeros(1, self.hidden_size))
            all_outputs.append(torch.stack(steps, dim=1))
            all_last.append(h)
        return torch.cat(all_outputs, dim=0), torch.cat(all_last, dim=0)
