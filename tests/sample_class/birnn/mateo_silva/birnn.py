import numpy as np
import torch
import torch.nn as nn


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L, I = x.shape
    if lengths is None:
        lengths = [L] * N
    h = h0[0]
    out_f = []
    for t in range(L):
        ok = np.array([t < length for length in lengths])[:, None]
        h = np.where(ok, np.tanh(x[:, t] @ forward_weights[0] + h @ forward_weights[1] + forward_weights[2]), h)
        out_f.append(h * ok)
    h_forward = h
    out_b = []
    # and back again
    for t in range(L - 1, -1, -1):
        ok = np.array([t < length for length in lengths])[:, None]
        h = np.where(ok, np.tanh(x[:, t] @ backward_weights[0] + h @ backward_weights[1] + backward_weights[2]), h)
        out_b.append(h * ok)
    out_b.reverse()
    return np.concatenate([np.stack(out_f, 1), np.stack(out_b, 1)], axis=2), np.stack([h_forward, h])


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def forward(self, x, hidden=None, lengths=None):
        N, L, I = x.shape
        if lengths is None:
            lengths = [L] * N
        if hidden is None:
            hidden = torch.zeros((2, N, self.hidden_size), dtype=x.dtype)
        h = hidden[0]
        out_f, out_b = [], []
        for t in range(L):
            ok = torch.tensor([t < length for length in lengths])[:, None]
            h = torch.where(ok, self.forward_cell(x[:, t], h), h)
            out_f.append(self.forward_linear(h) * ok)
        h_forward = h
        for t in range(L - 1, -1, -1):
            ok = torch.tensor([t < length for length in lengths])[:, None]
            h = torch.where(ok, self.backward_cell(x[:, t], h), h)
            out_b.append(self.backward_linear(h) * ok)
        out_b.reverse()
        return torch.cat([torch.stack(out_f, 1), torch.stack(out_b, 1)], dim=2), torch.stack([h_forward, h])
