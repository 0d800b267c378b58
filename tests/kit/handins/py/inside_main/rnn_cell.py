import numpy as np
import torch
from torch import nn

def main():
    
    def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
        return np.tanh(x @ w_input + h_prev @ w_hidden + bias)
    
    class RNNCell(nn.Module):
        def __init__(self, input_size, hidden_size):
            super().__init__()
            k = hidden_size ** -0.5
            self.w_input = nn.Parameter(torch.empty(input_size, hidden_size).uniform_(-k, k))
            self.w_hidden = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-k, k))
            self.bias = nn.Parameter(torch.empty(hidden_size).uniform_(-k, k))
    
        def forward(self, x, hidden_state=None):
            if hidden_state is None:
                hidden_state = x.new_zeros(x.shape[0], self.w_hidden.shape[0])
            return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)

main()
