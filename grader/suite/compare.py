"""Comparing a student's answer with the expected one: structure, shape, dtype, finiteness, then closeness.

The messages are read by students: they tell where and by how much an answer is off, and never show a value of
a hidden input or of an expected answer.
"""

from __future__ import annotations

import contextvars
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader.subject.memory import unfilled
from grader.subject.operations import Opaque
from grader.suite import naming

#: Set to True when the current test passed only with the student's own earlier error carried forward.
carried_forward: contextvars.ContextVar[bool] = contextvars.ContextVar("carried_forward", default=False)

#: Whether a dtype that is not the input's, or the precision lost with it, fails the current test. Where a suite has a
#: test that charges for it (`points(…, about="dtype")`), it is carried forward in the other tests of that exercise.
dtype_counts: contextvars.ContextVar[bool] = contextvars.ContextVar("dtype_counts", default=True)

_SLACK = {np.dtype("float16"): 4e-3, np.dtype("float32"): 2.4e-5, np.dtype("float64"): 2e-10}


MOST_SHAPES = 3  # that a message tells of: a submission can choose the sizes
MOST_COUNTED = 99


class Difference(AssertionError):
    """An answer that is not the expected one. Its text is the message that the student reads."""

    __tracebackhide__ = True


def tolerance(dtype: Any, length: int = 1) -> float:
    """How far an answer may be off, relative to the largest expected magnitude (at least 1).

    About 200 units of rounding for float32, growing with the square root of the number of time steps as rounding
    errors of independent steps do (Higham, Accuracy and Stability of Numerical Algorithms, 2.8); for float64 a
    million units, still far below what any wrong formula differs by.
    """
    return float(_SLACK.get(np.dtype(dtype), 0.0) * max(1, length) ** 0.5)


def assert_close(
    got: Any,
    expected: Any,
    what: str = "the result",
    length: int = 1,
    carried: Callable[[], Any] | None = None,
) -> None:
    """Raise Difference unless `got` is `expected` within `tolerance(dtype, length)`.

    `what` names the parts of a tuple, separated by commas. `carried` may give other acceptable answers: what
    follows correctly from an earlier mistake of the student's, which has cost its points already. So does, unless
    `dtype_counts`, another dtype: right numbers in the precision of float32 are right.

    >>> assert_close(np.ones(2), np.ones(2), what="h_next")
    """
    __tracebackhide__ = True
    problem = difference(got, expected, what, length)
    if problem is None:
        return
    forgiving = not dtype_counts.get()
    if forgiving and difference(got, expected, what, length, any_dtype=True) is None:
        carried_forward.set(True)
        return
    if carried is not None:
        alternative = carried()
        if alternative is not None and difference(got, alternative, what, length, forgiving) is None:
            carried_forward.set(True)
            return
    raise Difference(difference(got, expected, what, length, forgiving) or problem)


def assert_shape(got: Any, shape: Sequence[Any], what: str = "the result") -> None:
    """Raise Difference unless `got` is an array of `shape`, or a tuple of arrays of the shapes in `shape`."""
    __tracebackhide__ = True
    several = bool(shape) and all(isinstance(entry, (tuple, list)) for entry in shape)
    shapes = [tuple(entry) for entry in shape] if several else [tuple(shape)]
    parts, problem = _parts(got, len(shapes), several, what)
    if problem is None:
        for (name, part), wanted in zip(parts, shapes):
            problem = problem or _shape_problem(name, part, wanted)
    if problem is not None:
        raise Difference(problem)


def structure_problem(got: Any, what: str) -> str | None:
    """What is wrong when `got` is not as many things as `what` names, separated by commas; or None."""
    return _parts(got, len(naming.split(what)), True, what)[1]


@np.errstate(all="ignore")  # a student's numbers may overflow when they are compared
def difference(
    got: Any, expected: Any, what: str = "the result", length: int = 1, any_dtype: bool = False
) -> str | None:
    """What is wrong with `got`, in a student's words, or None when it is `expected`.

    With `any_dtype`, right numbers in another floating-point dtype, or in the precision of one, are right.
    """
    if isinstance(expected, dict):
        return _dict_problem(got, expected, what, length, any_dtype)
    several = isinstance(expected, (tuple, list))
    wanted = list(expected) if several else [expected]
    parts, problem = _parts(got, len(wanted), several, what)
    if problem is not None:
        return problem
    found, shapes = [], 0
    for (name, part), want in zip(parts, wanted):
        arrays = isinstance(part, np.ndarray) and isinstance(want, np.ndarray)
        shapes += arrays and part.shape != want.shape
        problem = _array_problem(name, part, want, length, any_dtype)
        if problem is not None and shapes <= MOST_SHAPES:
            found.append(problem)
    return " ".join(found) if found else None


def _dict_problem(got: Any, expected: dict[Any, Any], what: str, length: int, any_dtype: bool) -> str | None:
    if not isinstance(got, dict):
        return f"{what} should be a dict with {len(expected)} entries; got {describe(got)}."
    missing = [key for key in expected if key not in got]
    if missing:
        return f"{what} has no entry {', '.join(map(repr, missing))}."
    if len(got) > len(expected):
        return f"{what} has {count_text(len(got) - len(expected))} entries more than expected."
    problems = (
        difference(got[key], want, f"{what}[{key!r}]", length, any_dtype) for key, want in expected.items()
    )
    return " ".join(filter(None, problems)) or None


def _parts(got: Any, count: int, several: bool, what: str) -> tuple[list[tuple[str, Any]], str | None]:
    if not several:
        return [(what, got)], None
    names = naming.split(naming.inner(what) or what)
    if len(names) != count:
        names = [f"{what}[{index}]" for index in range(count)]
    if not isinstance(got, (tuple, list)):
        return [], f"Expected {count} things back ({', '.join(names)}); got {describe(got)}."
    if len(got) != count:
        return [], f"Expected {count} things back ({', '.join(names)}); got {count_text(len(got))}."
    return list(zip(names, got)), None


def describe(value: Any) -> str:
    """A value's kind and shape, without a single entry of it."""
    if isinstance(value, np.ndarray):
        return f"one array of shape {shape_text(value.shape)}" if value.ndim else "a single number"
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, Opaque):
        # The submission chose these words: only kinds that exist are repeated.
        if value.description == "a generator":
            return "a generator (does it yield where it should return?)"
        return value.description if _KIND.fullmatch(value.description) else "something that is no array"
    if isinstance(value, (tuple, list)):
        return f"{count_text(len(value))} things" if len(value) != 1 else "one thing in a list or tuple"
    return f"a {type(value).__name__}"


_KIND = re.compile(
    r"an? (?:list|dict|set|generator|map|zip|range|function|method|module|type|Parameter|Linear|RNNCell|RNN"
    r"|PackedSequence|bytes|complex|slice|NotImplementedType|ellipsis)"
    r"|an array of (?:complex64|complex128|object|uint16|uint32|uint64|longdouble|float128|<U\d{1,3})"
    r"|a tensor of torch\.(?:bfloat16|complex64|complex128) \(torch\.strided\)"
)


def count_text(count: int) -> str:
    """A number of things in words; a submission could write digits of an input in a large one."""
    return str(count) if count <= MOST_COUNTED else f"more than {MOST_COUNTED}"


def shape_text(shape: Sequence[int]) -> str:
    """A shape in words; a submission could write digits of an input in a very large one."""
    if len(shape) > 4 or any(size > 9999 for size in shape):
        return "of very large size" if len(shape) <= 4 else f"with {len(shape)} axes"
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def lost_dtype(name: str, got: Any, expected: Any) -> str:
    """The sentence about a result in another dtype than its input's."""
    return f"{name} is {got.name}, but the inputs are {expected.name}: the result must keep the dtype of the input."


def lost_precision(got: Any, expected: Any, name: str, length: int = 1) -> str | None:
    """The sentence about right numbers that are only as exact as another dtype's; None where they are not that."""
    if (
        difference(got, expected, name, length) is None
        or difference(got, expected, name, length, True) is not None
    ):
        return None
    off, allowed = np.abs(got - expected).max(), _limit(expected.dtype, length, expected)
    return (
        f"{name} is {expected.dtype.name}, but only as exact as float32: off by up to {off:.2g}, where {allowed:.1g} "
        "is allowed. An array on its way has another dtype."
    )


def _shape_problem(name: str, got: Any, shape: Sequence[int]) -> str | None:
    if got is None and name.startswith("gradient of "):
        return f"No gradient reaches {name.removeprefix('gradient of ')}."
    if not isinstance(got, np.ndarray):
        return f"{name} should be an array of shape {shape_text(shape)}; got {describe(got)}."
    if got.shape != tuple(shape):
        return f"{name} has shape {shape_text(got.shape)}; expected {shape_text(shape)}."
    return None


def _array_problem(name: str, got: Any, expected: Any, length: int, any_dtype: bool) -> str | None:
    if isinstance(expected, (tuple, list, dict)):  # as the (h, c) in an LSTM's answer
        return difference(got, expected, name, length, any_dtype)
    if type(expected) is float and type(got) is float:
        got, expected = np.asarray(got), np.asarray(expected)
    if not isinstance(expected, np.ndarray):
        return (
            None if type(got) is type(expected) and got == expected else f"{name} is not what was expected."
        )
    is_comparable = isinstance(got, np.ndarray) and (
        got.dtype == expected.dtype or (any_dtype and got.dtype.kind == expected.dtype.kind == "f")
    )
    if is_comparable and got.shape == expected.shape:
        if got.size == 0:
            return None
        if expected.dtype.kind != "f":  # exactly: a difference of integers may overflow
            got, expected, limit = got.astype(np.float64), expected.astype(np.float64), 0.0
        else:
            limit = _limit(expected.dtype, length, expected)
            if any_dtype and np.abs(got - expected).max() > limit:
                lower = max(got.dtype, np.dtype("float32"), key=tolerance)
                forgiven = max(limit, _limit(lower, length, expected))
                if np.abs(got - expected).max() <= forgiven:
                    return None
                limit = limit if got.dtype == expected.dtype else forgiven
        if np.abs(got - expected).max() <= limit:  # False for NaN
            return None
    problem = _shape_problem(name, got, expected.shape)
    if problem is not None:
        return problem
    if not is_comparable:
        return lost_dtype(name, got.dtype, expected.dtype)
    if not np.isfinite(got).all():
        return f"{name} holds {'NaN' if np.isnan(got).any() else 'infinite'} values."
    unset = unset_problem(name, got)
    if unset is not None:
        return unset
    return _values_problem(name, got.astype(np.float64), expected.astype(np.float64), limit)


def unset_problem(name: str, got: Any) -> str | None:
    """That an array of floating-point numbers holds memory that nobody has written to; None where it does not."""
    mask = unfilled(got)
    if not mask.any():
        return None
    return (
        f"{name} holds memory that was never written to, in {int(mask.sum())} of {mask.size} entries. "
        "Is it made with `empty`, and is every entry of it set?"
    )


def _limit(dtype: Any, length: int, expected: Any) -> float:
    return tolerance(dtype, length) * max(1.0, float(np.abs(expected).max()))


def _values_problem(name: str, got: Any, expected: Any, limit: float) -> str:
    off = np.abs(got - expected)
    wrong = off > limit
    worst = np.unravel_index(int(off.argmax()), off.shape)
    place = f" at [{', '.join(str(int(index)) for index in worst)}]" if off.ndim else ""
    return (
        f"{name} is off in {int(wrong.sum())} of {off.size} entries{_where_in_time(wrong)}: "
        f"by up to {off.max():.2g}{place}, where {limit:.1g} is allowed."
    )


def _where_in_time(wrong: Any) -> str:
    """For an array (batch, time step, feature): at which time steps it is off, when not at all of them."""
    if wrong.ndim != 3 or wrong.shape[1] < 2:
        return ""
    steps = np.flatnonzero(wrong.any(axis=(0, 2)))
    if len(steps) == wrong.shape[1]:
        return ""
    if len(steps) == 1:
        return f" (only at time step {steps[0]})"
    if steps[-1] == wrong.shape[1] - 1 and len(steps) == steps[-1] - steps[0] + 1:
        return f" (from time step {steps[0]} on)"
    return f" (at time steps {', '.join(map(str, steps[:8]))}{', …' if len(steps) > 8 else ''})"
