# Übungsblatt 2 – Jonas Weber
import numpy as np
import torch
import torch.nn as nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    # Zeit nach vorne: (L, N, I)
    xt = np.transpose(x, (1, 0, 2))
    L, N, _ = xt.shape
    if lengths is None:
        lengths = [L for _ in range(N)]
    länge = np.array(lengths).reshape(N, 1)
    h = np.array(h0)
    alle = np.zeros((L, N, h.shape[1]), dtype=x.dtype)
    for t, x_t in enumerate(xt):
        neu = np.tanh(np.dot(x_t, w_input) + np.dot(h, w_hidden) + bias)
        h = np.where(länge > t, neu, h)
        alle[t] = np.where(länge > t, neu, alle[t])
    # Zeit zurück in die Mitte
    return np.ascontiguousarray(np.transpose(alle, (1, 0, 2))), h


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(nn.init.xavier_uniform_(torch.empty(input_size, hidden_size)))
        self.w_hidden = nn.Parameter(nn.init.orthogonal_(torch.empty(hidden_size, hidden_size)))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        z = x.matmul(self.w_input) + self.bias
        if hidden_state is None:
            return z.tanh()
        return (z + hidden_state.matmul(self.w_hidden)).tanh()


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden_size, hidden_size)))

    def forward(self, x, hidden_state=None, lengths=None):
        xt = x.transpose(0, 1)
        L, N = xt.shape[0], xt.shape[1]
        if hidden_state is None:
            h = torch.zeros(N, self.cell.hidden_size, dtype=x.dtype)
        else:
            h = hidden_state
        if lengths is None:
            lengths = [L] * N
        länge = torch.tensor(list(lengths)).view(N, 1)
        alle = []
        for t in range(L):
            neu = self.cell(xt[t], h)
            an = länge > t
            h = torch.where(an, neu, h)
            alle.append(torch.where(an, neu @ self.w_output, torch.zeros(1, dtype=x.dtype)))
        return torch.stack(alle).transpose(0, 1), h
