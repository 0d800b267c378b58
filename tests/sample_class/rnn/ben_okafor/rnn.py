import numpy as np
import torch
import torch.nn as nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L, I = x.shape
    if lengths is None:
        lengths = [L] * N
    lengths = np.array(lengths)
    hidden_states = []
    h_last = np.zeros_like(h0)
    for t in range(L):
        h_t = np.tanh(x[:, t, :] @ w_input + h0 @ w_hidden + bias)
        valid = (t < lengths)[:, None]
        hidden_states.append(np.where(valid, h_t, np.zeros_like(h_t)))
        h_last = np.where(valid, h_t, h_last)
    return np.stack(hidden_states, axis=1), h_last


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.randn(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros(x.size(0), self.hidden_size, dtype=x.dtype)
        xh = torch.matmul(x, self.w_input)
        hh = torch.matmul(hidden_state, self.w_hidden)
        return torch.tanh(xh + hh + self.bias)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size))

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, I = x.shape
        if lengths is None:
            lengths = [L] * N
        lengths = torch.tensor(list(lengths))
        if hidden_state is None:
            hidden_state = torch.zeros(N, self.hidden_size, dtype=x.dtype)
        outputs = []
        last = torch.zeros_like(hidden_state)
        for t in range(L):
            h_t = self.cell(x[:, t, :], hidden_state)
            valid = (t < lengths)[:, None]
            outputs.append(torch.where(valid, h_t @ self.w_output, torch.zeros_like(h_t)))
            last = torch.where(valid, h_t, last)
        return torch.stack(outputs, dim=1), last
