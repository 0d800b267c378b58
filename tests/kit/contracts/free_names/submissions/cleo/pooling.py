import torch
import torch.nn as nn


class Scorer(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.hidden = nn.Linear(n_in, n_out)
        self.out = nn.Parameter(torch.ones(n_out, 1))

    def forward(self, x):
        return self.hidden(x).tanh().matmul(self.out).squeeze(-1)


class Pooling(nn.Module):
    def __init__(self, d, h, dropout=0.0):
        super().__init__()
        self.score = Scorer(d, h)

    def forward(self, x, mask=None):
        logits = self.score(x)
        if mask is None:
            mask = torch.ones_like(logits, dtype=torch.bool)
        weights = torch.zeros_like(logits)
        for n in range(x.shape[0]):
            weights[n, mask[n]] = torch.softmax(logits[n, mask[n]], 0)
        return torch.einsum("nl,nlf->nf", weights, x), weights
