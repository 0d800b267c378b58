import torch
import torch.nn as nn


class Pooling(nn.Module):
    def __init__(self, features, hidden):
        super().__init__()
        self.attn = nn.Sequential(nn.Linear(features, hidden), nn.Tanh(), nn.Linear(hidden, 1, bias=False))

    def forward(self, x, mask=None):
        e = self.attn(x)[:, :, 0]
        if mask is not None:
            e = e.masked_fill(mask == False, -float("inf"))
        a = torch.softmax(e, dim=-1)
        return torch.bmm(a[:, None, :], x)[:, 0], a
