from collections import deque

import numpy as np
import torch
import torch.nn as nn


class Direction:
    """one direction of the network (numpy)"""

    def __init__(self, weights, backward=False):
        self.wx, self.wh, self.b = weights
        self.backward = backward

    def __call__(self, x, h, lengths):
        L = x.shape[1]
        q = deque()
        times = list(range(L))
        if self.backward:
            times.reverse()
        for t in times:
            m = (lengths > t)[:, None]
            h = np.where(m, np.tanh(np.dot(x[:, t], self.wx) + np.dot(h, self.wh) + self.b), h)
            o = np.where(m, h, np.zeros_like(h))
            q.appendleft(o) if self.backward else q.append(o)
        return np.stack(list(q), axis=1), h


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L, I = x.shape
    if lengths is None:
        lengths = np.full((N,), L)
    lengths = np.asarray(lengths)
    f, hf = Direction(forward_weights)(x, h0[0], lengths)
    b, hb = Direction(backward_weights, backward=True)(x, h0[1], lengths)
    return np.dstack([f, b]), np.stack([hf, hb])


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super(BiRNN, self).__init__()
        self.hidden_size = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def forward(self, x, hidden=None, lengths=None):
        N, L, I = x.shape
        if lengths is None:
            lengths = [L] * N
        lengths = torch.tensor([int(v) for v in lengths])
        if hidden is None:
            hidden = torch.zeros(2, N, self.hidden_size, dtype=x.dtype, device=x.device)
        hf, hb = hidden[0], hidden[1]
        f, b, mask = deque(), deque(), deque()
        for t in range(L):
            m = (lengths > t)[:, None]
            mask.append(m)
            hf = torch.where(m, self.forward_cell(x[:, t], hf), hf)
            f.append(hf)
        for t in range(L - 1, -1, -1):
            hb = torch.where(mask[t], self.backward_cell(x[:, t], hb), hb)
            b.appendleft(hb)
        f = self.forward_linear(torch.stack(tuple(f), dim=1))
        b = self.backward_linear(torch.stack(tuple(b), dim=1))
        m = torch.stack(tuple(mask), dim=1).to(x.dtype)
        return torch.cat((f * m, b * m), dim=2), torch.stack((hf, hb))
