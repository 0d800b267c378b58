import numpy as np
import torch
from torch import nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    n, steps = len(x), x.shape[1]
    lengths = np.full(n, steps) if lengths is None else np.array(lengths)
    history = [h0]
    for t in range(steps):
        proposal = np.tanh(x[:, t].dot(w_input) + history[-1].dot(w_hidden) + bias)
        history.append(np.array([proposal[i] if t < lengths[i] else history[-1][i] for i in range(n)]))
    seen = np.array([[t < length for t in range(steps)] for length in lengths])
    return np.stack([h * seen[:, t : t + 1] for t, h in enumerate(history[1:])], axis=1), history[-1]


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        k = hidden_size ** -0.5
        self.w_input, self.w_hidden, self.bias = [
            nn.Parameter((torch.rand(*shape) * 2 - 1) * k)
            for shape in ((input_size, hidden_size), (hidden_size, hidden_size), (hidden_size,))
        ]

    def forward(self, x, hidden_state=None):
        total = x @ self.w_input + self.bias
        return torch.tanh(total if hidden_state is None else total + hidden_state @ self.w_hidden)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter((torch.rand(hidden_size, hidden_size) * 2 - 1) * hidden_size ** -0.5)

    def forward(self, x, hidden_state=None, lengths=None):
        n, steps = x.shape[:2]
        ends = [steps for _ in range(n)] if lengths is None else [int(length) for length in lengths]
        h = x.new_zeros(n, self.hidden_size) if hidden_state is None else hidden_state
        outputs = []
        for t in range(steps):
            fresh = self.cell(x[:, t], h)
            h = torch.stack([fresh[i] if t < end else h[i] for i, end in enumerate(ends)])
            outputs.append(torch.stack([h[i] @ self.w_output if t < end else torch.zeros_like(h[i]) for i, end in enumerate(ends)]))
        return torch.stack(outputs, dim=1), h
