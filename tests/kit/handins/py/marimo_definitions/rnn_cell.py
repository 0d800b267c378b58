import marimo

__generated_with = "0.13.0"
app = marimo.App()

with app.setup:
    import math
    import numpy as np
    import torch
    from torch import nn


@app.function
def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    return np.tanh(x @ w_input + h_prev @ w_hidden + bias)


@app.class_definition
class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        bound = 1 / math.sqrt(hidden_size)
        self.w_input = nn.Parameter(torch.empty(input_size, hidden_size).uniform_(-bound, bound))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(hidden_size).uniform_(-bound, bound))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = x.new_zeros(x.shape[0], self.hidden_size)
        return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)


@app.cell
def _():
    return


if __name__ == "__main__":
    app.run()
