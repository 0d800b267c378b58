# %% [markdown]
# # Which step matters?
#
# A module `Pooling` that sums a sequence up by a weighted mean, and learns the weights. Every step gets a score,
# `score_t = tanh(x_t @ projection + bias) @ scorer`; a softmax over the steps turns scores into weights.
#
# | role | size | |
# |---|---|---|
# | projection | features × hidden | |
# | bias | hidden | |
# | scorer | hidden × 1 | no bias of its own |
#
# **Name your parameters as you like**, and store them either way round (as `nn.Linear` does, or transposed). Make the
# module with `Pooling(features, hidden)` or with `Pooling((features, hidden))`, as you like.
#
# `pooling(x, mask=None)`: `x` is (N, L, features); `mask` (N, L) is True where a step counts. Returns the pooled
# sequence (N, features) and the weights (N, L).
#
# Parameters are worth {points of parameters} points, weights {points of weights}, gradients {points of gradients},
# care {points of care}: a module that keeps nothing between calls.

# %%
import torch
from torch import nn


# %%
class Pooling(nn.Module):
    """Attention over the steps of a sequence."""

    def __init__(self, features, hidden):
        super().__init__()
        ### BEGIN SOLUTION: three parameters
        self.project = nn.Linear(features, hidden)
        self.score = nn.Linear(hidden, 1, bias=False)
        ### END SOLUTION

    def forward(self, x, mask=None):
        ### BEGIN SOLUTION: scores, weights, their mean
        scores = self.score(torch.tanh(self.project(x))).squeeze(2)
        if mask is not None:
            scores = scores.masked_fill(~mask, float("-inf"))
        weights = torch.softmax(scores, dim=1)
        pooled = (weights.unsqueeze(2) * x).sum(dim=1)
        return pooled, weights
        ### END SOLUTION
