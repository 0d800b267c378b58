import numpy as np
import torch
from torch import nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L, I = x.shape
    tamanhos = [L] * N if lengths is None else lengths
    estados = np.zeros((N, L, h0.shape[1]), dtype=x.dtype)
    ultimo = np.array(h0)  # copy this time!
    for t in range(L):
        novo = np.tanh(x[:, t] @ w_input + ultimo @ w_hidden + bias)
        for n in range(N):
            if t < tamanhos[n]:
                ultimo[n] = novo[n]
                estados[n, t] = novo[n]
    return estados, ultimo


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) * .2)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) * .2)
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        novo = x @ self.w_input + self.bias
        if hidden_state is not None:
            novo = novo + hidden_state @ self.w_hidden
        return torch.tanh(novo)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size) * .2)
        self.h = None  # memory of the network

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, I = x.shape
        if hidden_state is not None:
            self.h = hidden_state
        if self.h is None or self.h.shape[0] != N or self.h.dtype != x.dtype:
            self.h = torch.zeros(N, self.hidden_size, dtype=x.dtype)
        t_max = torch.as_tensor([L] * N if lengths is None else list(lengths)).unsqueeze(1)
        saidas = []
        for t in range(L):
            novo = self.cell(x[:, t], self.h)
            self.h = torch.where(t < t_max, novo, self.h)
            saidas.append(torch.where(t < t_max, novo @ self.w_output, torch.zeros_like(novo)))
        return torch.stack(saidas, dim=1), self.h
