import numpy as np
import torch
from torch import nn
from torch.nn.functional import linear


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
        states = [x.new_zeros(N, H) if hidden_state is None else hidden_state]
        for x_t in x.unbind(1):
            h = states[-1]
            i_z, i_n, i_r = linear(x_t, self.w_input.T, self.bias_input).split(H, dim=1)
            h_z, h_n, h_r = linear(h, self.w_hidden.T, self.bias_hidden).split(H, dim=1)
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
