# Übung 1: eine RNN-Zelle
# Anna Schmidt
import numpy as np
import torch
from torch import nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    # Beitrag der Eingabe: (N,I) @ (I,H) -> (N,H)
    eingabe = x @ w_input
    # Beitrag des alten Zustands: (N,H) @ (H,H) -> (N,H)
    zustand = h_prev @ w_hidden
    # Bias wird über den Batch verteilt (Broadcasting)
    return np.tanh(eingabe + zustand + bias)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        # kleine Zufallszahlen, damit tanh nicht sofort in die Sättigung geht
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) * 0.1)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros(x.shape[0], self.hidden_size, dtype=x.dtype, device=x.device)
        return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)
