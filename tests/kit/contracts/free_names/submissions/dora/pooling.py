import torch
import torch.nn as nn


class Pooling(nn.Module):
    def __init__(self, features, hidden):
        super().__init__()
        self.fc = nn.Linear(features, hidden)
        self.v = nn.Linear(hidden, 1, bias=False)

    def forward(self, x, mask=None):
        e = self.v(self.fc(x)).squeeze(-1)
        if mask is not None:
            e = e.masked_fill(~mask, float("-inf"))
        a = torch.softmax(e, dim=1)
        return (a.unsqueeze(-1) * x).sum(1), a
