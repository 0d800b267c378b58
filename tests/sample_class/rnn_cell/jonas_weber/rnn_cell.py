# Lösung von Jonas Weber, geschrieben unter Windows
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    größe = bias.shape[0]          # H
    n = x.shape[0]                 # N
    h_next = np.zeros((n, größe), dtype=x.dtype)
    for i in range(n):
        # eine Zeile = ein Beispiel aus dem Batch
        h_next[i] = np.tanh(x[i].dot(w_input) + h_prev[i].dot(w_hidden) + bias)
    return h_next


class RNNCell(nn.Module):

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(nn.init.xavier_uniform_(torch.empty(input_size, hidden_size)))
        self.w_hidden = nn.Parameter(nn.init.orthogonal_(torch.empty(hidden_size, hidden_size)))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        # F.linear erwartet (out, in), deshalb .t()
        z = F.linear(x, self.w_input.t(), self.bias)
        if hidden_state is None:
            # Null-Zustand trägt nichts bei
            return torch.tanh(z)
        return torch.tanh(z + F.linear(hidden_state, self.w_hidden.t()))
