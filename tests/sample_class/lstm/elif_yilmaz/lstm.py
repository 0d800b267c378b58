import numpy as np
import torch
from torch import nn


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    # one gate after the other
    wi, wf, wg, wo = np.split(w_input, 4, axis=1)
    ui, uf, ug, uo = np.split(w_hidden, 4, axis=1)
    bi, bf, bg, bo = np.split(bias, 4)
    inp = 1 / (1 + np.exp(-(x @ wi + h_prev @ ui + bi)))
    forget = 1 / (1 + np.exp(-(x @ wf + h_prev @ uf + bf)))
    out = 1 / (1 + np.exp(-(x @ wo + h_prev @ uo + bo)))
    new = np.tanh(x @ wg + h_prev @ ug + bg)
    memory = forget * c_prev
    memory = memory + inp * new
    return out * np.tanh(memory), memory


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, 4 * hidden_size) * 0.1)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, 4 * hidden_size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(4 * hidden_size))

    def forward(self, x, state=None, lengths=None):
        N, L, _ = x.shape
        if state is None:
            h = torch.zeros(N, self.hidden_size, dtype=x.dtype)
            c = torch.zeros(N, self.hidden_size, dtype=x.dtype)
        else:
            h, c = state
        if lengths is None:
            lengths = [L] * N
        lengths = torch.tensor([int(v) for v in lengths])
        outs = []
        for t in range(L):
            z = x[:, t] @ self.w_input + h @ self.w_hidden + self.bias
            i, f, g, o = z.chunk(4, dim=1)
            i, f, o = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)
            g = torch.tanh(g)
            c_new = f * c + i * g
            h_new = o * torch.tanh(c_new)
            alive = (lengths > t).unsqueeze(1)
            h = torch.where(alive, h_new, h)
            c = torch.where(alive, c_new, c)
            outs.append(torch.where(alive, c, torch.zeros_like(c)))
        return torch.stack(outs, dim=1), (h, c)
