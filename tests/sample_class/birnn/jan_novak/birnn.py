import numpy as np
import torch
from torch import nn


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    n_batch, n_steps, _ = x.shape
    if lengths is None:
        lengths = np.array([n_steps] * n_batch)
    mask = (np.arange(n_steps)[:, None] < np.asarray(lengths)[None, :])[:, :, None]  # (L, N, 1)
    results, finals = [], []
    for direction, (w_input, w_hidden, bias) in enumerate([forward_weights, backward_weights]):
        h = h0[direction]
        out = [None] * n_steps
        steps = range(n_steps) if direction == 0 else range(n_steps - 1, -1, -1)
        for t in steps:
            h = np.where(mask[t], np.tanh(np.matmul(x[:, t], w_input) + np.matmul(h, w_hidden) + bias), h)
            out[t] = h * mask[t]
        results.append(np.stack(out, axis=1))
        finals.append(h)
    return np.concatenate(results, axis=2), np.stack(finals)


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        cell = nn.RNNCell(input_size, hidden_size)
        self.forward_cell, self.backward_cell = [cell] * 2
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def forward(self, x, hidden=None, lengths=None):
        n_batch, n_steps, _ = x.shape
        if hidden is None:
            hidden = torch.zeros(2, n_batch, self.hidden_size, dtype=x.dtype)
        limit = torch.as_tensor([n_steps] * n_batch if lengths is None else lengths).view(n_batch, 1)
        results, finals = [], []
        cells = [self.forward_cell, self.backward_cell]
        linears = [self.forward_linear, self.backward_linear]
        for direction in range(2):
            h = hidden[direction]
            out = [None] * n_steps
            steps = range(n_steps) if direction == 0 else range(n_steps - 1, -1, -1)
            for t in steps:
                h = torch.where(t < limit, cells[direction](x[:, t], h), h)
                out[t] = torch.where(t < limit, linears[direction](h), torch.zeros_like(h))
            results.append(torch.stack(out, dim=1))
            finals.append(h)
        return torch.cat(results, dim=2), torch.stack(finals)
