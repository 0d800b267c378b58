"""Parameters of its own, the other way round than nn.Linear's, and a constructor that takes one pair."""

import torch
from torch import nn


class Pooling(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        f, h = sizes
        self.W = nn.Parameter(torch.randn(f, h) / f**0.5)
        self.b = nn.Parameter(torch.zeros(h))
        self.v = nn.Parameter(torch.randn(h, 1) / h**0.5)

    def forward(self, x, mask=None):
        energy = torch.tanh(x @ self.W + self.b) @ self.v
        energy = energy[..., 0]
        if mask is not None:
            energy = torch.where(mask, energy, torch.full_like(energy, -1e9))
        alpha = energy.softmax(-1)
        return torch.einsum("nl,nlf->nf", alpha, x), alpha
