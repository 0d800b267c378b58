"""Padding never enters: packed sequences and a batch that shrinks. The numpy step is written with einsum."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    H = h_prev.shape[1]
    v = w_input.reshape(-1, 4, H)
    u = w_hidden.reshape(H, 4, H)
    a = np.einsum("ni,igh->gnh", x, v) + np.einsum("nk,kgh->gnh", h_prev, u) + bias.reshape(4, 1, H)
    gates = np.tanh(a / 2) / 2 + np.asarray(0.5, dtype=x.dtype)
    memory = gates[1] * c_prev + gates[0] * np.tanh(a[2])
    return gates[3] * np.tanh(memory), memory


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.empty(input_size, 4 * hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, 4 * hidden_size))
        self.bias = nn.Parameter(torch.empty(4 * hidden_size))
        for p in self.parameters():
            nn.init.normal_(p, std=0.1)

    def forward(self, x, state=None, lengths=None):
        N, L, _ = x.shape
        H = self.w_hidden.size(0)
        lengths = [L] * N if lengths is None else [int(n) for n in lengths]
        packed = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        h, c = (x.new_zeros(N, H), x.new_zeros(N, H)) if state is None else state
        h, c = h[packed.sorted_indices], c[packed.sorted_indices]
        outputs, finished, start = [], [], 0
        for n in packed.batch_sizes.tolist():
            if n < len(h):
                finished.append((h[n:], c[n:]))
                h, c = h[:n], c[:n]
            a = packed.data[start : start + n] @ self.w_input + h @ self.w_hidden + self.bias
            i, f, g, o = a.split(H, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            outputs.append(h)
            start += n
        finished.append((h, c))
        h, c = (torch.cat(parts[::-1])[packed.unsorted_indices] for parts in zip(*finished))
        out = PackedSequence(
            torch.cat(outputs), packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices
        )
        return pad_packed_sequence(out, batch_first=True, total_length=L)[0], (h, c)
