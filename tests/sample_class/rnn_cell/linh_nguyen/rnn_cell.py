import numpy as np
import torch
from torch import nn

def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    # float32 like torch
    x = np.asarray(x, dtype=np.float32)
    h_prev = np.asarray(h_prev, dtype=np.float32)
    h = np.tanh(x @ w_input.astype(np.float32) + h_prev @ w_hidden.astype(np.float32) + bias.astype(np.float32))
    return h

class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) / hidden_size ** 0.5)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) / hidden_size ** 0.5)
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def init_hidden(self, x):
        return torch.randn(x.shape[0], self.hidden_size, dtype=x.dtype)

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = self.init_hidden(x)
        return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)
