"""Padding never enters: packed sequences and a batch that shrinks. The numpy step is written with einsum."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    H = h_prev.shape[1]
    a = np.einsum("ni,igh->gnh", x, w_input.reshape(-1, 3, H)) + bias_input.reshape(3, 1, H)
    s = np.einsum("nk,kgh->gnh", h_prev, w_hidden.reshape(H, 3, H)) + bias_hidden.reshape(3, 1, H)
    half = x.dtype.type(0.5)
    r, z = half * np.tanh(half * (a[:2] + s[:2])) + half
    new = np.tanh(a[2] + r * s[2])
    return z * h_prev + (1 - z) * new


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.empty(input_size, 3 * hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, 3 * hidden_size))
        self.bias_input = nn.Parameter(torch.empty(3 * hidden_size))
        self.bias_hidden = nn.Parameter(torch.empty(3 * hidden_size))
        for p in self.parameters():
            nn.init.normal_(p, std=0.1)

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        H = self.w_hidden.size(0)
        lengths = [L] * N if lengths is None else [int(n) for n in lengths]
        packed = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        h = x.new_zeros(N, H) if hidden_state is None else hidden_state
        h = h[packed.sorted_indices]
        outputs, finished, start = [], [], 0
        for n in packed.batch_sizes.tolist():
            if n < len(h):
                finished.append(h[n:])
                h = h[:n]
            a_r, a_z, a_n = (packed.data[start : start + n] @ self.w_input + self.bias_input).split(H, dim=1)
            s_r, s_z, s_n = (h @ self.w_hidden + self.bias_hidden).split(H, dim=1)
            new = torch.tanh(torch.addcmul(a_n, torch.sigmoid(a_r + s_r), s_n))
            h = torch.lerp(new, h, torch.sigmoid(a_z + s_z))
            outputs.append(h)
            start += n
        finished.append(h)
        last = torch.cat(finished[::-1])[packed.unsorted_indices]
        out = PackedSequence(
            torch.cat(outputs), packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices
        )
        return pad_packed_sequence(out, batch_first=True, total_length=L)[0], last
