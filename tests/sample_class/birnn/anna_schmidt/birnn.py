# Übung 3: beide Richtungen
# Anna Schmidt
import numpy as np
import torch
from torch import nn


def umdrehen(x, laengen):
    # jedes Beispiel nur bis zu seiner Länge umdrehen, das Padding bleibt hinten
    y = x.copy()
    for n, l in enumerate(laengen):
        y[n, :l] = x[n, :l][::-1]
    return y


def eine_richtung(x, h, gewichte, laengen):
    w_input, w_hidden, bias = gewichte
    zustaende = []
    for t in range(x.shape[1]):
        aktiv = (t < laengen)[:, None]
        neu = np.tanh(x[:, t] @ w_input + h @ w_hidden + bias)
        h = np.where(aktiv, neu, h)
        zustaende.append(np.where(aktiv, neu, np.zeros_like(neu)))
    return np.stack(zustaende, axis=1), h


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L, _ = x.shape
    laengen = np.full(N, L) if lengths is None else np.asarray(lengths)
    vor, h_vor = eine_richtung(x, h0[0], forward_weights, laengen)
    rueck, h_rueck = eine_richtung(umdrehen(x, laengen), h0[1], backward_weights, laengen)
    rueck = umdrehen(rueck, laengen)      # wieder zurückdrehen!
    return np.concatenate([vor, rueck], axis=2), np.stack([h_vor, h_rueck])


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def umdrehen(self, x, laengen):
        # Index statt Schleife: Schritt t kommt von laenge-1-t, im Padding bleibt t
        t = torch.arange(x.shape[1])
        l = laengen[:, None]
        idx = torch.where(t < l, l - 1 - t, t)
        return x.gather(1, idx[:, :, None].expand(-1, -1, x.shape[2]))

    def richtung(self, zelle, linear, x, h, laengen):
        ausgaben = []
        for t in range(x.shape[1]):
            aktiv = (t < laengen)[:, None]
            neu = zelle(x[:, t], h)
            h = torch.where(aktiv, neu, h)
            y = linear(neu)
            ausgaben.append(torch.where(aktiv, y, torch.zeros_like(y)))
        return torch.stack(ausgaben, dim=1), h

    def forward(self, x, hidden=None, lengths=None):
        N, L, _ = x.shape
        laengen = torch.full((N,), L) if lengths is None else torch.as_tensor(lengths)
        if hidden is None:
            hidden = x.new_zeros(2, N, self.hidden_size)
        vor, h_vor = self.richtung(self.forward_cell, self.forward_linear, x, hidden[0], laengen)
        rueck, h_rueck = self.richtung(self.backward_cell, self.backward_linear, self.umdrehen(x, laengen), hidden[1], laengen)
        return torch.cat([vor, self.umdrehen(rueck, laengen)], dim=2), torch.stack([h_vor, h_rueck])
