"""Plain checks of answers that the suite shares. They judge by AssertionError and survive any answer.

They live beside the tests, not in them, so that pytest adds no values of hidden inputs to their messages;
and they repeat no words that the submission chose, which could hold such values too.
"""

from __future__ import annotations

import re

import numpy as np

from grader.suite import assert_shape

_ARGUMENT = re.compile(r"argument [1-9](\[[0-9]\])?")  # and, of a tuple, which part of it


def assert_alive(answer, shape, what: str) -> None:
    """`answer` has this shape and holds finite numbers that are not all the same."""
    assert_shape(answer, shape, what=what)
    if answer.dtype.kind != "f":
        raise AssertionError(f"{what} should hold floating-point numbers, but its dtype is {answer.dtype}")
    if not np.isfinite(answer).all():
        raise AssertionError(f"{what} holds numbers that are not finite (nan or inf)")
    if answer.size > 1 and (answer == answer.flat[0]).all():
        raise AssertionError(f"{what} is the same number everywhere, whatever came in")


def assert_unchanged(observed) -> None:
    """The call that was observed changed none of its arguments."""
    if observed.changed:
        named = [name for name in observed.changed if _ARGUMENT.fullmatch(name)]
        raise AssertionError(f"the call changed {' and '.join(named) or 'an argument'} in place")


def assert_registered(parameters, shapes: dict) -> None:
    """`parameters` are exactly these names with these shapes, and all of them are trained."""
    missing = [name for name in shapes if name not in parameters]
    extra = [name for name in parameters if name not in shapes]
    if missing:
        raise AssertionError(f"not among the registered parameters: {', '.join(missing)}")
    if extra:
        raise AssertionError("there are more registered parameters than were asked for")
    for name, shape in shapes.items():
        assert_shape(parameters[name].value, shape, what=f"parameter {name}")
        if not parameters[name].trainable:
            raise AssertionError(f"parameter {name} is not trainable (requires_grad is False)")


def assert_good_start(parameters, names) -> None:
    """The matrices `names` start as finite numbers of a sensible size, not all alike; not as unset memory."""
    for name in names:
        value = parameters[name].value if name in parameters else None
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
            raise AssertionError(f"not among the registered parameters: {name}")
        sizes = np.abs(value)
        if not (sizes < 10).all():  # False for nan, too
            raise AssertionError(f"parameter {name} starts with numbers that are huge or not finite")
        if (value == value.flat[0]).all():
            raise AssertionError(
                f"parameter {name} starts as the same number everywhere: all hidden units would stay alike"
            )
        if ((sizes > 0) & (sizes < 1e-20)).any():
            raise AssertionError(f"parameter {name} starts with leftovers of memory: it was never filled")
