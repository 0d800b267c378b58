import numpy as np


def run_cell(cell, x, state=None):
    state = cell.initial_state(x.shape[0])
    ys = []
    for t in range(x.shape[1]):
        y, state = cell.step(x[:, t], state)
        ys.append(y)
    return np.stack(ys, axis=1), state


def generate(cell, start, steps):
    h = cell.initial_state(start.shape[0])
    x, outs = start, []
    for i in range(steps):
        x, h = cell.step(x, h)
        outs.append(x)
    return np.stack(outs, axis=1)
