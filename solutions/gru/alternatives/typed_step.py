"""Typed, with one step in torch that both halves share; F.linear; enumerates a transposed x."""

from __future__ import annotations

from typing import Optional, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F


def step(x: Tensor, h: Tensor, w: Tensor, u: Tensor, b: Tensor, d: Tensor) -> Tensor:
    """One step in torch. F.linear wants its matrices the other way round."""
    reset, keep, new = torch.tensor_split(F.linear(x, w.t(), b), 3, dim=-1)
    reset_h, keep_h, new_h = torch.tensor_split(F.linear(h, u.t(), d), 3, dim=-1)
    share = torch.sigmoid(keep + keep_h)
    candidate = torch.tanh(new + torch.sigmoid(reset + reset_h) * new_h)
    return share * h + (torch.ones_like(share) - share) * candidate


def gru_cell_forward(
    x: np.ndarray,
    h_prev: np.ndarray,
    w_input: np.ndarray,
    w_hidden: np.ndarray,
    bias_input: np.ndarray,
    bias_hidden: np.ndarray,
) -> np.ndarray:
    """The same step, asked from numpy."""
    arrays = (x, h_prev, w_input, w_hidden, bias_input, bias_hidden)
    return step(*(torch.tensor(array) for array in arrays)).numpy()


class GRU(nn.Module):
    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.empty(input_size, 3 * hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, 3 * hidden_size))
        self.bias_input = nn.Parameter(torch.empty(3 * hidden_size))
        self.bias_hidden = nn.Parameter(torch.empty(3 * hidden_size))
        self.reset()

    def reset(self) -> None:
        """Fill the weights."""
        for weight in self.parameters():
            nn.init.uniform_(weight, -(self.hidden_size**-0.5), self.hidden_size**-0.5)

    def forward(
        self, x: Tensor, hidden_state: Optional[Tensor] = None, lengths: Optional[Sequence[int]] = None
    ) -> Tuple[Tensor, Tensor]:
        N, L, _ = x.shape
        h = x.new_zeros(N, self.hidden_size) if hidden_state is None else hidden_state
        ends = torch.full((N,), L) if lengths is None else torch.tensor([int(end) for end in lengths])
        outputs = []
        for t, x_t in enumerate(x.transpose(0, 1)):
            new = step(x_t, h, self.w_input, self.w_hidden, self.bias_input, self.bias_hidden)
            going = ends.gt(t).unsqueeze(-1)
            h = torch.where(going, new, h)
            outputs.append(h.masked_fill(~going, 0))
        return torch.stack(outputs).transpose(0, 1), h
