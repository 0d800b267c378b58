"""Typed, with a state of its own kind and a function for one step that both halves share."""

from __future__ import annotations

from typing import NamedTuple, Optional, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class State(NamedTuple):
    """What goes from step to step."""

    h: Tensor
    c: Tensor


def step(x: Tensor, old: State, w_input: Tensor, w_hidden: Tensor, bias: Tensor) -> State:
    """One step in torch. F.linear wants its matrix the other way round."""
    a = F.linear(x, w_input.t(), bias) + F.linear(old.h, w_hidden.t())
    write, keep, new, show = torch.tensor_split(a, 4, dim=-1)
    c = torch.addcmul(torch.sigmoid(keep) * old.c, torch.sigmoid(write), torch.tanh(new))
    return State(torch.sigmoid(show) * torch.tanh(c), c)


def lstm_cell_forward(
    x: np.ndarray,
    h_prev: np.ndarray,
    c_prev: np.ndarray,
    w_input: np.ndarray,
    w_hidden: np.ndarray,
    bias: np.ndarray,
) -> Tuple[np.ndarray, np.ndarray]:
    """The same step, asked from numpy."""
    x_, h_, c_, w_, u_, b_ = (torch.tensor(array) for array in (x, h_prev, c_prev, w_input, w_hidden, bias))
    new = step(x_, State(h_, c_), w_, u_, b_)
    return new.h.numpy(), new.c.numpy()


class LSTM(nn.Module):
    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.empty(input_size, 4 * hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, 4 * hidden_size))
        self.bias = nn.Parameter(torch.empty(4 * hidden_size))
        self.reset()

    def reset(self) -> None:
        """Fill the weights."""
        for weight in (self.w_input, self.w_hidden, self.bias):
            nn.init.uniform_(weight, -(self.hidden_size**-0.5), self.hidden_size**-0.5)

    def forward(
        self,
        x: Tensor,
        state: Optional[Tuple[Tensor, Tensor]] = None,
        lengths: Optional[Sequence[int]] = None,
    ) -> Tuple[Tensor, State]:
        N, L, _ = x.shape
        assert state is None or len(state) == 2
        old = State(*state) if state else State(*x.new_zeros(2, N, self.hidden_size))
        ends = torch.full((N,), L) if lengths is None else torch.tensor([int(end) for end in lengths])
        outputs = []
        for t, x_t in enumerate(x.transpose(0, 1)):
            new = step(x_t, old, self.w_input, self.w_hidden, self.bias)
            going = ends.gt(t).unsqueeze(-1)
            old = State(torch.where(going, new.h, old.h), torch.where(going, new.c, old.c))
            outputs.append(old.h.masked_fill(~going, 0))
        return torch.stack(outputs).transpose(0, 1), old
