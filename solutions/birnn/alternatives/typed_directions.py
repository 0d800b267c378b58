"""Type hints, asserts, prints, and an object of one's own per direction that knows its order of steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

Weights = tuple[np.ndarray, np.ndarray, np.ndarray]


def exp_tanh(a: np.ndarray) -> np.ndarray:
    return 2 / (1 + np.exp(-2 * np.clip(a, -30, 30))) - 1


@dataclass(frozen=True)
class Direction:
    name: str
    weights: Weights

    def steps(self, length: int) -> Iterable[int]:
        return range(length) if self.name == "forward" else reversed(range(length))

    def run(self, x: np.ndarray, h0: np.ndarray, lengths: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        w_input, w_hidden, bias = self.weights
        states = np.zeros((*x.shape[:2], h0.shape[1]), dtype=h0.dtype)
        last = np.empty_like(h0)
        for n, length in enumerate(lengths):
            h = h0[n]
            for t in self.steps(int(length)):
                h = exp_tanh(x[n, t] @ w_input + h @ w_hidden + bias)
                states[n, t] = h
            last[n] = h
        return states, last


def birnn_forward(
    x: np.ndarray,
    h0: np.ndarray,
    forward_weights: Weights,
    backward_weights: Weights,
    lengths: Sequence[int] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    N, L, _ = x.shape
    assert h0.shape[:2] == (2, N), f"h0 must be (2, {N}, H), got {h0.shape}"
    directions = (Direction("forward", forward_weights), Direction("backward", backward_weights))
    real = [L] * N if lengths is None else list(lengths)
    assert all(1 <= length <= L for length in real), real
    results = [direction.run(x, h0[k], real) for k, direction in enumerate(directions)]
    outputs = np.concatenate([states for states, _ in results], axis=2)
    hidden = np.stack([last for _, last in results], axis=0)
    print(f"birnn_forward: {x.shape} -> {outputs.shape}, {hidden.shape}")
    return outputs, hidden


class BiRNN(nn.Module):
    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.input_size: int = input_size
        self.hidden_size: int = hidden_size
        for name in ("forward", "backward"):
            self.add_module(f"{name}_cell", nn.RNNCell(input_size, hidden_size))
            self.add_module(f"{name}_linear", nn.Linear(hidden_size, hidden_size))

    def _run(
        self,
        cell: Callable[[Tensor, Tensor], Tensor],
        x: Tensor,
        h: Tensor,
        mask: Tensor,
        order: Iterable[int],
    ) -> tuple[Tensor, Tensor]:
        states: dict[int, Tensor] = {}
        for t in order:
            h = torch.where(mask[:, t], cell(x[:, t], h), h)
            states[t] = h
        return torch.stack([states[t] for t in sorted(states)], dim=1), h

    def forward(
        self, x: Tensor, hidden: Tensor | None = None, lengths: Sequence[int] | None = None
    ) -> tuple[Tensor, Tensor]:
        N, L, I = x.shape
        assert I == self.input_size, f"x has {I} features, expected {self.input_size}"
        if hidden is None:
            hidden = torch.zeros(2, N, self.hidden_size, dtype=x.dtype, device=x.device)
        assert hidden.shape == (2, N, self.hidden_size), tuple(hidden.shape)
        limit = torch.tensor([L] * N if lengths is None else [int(k) for k in lengths], device=x.device)
        mask = (torch.arange(L, device=x.device) < limit[:, None]).unsqueeze(-1)
        states_f, last_f = self._run(self.forward_cell, x, hidden[0], mask, range(L))
        states_b, last_b = self._run(self.backward_cell, x, hidden[1], mask, range(L - 1, -1, -1))
        outputs = torch.cat((self.forward_linear(states_f), self.backward_linear(states_b)), dim=-1)
        print(f"BiRNN: {tuple(x.shape)} -> {tuple(outputs.shape)}")
        return outputs.masked_fill(~mask, 0.0), torch.stack((last_f, last_b))
