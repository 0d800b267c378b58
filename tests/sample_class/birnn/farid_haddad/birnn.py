from torch import nn
import numpy as np
import torch


def direction(x, state, weights, lengths, order):
    res = np.zeros(x.shape[:2] + state.shape[1:], dtype=x.dtype)
    for t in order:
        new = x[:, t] @ weights[0]
        new = new + state @ weights[1]
        new = np.tanh(new + weights[2])
        on = lengths[:, None] > t
        state = np.where(on, new, state)
        res[:, t] = np.where(on, new, np.zeros_like(new))
    return res, state


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    batch, steps, _ = x.shape
    lengths = np.repeat(steps, batch) if lengths is None else np.array(lengths)
    res_f, last_f = direction(x, h0[0], forward_weights, lengths, range(steps))
    res_b, last_b = direction(x, h0[1], backward_weights, lengths, range(steps - 1, -1, -1))
    return np.concatenate([res_f, res_b], axis=2), np.stack([last_f, last_b])


class BiRNN(nn.Module):

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.h = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def direction(self, cell, x, state, lens, order):
        res = [None] * x.shape[1]
        for t in order:
            state = torch.where(lens[:, None] > t, cell(x[:, t], state), state)
            res[t] = state
        return torch.stack(res, dim=1)

    def forward(self, x, hidden=None, lengths=None):
        batch, steps, _ = x.shape
        if hidden is None:
            hidden = torch.zeros(2, batch, self.h, dtype=x.dtype)
        lens = torch.full((batch,), steps) if lengths is None else torch.as_tensor(lengths)
        f = self.direction(self.forward_cell, x, hidden[0], lens, range(steps))
        b = self.direction(self.backward_cell, x, hidden[1], lens, range(steps - 1, -1, -1))
        # the last valid step of both
        rows = torch.arange(batch)
        last = torch.stack([f[rows, lens - 1], b[rows, lens - 1]])
        res = torch.cat([self.forward_linear(f), self.backward_linear(b)], dim=2)
        on = torch.arange(steps)[None, :, None] < lens[:, None, None]
        return torch.where(on, res, torch.zeros_like(res)), last
