"""The calls that counterexamples of birnn are made from: small round numbers, the smallest sizes first.

Students see them, so nothing of cases.py may be in them. Entries of one array differ from each other, both
directions have weights and biases of their own, and padding holds 9, 8, 7, so that it is seen when it is read.
"""

from collections.abc import Iterator

import numpy as np

from grader.diagnose import Example

INPUTS = (0.5, -1, 2, 1, -0.5, 1.5, -2, 0.25, -1.5, 3, -0.25, 0.7, -3, 2.5, -0.75, 1.25)
STATES = (0.5, -0.25, -0.5, 0.75, 0.25, -0.75, 0.1, -0.1, 0.6, -0.6, 0.2, -0.2)
W_INPUT = (1, 2, -0.5, 0.5, -1, 0.25)
W_HIDDEN = (0.5, -1, 1, 0.25, -0.5, 2, -0.25, 1.5, -1.5)
BIAS = (0.25, -0.5, 0.1)
W_OUTPUT = (2, -1, 0.5, -2, 1, 1.5, 3, -0.5, 0.25)
PADDING = (9, 8, 7, 6)

# N, L, I, H; whether there is an initial state; lengths.
CALLS = (
    (1, 1, 1, 1, False, None),
    (1, 1, 1, 1, True, None),
    (1, 2, 1, 1, False, None),
    (1, 2, 1, 1, True, None),
    (1, 2, 1, 1, True, [1]),
    (2, 1, 1, 1, True, None),
    (1, 1, 2, 1, True, None),
    (1, 1, 1, 2, True, None),
    (1, 1, 2, 2, True, None),
    (1, 2, 1, 2, False, None),
    (2, 2, 1, 1, False, None),
    (1, 3, 1, 1, True, None),
    (2, 2, 1, 1, True, [1, 2]),
    (2, 1, 1, 2, True, None),
    (3, 1, 1, 2, False, None),
    (1, 2, 2, 2, True, None),
    (2, 3, 1, 1, False, [1, 2]),
    (2, 3, 2, 2, True, None),
    (3, 2, 2, 2, True, [1, 2, 1]),
    (4, 4, 1, 1, True, [3, 1, 4, 2]),  # neither order that sorts these is its own inverse
)


def examples(exercise: str) -> Iterator[Example]:
    """The examples of birnn_forward or of BiRNN, always the same."""
    for n, length, i, h, has_state, lengths in CALLS:
        state = _round(STATES, 2, n, h) if has_state else np.zeros((2, n, h))
        arguments = {"x": _sequences(n, length, i, lengths)}
        if exercise == "birnn_forward":
            arguments |= {
                "h0": state,
                "forward_weights": _step_weights(0, i, h),
                "backward_weights": _step_weights(1, i, h),
            }
            make, weights = (), {}
        else:
            if has_state:
                arguments |= {"hidden": state}
            make = (i, h)
            weights = _module_weights("forward", 0, i, h) | _module_weights("backward", 1, i, h)
        if lengths is not None:
            arguments |= {"lengths": lengths}
        yield Example(exercise, arguments, make, weights, what="outputs, hidden")


def _round(numbers, *shape, start=0):
    """An array of this shape that takes its entries from `numbers`, from `start` on, round and round."""
    entries = [numbers[(start + k) % len(numbers)] for k in range(int(np.prod(shape)))]
    return np.array(entries, dtype=float).reshape(shape)


def _sequences(n, length, i, lengths):
    x = _round(INPUTS, n, length, i)
    for sample, end in enumerate(lengths or ()):
        x[sample, end:] = _round(PADDING, length - end, i, start=sample)
    return x


def _step_weights(direction, i, h):
    """w_input (I, H), w_hidden (H, H), bias (H,)."""
    return (
        _round(W_INPUT, i, h, start=direction),
        _round(W_HIDDEN, h, h, start=direction),
        _round(BIAS, h, start=direction),
    )


def _module_weights(name, direction, i, h):
    """The weights of one direction's nn.RNNCell and nn.Linear, by dotted name."""
    w_input, w_hidden, bias = _step_weights(direction, i, h)
    return {
        f"{name}_cell.weight_ih": w_input.T.copy(),
        f"{name}_cell.weight_hh": w_hidden.T.copy(),
        f"{name}_cell.bias_ih": bias,
        f"{name}_cell.bias_hh": _round(BIAS, h, start=direction + 1),
        f"{name}_linear.weight": _round(W_OUTPUT, h, h, start=direction),
        f"{name}_linear.bias": _round(BIAS, h, start=direction + 2),
    }
