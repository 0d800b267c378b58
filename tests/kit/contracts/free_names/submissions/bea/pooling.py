import math

import torch
from torch import nn, Tensor


class Pooling(nn.Module):
    def __init__(self, sizes: tuple, scale: float = 1.0):
        super().__init__()
        features, hidden = sizes
        self.key = nn.Parameter(torch.empty(hidden, features).uniform_(-1, 1) / math.sqrt(features))
        self.offset = nn.Parameter(torch.zeros(hidden))
        self.query = nn.Parameter(torch.randn(1, hidden))

    def scores(self, x: Tensor) -> Tensor:
        return (torch.tanh(x @ self.key.T + self.offset) * self.query).sum(-1)

    def forward(self, x, mask=None):
        s = self.scores(x)
        if mask is not None:
            s = s + torch.where(mask, 0.0, -torch.inf).to(s)
        w = torch.exp(s - s.max(dim=1, keepdim=True).values)
        w = w / w.sum(dim=1, keepdim=True)
        return (w[..., None] * x).sum(1), w
