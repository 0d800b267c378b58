# Zadanie 3 / Katarzyna Nowak
import numpy as np
import torch
import torch.nn as nn


class Dlugosci:
    def __init__(self, lengths, n, l):
        self.d = [l] * n if lengths is None else list(map(int, lengths))

    def zywe(self, t):
        return [i for i, d in enumerate(self.d) if t < d]


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    n, l, _ = x.shape
    H = h0.shape[2]
    dl = Dlugosci(lengths, n, l)
    wynik = np.zeros((n, l, 2 * H), dtype=x.dtype)
    koniec = []
    for polowa, kolejnosc, w in ((0, range(l), forward_weights), (1, range(l - 1, -1, -1), backward_weights)):
        h = h0[0].copy()
        for t in kolejnosc:
            z = dl.zywe(t)
            if not z:
                continue
            h[z] = np.tanh(x[z, t].dot(w[0]) + h[z].dot(w[1]) + w[2])
            wynik[z, t, polowa * H:(polowa + 1) * H] = h[z]
        koniec.append(h)
    return wynik, np.stack(koniec)


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def forward(self, x, hidden=None, lengths=None):
        n, l, _ = x.shape
        dl = Dlugosci(lengths, n, l)
        if hidden is None:
            hidden = x.new_zeros(2, n, self.hidden_size)
        kierunki = ((range(l), self.forward_cell, self.forward_linear),
                    (range(l - 1, -1, -1), self.backward_cell, self.backward_linear))
        wyjscia, koniec = [], []
        for kolejnosc, komorka, liniowa in kierunki:
            h = hidden[0]
            y = [None] * l
            for t in kolejnosc:
                maska = torch.zeros(n, 1, dtype=torch.bool)
                maska[dl.zywe(t)] = True
                h = torch.where(maska, komorka(x[:, t], h), h)
                y[t] = torch.where(maska, liniowa(h), torch.zeros_like(h))
            wyjscia.append(torch.stack(y, dim=1))
            koniec.append(h)
        return torch.cat(wyjscia, dim=2), torch.stack(koniec)
