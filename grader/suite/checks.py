"""Checks that hidden suites share: structure, life, arguments left alone, what is registered. Values are `compare`'s.

Their messages are read by students. They survive any answer, name arguments and weights by the names of the
exercise, and repeat no words that the submission chose, which could hold values of hidden inputs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.subject.operations import Parameter
from grader.subject.proxy import Observed
from grader.suite.compare import Difference, assert_shape, count_text, structure_problem

_POSITIONAL = re.compile(r"argument ([1-9]\d?)((?:\[\d\])?)")  # and, of a tuple, which part of it


def both(answer: Any, names: str) -> Sequence[Any]:
    """The two things that were returned; `names` are theirs, separated by a comma. Raises Difference otherwise."""
    problem = structure_problem(answer, names)
    if problem is not None:
        raise Difference(problem)
    return answer  # type: ignore[no-any-return]


def assert_alive(answer: Any, shape: Sequence[int], what: str) -> None:
    """`answer` has this shape and holds finite numbers that are not all the same, nor a lone zero."""
    assert_shape(answer, shape, what=what)
    if answer.dtype.kind != "f":
        raise Difference(f"{what} should hold floating-point numbers, but its dtype is {answer.dtype}.")
    if not np.isfinite(answer).all():
        raise Difference(f"{what} holds {'NaN' if np.isnan(answer).any() else 'infinite'} values.")
    if (answer == answer.flat[0]).all() and (answer.size > 1 or answer.flat[0] == 0):
        raise Difference(f"{what} is the same number everywhere, whatever came in.")


def assert_changed(before: Any, after: Any, what: str, by: str) -> None:
    """Two answers of equal shape, both alive, differ by more than rounding after other weights `by` were loaded."""
    if np.allclose(before, after, rtol=1e-3, atol=1e-4):
        raise Difference(f"{what} did not change when another {by} was loaded.")


def assert_zero_on_padding(array: Any, real: Any, what: str) -> None:
    """`array` (N, L, F), checked for shape before, is zero where `real` (N, L) is false, and only there."""
    if array[~real].any():
        raise Difference(f"{what} is not zero on some steps that are padding.")
    if not array[real].any(axis=-1).all():
        raise Difference(f"{what} is zero on some steps that are no padding.")


def argument_named(path: str, names: Sequence[str]) -> str | None:
    """The name of an argument that an operation calls "argument 2", "argument 3[1]", or by its keyword.

    `names` are those of the exercise, in its order. None where the path names none of them.
    """
    found = _POSITIONAL.fullmatch(path)
    if found is None:
        return path if path in names else None
    number = int(found[1])
    return f"{names[number - 1]}{found[2]}" if number <= len(names) else None


def assert_unchanged(observed: Observed, names: str) -> None:
    """The call that was observed changed none of its arguments, `names` in the order of the exercise."""
    if observed.changed:
        known = [name.strip() for name in names.split(",")]
        named = dict.fromkeys(filter(None, (argument_named(path, known) for path in observed.changed)))
        raise Difference(f"The call changed {' and '.join(named) or 'an argument'} in place.")


def assert_registered(parameters: Mapping[str, Parameter], shapes: Mapping[str, Sequence[int]]) -> None:
    """`parameters` are exactly these names with these shapes, and all of them are trained."""
    missing = [name for name in shapes if name not in parameters]
    extra = sum(name not in shapes for name in parameters)
    if missing:
        raise Difference(f"Not registered: {', '.join(missing)}.")
    if extra:
        raise Difference(f"{count_text(extra)} more registered than the hand-out asks for.")
    for name, shape in shapes.items():
        assert_shape(parameters[name].value, shape, what=f"parameter {name}")
        if not parameters[name].trainable:
            raise Difference(f"parameter {name} is not trained (requires_grad is False).")


def assert_good_start(parameters: Mapping[str, Parameter], names: Sequence[str]) -> None:
    """The matrices `names` start as finite numbers of a sensible size, not all alike; not as unset memory."""
    missing = [
        name
        for name in names
        if name not in parameters
        or not isinstance(parameters[name].value, np.ndarray)
        or parameters[name].value.dtype.kind != "f"
    ]
    if missing:
        raise Difference(f"Not registered: {', '.join(missing)}.")
    for name in names:
        value = parameters[name].value
        sizes = np.abs(value)
        if not (sizes < 10).all():  # False for nan, too
            raise Difference(f"parameter {name} starts with numbers that are huge or not finite.")
        if (value == value.flat[0]).all():
            raise Difference(
                f"parameter {name} starts as the same number everywhere: all hidden units would stay alike."
            )
        if ((sizes > 0) & (sizes < 1e-20)).any():
            raise Difference(f"parameter {name} starts with leftovers of memory: it was never filled.")
