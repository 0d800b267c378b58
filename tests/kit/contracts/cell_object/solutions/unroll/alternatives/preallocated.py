"""Outputs are written into an array that is made when the first one has come."""

import numpy as np


def run_cell(cell, x, state=None):
    n, length, _ = x.shape
    state = cell.initial_state(n) if state is None else state
    outputs = None
    for t, x_t in enumerate(np.swapaxes(x, 0, 1)):
        y, state = cell.step(x_t, state)
        if outputs is None:
            outputs = np.empty((n, length, *y.shape[1:]), y.dtype)
        outputs[:, t] = y
    return outputs, state


def generate(cell, start, steps):
    outputs = np.empty((start.shape[0], steps, start.shape[1]), start.dtype)
    state, y = cell.initial_state(len(start)), start
    for t in range(steps):
        y, state = cell.step(y, state)
        outputs[:, t] = y
    return outputs
