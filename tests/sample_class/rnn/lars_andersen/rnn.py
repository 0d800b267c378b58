# sheet 2. still C style but learning numpy :)
import numpy as np
import torch


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L, I = x.shape
    H = h0.shape[1]
    states = np.zeros((N, L, H), x.dtype)
    h = h0.copy()
    if lengths is None:
        len_arr = np.ones(N, dtype=int) * L
    else:
        len_arr = np.array(lengths)
    for t in range(0, L):
        on = len_arr > t
        h[on] = np.tanh(x[on, t].dot(w_input) + h[on].dot(w_hidden) + bias)
        states[on, t] = h[on]
    return states, h


class RNNCell(torch.nn.Module):
    def __init__(self, input_size, hidden_size):
        torch.nn.Module.__init__(self)
        self.register_parameter("w_input", torch.nn.Parameter(0.3 * torch.randn(input_size, hidden_size)))
        self.register_parameter("w_hidden", torch.nn.Parameter(0.3 * torch.randn(hidden_size, hidden_size)))
        self.register_parameter("bias", torch.nn.Parameter(torch.zeros(hidden_size)))

    def forward(self, x, hidden_state=None):
        z = x @ self.w_input + self.bias
        if hidden_state is not None:
            z = z + hidden_state @ self.w_hidden
        return torch.tanh(z)


class RNN(torch.nn.Module):
    def __init__(self, input_size, hidden_size):
        torch.nn.Module.__init__(self)
        self.H = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.register_parameter("w_output", torch.nn.Parameter(0.3 * torch.randn(hidden_size, hidden_size)))

    def forward(self, x, hidden_state=None, lengths=None):
        N, L = x.shape[0], x.shape[1]
        h = hidden_state
        if h is None:
            h = torch.zeros(N, self.H, dtype=x.dtype)
        if lengths is None:
            lengths = [L] * N
        mask = torch.zeros(N, L, 1, dtype=x.dtype)
        for n in range(N):
            for t in range(lengths[n]):
                mask[n, t, 0] = 1
        hs = []
        for t in range(L):
            m = mask[:, t]
            h = m * self.cell(torch.nan_to_num(x[:, t]), h) + (1 - m) * h
            hs.append(h * m)
        # projection of all steps at once
        return torch.stack(hs, 1) @ self.w_output, h
