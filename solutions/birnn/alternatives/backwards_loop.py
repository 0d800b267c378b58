"""Nothing is flipped: the backward direction runs over reversed(range(L)) and writes into its own slots."""

import numpy as np
import torch
from torch import nn


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L, _ = x.shape
    H = h0.shape[2]
    if lengths is None:
        lengths = [L] * N
    lengths = np.asarray(lengths)
    outputs = np.zeros((N, L, 2 * H), dtype=x.dtype)
    hidden = h0.copy()

    w_input, w_hidden, bias = forward_weights
    for t in range(L):
        new = np.tanh(x[:, t] @ w_input + hidden[0] @ w_hidden + bias)
        real = t < lengths
        hidden[0][real] = new[real]
        outputs[real, t, :H] = new[real]

    w_input, w_hidden, bias = backward_weights
    for t in reversed(range(L)):
        new = np.tanh(x[:, t] @ w_input + hidden[1] @ w_hidden + bias)
        real = t < lengths
        hidden[1][real] = new[real]
        outputs[real, t, H:] = new[real]

    return outputs, hidden


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def forward(self, x, hidden=None, lengths=None):
        N, L, _ = x.shape
        if hidden is None:
            hidden = torch.zeros(2, N, self.hidden_size, dtype=x.dtype, device=x.device)
        lengths = torch.as_tensor([L] * N if lengths is None else lengths)
        hf, hb = hidden[0], hidden[1]
        forward_outputs = [None] * L
        backward_outputs = [None] * L
        for t in range(L):
            real = (t < lengths).unsqueeze(1)
            hf = torch.where(real, self.forward_cell(x[:, t], hf), hf)
            forward_outputs[t] = self.forward_linear(hf) * real
        for t in reversed(range(L)):
            real = (t < lengths).unsqueeze(1)
            hb = torch.where(real, self.backward_cell(x[:, t], hb), hb)
            backward_outputs[t] = self.backward_linear(hb) * real
        both = [torch.cat(pair, dim=1) for pair in zip(forward_outputs, backward_outputs)]
        return torch.stack(both, dim=1), torch.stack((hf, hb))
