"""Type hints, asserts, prints; the running state lives in a small object made anew for every call."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

DEBUG = True


class Reader:
    """Reads one batch in numpy, remembering what it has seen. One reader per call: nothing is kept."""

    def __init__(self, w_input: np.ndarray, w_hidden: np.ndarray, bias: np.ndarray, h0: np.ndarray) -> None:
        self.w_input, self.w_hidden, self.bias = w_input, w_hidden, bias
        self.state = h0.copy()
        self.history: list[np.ndarray] = []

    def read(self, x_t: np.ndarray, active: np.ndarray) -> None:
        new = np.tanh(x_t @ self.w_input + self.state @ self.w_hidden + self.bias)
        assert new.shape == self.state.shape, (new.shape, self.state.shape)
        self.state[active] = new[active]
        output = np.zeros_like(self.state)
        output[active] = new[active]
        self.history.append(output)


def rnn_forward(
    x: np.ndarray,
    h0: np.ndarray,
    w_input: np.ndarray,
    w_hidden: np.ndarray,
    bias: np.ndarray,
    lengths: Sequence[int] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    assert x.ndim == 3, f"x must be (N, L, I), got {x.shape}"
    lengths = np.asarray(lengths if lengths is not None else [x.shape[1]] * x.shape[0])
    reader = Reader(w_input, w_hidden, bias, h0)
    for t in range(x.shape[1]):
        reader.read(x[:, t], lengths > t)
    if DEBUG:
        print("rnn_forward:", x.shape, "->", reader.state.shape)
    return np.stack(reader.history, axis=1), reader.state


class RNNCell(nn.Module):
    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        bound = hidden_size**-0.5
        self.w_input = nn.Parameter(torch.empty(input_size, hidden_size).uniform_(-bound, bound))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(hidden_size).uniform_(-bound, bound))

    def forward(self, x: Tensor, hidden_state: Tensor | None = None) -> Tensor:
        assert x.shape[1] == self.input_size
        if hidden_state is None:
            hidden_state = torch.zeros((x.shape[0], self.hidden_size), dtype=x.dtype, device=x.device)
        return (x @ self.w_input + hidden_state @ self.w_hidden + self.bias).tanh()


class RNN(nn.Module):
    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.cell: RNNCell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.eye(hidden_size) + 0.01 * torch.randn(hidden_size, hidden_size))

    @staticmethod
    def mask(x: Tensor, lengths: Sequence[int] | None) -> Tensor:
        """(N, L, 1), one where a step is real."""
        mask = torch.ones(x.shape[0], x.shape[1], 1, dtype=x.dtype, device=x.device)
        for n, length in enumerate(() if lengths is None else lengths):
            mask[n, int(length) :] = 0
        return mask

    def forward(
        self, x: Tensor, hidden_state: Tensor | None = None, lengths: Sequence[int] | None = None
    ) -> tuple[Tensor, Tensor]:
        assert x.dim() == 3, "batch first: (N, L, I)"
        mask = self.mask(x, lengths)
        state = hidden_state
        if state is None:
            state = x.new_zeros(x.shape[0], self.cell.hidden_size)
        outputs: list[Tensor] = []
        for t in range(x.shape[1]):
            state = state + mask[:, t] * (self.cell(x[:, t], state) - state)
            outputs.append(mask[:, t] * (state @ self.w_output))
        result = torch.stack(outputs, dim=1)
        assert result.shape[:2] == x.shape[:2]
        if DEBUG:
            print("RNN:", tuple(x.shape), "->", tuple(result.shape))
        return result, state
