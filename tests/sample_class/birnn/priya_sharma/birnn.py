import numpy as np
import torch
from torch import nn

torch.set_num_threads(4)
torch.manual_seed(7)


def scan(step, xs, h0, valid):
    """xs: list of (N, I); valid: list of (N, 1) bool; returns list of states, last state"""
    hs, h = [], h0
    for x_t, v in zip(xs, valid):
        h = step(x_t, h, v)
        hs.append(h)
    return hs, h


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    n, l, _ = x.shape
    H = h0.shape[-1]
    lengths = np.array([l] * n if lengths is None else lengths)

    def make(w):
        wx, wh, b = w

        def step(x_t, h, v):
            return np.where(v, np.tanh(x_t @ wx + h @ wh + b), h)

        return step

    xs = [x[:, t] for t in range(l)]
    valid = [(lengths > t)[:, None] for t in range(l)]
    f, hf = scan(make(forward_weights), xs, h0[0], valid)
    b, hb = scan(make(backward_weights), xs[::-1], h0[1], valid[::-1])
    b = b[::-1]
    out = np.zeros((n, l, 2 * H), dtype=x.dtype)
    for t in range(l):
        out[:, t, :H] += f[t] * valid[t]
        out[:, t, H:] += b[t] * valid[t]
    hidden = np.empty((2, n, H), dtype=x.dtype)
    hidden[0], hidden[1] = hf, hb
    return out, hidden


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def forward(self, x, hidden=None, lengths=None):
        n, l, _ = x.shape
        lengths = torch.as_tensor([l] * n if lengths is None else lengths)
        if hidden is None:
            hidden = torch.zeros((2, n, self.hidden_size)).to(x)
        xs = list(x.unbind(1))
        valid = [(lengths > t).unsqueeze(1) for t in range(l)]

        def make(cell):
            return lambda x_t, h, v: torch.where(v, cell(x_t, h), h)

        f, hf = scan(make(self.forward_cell), xs, hidden[0], valid)
        b, hb = scan(make(self.backward_cell), xs[::-1], hidden[1], valid[::-1])
        f, b, valid = torch.stack(f, 1), torch.stack(b[::-1], 1), torch.stack(valid, 1)
        out = torch.cat([self.forward_linear(f), self.backward_linear(b)], dim=2)
        return torch.where(valid, out, torch.zeros_like(out)), torch.stack([hf, hb])
