from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


class OfStep(NamedTuple):
    dx: Array
    dh_prev: Array
    dw_input: Array
    dw_hidden: Array
    dbias: Array


class OfSequence(NamedTuple):
    dx: Array
    dh0: Array
    dw_input: Array
    dw_hidden: Array
    dbias: Array


def rnn_cell_backward(dh_next: Array, x: Array, h_prev: Array, h_next: Array, w_input: Array, w_hidden: Array) -> OfStep:
    assert dh_next.shape == h_next.shape == h_prev.shape
    before_tanh = dh_next * (1 - h_next**2)
    return OfStep(
        dx=before_tanh @ w_input.T,
        dh_prev=before_tanh @ w_hidden.T,
        dw_input=x.T @ before_tanh,
        dw_hidden=h_prev.T @ before_tanh,
        dbias=before_tanh.sum(axis=0),
    )


def rnn_backward(
    dhidden_states: Array, x: Array, h0: Array, hidden_states: Array, w_input: Array, w_hidden: Array
) -> OfSequence:
    steps: list[OfStep] = []
    old_states = [h0, *hidden_states.swapaxes(0, 1)[:-1]]
    handed: Array = np.zeros_like(h0)
    for t, old in reversed(list(enumerate(old_states))):
        step = rnn_cell_backward(dhidden_states[:, t] + handed, x[:, t], old, hidden_states[:, t], w_input, w_hidden)
        handed = step.dh_prev
        steps.append(step)
    return OfSequence(
        dx=np.stack([step.dx for step in reversed(steps)], axis=1),
        dh0=handed,
        dw_input=np.sum([step.dw_input for step in steps], axis=0),
        dw_hidden=np.sum([step.dw_hidden for step in steps], axis=0),
        dbias=np.sum([step.dbias for step in steps], axis=0),
    )


def truncated_backward(
    dhidden_states: Array, x: Array, h0: Array, hidden_states: Array, w_input: Array, w_hidden: Array, chunk: int
) -> OfSequence:
    edges = np.arange(chunk, x.shape[1], chunk)
    pieces = zip(*(np.split(array, edges, axis=1) for array in (dhidden_states, x, hidden_states)))
    found: list[OfSequence] = []
    start = h0
    for d, inputs, states in pieces:
        found.append(rnn_backward(d, inputs, start, states, w_input, w_hidden))
        start = states[:, -1]
    return OfSequence(
        np.concatenate([one.dx for one in found], axis=1),
        found[0].dh0,
        np.sum([one.dw_input for one in found], axis=0),
        np.sum([one.dw_hidden for one in found], axis=0),
        np.sum([one.dbias for one in found], axis=0),
    )
