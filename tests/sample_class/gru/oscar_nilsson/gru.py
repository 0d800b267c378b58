import numpy as np
import torch
from torch import nn


def sigmoid(a):
    """1 / (1 + exp(-a)) for every entry of a numpy array."""
    e = np.exp(-np.abs(a))
    return np.where(a < 0, e, 1) / (1 + e)


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    H = h_prev.shape[1]
    xh = np.concatenate((x, h_prev), axis=1)
    W = np.concatenate((w_input[:, :2 * H], w_hidden[:, :2 * H]), axis=0)
    gates = sigmoid(xh @ W + (bias_input + bias_hidden)[:2 * H])
    r, z = gates[:, :H], gates[:, H:]
    old = h_prev @ w_hidden[:, 2 * H:] + bias_hidden[2 * H:]
    n = np.tanh(x @ w_input[:, 2 * H:] + bias_input[2 * H:] + r * old)
    h_next = (1 - z) * n + z * h_prev
    return h_next


class GRU(nn.Module):
    """Loops over a transposed x: the first axis is time."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        bound = hidden_size ** -0.5
        self.w_input = nn.Parameter(torch.empty(input_size, 3 * hidden_size).uniform_(-bound, bound))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, 3 * hidden_size).uniform_(-bound, bound))
        self.bias_input = nn.Parameter(torch.empty(3 * hidden_size).uniform_(-bound, bound))
        self.bias_hidden = nn.Parameter(torch.empty(3 * hidden_size).uniform_(-bound, bound))

    def forward(self, x: torch.Tensor, hidden_state=None, lengths=None):
        time_first = x.transpose(0, 1)
        steps, samples, _ = time_first.shape
        state = torch.zeros(samples, self.hidden_size).to(x) if hidden_state is None else hidden_state
        real = torch.ones(steps, samples, 1, dtype=torch.bool)
        if lengths is not None:
            real = (torch.arange(steps)[:, None] < torch.tensor([int(i) for i in lengths])).unsqueeze(-1)
        outputs = torch.zeros(steps, samples, self.hidden_size).to(x)
        for t in range(steps):
            of_x = torch.addmm(self.bias_input, time_first[t], self.w_input).view(samples, 3, -1)
            of_h = torch.addmm(self.bias_hidden, state, self.w_hidden).view(samples, 3, -1)
            update, reset = torch.sigmoid(of_x[:, :2] + of_h[:, :2]).unbind(dim=1)
            candidate = torch.tanh(of_x[:, 2] + reset * of_h[:, 2])
            state = torch.where(real[t], update * state + (1 - update) * candidate, state)
            outputs[t] = state * real[t]
        return outputs.transpose(0, 1), state
