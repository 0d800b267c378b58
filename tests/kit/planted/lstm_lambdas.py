"""Gates that a `lambda` cuts out, and a sigmoid made of tanh."""

import numpy as np
import torch
from torch import nn

sig = lambda z: 0.5 * (1 + np.tanh(0.5 * z))


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    H = h_prev.shape[1]
    z = x.dot(w_input) + h_prev.dot(w_hidden) + bias
    gate = lambda k, f: f(z[:, k * H : (k + 1) * H])
    inp, forget, cand, outg = (gate(k, f) for k, f in enumerate([sig, sig, np.tanh, sig]))
    c = np.copy(c_prev)
    c *= forget
    c += inp * cand
    return outg * np.tanh(c), c


class LSTM(nn.Module):
    GATES = 4

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.n_hidden = hidden_size
        self.w_input = nn.Parameter(torch.Tensor(input_size, self.GATES * hidden_size))
        self.w_hidden = nn.Parameter(torch.Tensor(hidden_size, self.GATES * hidden_size))
        self.bias = nn.Parameter(torch.Tensor(self.GATES * hidden_size))
        self.reset()

    def reset(self):
        stdv = self.n_hidden**-0.5
        for p in self.parameters():
            nn.init.uniform_(p, -stdv, stdv)

    def step(self, xt, h, c):
        z = xt @ self.w_input + h @ self.w_hidden + self.bias
        zi, zf, zg, zo = z.view(-1, self.GATES, self.n_hidden).unbind(1)
        c = zf.sigmoid() * c + zi.sigmoid() * zg.tanh()
        return zo.sigmoid() * c.tanh(), c

    def forward(self, x, state=None, lengths=None):
        batch, T = x.shape[:2]
        if state is None:
            h = c = torch.zeros(batch, self.n_hidden, dtype=x.dtype)
        else:
            h, c = state
        if lengths is None:
            lengths = torch.full((batch,), T)
        lengths = torch.as_tensor(lengths)
        ys = []
        for t in range(T):
            on = torch.gt(lengths, t).view(-1, 1)
            h2, c2 = self.step(x[:, t], h, c)
            h = torch.where(on, h2, h)
            c = torch.where(on, c2, c)
            ys.append(torch.where(on, h2, torch.zeros_like(h2)))
        return torch.stack(ys, dim=1), (h, c)
