import numpy as np


def run_cell(cell, x, state=None):
    if state is None:
        state = cell.initial_state(x.shape[0])
    ys = []
    for t in range(x.shape[1]):
        y, state = cell.step(x[:, t], state)
        ys.append(y)
    return np.stack(ys, axis=1), np.asarray(state)


def generate(cell, start, steps):
    raise NotImplementedError("feed the output back")
