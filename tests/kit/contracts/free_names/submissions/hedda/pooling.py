import torch
import torch.nn as nn


class Pooling(nn.Module):
    def __init__(self, features, hidden):
        super().__init__()
        self.W = torch.randn(features, hidden, requires_grad=True)
        self.b = torch.zeros(hidden, requires_grad=True)
        self.v = torch.randn(hidden, 1, requires_grad=True)

    def forward(self, x, mask=None):
        e = (torch.tanh(x @ self.W + self.b) @ self.v).squeeze(-1)
        if mask is not None:
            e = e.masked_fill(~mask, float("-inf"))
        a = torch.softmax(e, dim=1)
        return (a.unsqueeze(-1) * x).sum(1), a
