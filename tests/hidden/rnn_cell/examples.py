"""The calls of rnn_cell that a counterexample may show: small sizes first, round numbers, nothing of the graded inputs.

Every array is the corner of one small table, so entries differ from each other and a larger example looks like
a smaller one with more rows and columns.
"""

from collections.abc import Iterator

import numpy as np

from grader.diagnose import Example

X = np.array([[1, -0.5, 2], [-1, 0.5, 0], [0.5, 2, -0.5]])
STATES = np.array([[0.5, -1, 0.25], [-0.25, 0.5, 1], [1, 0.25, -0.5]])
W_INPUT = np.array([[0.5, -1, 0.25], [1, 0.5, -0.5], [-0.5, 0.25, 1]])
W_HIDDEN = np.array([[2, 0.5, -1], [-0.5, 1, 0.25], [0.25, -1, 0.5]])
BIAS = np.array([-0.5, 0.25, 1])

#: N, I, H
SIZES = [
    (1, 1, 1),
    (2, 1, 1),
    (1, 2, 1),
    (1, 1, 2),
    (2, 2, 1),
    (2, 1, 2),
    (1, 2, 2),
    (2, 2, 2),
    (3, 1, 2),
    (3, 2, 2),
    (2, 2, 3),
    (2, 3, 2),
]
#: Those that are also asked without a state.
WITHOUT_STATE = [(1, 1, 1), (2, 1, 1), (1, 1, 2), (2, 1, 2), (2, 2, 3)]


def examples(exercise: str) -> Iterator[Example]:
    """The examples of one exercise, the smallest first."""
    for size in SIZES:
        n, i, h = size
        x, state = X[:n, :i], STATES[:n, :h]
        weights = {"w_input": W_INPUT[:i, :h], "w_hidden": W_HIDDEN[:h, :h], "bias": BIAS[:h]}
        if exercise == "rnn_cell_forward":
            yield Example(exercise, {"x": x, "h_prev": state, **weights}, what="h_next")
            continue
        for given in (state, None) if size in WITHOUT_STATE else (state,):
            arguments = {"x": x, "hidden_state": given}
            yield Example(exercise, arguments, make=(i, h), weights=weights, what="the new state")
