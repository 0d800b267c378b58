"""Type hints, asserts on every shape, a print, and small classes of one's own around the weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

print("rnn_cell: loaded")


@dataclass
class Weights:
    w_input: np.ndarray
    w_hidden: np.ndarray
    bias: np.ndarray

    def check(self) -> None:
        I, H = self.w_input.shape
        assert self.w_hidden.shape == (H, H), f"w_hidden is {self.w_hidden.shape}"
        assert self.bias.shape == (H,), f"bias is {self.bias.shape}"
        assert I >= 1

    def affine(self, x: np.ndarray, h: np.ndarray) -> np.ndarray:
        return x @ self.w_input + h @ self.w_hidden + self.bias


def rnn_cell_forward(
    x: np.ndarray, h_prev: np.ndarray, w_input: np.ndarray, w_hidden: np.ndarray, bias: np.ndarray
) -> np.ndarray:
    weights = Weights(w_input, w_hidden, bias)
    weights.check()
    assert x.shape[0] == h_prev.shape[0]
    h_next: np.ndarray = np.tanh(weights.affine(x, h_prev))
    assert h_next.shape == h_prev.shape
    return h_next


class RNNCell(nn.Module):
    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.w_input = self._weight(input_size, hidden_size)
        self.w_hidden = self._weight(hidden_size, hidden_size)
        self.bias = self._weight(hidden_size)

    def _weight(self, *shape: int) -> nn.Parameter:
        values = torch.empty(*shape)
        nn.init.uniform_(values, -(self.hidden_size**-0.5), self.hidden_size**-0.5)
        return nn.Parameter(values)

    def initial_state(self, x: Tensor) -> Tensor:
        return torch.zeros(x.shape[0], self.hidden_size).to(x)

    def forward(self, x: Tensor, hidden_state: Tensor | None = None) -> Tensor:
        assert x.dim() == 2 and x.shape[1] == self.input_size, f"x is {tuple(x.shape)}"
        state = self.initial_state(x) if hidden_state is None else hidden_state
        assert state.shape == (x.shape[0], self.hidden_size), f"the state is {tuple(state.shape)}"
        return (x @ self.w_input + state @ self.w_hidden + self.bias).tanh()
