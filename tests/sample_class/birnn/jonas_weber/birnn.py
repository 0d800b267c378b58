# Übungsblatt 3 – Jonas Weber
import numpy as np
import torch
import torch.nn as nn


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    N, L, _ = x.shape
    H = h0.shape[2]
    länge = np.array([L] * N if lengths is None else list(lengths)).reshape(N, 1)
    ausgabe = np.zeros((N, L, 2 * H), dtype=x.dtype)
    vor, rück = h0[0], h0[1]
    wx_v, wh_v, b_v = forward_weights
    wx_r, wh_r, b_r = backward_weights
    for t in range(L):
        s = -1 - t     # die Rückrichtung zählt vom Ende
        neu = np.tanh(x[:, t].dot(wx_v) + vor.dot(wh_v) + b_v)
        vor = np.where(t < länge, neu, vor)
        ausgabe[:, t, :H] = np.where(t < länge, vor, 0)
        neu = np.tanh(x[:, s].dot(wx_r) + rück.dot(wh_r) + b_r)
        an = (L + s) < länge
        rück = np.where(an, neu, rück)
        ausgabe[:, s, H:] = np.where(an, rück, 0)
    return ausgabe, np.array([vor, rück])


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
            vor = rück = torch.zeros(N, self.hidden_size, dtype=x.dtype)
        else:
            vor, rück = hidden[0], hidden[1]
        länge = torch.tensor([L] * N if lengths is None else list(lengths)).view(N, 1)
        null = torch.zeros(1, dtype=x.dtype)
        alle_vor, alle_rück = [], []
        for t in range(L):
            s = -1 - t
            an_v, an_r = t < länge, (L + s) < länge
            vor = torch.where(an_v, self.forward_cell(x[:, t], vor), vor)
            rück = torch.where(an_r, self.backward_cell(x[:, s], rück), rück)
            alle_vor.append(torch.where(an_v, self.forward_linear(vor), null))
            alle_rück.insert(0, torch.where(an_r, self.backward_linear(rück), null))
        a = torch.stack(alle_vor, dim=1)
        b = torch.stack(alle_rück, dim=1)
        return torch.cat((a, b), dim=-1), torch.stack((vor, rück), dim=0)
