"""Cells for the loops of the students: made here from arrays, and their states turned into arrays again."""

import numpy as np
from cells import Accumulator, LinearCell


class _DictCell:
    """Its state is a dict, its step is one of a bound function, and it counts how it is called."""

    def __init__(self, gain):
        self.gain = gain
        self.batches = []
        self.steps = 0

    def initial_state(self, batch):
        self.batches.append(batch)
        return {"level": np.zeros((batch, 1))}

    def step(self, x, state):
        self.steps += 1
        level = self.gain * state["level"] + x
        return np.concatenate([level, -level], axis=1), {"level": level}


def run_linear(student, x, state, w, u):
    """The outputs and the last state of a cell whose state is an array."""
    cell = LinearCell(w, u)
    outputs, last = student.run_cell(cell, x, state)
    return outputs, last


def run_accumulator(student, x):
    """The outputs of a cell whose state is a pair, and the pair."""
    outputs, last = student.run_cell(Accumulator(), x)
    return outputs, last


def run_counted(student, x, gain):
    """The outputs, the last level, and how the cell was called: the batches of first states, the number of steps."""
    cell = _DictCell(gain)
    outputs, last = student.run_cell(cell, x)
    if not isinstance(last, dict):
        raise TypeError("`run_cell` must return the cell's own last state, whatever that is")
    return outputs, last["level"], np.array(cell.batches), cell.steps


def generated(student, start, steps, w, u):
    """What a cell makes of its own outputs."""
    cell = LinearCell(w, u)
    return student.generate(cell, start, steps)


def generated_counted(student, start, steps, w, u):
    """How many steps the cell makes when it is run for so many."""
    cell = LinearCell(w, u)
    calls = []
    step = cell.step
    cell.step = lambda x, state: calls.append(x.shape[0]) or step(x, state)
    outputs = student.generate(cell, start, steps)
    return outputs, np.array(calls)
