"""The inputs of the rnn_cell suite: each made once, from the course seed, and read-only.

Nothing here may look at an answer. Weights are scaled so that tanh stays far from its flat ends, where wrong
and right formulas look alike; biases and states are never zero unless a case says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from grader.suite import generator


@dataclass(frozen=True, eq=False)
class Case:
    """One step's inputs: x (N, I), h_prev (N, H), w_input (I, H), w_hidden (H, H), bias (H,)."""

    name: str
    x: np.ndarray
    h_prev: np.ndarray
    w_input: np.ndarray
    w_hidden: np.ndarray
    bias: np.ndarray

    def __str__(self) -> str:
        return self.name

    @property
    def inputs(self):
        """The arguments of rnn_cell_forward."""
        return self.x, self.h_prev, self.w_input, self.w_hidden, self.bias

    @property
    def weights(self):
        """The weights of an RNNCell, by name."""
        return {"w_input": self.w_input, "w_hidden": self.w_hidden, "bias": self.bias}

    @property
    def sizes(self):
        """N, I, H."""
        return *self.x.shape, self.bias.size

    def without(self, *names: str) -> Case:
        """The same case with these arrays set to zero."""
        return replace(self, **{name: frozen(np.zeros_like(getattr(self, name))) for name in names})

    def astype(self, dtype) -> Case:
        """The same numbers in another dtype."""
        arrays = (frozen(array.astype(dtype)) for array in self.inputs)
        return Case(self.name, *arrays)


def frozen(array: np.ndarray) -> np.ndarray:
    """The array, made read-only."""
    array.flags.writeable = False
    return array


def make(name: str, n: int, i: int, h: int) -> Case:
    """A case with N = n, I = i, H = h; its numbers depend on the course seed and the name only."""
    draw = generator("rnn_cell", name)
    arrays = (
        draw.normal(size=(n, i)),
        draw.uniform(-0.9, 0.9, size=(n, h)),
        draw.normal(size=(i, h)) * 0.7 / np.sqrt(i),
        draw.normal(size=(h, h)) * 0.9 / np.sqrt(h),
        draw.uniform(0.2, 0.6, size=h) * np.where(np.arange(h) % 2, -1, 1),
    )
    return Case(name, *map(frozen, arrays))


ALL_DIFFERENT = make("all_sizes_differ", 4, 2, 3)
ONE_SAMPLE = make("one_sample", 1, 3, 2)
ALL_ONE = make("all_sizes_one", 1, 1, 1)
ALL_EQUAL = make("all_sizes_equal", 3, 3, 3)  # no mix-up of axes or of the two matrices raises here
SMALL = make("small", 2, 2, 2)

COTANGENT = frozen(generator("rnn_cell", "cotangent").normal(size=(4, 3)))  # for ALL_DIFFERENT
