"""The calls of rnn that a counterexample may show: small sizes first, round numbers, nothing of the graded inputs.

Every array is the corner of one small table, so entries differ from each other and a larger example looks like
a smaller one with more of everything. Padding holds numbers as real steps do: zeros would hide that it is read.
"""

from collections.abc import Iterator

import numpy as np

from grader.diagnose import Example

X = np.array(
    [
        [[1, -0.5], [0.5, 2], [-1, 1]],
        [[-1, 0.5], [2, -0.5], [0.25, -1]],
        [[0.5, 1], [-0.5, -1], [1, 0.25]],
    ]
)
STATES = np.array([[0.5, -1, 0.25], [-0.25, 0.5, 1], [1, 0.25, -0.5]])
W_INPUT = np.array([[0.5, -1, 0.25], [1, 0.5, -0.5]])
W_HIDDEN = np.array([[2, 0.5, -1], [-0.5, 1, 0.25], [0.25, -1, 0.5]])
BIAS = np.array([-0.5, 0.25, 1])
W_OUTPUT = np.array([[2, -1, 0.5], [0.5, 1, -2], [-1, 0.25, 1]])

#: N, L, I, H, lengths (None: not given)
SIZES = [
    (1, 1, 1, 1, None),
    (1, 2, 1, 1, None),
    (2, 1, 1, 1, None),
    (1, 1, 2, 1, None),
    (1, 1, 1, 2, None),
    (1, 2, 1, 1, [1]),
    (1, 3, 1, 1, None),
    (2, 2, 1, 1, None),
    (2, 2, 1, 1, [1, 2]),
    (2, 2, 1, 1, [1, 1]),
    (2, 1, 1, 2, None),
    (1, 1, 2, 2, None),
    (2, 2, 2, 2, None),
    (3, 3, 1, 1, [1, 3, 2]),
    (3, 3, 1, 1, [2, 3, 1]),
    (2, 3, 1, 2, [1, 2]),
    (2, 3, 2, 3, None),
]
#: N, I, H of the cell alone
CELL_SIZES = [
    (1, 1, 1),
    (2, 1, 1),
    (1, 2, 1),
    (1, 1, 2),
    (2, 1, 2),
    (1, 2, 2),
    (2, 2, 2),
    (3, 1, 2),
    (2, 2, 3),
]
#: Those that are also asked without an initial state.
WITHOUT_STATE = [*SIZES[:3], (2, 2, 2, 2, None), (2, 3, 1, 2, [1, 2])]
CELL_WITHOUT_STATE = [(1, 1, 1), (2, 1, 1), (2, 1, 2), (2, 2, 3)]


def examples(exercise: str) -> Iterator[Example]:
    """The examples of one exercise, the smallest first."""
    yield from _of_the_cell(exercise) if exercise == "RNNCell" else _of_the_loop(exercise)


def _of_the_cell(exercise: str) -> Iterator[Example]:
    for n, i, h in CELL_SIZES:
        for state in (STATES[:n, :h], None) if (n, i, h) in CELL_WITHOUT_STATE else (STATES[:n, :h],):
            arguments = {"x": X[:n, 0, :i], "hidden_state": state}
            yield Example(exercise, arguments, make=(i, h), weights=_cell_weights(i, h), what="the new state")


def _of_the_loop(exercise: str) -> Iterator[Example]:
    for size in SIZES:
        n, length, i, h, lengths = size
        x, state = X[:n, :length, :i], STATES[:n, :h]
        given = {} if lengths is None else {"lengths": lengths}
        if exercise == "rnn_forward":
            arguments = {"x": x, "h0": state, **_cell_weights(i, h), **given}
            yield Example(exercise, arguments, what="hidden_states, h_last")
            continue
        weights = {f"cell.{name}": array for name, array in _cell_weights(i, h).items()}
        weights["w_output"] = W_OUTPUT[:h, :h]
        starts = [{"hidden_state": state}]
        if size in WITHOUT_STATE:
            starts.append({"hidden_state": None})
        if size == SIZES[0]:
            starts.append({})
        for start in starts:
            arguments = {"x": x, **start, **given}
            yield Example(exercise, arguments, make=(i, h), weights=weights, what="outputs, hidden_state")


def _cell_weights(i: int, h: int) -> dict[str, np.ndarray]:
    return {"w_input": W_INPUT[:i, :h], "w_hidden": W_HIDDEN[:h, :h], "bias": BIAS[:h]}
