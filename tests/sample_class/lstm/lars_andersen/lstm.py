import numpy as np
import torch
from torch import nn


def sigmoid(a):
    """1 / (1 + exp(-a)) for every entry of a numpy array."""
    e = np.exp(-np.abs(a))
    return np.where(a < 0, e, 1) / (1 + e)


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    pre = np.dot(x, w_input) + np.dot(h_prev, w_hidden) + bias
    ig, fg, cand, og = np.split(pre, 4, axis=-1)
    ig, fg, og = sigmoid(ig), sigmoid(fg), sigmoid(og)
    cand = np.tanh(cand)
    c_next = np.multiply(fg, c_prev) + np.multiply(ig, cand)
    h_next = np.multiply(og, np.tanh(c_next))
    return h_next, c_next


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
            state = (x.new_zeros(N, self.hidden_size), x.new_zeros(N, self.hidden_size))
        hs, cs = [state[0]], [state[1]]
        for x_t in torch.unbind(x, dim=1):
            gates = torch.addmm(self.bias, x_t, self.w_input) + hs[-1].mm(self.w_hidden)
            i, f, g, o = torch.tensor_split(gates, 4, dim=1)
            cs.append(f.sigmoid() * cs[-1] + i.sigmoid() * g.tanh())
            hs.append(o.sigmoid() * cs[-1].tanh())
        ends = torch.tensor([L] * N if lengths is None else [int(e) for e in lengths])
        rows = torch.arange(N)
        all_h, all_c = torch.stack(hs, dim=1), torch.stack(cs, dim=1)
        real = torch.arange(L)[None, :] < ends[:, None]
        outputs = all_h[:, 1:] * real.unsqueeze(2)
        return outputs, (all_h[rows, ends], all_c[rows, ends])
