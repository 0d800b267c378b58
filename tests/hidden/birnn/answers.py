"""What the suite asks of the two directions together: halves of the outputs, and who moves which part.

They live beside the tests, not in them, so that pytest adds no values of hidden inputs to their messages.
"""

from __future__ import annotations

from grader.suite import assert_alive, assert_changed, assert_close, assert_shape

from .spec import FORWARD

FIRST, SECOND = "first half of outputs", "second half of outputs"


def assert_changed_only(before: dict, after: dict, names, by: str) -> None:
    """Between two answers, as `parts` gives them, those of `names` changed and the others did not."""
    for name in before:
        if name not in names:
            assert_close(after[name], before[name], what=f"{name} after loading another {by}", length=4)
        else:
            assert_changed(before[name], after[name], what=name, by=by)


def halves(answer, case):
    """The forward and the backward half of the outputs in an answer to the case."""
    outputs = FORWARD.parts(answer)["outputs"]
    shape = FORWARD.shapes(case)["outputs"]
    assert_shape(outputs, shape, what="outputs")
    middle = shape[2] // 2
    return outputs[..., :middle], outputs[..., middle:]


def first_half(answer, case):
    """The forward half of the outputs."""
    return halves(answer, case)[0]


def second_half(answer, case):
    """The backward half of the outputs."""
    return halves(answer, case)[1]


def hidden(answer, case):
    """The two states that come back, checked for shape."""
    states = FORWARD.parts(answer)["hidden"]
    assert_shape(states, FORWARD.shapes(case)["hidden"], what="hidden")
    return states


def parts(answer, case) -> dict:
    """The four parts of an answer to the case by name, each checked to be alive."""
    for name, array in FORWARD.leaves(answer).items():
        assert_alive(array, FORWARD.shapes(case)[name], what=name)
    forward, backward = halves(answer, case)
    states = hidden(answer, case)
    return {
        "the forward half of outputs": forward,
        "the backward half of outputs": backward,
        "hidden[0]": states[0],
        "hidden[1]": states[1],
    }
