"""What the suite asks of the two directions together: halves of the outputs, and who moves which part.

They live beside the tests, not in them, so that pytest adds no values of hidden inputs to their messages.
"""

from __future__ import annotations

from grader.suite import assert_alive, assert_changed, assert_close, assert_shape, both


def assert_changed_only(before: dict, after: dict, names, by: str) -> None:
    """Between two answers, as `parts` gives them, those of `names` changed and the others did not."""
    for name in before:
        if name not in names:
            assert_close(after[name], before[name], what=f"{name} after loading another {by}", length=4)
        else:
            assert_changed(before[name], after[name], what=name, by=by)


def halves(outputs, shape):
    """The forward and the backward half of `outputs`, which must have this shape (N, L, 2H)."""
    assert_shape(outputs, shape, what="outputs")
    middle = shape[2] // 2
    return outputs[..., :middle], outputs[..., middle:]


def parts(answer, case) -> dict:
    """The four parts of an answer to the case by name, each checked to be alive."""
    outputs, hidden = both(answer, "outputs, hidden")
    assert_alive(outputs, case.outputs_shape, what="outputs")
    assert_alive(hidden, case.h0.shape, what="hidden")
    forward, backward = halves(outputs, case.outputs_shape)
    return {
        "the forward half of outputs": forward,
        "the backward half of outputs": backward,
        "hidden[0]": hidden[0],
        "hidden[1]": hidden[1],
    }
