import numpy as np
import torch
import torch.nn as nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L, I = x.shape
    H = h0.shape[1]
    if lengths is None:
        lengths = np.full((N,), L)
    lengths = np.asarray(lengths)
    hidden_states = np.zeros((N, L, H), dtype=x.dtype)
    h = h0
    for t in range(L):
        h_new = np.tanh(np.dot(x[:, t], w_input) + np.dot(h, w_hidden) + bias)
        m = (lengths > t)[:, None]
        h = np.where(m, h_new, h)
        hidden_states[:, t] = np.where(m, h_new, 0)
    return hidden_states, h


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super(RNNCell, self).__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros(x.shape[0], self.hidden_size, dtype=x.dtype, device=x.device)
        z = torch.mm(x, self.w_input) + torch.mm(hidden_state, self.w_hidden) + self.bias
        return torch.tanh(z)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super(RNN, self).__init__()
        self.hidden_size = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size))

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, I = x.shape
        if lengths is None:
            lengths = [L] * N
        lengths = torch.tensor([int(v) for v in lengths])
        if hidden_state is None:
            hidden_state = torch.zeros(N, self.hidden_size, dtype=x.dtype, device=x.device)
        outputs = []
        for t in range(L):
            m = (lengths > t)[:, None]
            out = torch.mm(self.cell(x[:, t], hidden_state), self.w_output)
            hidden_state = torch.where(m, out, hidden_state)
            outputs.append(torch.where(m, out, torch.zeros_like(out)))
        return torch.stack(outputs, dim=1), hidden_state
