"""Packing: each cell walks through the rows of a PackedSequence; in numpy, sorted by length and un-sorted."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L, _ = x.shape
    lengths = np.array([L] * N if lengths is None else lengths)
    order = np.argsort(lengths)[::-1]  # longest first
    active = [int(np.sum(lengths > t)) for t in range(L)]
    halves, finals = [], []
    for d, (w_input, w_hidden, bias) in enumerate((forward_weights, backward_weights)):
        h = h0[d][order]
        half = np.zeros((N, L, h.shape[1]), dtype=x.dtype)
        for t in range(L) if d == 0 else range(L - 1, -1, -1):
            k = active[t]
            h[:k] = np.tanh(x[order[:k], t] @ w_input + h[:k] @ w_hidden + bias)
            half[order[:k], t] = h[:k]
        final = np.empty_like(h)
        final[order] = h
        halves.append(half)
        finals.append(final)
    return np.concatenate(halves, axis=-1), np.stack(finals)


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def forward(self, x, hidden=None, lengths=None):
        N, L, _ = x.shape
        if hidden is None:
            hidden = x.new_zeros(2, N, self.hidden_size)
        lengths = torch.tensor([L] * N if lengths is None else [int(length) for length in lengths])
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        halves, finals = [], []
        for cell, state, step in ((self.forward_cell, hidden[0], 1), (self.backward_cell, hidden[1], -1)):
            states, final = self.walk(cell, packed, state[packed.sorted_indices], step)
            halves.append(pad_packed_sequence(states, batch_first=True, total_length=L)[0])
            finals.append(final[packed.unsorted_indices])
        forward, backward = halves
        outputs = torch.cat([self.forward_linear(forward), self.backward_linear(backward)], dim=2)
        padding = torch.arange(L)[None, :, None] >= lengths[:, None, None]
        return outputs.masked_fill(padding, 0), torch.stack(finals)

    def walk(self, cell, packed, state, step):
        rows = list(torch.split(packed.data, packed.batch_sizes.tolist()))
        for t in range(len(rows))[::step]:
            count = len(rows[t])
            rows[t] = cell(rows[t], state[:count])
            state = torch.cat([rows[t], state[count:]])
        return PackedSequence(torch.cat(rows), *packed[1:]), state
