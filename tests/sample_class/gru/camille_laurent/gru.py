import numpy as np
import torch
from torch import nn


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    n, H = h_prev.shape
    w3 = w_input.reshape(-1, 3, H)
    u3 = w_hidden.reshape(H, 3, H)
    a = np.einsum("ni,igh->gnh", x, w3) + bias_input.reshape(3, 1, H)
    s = np.einsum("nk,kgh->gnh", h_prev, u3) + bias_hidden.reshape(3, 1, H)
    sig = lambda v: 1 / (1 + np.exp(-v))
    r, z = sig(a[0] + s[0]), sig(a[1] + s[1])
    cand = np.tanh(a[2] + r * s[2])
    return cand + z * (h_prev - cand)


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.h_size = hidden_size
        self.w_input = nn.Parameter(torch.empty(input_size, 3 * hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, 3 * hidden_size))
        self.bias_input = nn.Parameter(torch.zeros(3 * hidden_size))
        self.bias_hidden = nn.Parameter(torch.zeros(3 * hidden_size))
        nn.init.xavier_normal_(self.w_input)
        nn.init.orthogonal_(self.w_hidden)

    def forward(self, x, hidden_state=None, lengths=None):
        size = self.h_size
        projected = x @ self.w_input + self.bias_input  # all steps at once
        h = hidden_state if hidden_state is not None else projected.new_zeros(len(x), size)
        out = []
        for t in range(x.shape[1]):
            p, q = projected[:, t], h @ self.w_hidden + self.bias_hidden
            r, z = torch.sigmoid(p[:, :2 * size] + q[:, :2 * size]).tensor_split(2, dim=1)
            n = torch.tanh(torch.addcmul(p[:, 2 * size:], r, q[:, 2 * size:]))
            h_new = torch.lerp(n, h, z)
            if lengths is None:
                h = h_new
                out.append(h)
            else:
                going = torch.tensor([[t < int(length)] for length in lengths])
                h = torch.where(going, h_new, h)
                out.append(h * going)
        return torch.stack(out, dim=1), h
