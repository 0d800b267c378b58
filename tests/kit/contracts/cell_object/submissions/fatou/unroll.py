import numpy as np


def run_cell(cell, x, state=None):
    if state is None:
        state = cell.initial_state(x.shape[0])
    ys = []
    for x_t in np.moveaxis(x, 1, 0):
        y, state = cell.step(x_t, state)
        ys.append(y)
    return np.array(ys), state


def generate(cell, start, steps):
    h = cell.initial_state(start.shape[0])
    x, outs = start, []
    for i in range(steps):
        x, h = cell.step(x, h)
        outs.append(x)
    return np.stack(outs, axis=1)
