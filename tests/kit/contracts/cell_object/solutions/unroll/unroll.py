# %% [markdown]
# # A loop that knows nothing of its cell
#
# A *cell* is any object with two methods: `cell.initial_state(batch)` gives the state before the first step, and
# `cell.step(x_t, state)` gives `(output, new_state)`. A state may be anything: an array, a pair, a dict.
#
# - `run_cell(cell, x, state=None)`: `x` is (N, L, I). Returns the outputs of all steps, (N, L, O), and the last state.
# - `generate(cell, start, steps)`: `start` is (N, I). Step by step the output is the next input. Returns (N, steps, O).
#
# The loop is worth {points of loop} points, generation {points of generation}, and care {points of care}: the dtype
# kept, arguments left alone.

# %%
import numpy as np


# %%
def run_cell(cell, x, state=None):
    """Run a cell over a sequence."""
    ### BEGIN SOLUTION: loop over the steps
    if state is None:
        state = cell.initial_state(x.shape[0])
    outputs = []
    for t in range(x.shape[1]):
        output, state = cell.step(x[:, t], state)
        outputs.append(output)
    return np.stack(outputs, axis=1), state
    ### END SOLUTION


# %%
def generate(cell, start, steps):
    """Feed a cell its own outputs."""
    ### BEGIN SOLUTION: feed the output back
    state = cell.initial_state(start.shape[0])
    x = start
    outputs = []
    for _ in range(steps):
        x, state = cell.step(x, state)
        outputs.append(x)
    return np.stack(outputs, axis=1)
    ### END SOLUTION
