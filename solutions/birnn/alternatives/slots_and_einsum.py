"""L+2 slots with both initial states at the ends; einsum; the cells' weights used through F.linear."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L, _ = x.shape
    H = h0.shape[2]
    lengths = np.full(N, L) if lengths is None else np.asarray(lengths)
    a_f = np.einsum("nli,ih->lnh", x, forward_weights[0]) + forward_weights[2]
    a_b = np.einsum("nli,ih->lnh", x, backward_weights[0]) + backward_weights[2]
    # Slot t + 1 holds step t. Slot 0 is before the first step, slot L + 1 behind the last.
    f = np.zeros((L + 2, N, H), dtype=x.dtype)
    b = np.zeros((L + 2, N, H), dtype=x.dtype)
    f[0], b[L + 1] = h0[0], h0[1]
    for slot in range(1, L + 1):
        real = (slot <= lengths).reshape(N, 1)
        f[slot] = np.where(
            real,
            np.tanh(a_f[slot - 1] + np.einsum("nk,kh->nh", f[slot - 1], forward_weights[1])),
            f[slot - 1],
        )
    for slot in range(L, 0, -1):
        real = (slot <= lengths).reshape(N, 1)
        b[slot] = np.where(
            real,
            np.tanh(a_b[slot - 1] + np.einsum("nk,kh->nh", b[slot + 1], backward_weights[1])),
            b[slot + 1],
        )
    hidden = np.stack([f[L], b[1]])
    outputs = np.concatenate([f[1:-1], b[1:-1]], axis=2).transpose(1, 0, 2).copy()
    outputs[np.arange(L) >= lengths[:, None]] = 0
    return outputs, hidden


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def step(self, cell, x_t, h):
        return torch.tanh(
            F.linear(x_t, cell.weight_ih, cell.bias_ih) + F.linear(h, cell.weight_hh, cell.bias_hh)
        )

    def forward(self, x, hidden=None, lengths=None):
        N, L, _ = x.shape
        H = self.hidden_size
        hidden = torch.zeros((2, N, H)).to(x) if hidden is None else hidden
        lengths = torch.tensor([L] * N if lengths is None else [int(v) for v in lengths]).to(x.device)
        f, b = [hidden[0]], [hidden[1]]
        for t in range(L):
            f.append(torch.where((lengths > t)[:, None], self.step(self.forward_cell, x[:, t], f[-1]), f[-1]))
            s = L - 1 - t
            b.append(
                torch.where((lengths > s)[:, None], self.step(self.backward_cell, x[:, s], b[-1]), b[-1])
            )
        outputs = x.new_zeros(N, L, 2 * H)
        for t in range(L):
            real = (lengths > t)[:, None].to(x.dtype)
            outputs[:, t, :H] = real * F.linear(
                f[t + 1], self.forward_linear.weight, self.forward_linear.bias
            )
            outputs[:, t, H:] = real * F.linear(
                b[L - t], self.backward_linear.weight, self.backward_linear.bias
            )
        return outputs, torch.stack([f[-1], b[-1]])
