from torch import nn
import numpy as np
import torch


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    batch, steps, _ = x.shape
    lengths = np.repeat(steps, batch) if lengths is None else np.array(lengths)
    state = h0
    res = []
    for t in range(steps):
        new = x[:, t] @ w_input
        new = new + state @ w_hidden
        new = np.tanh(new + bias)
        on = lengths[:, None] > t
        state = np.where(on, new, state)
        res.append(np.where(on, new, np.zeros_like(new)))
    return np.stack(res, axis=1), state


class RNNCell(nn.Module):

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.i, self.h = input_size, hidden_size
        self.w_input = nn.Parameter(torch.normal(0.0, 0.1, (input_size, hidden_size)))
        self.w_hidden = nn.Parameter(torch.normal(0.0, 0.1, (hidden_size, hidden_size)))
        self.bias = nn.Parameter(torch.normal(0.0, 0.1, (hidden_size,)))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros(x.shape[0], self.h, dtype=x.dtype)
        return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)


class RNN(nn.Module):

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.h = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.normal(0.0, 0.1, (hidden_size, hidden_size)))

    def forward(self, x, hidden_state=None, lengths=None):
        batch, steps, _ = x.shape
        # start of the sequence
        hidden_state = torch.zeros(batch, self.h, dtype=x.dtype)
        lens = torch.full((batch,), steps) if lengths is None else torch.as_tensor(lengths)
        res = []
        for t in range(steps):
            on = lens[:, None] > t
            new = self.cell(x[:, t], hidden_state)
            hidden_state = torch.where(on, new, hidden_state)
            res.append(torch.where(on, new @ self.w_output, torch.zeros_like(new)))
        return torch.stack(res, dim=1), hidden_state
