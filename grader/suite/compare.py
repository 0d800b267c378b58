"""Comparing a student's answer with the expected one: structure, shape, dtype, finiteness, then closeness.

What differs is said in the words of `differences`.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from grader import values
from grader.errors import SuiteError
from grader.problems import Kind
from grader.subject.harness import PAGE
from grader.subject.operations import Opaque
from grader.suite import naming
from grader.suite.differences import (
    PLAIN_NAMES,
    Difference,
    count_text,
    describe,
    lost_dtype,
    no_array,
    no_numbers,
    shape_difference,
    values_difference,
)

#: Set to True when the current test passed only with the student's own earlier error carried forward.
carried_forward: contextvars.ContextVar[bool] = contextvars.ContextVar("carried_forward", default=False)

#: Whether a dtype that is not the input's, or the precision lost with it, fails the current test. Where a suite has a
#: test that charges for it (`points(…, about="dtype")`), it is carried forward in the other tests of that exercise.
dtype_counts: contextvars.ContextVar[bool] = contextvars.ContextVar("dtype_counts", default=True)

#: Set while a suite is tried on its own reference: what it is told then must be something that can be compared.
on_reference: contextvars.ContextVar[bool] = contextvars.ContextVar("on_reference", default=False)


_SLACK = {np.dtype("float16"): 4e-3, np.dtype("float32"): 2.4e-5, np.dtype("float64"): 2e-10}


MOST_SHAPES = 3  # that a message tells of: a submission can choose the sizes


def tolerance(dtype: Any, length: int = 1) -> float:
    """Return how far an answer may be off, relative to the largest expected magnitude (at least 1).

    That is 2.4e-5 for float32, about 200 units of rounding, times the square root of `length`, as independent rounding
    errors grow (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 2.8). For float64 it is 2e-10,
    a million units, and still far less than any wrong formula is off.

    >>> tolerance("float64", length=4)
    4e-10
    """
    return float(_SLACK.get(np.dtype(dtype), 0.0) * max(1, length) ** 0.5)


def assert_close(
    answer: Any,
    expected: Any,
    what: str = "the result",
    length: int = 1,
    carried: Callable[[], Any] | None = None,
) -> None:
    """Raise Difference unless `answer` is `expected` within `tolerance(dtype, length)`.

    Both are an array or a number, or tuples, lists or dicts of these; structure, shapes and dtypes are compared before
    numbers. `what` names the parts of a tuple, separated by commas; `length` is the number of steps that lead to the
    answer.

    `carried` is called when the answer is wrong, and may return another one to accept, or None: what follows correctly
    from an earlier mistake of the student's, which has cost its points already. Where another test of the exercise
    charges for a lost dtype (`points(about="dtype")`), right numbers in another dtype, or in its precision, are
    accepted as well.

    >>> assert_close(np.ones(2), np.ones(2), what="h_next")
    """
    __tracebackhide__ = True
    if on_reference.get():
        _check_plain(expected, what)
    strict = difference(answer, expected, what, length)
    if strict is None:
        return
    forgiving = not dtype_counts.get()
    if forgiving and difference(answer, expected, what, length, any_dtype=True) is None:
        carried_forward.set(True)
        return
    if carried is not None:
        alternative = carried()
        if alternative is not None and difference(answer, alternative, what, length, forgiving) is None:
            carried_forward.set(True)
            return
    raise difference(answer, expected, what, length, forgiving) or strict


def _check_plain(expected: Any, what: str) -> None:
    """Raise SuiteError for an expected answer that holds something of which only a description has come back."""
    for path, leaf in values.nodes(expected):
        if isinstance(leaf, Opaque):
            raise SuiteError(
                f"it compares {what}{values.path_text(path)} with {leaf.description}, of which nothing but these words"
                " comes back: answers are numbers, text, None, arrays, and tuples, lists and dicts of them.",
                next_step=f"Let a function in harness.py take it apart there, and return arrays: see {PAGE}.",
            )


def assert_shape(answer: Any, shape: Sequence[Any], what: str = "the result") -> None:
    """Raise Difference unless `answer` is an array of `shape`, or a tuple of arrays whose shapes are listed in `shape`.

    >>> assert_shape(np.ones((3, 4)), (3, 4), what="h_next")
    >>> assert_shape((np.ones((3, 4)), np.ones(4)), [(3, 4), (4,)], what="outputs, h_last")
    """
    __tracebackhide__ = True
    several = bool(shape) and all(isinstance(entry, (tuple, list)) for entry in shape)
    shapes = [tuple(entry) for entry in shape] if several else [tuple(shape)]
    parts, wrong = _parts(answer, len(shapes), several, what)
    if wrong is None:
        for (name, part), expected in zip(parts, shapes):
            wrong = wrong or shape_difference(name, part, expected)
    if wrong is not None:
        raise wrong


def structure_difference(answer: Any, what: str) -> Difference | None:
    """Say what is wrong when `answer` is not as many things as `what` names, separated by commas; or None."""
    return _parts(answer, len(naming.split(naming.inner(what) or what)), True, what)[1]


@np.errstate(all="ignore")  # a student's numbers may overflow when they are compared
def difference(
    answer: Any, expected: Any, what: str = "the result", length: int = 1, any_dtype: bool = False
) -> Difference | None:
    """Say what is wrong with `answer`; None when it is `expected`. Nothing is raised.

    With `any_dtype`, right numbers in another floating-point dtype, or in the precision of one, are right.

    >>> print(difference(np.zeros(2), np.ones(2), what="h_next"))
    h_next is off in 2 of 2 entries: by up to 1 at [0], where 2e-10 is allowed.
    """
    if isinstance(expected, dict):
        return _dict_difference(answer, expected, what, length, any_dtype)
    several = isinstance(expected, (tuple, list))
    expected_parts = list(expected) if several else [expected]
    if isinstance(expected, list) and isinstance(answer, (tuple, list)) and len(answer) != len(expected):
        message = f"{what}: expected {len(expected)} entries; got {count_text(len(answer))}."
        return Difference(message, "structure", what)
    parts, wrong = _parts(answer, len(expected_parts), several, what)
    if wrong is not None:
        return wrong
    differences, shapes = [], 0
    for (name, part), want in zip(parts, expected_parts):
        arrays = isinstance(part, np.ndarray) and isinstance(want, np.ndarray)
        shapes += arrays and part.shape != want.shape
        if shapes <= MOST_SHAPES:
            differences.append(_array_difference(name, number_like(part, want), want, length, any_dtype))
    return _join(differences)


def _join(differences: Iterable[Difference | None]) -> Difference | None:
    """Several differences as one: with the words of all, and the kind of the first that is off, else of the first."""
    every = [difference for difference in differences if difference is not None]
    if not every:
        return None
    # Numbers that are off are what a counterexample opens up.
    first = next(
        (difference.problem for difference in every if difference.problem.kind == "off"), every[0].problem
    )
    return Difference(" ".join(map(str, every)), first.kind, first.about)


def _dict_difference(
    answer: Any, expected: dict[Any, Any], what: str, length: int, any_dtype: bool
) -> Difference | None:
    if not isinstance(answer, dict):
        message = f"{what} should be a dict with {len(expected)} entries; got {describe(answer)}."
        return Difference(message, "none" if answer is None else "structure", what)
    missing = [key for key in expected if key not in answer]
    if missing:
        return Difference(f"{what} has no entry {', '.join(map(repr, missing))}.", "structure", what)
    if len(answer) > len(expected):
        more = count_text(len(answer) - len(expected))
        return Difference(f"{what} has {more} entries more than expected.", "structure", what)
    return _join(
        difference(answer[key], want, f"{what}[{key!r}]", length, any_dtype) for key, want in expected.items()
    )


def _parts(
    answer: Any, count: int, several: bool, what: str
) -> tuple[list[tuple[str, Any]], Difference | None]:
    if not several:
        return [(what, answer)], None
    names = naming.split(naming.inner(what) or what)
    if len(names) != count:
        names = [f"{what}[{index}]" for index in range(count)]
    # One thing is a tuple of one: written as Python writes it, because what came is mostly the thing without it.
    expectation = f"Expected {count} things back ({', '.join(names)})"
    if count == 1:
        expectation = f"Expected a tuple of one, ({names[0]},)"
    if not isinstance(answer, (tuple, list)):
        kind: Kind = "none" if answer is None else "structure"
        return [], Difference(f"{expectation}; got {describe(answer)}.", kind, ", ".join(names))
    if len(answer) != count:
        return [], Difference(f"{expectation}; got {count_text(len(answer))}.", "structure", ", ".join(names))
    return list(zip(names, answer)), None


def lost_precision(answer: Any, expected: Any, name: str, length: int = 1) -> Difference | None:
    """Say that right numbers are only as exact as a dtype of less precision; None where they are not that."""
    if (
        difference(answer, expected, name, length) is None
        or difference(answer, expected, name, length, True) is not None
    ):
        return None
    off, allowed = np.abs(answer - expected).max(), _limit(expected.dtype, length, expected)
    message = (
        f"{name} is {expected.dtype.name}, but only as exact as {_precision(answer)}: off by up to {off:.2g}, "
        f"where {allowed:.1g} is allowed. An array on its way has another dtype."
    )
    return Difference(message, "precision", name)


def _array_difference(
    name: str, answer: Any, expected: Any, length: int, any_dtype: bool
) -> Difference | None:
    if isinstance(expected, (tuple, list, dict)):  # as the (h, c) in an LSTM's answer
        return difference(answer, expected, name, length, any_dtype)
    if type(expected) is float and type(answer) is float:
        answer, expected = np.asarray(answer), np.asarray(expected)
    if not isinstance(expected, np.ndarray):
        if isinstance(answer, np.ndarray) and not answer.ndim and isinstance(expected, (int, float)):
            message = f"{name} should be {PLAIN_NAMES[type(expected)]}; got an array or tensor of one number."
            return Difference(message, "no_array", name)
        if type(answer) is not type(expected):
            return no_array(name, answer, PLAIN_NAMES.get(type(expected), "something else"))
        return None if answer == expected else Difference(f"{name} is not what was expected.", "off", name)
    is_comparable = isinstance(answer, np.ndarray) and (
        answer.dtype == expected.dtype or (any_dtype and answer.dtype.kind == expected.dtype.kind == "f")
    )
    if is_comparable and answer.shape == expected.shape:
        if answer.size == 0:
            return None
        if expected.dtype.kind != "f":  # exactly: a difference of integers may overflow
            answer, expected, limit = answer.astype(np.float64), expected.astype(np.float64), 0.0
        else:
            limit = _limit(expected.dtype, length, expected)
            if any_dtype and np.abs(answer - expected).max() > limit:
                lower = max(answer.dtype, _precision(answer), key=tolerance)
                forgiven = max(limit, _limit(lower, length, expected))
                if np.abs(answer - expected).max() <= forgiven:
                    return None
                limit = limit if answer.dtype == expected.dtype else forgiven
        if np.abs(answer - expected).max() <= limit:  # False for NaN
            return None
    wrong = shape_difference(name, answer, expected.shape)
    if wrong is not None:
        return wrong
    if not is_comparable:
        return lost_dtype(name, answer.dtype, expected.dtype)
    return no_numbers(name, answer) or values_difference(
        name, answer.astype(np.float64), expected.astype(np.float64), limit
    )


def number_like(number: Any, expected: Any) -> Any:
    """Turn a number of Python's into the array of no axes that is expected, as which a numpy scalar comes back.

    >>> number_like(2.5, np.asarray(1.0))
    array(2.5)
    """
    if not isinstance(expected, np.ndarray) or expected.ndim or type(number) not in (bool, int, float):
        return number
    kinds = {bool: "b", int: "iuf", float: "f"}[type(number)]
    return np.asarray(number).astype(expected.dtype) if expected.dtype.kind in kinds else number


def _precision(answer: Any) -> np.dtype[Any]:
    """The lowest dtype whose precision counts as a lost dtype: half, where all numbers are such as only half has."""
    with np.errstate(all="ignore"):
        halved = answer.astype(np.float16)
    return np.dtype("float16" if answer.size > 1 and (halved == answer).all() and halved.any() else "float32")


def _limit(dtype: Any, length: int, expected: Any) -> float:
    return tolerance(dtype, length) * max(1.0, float(np.abs(expected).max()))
