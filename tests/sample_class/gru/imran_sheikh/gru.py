import numpy as np
import torch
from torch import nn


def step(x, h, w, u, b, d):
    rx, zx, nx = torch.split(torch.mm(x, w) + b, h.shape[1], dim=1)
    rh, zh, nh = torch.split(torch.mm(h, u) + d, h.shape[1], dim=1)
    keep = torch.sigmoid(zx + zh)
    return keep * h + (1 - keep) * torch.tanh(nx + torch.sigmoid(rx + rh) * nh)


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    with torch.no_grad():
        return step(*map(torch.from_numpy, (x.copy(), h_prev.copy(), w_input.copy(), w_hidden.copy(),
                                            bias_input.copy(), bias_hidden.copy()))).numpy()


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        make = lambda *size: nn.Parameter(0.2 * torch.randn(*size))
        self.w_input = make(input_size, 3 * hidden_size)
        self.w_hidden = make(hidden_size, 3 * hidden_size)
        self.bias_input = make(3 * hidden_size)
        self.bias_hidden = make(3 * hidden_size)

    def forward(self, x, hidden_state=None, lengths=None):
        weights = self.w_input, self.w_hidden, self.bias_input, self.bias_hidden
        if hidden_state is None:
            hidden_state = torch.zeros((x.size(0), self.hidden_size), dtype=x.dtype)
        history = [hidden_state]
        for t in range(x.size(1)):
            history.append(step(x[:, t, :], history[t], *weights))
        if lengths is None:
            return torch.stack(history[1:], dim=1), history[-1]
        outputs = torch.stack(history[1:], dim=1).clone()
        for i, length in enumerate(lengths):
            outputs[i, int(length):] = 0
        return outputs, torch.stack([history[int(length)][i] for i, length in enumerate(lengths)])
