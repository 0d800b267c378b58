import numpy as np


class Runner:
    def __init__(self, cell):
        self.cell = cell

    def __call__(self, x, state):
        outputs = None
        for t in range(x.shape[1]):
            out, state = self.cell.step(x[:, t], state)
            if outputs is None:
                outputs = np.zeros((x.shape[0], x.shape[1], out.shape[1]), dtype=out.dtype)
            outputs[:, t] = out
        return outputs, state


def run_cell(cell, x, state=None):
    if state is None:
        state = cell.initial_state(x.shape[0])
    return Runner(cell)(x, state)


def generate(cell, start, steps):
    state, last, outs = cell.initial_state(start.shape[0]), start, []
    for step in range(steps):
        out, state = Runner(cell)(last[:, None], state)
        last = out[:, 0]
        outs.append(last)
    return np.stack(outs, 1)
