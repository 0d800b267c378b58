"""What a counterexample may show."""

import numpy as np

from grader.diagnose import Example

X = np.array([[1.0, 3.0, -1.0], [2.0, 0.0, 4.0]])
KEEP, DS = np.array([0.5, 0.25]), np.array([[1.0, 0.0, 2.0], [0.0, -1.0, 1.0]])
GAIN, SHIFT = np.array([1.0, 2.0, 0.5]), np.array([0.0, 1.0, -1.0])


def examples(exercise):
    for n, length in [(1, 1), (1, 2), (2, 2), (2, 3)]:
        x, keep, ds = X[:n, :length], KEEP[:n], DS[:n, :length]
        gain, shift = GAIN[:length], SHIFT[:length]
        if exercise == "smooth_forward":
            yield Example("smooth", {"x": x, "keep": keep}, what="s")
        elif exercise == "smooth_backward":
            yield Example("smooth_gradients", {"x": x, "keep": keep, "ds": ds}, what="dx, dkeep")
        elif exercise == "norm_forward":
            yield Example("norm", {"x": x, "gain": gain, "shift": shift}, what="y")
        else:
            arguments = {"x": x, "gain": gain, "shift": shift, "dy": ds}
            yield Example("norm_gradients", arguments, what="dx, dgain, dshift")
    if exercise == "smooth_backward":
        arguments = {"x": X, "keep": KEEP, "other": DS, "ds": DS}
        yield Example("smooth_interleaved", arguments, what="dx, dkeep")
    if exercise == "norm_backward":
        arguments = {"x": X, "gain": GAIN, "shift": SHIFT, "other": DS, "dy": DS}
        yield Example("norm_interleaved", arguments, what="dx, dgain, dshift")
