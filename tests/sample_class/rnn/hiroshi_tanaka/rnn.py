"""rnn: the cell, unrolled over time."""

from __future__ import annotations

import math
from typing import Iterator, Optional, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn


def _unroll(x: NDArray, h: NDArray, params: tuple[NDArray, NDArray, NDArray], active: NDArray) -> Iterator[NDArray]:
    w_input, w_hidden, bias = params
    for x_t, on in zip(np.swapaxes(x, 0, 1), active.T):
        h = np.where(on[:, np.newaxis], np.tanh(x_t @ w_input + h @ w_hidden + bias), h)
        yield h


def rnn_forward(
    x: NDArray,
    h0: NDArray,
    w_input: NDArray,
    w_hidden: NDArray,
    bias: NDArray,
    lengths: Optional[Sequence[int]] = None,
) -> tuple[NDArray, NDArray]:
    assert x.ndim == 3 and h0.ndim == 2
    n, steps = x.shape[:2]
    lens = np.full((n,), steps) if lengths is None else np.asarray(lengths, dtype=np.int64)
    active = np.arange(steps) < lens[:, None]  # (N, L)
    states = list(_unroll(x, h0, (w_input, w_hidden, bias), active))
    hidden_states = np.stack(states, axis=1)
    return np.where(active[..., None], hidden_states, np.zeros((), dtype=x.dtype)), states[-1]


class RNNCell(nn.Module):
    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.empty(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.empty(hidden_size))
        bound = 1.0 / math.sqrt(hidden_size)
        for p in self.parameters():
            nn.init.uniform_(p, -bound, bound)

    def forward(self, x: Tensor, hidden_state: Optional[Tensor] = None) -> Tensor:
        h = x.new_zeros((x.size(0), self.hidden_size)) if hidden_state is None else hidden_state
        return torch.tanh(torch.matmul(x, self.w_input) + torch.matmul(h, self.w_hidden) + self.bias)


class RNN(nn.Module):
    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.empty(hidden_size, hidden_size))
        nn.init.xavier_uniform_(self.w_output)

    def forward(
        self, x: Tensor, hidden_state: Optional[Tensor] = None, lengths: Optional[Sequence[int]] = None
    ) -> tuple[Tensor, Tensor]:
        n, steps, _ = x.shape
        state = x.new_zeros((n, self.cell.hidden_size)) if hidden_state is None else hidden_state
        lens = torch.tensor([steps] * n if lengths is None else [int(k) for k in lengths])
        padding = torch.arange(steps).unsqueeze(0) >= lens.unsqueeze(1)
        outputs: list[Tensor] = []
        for x_t, pad in zip(x.unbind(dim=1), padding.unbind(dim=1)):
            pad = pad.unsqueeze(1)
            state = torch.where(pad, state, self.cell(x_t, state))
            outputs.append((state @ self.w_output).masked_fill(pad, 0.0))
        return torch.stack(outputs, dim=1), state
