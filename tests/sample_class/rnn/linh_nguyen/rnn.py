import numpy as np
import torch
from torch import nn

def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    # lengths: I do not know what this is for, leave it
    h = h0
    out = []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ w_input + h @ w_hidden + bias)
        out.append(h)
    return np.stack(out, axis=1), h

class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) / hidden_size ** 0.5)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) / hidden_size ** 0.5)
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros(x.shape[0], self.hidden_size, dtype=x.dtype)
        return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)

class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size) / hidden_size ** 0.5)

    def forward(self, x, hidden_state=None, lengths=None):
        out = []
        for t in range(x.shape[1]):
            hidden_state = self.cell(x[:, t], hidden_state)
            out.append(hidden_state)
        out = torch.stack(out, dim=1)
        return out @ self.w_output, hidden_state
