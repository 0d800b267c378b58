# Carlos M.
import numpy as np
import torch
from torch import nn

def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    # activation of each part
    from_input = np.tanh(x @ w_input)
    from_hidden = np.tanh(h_prev @ w_hidden + bias)
    return from_input + from_hidden

class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) * 0.01)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.01)
        self.bias = nn.Parameter(torch.zeros(hidden_size))
        self.tanh = nn.Tanh()

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros(x.shape[0], self.hidden_size).type_as(x)
        return self.tanh(x @ self.w_input) + self.tanh(hidden_state @ self.w_hidden + self.bias)
