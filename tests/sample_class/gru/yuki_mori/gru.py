import numpy as np
import torch
from torch import nn


def sigmoid(a):
    """1 / (1 + exp(-a)) for every entry of a numpy array."""
    e = np.exp(-np.abs(a))
    return np.where(a < 0, e, 1) / (1 + e)


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    """One step of a GRU, in numpy."""
    a = x @ w_input + bias_input
    s = h_prev @ w_hidden + bias_hidden
    a_r, a_z, a_n = np.split(a, 3, axis=1)
    s_r, s_z, s_n = np.split(s, 3, axis=1)
    r = sigmoid(a_r + s_r)
    z = sigmoid(a_z + s_z)
    n = np.tanh(a_n + r * s_n)
    h_prev *= z
    h_prev += (1 - z) * n
    return h_prev


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, 3 * hidden_size) / 4)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, 3 * hidden_size) / 4)
        self.bias_input = nn.Parameter(torch.randn(3 * hidden_size) / 4)
        self.bias_hidden = nn.Parameter(torch.randn(3 * hidden_size) / 4)

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        H = self.hidden_size
        lengths = torch.tensor([L] * N if lengths is None else list(map(int, lengths)))
        h = x.new_zeros(N, H) if hidden_state is None else hidden_state
        order = lengths.argsort(descending=True)
        x, h = x[order], h[order]
        alive = [int((lengths > t).sum()) for t in range(L)]
        outs = []
        for t, k in enumerate(alive):
            if k:
                a = x[:k, t] @ self.w_input + self.bias_input
                s = h[:k] @ self.w_hidden + self.bias_hidden
                r = torch.sigmoid(a[:, :H] + s[:, :H])
                z = torch.sigmoid(a[:, H:2 * H] + s[:, H:2 * H])
                n = torch.tanh(a[:, 2 * H:] + r * s[:, 2 * H:])
                h = torch.cat([n + z * (h[:k] - n), h[k:]])
            outs.append(torch.cat([h[:k], torch.zeros_like(h[k:])]))
        back = order.argsort()
        return torch.stack(outs, dim=1)[back], h[back]
