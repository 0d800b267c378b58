# %% [markdown]
# # A loop that knows nothing of its cell
#
# A *cell* is any object with two methods: `cell.initial_state(batch)` gives the state before the first step, and
# `cell.step(x_t, state)` gives `(output, new_state)`. A state may be anything: an array, a pair, a dict.
#
# - `run_cell(cell, x, state=None)`: `x` is (N, L, I). Returns the outputs of all steps, (N, L, O), and the last state.
# - `generate(cell, start, steps)`: `start` is (N, I). Step by step the output is the next input. Returns (N, steps, O).
#
# The loop is worth 10 points, generation 6, and care 4: the dtype
# kept, arguments left alone.

# %%
import numpy as np


# %%
def run_cell(cell, x, state=None):
    """Run a cell over a sequence."""
    raise NotImplementedError("loop over the steps")


# %%
def generate(cell, start, steps):
    """Feed a cell its own outputs."""
    raise NotImplementedError("feed the output back")
