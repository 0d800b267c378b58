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
    new = np.tanh(x.dot(W_n) + b_n + reset * (h_prev.dot(U_n) + c_n))
    return (1 - update) * new + update * h_prev


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.h_size = hidden_size
        self.w_input = nn.Parameter(torch.empty(input_size, 3 * hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, 3 * hidden_size))
        self.bias_input = torch.zeros(3 * hidden_size, requires_grad=True)
        self.bias_hidden = torch.zeros(3 * hidden_size, requires_grad=True)
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
