"""The inputs of the rnn suite: each made once, from the course seed, and read-only.

Nothing here may look at an answer. Weights are scaled so that tanh stays far from its flat ends and so that
200 steps forget small errors instead of adding them up. Padding holds large random numbers: zeros there would
hide that they are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.suite import generator


@dataclass(frozen=True, eq=False)
class Case:
    """One call's inputs: x (N, L, I), h0 (N, H), the weights, and lengths (N integers or None)."""

    name: str
    x: np.ndarray
    h0: np.ndarray
    w_input: np.ndarray
    w_hidden: np.ndarray
    bias: np.ndarray
    w_output: np.ndarray
    lengths: Sequence[int] | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def inputs(self):
        """The arguments of rnn_forward; lengths is left out where there is none."""
        given = (self.x, self.h0, self.w_input, self.w_hidden, self.bias)
        return given if self.lengths is None else (*given, self.lengths)

    @property
    def cell_weights(self):
        """The weights of the cell alone, by name."""
        return {"w_input": self.w_input, "w_hidden": self.w_hidden, "bias": self.bias}

    @property
    def weights(self):
        """The weights of an RNN, by name."""
        return {
            **{f"cell.{name}": array for name, array in self.cell_weights.items()},
            "w_output": self.w_output,
        }

    @property
    def sizes(self):
        """N, L, I, H."""
        return *self.x.shape, self.bias.size

    @property
    def real(self):
        """(N, L): which steps are no padding."""
        n, length, _, _ = self.sizes
        lengths = [length] * n if self.lengths is None else self.lengths
        return np.arange(length) < np.asarray(lengths)[:, None]

    def from_zero(self) -> Case:
        """The same case with an initial state of zeros."""
        return replace(self, h0=frozen(np.zeros_like(self.h0)))

    def steps(self, name: str, begin: int, end: int) -> Case:
        """The steps from begin to end - 1 of a case without lengths, under another name."""
        return replace(self, name=name, x=frozen(self.x[:, begin:end].copy()))

    def astype(self, dtype) -> Case:
        """The same numbers in another dtype."""
        names = ("x", "h0", "w_input", "w_hidden", "bias", "w_output")
        return replace(self, **{name: frozen(getattr(self, name).astype(dtype)) for name in names})


def frozen(array: np.ndarray) -> np.ndarray:
    """The array, made read-only."""
    array.flags.writeable = False
    return array


def make(name: str, n: int, length: int, i: int, h: int, lengths: Sequence[int] | None = None) -> Case:
    """A case with N, L, I, H = n, length, i, h; its numbers depend on the course seed and the name only."""
    draw = generator("rnn", name)
    x = draw.normal(size=(n, length, i))
    h0 = draw.uniform(-0.9, 0.9, size=(n, h))
    w_input = draw.normal(size=(i, h)) * 0.7 / np.sqrt(i)
    w_hidden = draw.normal(size=(h, h))
    w_hidden *= 0.9 / np.linalg.norm(w_hidden, 2)
    bias = draw.uniform(0.2, 0.6, size=h) * np.where(np.arange(h) % 2, -1, 1)
    w_output = draw.normal(size=(h, h))
    for sample, end in enumerate(lengths or ()):
        x[sample, end:] = draw.uniform(1, 3, size=(length - end, i))
    return Case(name, *map(frozen, (x, h0, w_input, w_hidden, bias, w_output)), lengths=lengths)


ALL_DIFFERENT = make("all_sizes_differ", 3, 4, 2, 5)
MAIN = make("main", 3, 4, 2, 3)
SMALL = make("small", 2, 3, 2, 2)  # I = H: no mix-up of the two matrices raises here
ONE_SAMPLE = make("one_sample", 1, 3, 2, 4)
ALL_ONE = make("all_sizes_one", 1, 1, 1, 1)
ALL_EQUAL = make("all_sizes_equal", 3, 3, 3, 3)
ONE_STEP = MAIN.steps("one_step", 1, 2)
LONG = make("long", 2, 200, 2, 3)

# The order that sorts these lengths is not its own inverse, up or down: un-sorting must be done right.
PADDED = make("mixed_lengths", 4, 5, 2, 3, [2, 5, 1, 4])
SPECIAL_LENGTHS = [
    make("all_of_length_one", 3, 2, 2, 3, [1, 1, 1]),
    make("all_equally_short", 2, 4, 2, 3, [3, 3]),  # shorter than L: the outputs still have L steps
    make("longest_first", 3, 4, 2, 3, [4, 2, 1]),
    make("one_padded_sample", 1, 3, 2, 2, [2]),
]


def cotangents(case: Case):
    """Weights of outputs and hidden_state in the loss whose gradients are compared."""
    n, length, _, h = case.sizes
    draw = generator("rnn", "cotangents", case.name)
    return frozen(draw.normal(size=(n, length, h))), frozen(draw.normal(size=(n, h)))


MAIN_COTANGENTS = cotangents(MAIN)
PADDED_COTANGENTS = cotangents(PADDED)
