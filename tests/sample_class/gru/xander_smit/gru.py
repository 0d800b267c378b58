import numpy as np
import torch
from torch import nn


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    H = h_prev.shape[-1]
    where = {"r": slice(0, H), "z": slice(H, 2 * H), "n": slice(2 * H, 3 * H)}
    part_x = {k: x @ w_input[:, s] + bias_input[s] for k, s in where.items()}
    part_h = {k: h_prev @ w_hidden[:, s] + bias_hidden[s] for k, s in where.items()}
    gate = {k: 1 / (1 + np.exp(-(part_x[k] + part_h[k]))) for k in "rz"}
    new = np.tanh(part_x["n"] + part_h["n"])
    return gate["z"] * h_prev + (1 - gate["z"]) * new


class GRU(nn.Module):
    """A GRU over whole sequences. Owns w_input (I, 3H), w_hidden (H, 3H), bias_input (3H,) and bias_hidden (3H,)."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        bound = 1 / hidden_size ** 0.5
        self.w_input = nn.Parameter(torch.empty(input_size, 3 * hidden_size).uniform_(-bound, bound))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, 3 * hidden_size).uniform_(-bound, bound))
        self.bias_input = nn.Parameter(torch.empty(3 * hidden_size).uniform_(-bound, bound))
        self.bias_hidden = nn.Parameter(torch.empty(3 * hidden_size).uniform_(-bound, bound))

    def step(self, x, h):
        a_r, a_z, a_n = torch.chunk(x @ self.w_input + self.bias_input, 3, dim=1)
        s_r, s_z, s_n = torch.chunk(h @ self.w_hidden + self.bias_hidden, 3, dim=1)
        r = torch.sigmoid(a_r + s_r)
        z = torch.sigmoid(a_z + s_z)
        n = torch.tanh(a_n + r * s_n)
        return z * n + (1 - z) * h

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        if hidden_state is None:
            hidden_state = torch.zeros(N, self.hidden_size, dtype=x.dtype)
        if lengths is None:
            lengths = [L] * N
        outputs = []
        h = hidden_state
        for t in range(L):
            new = self.step(x[:, t], h)
            rows = []
            shown = []
            for n in range(N):
                rows.append(new[n] if t <= lengths[n] else h[n])
                shown.append(new[n] if t <= lengths[n] else torch.zeros_like(h[n]))
            h = torch.stack(rows)
            outputs.append(torch.stack(shown))
        return torch.stack(outputs, dim=1), h
