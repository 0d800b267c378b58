import numpy as np


def run_cell(cell, x, state=None):
    N, L, I = x.shape
    if state is None:
        state = cell.initial_state(N)
    out = []
    for t in range(L):
        y, new_state = cell.step(x[:, t], state)
        out.append(y)
    return np.stack(out, axis=1), new_state


def generate(cell, start, steps):
    h = cell.initial_state(start.shape[0])
    x, outs = start, []
    for i in range(steps):
        x, h = cell.step(x, h)
        outs.append(x)
    return np.stack(outs, axis=1)
