"""The backward half is pushed to the left of a deque; the first step of each direction outside the loop."""

from collections import deque

import numpy as np
import torch
from torch import nn


def cell(x_t, h, weights):
    w_input, w_hidden, bias = weights
    return np.tanh(np.hstack([x_t, h]) @ np.vstack([w_input, w_hidden]) + bias)


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L = x.shape[0], x.shape[1]
    lengths = np.array([L] * N) if lengths is None else np.array(lengths)
    real = [(lengths > t)[:, np.newaxis] for t in range(L)]

    h = cell(x[:, 0], h0[0], forward_weights)  # step 0 is real for everyone
    left = [h]
    for t in range(1, L):
        h = np.where(real[t], cell(x[:, t], h, forward_weights), h)
        left.append(h * real[t])
    final_f = h

    h = np.where(real[-1], cell(x[:, -1], h0[1], backward_weights), h0[1])
    right = deque([h * real[-1]])
    for t in range(2, L + 1):
        h = np.where(real[-t], cell(x[:, -t], h, backward_weights), h)
        right.appendleft(h * real[-t])

    steps = [np.concatenate(pair, axis=1) for pair in zip(left, right)]
    return np.stack(steps, axis=1), np.stack([final_f, h])


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)
        self.H = hidden_size

    def forward(self, x, hidden=None, lengths=None):
        N, L = x.shape[0], x.shape[1]
        if lengths is None:
            lengths = [L] * N
        real = [torch.tensor([[t < int(n)] for n in lengths]) for t in range(L)]
        if hidden is None:
            hf = hb = x.new_zeros(N, self.H)
        else:
            hf, hb = hidden

        left, right = deque(), deque()
        for t in range(L):
            hf = torch.where(real[t], self.forward_cell(x[:, t], hf), hf)
            left.append(hf)
            hb = torch.where(real[-1 - t], self.backward_cell(x[:, -1 - t], hb), hb)
            right.appendleft(hb)
        out_f = self.forward_linear(torch.stack(tuple(left)))
        out_b = self.backward_linear(torch.stack(tuple(right)))
        outputs = torch.cat((out_f, out_b), 2) * torch.stack(real)
        return outputs.permute(1, 0, 2), torch.stack((hf, hb))
