import numpy as np
import torch
from torch import nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L, _ = x.shape
    out = np.zeros((N, L, h0.shape[1]), dtype=x.dtype)
    if lengths is None:
        h = h0
        for t in range(L):
            h = np.tanh(x[:, t] @ w_input + h @ w_hidden + bias)
            out[:, t] = h
        return out, h
    h_last = np.zeros_like(h0)
    for n in range(N):
        t = 0
        h = h0[n]
        while t < lengths[n]:
            h = np.tanh(x[n, t] @ w_input + h @ w_hidden + bias)
            out[n, t] = h
        h_last[n] = h
    return out, h_last


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = x.new_zeros(x.shape[0], self.hidden_size)
        return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size))

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        lengths = [L] * N if lengths is None else lengths
        if hidden_state is None:
            hidden_state = x.new_zeros(N, self.cell.hidden_size)
        ys = []
        for t in range(L):
            alive = torch.tensor([bool(t < v) for v in lengths]).unsqueeze(1)
            hidden_state = torch.where(alive, self.cell(x[:, t], hidden_state), hidden_state)
            ys.append((hidden_state @ self.w_output).masked_fill(~alive, 0))
        return torch.stack(ys, dim=1), hidden_state
