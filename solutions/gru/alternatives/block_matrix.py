"""One product with a matrix of blocks: r and z get both parts added up, the candidate gets its two parts apart."""

import numpy as np
import torch
from torch import nn


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    I, H = x.shape[1], h_prev.shape[1]
    matrix = np.zeros((I + H + 1, 4 * H), dtype=x.dtype)
    matrix[:I, : 3 * H] = w_input
    matrix[I:-1, : 2 * H] = w_hidden[:, : 2 * H]
    matrix[I:-1, 3 * H :] = w_hidden[:, 2 * H :]
    matrix[-1, : 3 * H] = bias_input
    matrix[-1, : 2 * H] += bias_hidden[: 2 * H]
    matrix[-1, 3 * H :] = bias_hidden[2 * H :]
    ones = np.ones((len(x), 1), dtype=x.dtype)
    r, z, a, s = np.array_split((np.hstack((x, h_prev, ones)) @ matrix).T, 4)
    r, z = (np.reciprocal(np.exp(-gate) + 1) for gate in (r, z))
    new = np.tanh(a + r * s)
    return (new - z * (new - h_prev.T)).T


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        self.w_input = nn.Parameter(torch.empty(input_size, 3 * hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, 3 * hidden_size))
        self.bias_input = nn.Parameter(torch.zeros(3 * hidden_size))
        self.bias_hidden = nn.Parameter(torch.zeros(3 * hidden_size))
        nn.init.xavier_uniform_(self.w_input)
        nn.init.orthogonal_(self.w_hidden)

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        H = self.hidden_size
        gates = torch.cat([self.w_input[:, : 2 * H], self.w_hidden[:, : 2 * H]])
        gate_bias = (self.bias_input + self.bias_hidden)[: 2 * H]
        real = torch.ones(N, L, 1, dtype=x.dtype)
        if lengths is not None:
            for n in range(N):
                real[n, lengths[n] :] = 0
        h = torch.zeros(N, H).type_as(x) if hidden_state is None else hidden_state
        outputs = []
        for t in range(L):
            both = torch.cat([x[:, t], h], dim=1).mm(gates).add(gate_bias).sigmoid()
            r, z = both[:, :H], both[:, H:]
            heard = h.mm(self.w_hidden[:, 2 * H :]).add(self.bias_hidden[2 * H :])
            new = x[:, t].mm(self.w_input[:, 2 * H :]).add(self.bias_input[2 * H :]).add(r.mul(heard)).tanh()
            m = real[:, t]
            h = m * ((1 - z) * new + z * h) + (1 - m) * h
            outputs.append(m * h)
        return torch.stack(outputs, dim=1), h
