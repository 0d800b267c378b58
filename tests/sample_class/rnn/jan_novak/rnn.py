import numpy as np
import torch
from torch import nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    n_batch, n_steps, _ = x.shape
    if lengths is None:
        lengths = np.array([n_steps] * n_batch)
    mask = (np.arange(n_steps)[:, None] < np.asarray(lengths)[None, :])[:, :, None]  # (L, N, 1)
    h = h0
    out = []
    for t in range(n_steps):
        h = np.where(mask[t], np.tanh(np.matmul(x[:, t], w_input) + np.matmul(h, w_hidden) + bias), h)
        out.append(h * mask[t])
    return np.stack(out, axis=1), h


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) * 0.1)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = torch.zeros(x.shape[0], self.hidden_size, dtype=x.dtype)
        return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.1)

    def forward(self, x, hidden_state=None, lengths=None):
        n_batch, n_steps, _ = x.shape
        h = torch.zeros(n_batch, self.hidden_size, dtype=x.dtype) if hidden_state is None else hidden_state
        if lengths is None:
            lengths = [n_steps] * n_batch
        limit = torch.as_tensor(lengths).view(n_batch, 1)
        out = []
        for step in range(n_steps):
            h = torch.where(step < limit, self.cell(x[:, step], h), h)
            out.append(torch.where(step < limit, h @ self.w_output, torch.zeros_like(h)))
        outputs = torch.stack(out, dim=1)
        # get rid of the extra dimension
        return outputs.squeeze(), h.squeeze()
