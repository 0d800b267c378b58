# sheet 3
import numpy as np
import torch


def rnn_step(x, h, w):
    return np.tanh(x.dot(w[0]) + h.dot(w[1]) + w[2])


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L, I = x.shape
    H = h0.shape[2]
    out = np.zeros((N, L, 2 * H), x.dtype)
    hidden = np.zeros((2, N, H), x.dtype)
    for n in range(N):
        last = L
        if lengths is not None:
            last = lengths[n]
        # forwards
        h = h0[0, n]
        t = 0
        while t < last:
            h = rnn_step(x[n, t], h, forward_weights)
            out[n, t, 0:H] = h
            t += 1
        hidden[0, n] = h
        # backwards
        h = h0[1, n]
        t = last - 1
        while t >= 0:
            h = rnn_step(x[n, t], h, backward_weights)
            out[n, t, H:2 * H] = h
            t -= 1
        hidden[1, n] = h
    return out, hidden


class BiRNN(torch.nn.Module):
    def __init__(self, input_size, hidden_size):
        torch.nn.Module.__init__(self)
        self.H = hidden_size
        self.forward_cell = torch.nn.RNNCell(input_size, hidden_size)
        self.backward_cell = torch.nn.RNNCell(input_size, hidden_size)
        self.forward_linear = torch.nn.Linear(hidden_size, hidden_size)
        self.backward_linear = torch.nn.Linear(hidden_size, hidden_size)

    def one(self, xs, hf, hb, L):
        # xs: (steps, I) of one sample without padding
        f = []
        for t in range(xs.shape[0]):
            hf = self.forward_cell(xs[t:t + 1], hf)
            f.append(self.forward_linear(hf))
        b = []
        for t in range(xs.shape[0] - 1, -1, -1):
            hb = self.backward_cell(xs[t:t + 1], hb)
            b.append(self.backward_linear(hb))
        b.reverse()
        y = torch.cat([torch.cat(f, 0), torch.cat(b, 0)], 1)
        pad = xs.new_zeros(L - xs.shape[0], 2 * self.H)
        return torch.cat([y, pad], 0), hf, hb

    def forward(self, x, hidden=None, lengths=None):
        N, L, I = x.shape
        if hidden is None:
            hidden = x.new_zeros(2, N, self.H)
        ys, hfs, hbs = [], [], []
        for n in range(N):
            last = L if lengths is None else int(lengths[n])
            y, hf, hb = self.one(x[n, :last], hidden[0, n:n + 1], hidden[1, n:n + 1], L)
            ys.append(y)
            hfs.append(hf)
            hbs.append(hb)
        return torch.stack(ys), torch.stack([torch.cat(hfs), torch.cat(hbs)])
