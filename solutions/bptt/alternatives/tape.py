"""A small tape: the way forward is written down as a list of steps, and the way back reads it from its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Tuple

import numpy as np

Array = np.ndarray


@dataclass
class Weights:
    """Sums that grow while the tape is read."""

    w_input: Array
    w_hidden: Array
    bias: Array

    @classmethod
    def like(cls, w_input: Array, w_hidden: Array) -> Weights:
        return cls(np.zeros_like(w_input), np.zeros_like(w_hidden), np.zeros_like(w_hidden[0]))

    def add(self, x: Array, h: Array, da: Array) -> None:
        self.w_input += np.tensordot(x, da, axes=(0, 0))
        self.w_hidden += np.tensordot(h, da, axes=(0, 0))
        self.bias += np.add.reduce(da)


@dataclass
class Tape:
    """Steps in the order of reading: input, old state, new state, gradient of the output."""

    steps: List[Tuple[Array, Array, Array, Array]] = field(default_factory=list)

    def play_back(self, sums: Weights, w_input: Array, w_hidden: Array) -> Tuple[List[Array], Array]:
        dxs: List[Array] = []
        dh = None
        while self.steps:
            x, old, new, d = self.steps.pop()
            d = d.copy() if dh is None else d + dh
            d *= 1 - np.power(new, 2)
            sums.add(x, old, d)
            dxs.append(np.inner(d, w_input))
            dh = np.inner(d, w_hidden)
        return dxs[::-1], dh


def rnn_cell_backward(
    dh_next: Array, x: Array, h_prev: Array, h_next: Array, w_input: Array, w_hidden: Array
) -> Tuple[Array, ...]:
    sums = Weights.like(w_input, w_hidden)
    (dx,), dh = Tape([(x, h_prev, h_next, dh_next)]).play_back(sums, w_input, w_hidden)
    return dx, dh, sums.w_input, sums.w_hidden, sums.bias


def truncated_backward(
    dhidden_states: Array,
    x: Array,
    h0: Array,
    hidden_states: Array,
    w_input: Array,
    w_hidden: Array,
    chunk: int,
) -> Tuple[Array, ...]:
    sums, tape = Weights.like(w_input, w_hidden), Tape()
    dxs: List[Array] = []
    dh0 = None
    old = h0
    for t in range(x.shape[1]):
        tape.steps.append((x[:, t], old, hidden_states[:, t], dhidden_states[:, t]))
        old = hidden_states[:, t]
        if len(tape.steps) == chunk or t == x.shape[1] - 1:
            more, dh = tape.play_back(sums, w_input, w_hidden)
            dxs.extend(more)
            dh0 = dh if dh0 is None else dh0
    return np.stack(dxs, 1), dh0, sums.w_input, sums.w_hidden, sums.bias


def rnn_backward(
    dhidden_states: Array, x: Array, h0: Array, hidden_states: Array, w_input: Array, w_hidden: Array
) -> Tuple[Array, ...]:
    return truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, x.shape[1] + 1)
