"""The inputs of a suite: arrays with named axes, each made once from the course seed, and read-only.

A suite declares what a case holds, and in which order it is drawn:

>>> make = Cases("rnn_cell", {"x": numbers("N I"), "w_input": weights("I H", 0.7)})
>>> make("all_sizes_differ", N=4, I=2, H=3)["x"].shape
(4, 2)

Nothing here may look at an answer. Weights are scaled so that an activation stays far from its flat ends, where wrong
and right formulas look alike; biases and states are never zero unless a case says so; padding holds large numbers,
because zeros there would hide that they are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from grader.suite import generator

#: How a call passes the argument that may be left out, a state: as it is, as None, or not at all.
GIVEN, NONE, LEFT_OUT = "given", "none", "left_out"


def frozen(array: np.ndarray) -> np.ndarray:
    """The array, made read-only."""
    array.flags.writeable = False
    return array


def shape(axes: str, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """The sizes of named axes.

    >>> shape("N L 2H", {"N": 3, "L": 4, "H": 5})
    (3, 4, 10)
    """
    return tuple([times * (sizes[letter] if letter else 1) for times, letter in _axes(axes)])


@lru_cache(maxsize=256)
def _axes(axes: str) -> tuple[tuple[int, str], ...]:
    """The number and the letter of each axis."""
    return tuple(map(_axis, axes.split()))


def _axis(axis: str) -> tuple[int, str]:
    match = re.fullmatch(r"(\d*)([A-Z]?)", axis)
    if match is None or not match[0]:
        raise ValueError(f"{axis!r} is no axis: write a letter, a number, or both, as in 2H")
    return int(match[1] or 1), match[2]


@dataclass(frozen=True, eq=False)
class Case:
    """The inputs of one call: arrays by name, the sizes of their axes, and how many steps of each sample are real."""

    name: str
    sizes: Mapping[str, int]
    arrays: Mapping[str, np.ndarray] = field(repr=False)
    lengths: Sequence[int] | None = None
    state: str = GIVEN

    def __str__(self) -> str:
        return self.name

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    def shape(self, axes: str) -> tuple[int, ...]:
        """The sizes of named axes in this case, "N L 2H"."""
        return shape(axes, self.sizes)

    @property
    def steps(self) -> int:
        """L; 1 where there are no sequences."""
        return self.sizes.get("L", 1)

    @property
    def real(self) -> np.ndarray:
        """(N, L): which steps are no padding."""
        n, length = self.shape("N L")
        lengths = [length] * n if self.lengths is None else self.lengths
        return np.arange(length) < np.asarray(lengths)[:, None]

    def instead(self, name: str = "", **arrays: np.ndarray) -> Case:
        """The case with other arrays under these names, which are made read-only; perhaps under another name."""
        frozen_arrays = {key: frozen(array) for key, array in arrays.items()}
        return replace(self, name=name or self.name, arrays={**self.arrays, **frozen_arrays})

    def without(self, *names: str) -> Case:
        """The case with these arrays set to zero."""
        return self.instead(**{name: np.zeros_like(self[name]) for name in names})

    def no_state(self, how: str = NONE) -> Case:
        """The case whose calls pass None for the state, or (LEFT_OUT) no state at all."""
        return replace(self, state=how)

    def cut(self, name: str, begin: int, end: int, axis: str = "L", of: str = "x") -> Case:
        """Steps `begin` to `end` - 1 of the sequences, or with axis="N" so many samples; under another name.

        Arrays other than `of` stay as they are. For a case without lengths.
        """
        index = (slice(None),) * (axis == "L") + (slice(begin, end),)
        cut = self.instead(name, **{of: self[of][index].copy()})
        return replace(cut, sizes={**self.sizes, axis: end - begin})

    def step(self, t: int, samples: int | None = None) -> Case:
        """Step t of the sequences, x (N, I), of all or of the first samples: the inputs of one step."""
        x = self["x"][:samples, t].copy()
        return replace(self.instead(x=x), sizes={**self.sizes, "N": len(x), "L": 1})

    def astype(self, dtype) -> Case:
        """The same numbers in another dtype."""
        return self.instead(**{name: array.astype(dtype) for name, array in self.arrays.items()})


Draw = np.random.Generator
Kind = tuple[str, Callable[[Draw, tuple[int, ...]], np.ndarray]]  # axes, and how such an array is drawn


def numbers(axes: str) -> Kind:
    """Draw inputs from the standard normal distribution; also whatever else has no scale of its own.

    >>> Cases("doc", {"x": numbers("N I")})("small", N=2, I=3)["x"].shape
    (2, 3)
    """
    return axes, lambda draw, size: draw.normal(size=size)


def states(axes: str) -> Kind:
    """Draw states as tanh could have left them: uniformly from -0.9 to 0.9."""
    return axes, lambda draw, size: draw.uniform(-0.9, 0.9, size=size)


def weights(axes: str, scale: float = 1.0, *, norm: bool = False, transposed: bool = False) -> Kind:
    """Draw a matrix from its first axis to its second: what comes out is about `scale` times what goes in.

    Its entries are normal with standard deviation `scale` / sqrt(size of the first axis). With `norm` the matrix is
    scaled instead so that its spectral norm is `scale`: no vector gets longer than that, and hundreds of steps forget
    small errors. With `transposed` it is given as torch keeps it, the other way round.

    >>> Cases("doc", {"w": weights("I H", 0.7, transposed=True)})("small", I=2, H=3)["w"].shape
    (3, 2)
    """

    def drawn(draw: Draw, size: tuple[int, ...]) -> np.ndarray:
        matrix = draw.normal(size=size)
        if norm:
            matrix *= scale / np.linalg.norm(matrix, 2)
        else:
            matrix = matrix * scale / np.sqrt(size[0])
        return matrix.T.copy() if transposed else matrix

    return axes, drawn


def biases(axes: str, low: float = 0.2, high: float = 0.6, *, signs: bool = True) -> Kind:
    """Draw numbers of a size from `low` to `high`, with the signs +, -, +, … unless `signs` is False."""

    def drawn(draw: Draw, size: tuple[int, ...]) -> np.ndarray:
        bias = draw.uniform(low, high, size=size)
        return bias * np.where(np.arange(size[0]) % 2, -1, 1) if signs else bias

    return axes, drawn


PADDING = "padding"  # where `PADDING: None` stands among the arrays, padding is drawn; else it is drawn last


@dataclass(frozen=True)
class Cases:
    """Makes the cases of one suite: `arrays` maps names to kinds, in the order in which they are drawn.

    `seed` is the name of the suite; the seed of the course is added to it. Where a case has lengths, the steps of `x`
    behind them are padding: large numbers from 1 to 3, so that it shows when they are read.
    """

    seed: str
    arrays: Mapping[str, Kind | None]

    def __call__(self, name: str, lengths: Sequence[int] | None = None, **sizes: int) -> Case:
        """A case of these sizes; its numbers depend on the course seed, the suite and the name only."""
        draw = generator(self.seed, name)
        numbers: dict[str, np.ndarray] = {}
        for key in self.arrays if PADDING in self.arrays else (*self.arrays, PADDING):
            kind = self.arrays.get(key)
            if kind is not None:
                axes, drawn = kind
                numbers[key] = drawn(draw, shape(axes, sizes))
                continue
            for sample, end in enumerate(lengths or ()):
                numbers["x"][sample, end:] = draw.uniform(1, 3, size=numbers["x"][sample, end:].shape)
        return Case(name, sizes, {key: frozen(array) for key, array in numbers.items()}, lengths)
