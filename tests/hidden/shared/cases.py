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
    """Make an array read-only, and return it.

    >>> frozen(np.ones(2)).flags.writeable
    False
    """
    array.flags.writeable = False
    return array


def shape(axes: str, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """Return the sizes of named axes. Raise ValueError for what is no axis.

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
    """The inputs of one call: arrays by name, the sizes of their axes, and how many steps of each sample are real.

    `state` says how the argument that may be left out is passed: GIVEN, NONE or LEFT_OUT.

    >>> case = Case("two_steps", {"N": 1, "L": 2, "I": 3}, {"x": np.zeros((1, 2, 3))}, lengths=[2])
    >>> case["x"].shape == case.shape("N L I")
    True
    """

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
        """Return the sizes of named axes in this case, such as "N L 2H"."""
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
        """Replace the arrays of these names, which are made read-only; with `name`, give the case another name.

        >>> MAIN.instead(h0=np.zeros_like(MAIN["h0"]))["h0"].any()
        np.False_
        """
        frozen_arrays = {key: frozen(array) for key, array in arrays.items()}
        return replace(self, name=name or self.name, arrays={**self.arrays, **frozen_arrays})

    def without(self, *names: str) -> Case:
        """Set the arrays of these names to zero."""
        return self.instead(**{name: np.zeros_like(self[name]) for name in names})

    def no_state(self, how: str = NONE) -> Case:
        """Pass None for the state, or, with LEFT_OUT, no state at all."""
        return replace(self, state=how)

    def cut(self, name: str, begin: int, end: int, axis: str = "L", of: str = "x") -> Case:
        """Keep steps `begin` to `end` - 1 of the sequences, or with axis="N" so many samples; under another name.

        Arrays other than `of` stay as they are. The case must have no lengths.

        >>> MAIN.cut("begin", 0, 2)["x"].shape == (MAIN.sizes["N"], 2, MAIN.sizes["I"])
        True
        """
        index = (slice(None),) * (axis == "L") + (slice(begin, end),)
        cut = self.instead(name, **{of: self[of][index].copy()})
        return replace(cut, sizes={**self.sizes, axis: end - begin})

    def step(self, t: int, samples: int | None = None) -> Case:
        """Keep step t of the sequences as the inputs of one step, x (N, I), of all samples or of the first few.

        >>> MAIN.step(0)["x"].shape == MAIN.shape("N I")
        True
        """
        x = self["x"][:samples, t].copy()
        return replace(self.instead(x=x), sizes={**self.sizes, "N": len(x), "L": 1})

    def astype(self, dtype) -> Case:
        """Turn all arrays into another dtype; the numbers stay the same."""
        return self.instead(**{name: array.astype(dtype) for name, array in self.arrays.items()})


Draw = np.random.Generator
Kind = tuple[str, Callable[[Draw, tuple[int, ...]], np.ndarray]]  # axes, and how such an array is drawn


def numbers(axes: str) -> Kind:
    """Draw inputs, or anything else without a scale of its own, from the standard normal distribution.

    >>> Cases("doc", {"x": numbers("N I")})("small", N=2, I=3)["x"].shape
    (2, 3)
    """
    return axes, lambda draw, size: draw.normal(size=size)


def states(axes: str) -> Kind:
    """Draw states as tanh could have left them: uniformly from -0.9 to 0.9.

    >>> bool(abs(Cases("doc", {"h0": states("N H")})("small", N=2, H=3)["h0"]).max() < 0.9)
    True
    """
    return axes, lambda draw, size: draw.uniform(-0.9, 0.9, size=size)


def weights(axes: str, scale: float = 1.0, *, norm: bool = False, transposed: bool = False) -> Kind:
    """Draw a matrix from its first axis to its second, which makes vectors about `scale` times as long.

    Entries are normal with standard deviation `scale` / sqrt(size of the first axis), so that a vector of independent
    numbers keeps its size for scale 1. With `norm` the matrix is scaled to a spectral norm of `scale` instead: no
    vector gets longer than that, so rounding errors die out over hundreds of steps. With `transposed` it is given as
    torch keeps it, the other way round.

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
    """Draw numbers of a size from `low` to `high`, with the signs +, -, +, … unless `signs` is False.

    >>> bias = Cases("doc", {"bias": biases("H")})("small", H=3)["bias"]
    >>> (bias > 0).tolist(), bool((abs(bias) >= 0.2).all())
    ([True, False, True], True)
    """

    def drawn(draw: Draw, size: tuple[int, ...]) -> np.ndarray:
        bias = draw.uniform(low, high, size=size)
        return bias * np.where(np.arange(size[0]) % 2, -1, 1) if signs else bias

    return axes, drawn


PADDING = "padding"  # where `PADDING: None` stands among the arrays, padding is drawn; else it is drawn last


@dataclass(frozen=True)
class Cases:
    """Make the cases of one suite: `arrays` maps names to kinds, in the order in which they are drawn.

    `seed` is the name of the suite; the seed of the course is added to it. Where a case has lengths, the steps of `x`
    behind them are padding. Padding holds large numbers, from 1 to 3, so that reading it shows.

    >>> make_cases = Cases("doc", {"x": numbers("N L I"), "h0": states("N H")})
    >>> make_cases("padded", lengths=[1, 2], N=2, L=2, I=3, H=4).real.tolist()
    [[True, False], [True, True]]
    """

    seed: str
    arrays: Mapping[str, Kind | None]

    def __call__(self, name: str, lengths: Sequence[int] | None = None, **sizes: int) -> Case:
        """Make a case of these sizes; its numbers depend on the course seed, the suite and the name alone."""
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
