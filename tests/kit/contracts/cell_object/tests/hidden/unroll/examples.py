"""What a counterexample may show."""

import numpy as np

from grader.diagnose import Example

X = np.array([[[1.0], [2.0], [-1.0]], [[0.5], [0.0], [3.0]]])
ONE, HALF = np.array([[1.0]]), np.array([[0.5]])


def examples(exercise):
    for n, length in [(1, 1), (1, 2), (2, 2), (2, 3)]:
        x = X[:n, :length]
        if exercise == "run_cell":
            for state in (None, np.full((n, 1), 2.0)):
                arguments = {"x": x, "state": state, "w": ONE, "u": HALF}
                yield Example("run_linear", arguments, what="outputs, state")
            yield Example("run_accumulator", {"x": x}, what="outputs, (total, count)")
        else:
            arguments = {"start": x[:, 0], "steps": length, "w": ONE, "u": HALF}
            yield Example("generated", arguments, what="outputs")
