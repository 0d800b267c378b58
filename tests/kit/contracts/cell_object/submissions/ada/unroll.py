import numpy as np


def run_cell(cell, x, state=None):
    if state is None:
        state = cell.initial_state(len(x))
    ys = []
    for t in range(x.shape[1]):
        y, state = cell.step(x[:, t, :], state)
        ys.append(y[:, None])
    return np.concatenate(ys, axis=1), state


def generate(cell, start, steps):
    state = cell.initial_state(len(start))
    y = start
    ys = []
    while len(ys) < steps:
        y, state = cell.step(y, state)
        ys.append(y)
    return np.array(ys).transpose(1, 0, 2)
