import numpy as np
import torch
from torch import nn
from torch.nn.functional import linear


def gate(a):
    # sigmoid(a) = (1 + tanh(a / 2)) / 2, cannot overflow
    return 0.5 * np.tanh(0.5 * a) + 0.5


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    ax, az, an = np.array_split(np.add(np.dot(x, w_input), bias_input), 3, axis=1)
    hx, hz, hn = np.array_split(np.add(np.dot(h_prev, w_hidden), bias_hidden), 3, axis=1)
    r = gate(ax + hx)
    z = gate(az + hz)
    n = np.tanh(an + np.multiply(r, hn))
    keep = np.multiply(z, h_prev)
    write = np.multiply(1 - z, n)
    return keep + write



class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        self.w_input = nn.Parameter(torch.empty(input_size, 3 * hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, 3 * hidden_size))
        self.bias_input = nn.Parameter(torch.empty(3 * hidden_size))
        self.bias_hidden = nn.Parameter(torch.empty(3 * hidden_size))
        for p in self.parameters():
            nn.init.uniform_(p, -1 / hidden_size ** 0.5, 1 / hidden_size ** 0.5)

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        H = self.hidden_size
        states = [torch.zeros(N, H) if hidden_state is None else hidden_state]
        for x_t in x.unbind(1):
            h = states[-1]
            i_r, i_z, i_n = linear(x_t, self.w_input.T, self.bias_input).split(H, dim=1)
            h_r, h_z, h_n = linear(h, self.w_hidden.T, self.bias_hidden).split(H, dim=1)
            z = (i_z + h_z).sigmoid()
            n = (i_n + (i_r + h_r).sigmoid() * h_n).tanh()
            states.append((1 - z) * n + z * h)
        everything = torch.stack(states, dim=1)
        if lengths is None:
            return everything[:, 1:], everything[:, -1]
        lengths = torch.tensor([int(one) for one in lengths])
        last = everything.gather(1, lengths.view(N, 1, 1).expand(N, 1, H)).squeeze(1)
        outside = torch.arange(L) >= lengths.unsqueeze(1)
        return everything[:, 1:].masked_fill(outside.unsqueeze(2), 0), last
