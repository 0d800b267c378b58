"""Padding never enters: packed sequences in torch; in numpy sorted, a shrinking batch, un-sorted."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    N, L, _ = x.shape
    lengths = np.repeat(L, N) if lengths is None else np.asarray(lengths)
    order = np.argsort(-lengths, kind="stable")
    back = np.argsort(order)
    xs, ls, h = x[order], lengths[order], h0[order].copy()
    out = np.zeros((N, L, h0.shape[1]), dtype=h0.dtype)
    for t in range(L):
        n = int((ls > t).sum())  # how many are still reading
        if n == 0:
            break
        h[:n] = np.tanh(xs[:n, t].dot(w_input) + h[:n].dot(w_hidden) + bias)
        out[:n, t] = h[:n]
    return out[back], h[back]


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.empty(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.empty(hidden_size))
        for p in self.parameters():
            nn.init.normal_(p, std=0.1)

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = x.new_zeros(x.shape[0], self.hidden_size)
        return torch.addmm(torch.addmm(self.bias, x, self.w_input), hidden_state, self.w_hidden).tanh()


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.empty(hidden_size, hidden_size))
        nn.init.normal_(self.w_output, std=0.1)

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        lengths = [L] * N if lengths is None else [int(n) for n in lengths]
        packed = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        h = x.new_zeros(N, self.hidden_size) if hidden_state is None else hidden_state
        h = h[packed.sorted_indices]
        outputs, finished, start = [], [], 0
        for n in packed.batch_sizes.tolist():
            if n < len(h):
                finished.append(h[n:])
                h = h[:n]
            h = self.cell(packed.data[start : start + n], h)
            outputs.append(h @ self.w_output)
            start += n
        last = torch.cat([h] + finished[::-1])[packed.unsorted_indices]
        out = PackedSequence(
            torch.cat(outputs), packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices
        )
        return pad_packed_sequence(out, batch_first=True, total_length=L)[0], last
