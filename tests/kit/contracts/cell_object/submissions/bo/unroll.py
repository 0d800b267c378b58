import numpy as np
from cells import LinearCell


def _steps(cell, inputs, state):
    """A generator: gives outputs, and then the last state."""
    for x in inputs:
        y, state = cell.step(x, state)
        yield y, state


def run_cell(cell, x, state=None):
    state = cell.initial_state(x.shape[0]) if state is None else state
    pairs = list(_steps(cell, x.transpose(1, 0, 2), state))
    return np.stack([y for y, _ in pairs]).swapaxes(0, 1), pairs[-1][1]


def generate(cell, start, steps):
    fed = []

    def inputs():
        yield start
        while True:
            yield fed[-1]

    state = cell.initial_state(start.shape[0])
    for _, (y, state) in zip(range(steps), _steps(cell, inputs(), state)):
        fed.append(y)
    return np.stack(fed[:steps], axis=1)


print(run_cell(LinearCell(np.eye(2), np.eye(2)), np.ones((1, 3, 2))))
