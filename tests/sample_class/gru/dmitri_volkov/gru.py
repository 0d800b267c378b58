# Дмитрий Волков, группа 3
# сначала медленно, зато понятно
import numpy as np
import torch
from torch import nn


def one_row(x, h, w, u, b, d):
    k = len(h)
    a, s = b + x @ w, d + h @ u
    out = np.zeros_like(h)
    for j in range(k):
        r = 1 / (1 + np.exp(-a[j] - s[j]))
        z = 1 / (1 + np.exp(-a[k + j] - s[k + j]))
        n = np.tanh(a[2 * k + j] + r * s[2 * k + j])
        out[j] = z * h[j] + (1 - z) * n
    return out


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    rows = [one_row(x[i], h_prev[i], w_input, w_hidden, bias_input, bias_hidden) for i in range(len(x))]
    return np.array(rows)


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.rand(input_size, 3 * hidden_size) - 0.5)
        self.w_hidden = nn.Parameter(torch.rand(hidden_size, 3 * hidden_size) - 0.5)
        self.bias_input = nn.Parameter(torch.rand(3 * hidden_size) - 0.5)
        self.bias_hidden = nn.Parameter(torch.rand(3 * hidden_size) - 0.5)

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        H = self.hidden_size
        outputs = torch.zeros(N, L, H, dtype=x.dtype)
        final = []
        for n in range(N):
            h = torch.zeros(H, dtype=x.dtype) if hidden_state is None else hidden_state[n]
            for t in range(L if lengths is None else int(lengths[n])):
                a = x[n, t] @ self.w_input + self.bias_input
                s = h @ self.w_hidden + self.bias_hidden
                r = torch.sigmoid(a[:H] + s[:H])
                z = torch.sigmoid(a[H:2 * H] + s[H:2 * H])
                new = torch.tanh(a[2 * H:] + r * s[2 * H:])
                h = (1 - z) * new + z * h
                outputs[n, t] = h
            final.append(h)
        return outputs, torch.stack(final)
