import numpy as np


def run_cell(cell, x, state=None):
    if state is None:
        state = np.zeros((x.shape[0], 4))
    ys = []
    for t in range(x.shape[1]):
        y, state = cell.forward(x[:, t], state)
        ys.append(y)
    return np.stack(ys, axis=1), state


def generate(cell, start, steps):
    h = cell.initial_state(start.shape[0])
    x, outs = start, []
    for i in range(steps):
        x, h = cell.step(x, h)
        outs.append(x)
    return np.stack(outs, axis=1)
