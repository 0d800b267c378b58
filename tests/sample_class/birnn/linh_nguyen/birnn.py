import numpy as np
import torch
from torch import nn

def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L, I = x.shape
    if lengths is None:
        lengths = [L] * N
    mask = np.arange(L)[None, :, None] < np.asarray(lengths)[:, None, None]
    h = h0[0]
    f = []
    for t in range(L):
        h = np.where(mask[:, t], np.tanh(x[:, t] @ forward_weights[0] + h @ forward_weights[1] + forward_weights[2]), h)
        f.append(h)
    hb = h0[1]
    b = []
    for x_t in np.flip(x, axis=1).swapaxes(0, 1):
        hb = np.tanh(x_t @ backward_weights[0] + hb @ backward_weights[1] + backward_weights[2])
        b.append(hb)
    b = b[::-1]
    out = np.concatenate([np.stack(f, axis=1), np.stack(b, axis=1)], axis=-1)
    return np.where(mask, out, np.zeros_like(out)), np.stack([h, hb])

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
        if hidden is None:
            hidden = torch.zeros(2, N, self.hidden_size, dtype=x.dtype)
        if lengths is None:
            lengths = [L] * N
        mask = torch.arange(L)[None, :, None] < torch.as_tensor(lengths)[:, None, None]
        h, hb = hidden
        f, b = [], []
        for t in range(L):
            h = torch.where(mask[:, t], self.forward_cell(x[:, t], h), h)
            f.append(h)
        for x_t in x.flip(1).unbind(1):
            hb = self.backward_cell(x_t, hb)
            b.append(hb)
        b = torch.stack(b, dim=1).flip(1)
        out = torch.cat([self.forward_linear(torch.stack(f, dim=1)), self.backward_linear(b)], dim=-1)
        return out * mask, torch.stack([h, hb])
