"""rnn_cell: one time step of an Elman network."""

from __future__ import annotations

import math
from typing import Optional

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn


def _check(x: NDArray, h_prev: NDArray, w_input: NDArray, w_hidden: NDArray, bias: NDArray) -> None:
    assert x.ndim == 2 and h_prev.ndim == 2, (x.shape, h_prev.shape)
    assert x.shape[0] == h_prev.shape[0], "batch sizes differ"
    assert w_input.shape == (x.shape[1], h_prev.shape[1])
    assert w_hidden.shape == (h_prev.shape[1], h_prev.shape[1])
    assert bias.shape == (h_prev.shape[1],)


def rnn_cell_forward(
    x: NDArray, h_prev: NDArray, w_input: NDArray, w_hidden: NDArray, bias: NDArray
) -> NDArray:
    _check(x, h_prev, w_input, w_hidden, bias)
    pre_activation = np.matmul(x, w_input)
    pre_activation += np.matmul(h_prev, w_hidden)
    pre_activation += bias
    return np.tanh(pre_activation, out=pre_activation)


class RNNCell(nn.Module):
    w_input: nn.Parameter
    w_hidden: nn.Parameter
    bias: nn.Parameter

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.empty(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.empty(hidden_size))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        bound = 1.0 / math.sqrt(self.hidden_size)
        for p in self.parameters():
            nn.init.uniform_(p, -bound, bound)

    def _zero_state(self, x: Tensor) -> Tensor:
        return x.new_zeros((x.size(0), self.hidden_size))

    def forward(self, x: Tensor, hidden_state: Optional[Tensor] = None) -> Tensor:
        assert x.dim() == 2 and x.size(1) == self.input_size
        h = self._zero_state(x) if hidden_state is None else hidden_state
        return torch.tanh(torch.matmul(x, self.w_input) + torch.matmul(h, self.w_hidden) + self.bias)


if __name__ == "__main__":
    torch.manual_seed(0)
    print(RNNCell(4, 6)(torch.randn(2, 4)))
