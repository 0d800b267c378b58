import numpy as np
import torch
from torch import nn


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    W_r, W_z, W_n = np.hsplit(w_input, 3)
    U_r, U_z, U_n = np.hsplit(w_hidden, 3)
    b_r, b_z, b_n = np.split(bias_input, 3)
    c_r, c_z, c_n = np.split(bias_hidden, 3)
    reset = 1 / (1 + np.exp(-(x.dot(W_r) + b_r + h_prev.dot(U_r) + c_r)))
    update = 1 / (1 + np.exp(-(x.dot(W_z) + b_z + h_prev.dot(U_z) + c_z)))
    new = np.tanh(x.dot(W_n) + b_n + (reset * h_prev).dot(U_n) + c_n)
    return (1 - update) * new + update * h_prev


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
        h = hidden_state
        if h is None:
            h = torch.zeros(batch, self.hidden_size, dtype=x.dtype, device=x.device)
        ends = torch.full((batch,), steps) if lengths is None else torch.as_tensor(lengths)
        ys = []
        for t in range(steps):
            ir, iz, in_ = (x[:, t] @ self.w_input + self.bias_input).chunk(3, 1)
            hr, hz, hn = (h @ self.w_hidden + self.bias_hidden).chunk(3, 1)
            r = torch.sigmoid(ir + hr)
            z = torch.sigmoid(iz + hz)
            U = self.w_hidden[:, 2 * self.hidden_size:]
            c = self.bias_hidden[2 * self.hidden_size:]
            n = torch.tanh(in_ + (r * h) @ U + c)
            new_h = (1 - z) * n + z * h
            live = (ends > t)[:, None]
            h = torch.where(live, new_h, h)
            ys.append(torch.where(live, h, torch.zeros_like(h)))
        return torch.stack(ys, 1), h
