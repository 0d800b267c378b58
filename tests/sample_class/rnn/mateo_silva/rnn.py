import numpy as np
import torch
import torch.nn as nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L, I = x.shape
    h = h0
    hidden_states = np.zeros((N, L, len(bias)), x.dtype)
    for t in range(L):
        h_next = np.tanh(x[:, t] @ w_input + h @ w_hidden + bias)
        # print("t", t, "h_next", h_next)
        if lengths is None:
            h = h_next
            hidden_states[:, t] = h
        else:
            ok = np.array([t < length for length in lengths])
            h = np.where(ok[:, None], h_next, h)
            hidden_states[ok, t] = h[ok]
    return hidden_states, h


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.randn(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros((x.shape[0], self.hidden_size), dtype=x.dtype)
        return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size))

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, I = x.shape
        h = hidden_state
        if h is None:
            h = torch.zeros((N, self.cell.hidden_size), dtype=x.dtype)
        outputs = []
        for t in range(L):
            h_next = self.cell(x[:, t], h)
            if lengths is None:
                h = h_next
                outputs.append(h)
            else:
                ok = torch.tensor([t < length for length in lengths])[:, None]
                h = torch.where(ok, h_next, h)
                outputs.append(torch.where(ok, h_next, torch.zeros_like(h_next)))
        return torch.stack(outputs, 1), h
