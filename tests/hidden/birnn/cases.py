"""The inputs of the birnn suite: each made once, from the course seed, and read-only.

Nothing here may look at an answer. Weights are scaled so that tanh stays far from its flat ends and so that
200 steps forget small errors instead of adding them up. Padding holds large random numbers: zeros there would
hide that they are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from grader.suite import generator


@dataclass(frozen=True, eq=False)
class Case:
    """One call's inputs: x (N, L, I), h0 (2, N, H), the weights, and lengths (N integers or None)."""

    name: str
    x: np.ndarray
    h0: np.ndarray
    forward_weights: tuple[np.ndarray, ...]  # w_input, w_hidden, bias
    backward_weights: tuple[np.ndarray, ...]
    weights: dict[str, np.ndarray] = field(repr=False)  # of a BiRNN, by name
    lengths: Sequence[int] | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def inputs(self):
        """The arguments of birnn_forward; lengths is left out where there is none."""
        given = (self.x, self.h0, self.forward_weights, self.backward_weights)
        return given if self.lengths is None else (*given, self.lengths)

    @property
    def sizes(self):
        """N, L, I, H."""
        return *self.x.shape, self.h0.shape[2]

    @property
    def outputs_shape(self):
        """N, L, 2H."""
        n, length, _, h = self.sizes
        return n, length, 2 * h

    @property
    def real(self):
        """(N, L): which steps are no padding."""
        n, length, _, _ = self.sizes
        lengths = [length] * n if self.lengths is None else self.lengths
        return np.arange(length) < np.asarray(lengths)[:, None]

    def from_zero(self) -> Case:
        """The same case with initial states of zeros."""
        return replace(self, h0=frozen(np.zeros_like(self.h0)))

    def mirrored(self) -> Case:
        """The case, one without lengths, with its sequences reversed and its two directions swapped."""
        return replace(
            self,
            name=f"{self.name}_mirrored",
            x=frozen(self.x[:, ::-1].copy()),
            h0=frozen(self.h0[::-1].copy()),
            forward_weights=self.backward_weights,
            backward_weights=self.forward_weights,
        )

    def astype(self, dtype) -> Case:
        """The same numbers in another dtype."""

        def convert(array):
            return frozen(array.astype(dtype))

        return replace(
            self,
            x=convert(self.x),
            h0=convert(self.h0),
            forward_weights=tuple(map(convert, self.forward_weights)),
            backward_weights=tuple(map(convert, self.backward_weights)),
            weights={name: convert(array) for name, array in self.weights.items()},
        )


def frozen(array: np.ndarray) -> np.ndarray:
    """The array, made read-only."""
    array.flags.writeable = False
    return array


def make(name: str, n: int, length: int, i: int, h: int, lengths: Sequence[int] | None = None) -> Case:
    """A case with N, L, I, H = n, length, i, h; its numbers depend on the course seed and the name only."""
    draw = generator("birnn", name)
    x = draw.normal(size=(n, length, i))
    h0 = draw.uniform(-0.9, 0.9, size=(2, n, h))
    for sample, end in enumerate(lengths or ()):
        x[sample, end:] = draw.uniform(1, 3, size=(length - end, i))
    return Case(
        name,
        frozen(x),
        frozen(h0),
        _step_weights(draw, i, h),
        _step_weights(draw, i, h),
        {
            **_module_weights(draw, "forward", i, h),
            **_module_weights(draw, "backward", i, h),
        },
        lengths,
    )


def _step_weights(draw: np.random.Generator, i: int, h: int):
    """w_input (I, H), w_hidden (H, H) of norm 0.9, bias (H,) of both signs."""
    w_input = draw.normal(size=(i, h)) * 0.7 / np.sqrt(i)
    w_hidden = draw.normal(size=(h, h))
    w_hidden *= 0.9 / np.linalg.norm(w_hidden, 2)
    bias = draw.uniform(0.2, 0.6, size=h) * np.where(np.arange(h) % 2, -1, 1)
    return tuple(map(frozen, (w_input, w_hidden, bias)))


def _module_weights(draw: np.random.Generator, direction: str, i: int, h: int):
    """The weights of one direction's nn.RNNCell and nn.Linear, by dotted name."""
    w_input, w_hidden, bias = _step_weights(draw, i, h)
    return {
        f"{direction}_cell.weight_ih": frozen(w_input.T.copy()),
        f"{direction}_cell.weight_hh": frozen(w_hidden.T.copy()),
        f"{direction}_cell.bias_ih": bias,
        f"{direction}_cell.bias_hh": frozen(draw.uniform(-0.3, 0.3, size=h)),
        f"{direction}_linear.weight": frozen(draw.normal(size=(h, h))),
        f"{direction}_linear.bias": frozen(draw.uniform(0.3, 0.9, size=h)),
    }


ALL_DIFFERENT = make("all_sizes_differ", 3, 4, 2, 5)
MAIN = make("main", 3, 4, 2, 3)
SMALL = make("small", 2, 3, 2, 2)
ONE_SAMPLE = make("one_sample", 1, 3, 2, 4)
ALL_ONE = make("all_sizes_one", 1, 1, 1, 1)
ALL_EQUAL = make("all_sizes_equal", 3, 3, 3, 3)
TWO_SAMPLES = make("two_samples", 2, 4, 3, 2)  # N = 2 is also the number of directions
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
    """Weights of outputs and hidden in the loss whose gradients are compared."""
    draw = generator("birnn", "cotangents", case.name)
    return frozen(draw.normal(size=case.outputs_shape)), frozen(draw.normal(size=case.h0.shape))


MAIN_COTANGENTS = cotangents(MAIN)
PADDED_COTANGENTS = cotangents(PADDED)
