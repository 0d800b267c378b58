"""Calls that a counterexample may show: small sizes first, round numbers, nothing of the graded inputs.

A table holds the numbers of one array. It gives either its corner, so that a larger example looks like a smaller one
with more of everything, or its numbers one after the other, round and round, for arrays of any size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from grader.diagnose import Example

from .cases import GIVEN, NONE, Case, shape
from .exercises import Exercise

Table = Callable[[tuple[int, ...]], np.ndarray]

STATES = np.array([[0.5, -1, 0.25], [-0.25, 0.5, 1], [1, 0.25, -0.5]])
W_INPUT = np.array([[0.5, -1, 0.25], [1, 0.5, -0.5], [-0.5, 0.25, 1]])
W_HIDDEN = np.array([[2, 0.5, -1], [-0.5, 1, 0.25], [0.25, -1, 0.5]])
BIAS = np.array([-0.5, 0.25, 1])

#: x of one step, and of sequences.
X_OF_STEP = np.array([[1, -0.5, 2], [-1, 0.5, 0.25], [0.5, 2, -0.5]])
X = np.array(
    [[[1, -0.5], [0.5, 2], [-1, 1]], [[-1, 0.5], [2, -0.5], [0.25, -1]], [[0.5, 1], [-0.5, -1], [1, 0.25]]]
)

#: N, I, H of single steps
STEPS = [(1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2), (2, 1, 2), (2, 2, 2), (3, 1, 2), (2, 2, 3)]
#: N, L, I, H of sequences, lengths (None: not given), and whether the call is made once more without a state
LOOPS = [
    ((1, 1, 1, 1), None, True),
    ((1, 2, 1, 1), None, True),
    ((2, 1, 1, 1), None, True),
    ((1, 1, 1, 2), None, False),
    ((1, 2, 1, 1), [1], False),
    ((1, 3, 1, 1), None, False),
    ((2, 2, 1, 1), None, False),
    ((2, 2, 1, 1), [1, 2], False),
    ((2, 2, 1, 1), [1, 1], False),
    ((2, 1, 1, 2), None, False),
    ((2, 2, 2, 2), None, True),
    ((3, 3, 1, 1), [1, 3, 2], False),
    ((3, 3, 1, 1), [2, 3, 1], False),
    ((2, 3, 1, 2), [1, 2], True),
    ((2, 3, 2, 3), None, False),
]


def corner(table: np.ndarray) -> Table:
    """Fill an array with the first entries of a table along each axis.

    >>> corner(BIAS)((2,)).tolist()
    [-0.5, 0.25]
    """
    return lambda size: table[tuple(slice(length) for length in size)]


def round_and_round(numbers: Sequence[float], start: int = 0) -> Table:
    """Fill an array with `numbers`, from `start` on, beginning again when they end.

    >>> round_and_round([1, 2, 3], start=2)((2, 2)).tolist()
    [[3.0, 1.0], [2.0, 3.0]]
    """

    def filled(size: tuple[int, ...]) -> np.ndarray:
        entries = [numbers[(start + k) % len(numbers)] for k in range(int(np.prod(size)))]
        return np.array(entries, dtype=float).reshape(size)

    return filled


def case(
    tables: Mapping[str, tuple[str, Table]],
    sizes: Mapping[str, int],
    lengths: Sequence[int] | None = None,
    state: str = GIVEN,
    padding: Sequence[float] = (),
) -> Case:
    """Make a case whose arrays come from tables: name -> (axes, table). With `padding`, x holds these numbers there.

    >>> case({"x": ("N I", corner(X_OF_STEP))}, {"N": 1, "I": 2})["x"].tolist()
    [[1.0, -0.5]]
    """
    arrays = {name: table(shape(axes, sizes)) for name, (axes, table) in tables.items()}
    for sample, end in enumerate(lengths or () if padding else ()):
        arrays["x"][sample, end:] = round_and_round(padding, sample)(arrays["x"][sample, end:].shape)
    return Case("example", sizes, arrays, lengths, state)


def examples(cases: Sequence[Case], *exercises: Exercise) -> Callable[[str], Iterator[Example]]:
    """Make the function `examples` of an assignment: the calls of the exercise of a name, the smallest first.

    An exercise that takes no lengths, or always needs its state, is asked without such cases.

    >>> calls = examples([MAIN, SMALL], FORWARD)
    >>> [call.exercise for call in calls("rnn_forward")]
    ['rnn_forward', 'rnn_forward']
    """

    def of(exercise: str) -> Iterator[Example]:
        spec = next(entry for entry in exercises if entry.name == exercise)
        for case in cases:
            if (spec.state or case.state == GIVEN) and (spec.lengths or case.lengths is None):
                yield spec.example(case)

    return of


def of_step_and_loop(
    tables: Mapping[str, tuple[str, Table]], cell: Exercise, network: Exercise
) -> Callable[[str], Iterator[Example]]:
    """Make the function `examples` of an assignment that asks for a step and for the loop around it.

    `tables` has all arrays but x, which both of them read.

    >>> tables = {"h0": ("N H", corner(STATES)), "w_input": ("I H", corner(W_INPUT))}
    >>> tables |= {"w_hidden": ("H H", corner(W_HIDDEN)), "bias": ("H", corner(BIAS))}
    >>> calls = of_step_and_loop(tables | {"w_output": ("H H", corner(W_HIDDEN))}, CELL, RNN)
    >>> next(calls("RNN")).make
    (1, 1)
    """
    steps = {"x": ("N I", corner(X_OF_STEP)), **tables}
    loops = {"x": ("N L I", corner(X)), **tables}
    of_step = [case(steps, dict(zip("NIH", sizes))) for sizes in STEPS]
    of_loop = [
        case(loops, dict(zip("NLIH", sizes)), lengths, state)
        for sizes, lengths, again in LOOPS
        for state in ((GIVEN, NONE) if again else (GIVEN,))
    ]
    by_name = {cell.name: examples(of_step, cell), network.name: examples(of_loop, network)}
    return lambda exercise: by_name[exercise](exercise)
