import numpy as np
import torch
from torch import nn


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    H = h_prev.shape[-1]
    where = {"r": slice(0, H), "z": slice(H, 2 * H), "n": slice(2 * H, 3 * H)}
    part_x = {k: x @ w_input[:, s] + bias_input[s] for k, s in where.items()}
    part_h = {k: h_prev @ w_hidden[:, s] + bias_hidden[s] for k, s in where.items()}
    gate = {k: 1 / (1 + np.exp(-(part_x[k] + part_h[k]))) for k in "rz"}
    new = np.tanh(part_x["n"] + gate["r"] * part_h["n"])
    return gate["z"] * h_prev + (1 - gate["z"]) * new


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, 3 * hidden_size) * 0.1)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, 3 * hidden_size) * 0.1)
        self.bias_input = nn.Parameter(torch.zeros(3 * hidden_size))
        self.bias_hidden = nn.Parameter(torch.zeros(3 * hidden_size))

    def forward(self, x, hidden_state=None, lengths=None):
        batch, steps, _ = x.shape
        h = torch.zeros(batch, self.hidden_size, dtype=x.dtype, device=x.device)
        ends = torch.full((batch,), steps) if lengths is None else torch.as_tensor(lengths)
        ys = []
        for t in range(steps):
            ir, iz, in_ = (x[:, t] @ self.w_input + self.bias_input).chunk(3, 1)
            hr, hz, hn = (h @ self.w_hidden + self.bias_hidden).chunk(3, 1)
            r = torch.sigmoid(ir + hr)
            z = torch.sigmoid(iz + hz)
            n = torch.tanh(in_ + r * hn)
            new_h = (1 - z) * n + z * h
            live = (ends > t)[:, None]
            h = torch.where(live, new_h, h)
            ys.append(h)
        return torch.stack(ys, 1), h
