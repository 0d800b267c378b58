"""Comparing a student's answer with the expected one: structure, shape, dtype, finiteness, then closeness.

The messages are read by students: they tell where and by how much an answer is off, and never show a value of
a hidden input or of an expected answer.
"""

from __future__ import annotations

import contextvars
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from grader import values
from grader.errors import SuiteError
from grader.problems import Kind, Problem
from grader.subject.harness import PAGE
from grader.subject.memory import unfilled
from grader.subject.operations import Opaque
from grader.suite import naming

#: Set to True when the current test passed only with the student's own earlier error carried forward.
carried_forward: contextvars.ContextVar[bool] = contextvars.ContextVar("carried_forward", default=False)

#: Whether a dtype that is not the input's, or the precision lost with it, fails the current test. Where a suite has a
#: test that charges for it (`points(…, about="dtype")`), it is carried forward in the other tests of that exercise.
dtype_counts: contextvars.ContextVar[bool] = contextvars.ContextVar("dtype_counts", default=True)

#: Set while a suite is tried on its own reference: what it is told then must be something that can be compared.
on_reference: contextvars.ContextVar[bool] = contextvars.ContextVar("on_reference", default=False)

#: What the axes of an array are called, by how many it has: as the course names them, in tests/hidden/course.toml.
axes: contextvars.ContextVar[Mapping[int, tuple[str, ...]]] = contextvars.ContextVar(
    "axes", default=MappingProxyType({})
)

_SLACK = {np.dtype("float16"): 4e-3, np.dtype("float32"): 2.4e-5, np.dtype("float64"): 2e-10}


MOST_SHAPES = 3  # that a message tells of: a submission can choose the sizes
MOST_COUNTED = 99


class Difference(AssertionError):
    """An answer that is not the expected one: the message that the student reads, and what it is about as data.

    A suite that raises one for a reason of its own names one of the kinds of `grader/problems.py`, or leaves it out.

    >>> raise Difference("hidden[1] is the state after the last step, not after the first.")
    Traceback (most recent call last):
    grader.suite.compare.Difference: hidden[1] is the state after the last step, not after the first.
    """

    __tracebackhide__ = True

    def __init__(self, message: str, kind: Kind = "other", about: str = "") -> None:
        super().__init__(message)
        self.problem = Problem(kind, about)


def tolerance(dtype: Any, length: int = 1) -> float:
    """How far an answer may be off, relative to the largest expected magnitude (at least 1).

    About 200 units of rounding for float32, growing with the square root of the number of steps as rounding
    errors of independent steps do (Higham, Accuracy and Stability of Numerical Algorithms, 2.8); for float64 a
    million units, still far below what any wrong formula differs by.

    >>> tolerance("float64", length=4)
    4e-10
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
    if on_reference.get():
        _check_plain(expected, what)
    strict = difference(got, expected, what, length)
    if strict is None:
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
    raise difference(got, expected, what, length, forgiving) or strict


def _check_plain(expected: Any, what: str) -> None:
    """Raise SuiteError for an expected answer that holds something of which only a description has come back."""
    for path, leaf in values.nodes(expected):
        if isinstance(leaf, Opaque):
            raise SuiteError(
                f"it compares {what}{values.path_text(path)} with {leaf.description}, of which nothing but these words"
                " comes back: answers are numbers, text, None, arrays, and tuples, lists and dicts of them.",
                next_step=f"Let a function in harness.py take it apart there, and return arrays: see {PAGE}.",
            )


def assert_shape(got: Any, shape: Sequence[Any], what: str = "the result") -> None:
    """Raise Difference unless `got` is an array of `shape`, or a tuple of arrays of the shapes in `shape`.

    >>> assert_shape(np.ones((3, 4)), (3, 4), what="h_next")
    """
    __tracebackhide__ = True
    several = bool(shape) and all(isinstance(entry, (tuple, list)) for entry in shape)
    shapes = [tuple(entry) for entry in shape] if several else [tuple(shape)]
    parts, wrong = _parts(got, len(shapes), several, what)
    if wrong is None:
        for (name, part), wanted in zip(parts, shapes):
            wrong = wrong or _shape_difference(name, part, wanted)
    if wrong is not None:
        raise wrong


def structure_difference(got: Any, what: str) -> Difference | None:
    """What is wrong when `got` is not as many things as `what` names, separated by commas; or None."""
    return _parts(got, len(naming.split(naming.inner(what) or what)), True, what)[1]


@np.errstate(all="ignore")  # a student's numbers may overflow when they are compared
def difference(
    got: Any, expected: Any, what: str = "the result", length: int = 1, any_dtype: bool = False
) -> Difference | None:
    """What is wrong with `got`, or None when it is `expected`. Nothing is raised.

    With `any_dtype`, right numbers in another floating-point dtype, or in the precision of one, are right.

    >>> print(difference(np.zeros(2), np.ones(2), what="h_next"))
    h_next is off in 2 of 2 entries: by up to 1 at [0], where 2e-10 is allowed.
    """
    if isinstance(expected, dict):
        return _dict_difference(got, expected, what, length, any_dtype)
    several = isinstance(expected, (tuple, list))
    wanted = list(expected) if several else [expected]
    parts, wrong = _parts(got, len(wanted), several, what)
    if wrong is not None:
        return wrong
    differences, shapes = [], 0
    for (name, part), want in zip(parts, wanted):
        arrays = isinstance(part, np.ndarray) and isinstance(want, np.ndarray)
        shapes += arrays and part.shape != want.shape
        if shapes <= MOST_SHAPES:
            differences.append(_array_difference(name, part, want, length, any_dtype))
    return _joined(differences)


def _joined(differences: Iterable[Difference | None]) -> Difference | None:
    """Several differences as one: with the words of all, and the kind of the first that is off, else of the first."""
    every = [one for one in differences if one is not None]
    if not every:
        return None
    # Numbers that are off are what a counterexample opens up.
    first = next((one.problem for one in every if one.problem.kind == "off"), every[0].problem)
    return Difference(" ".join(map(str, every)), first.kind, first.about)


def _dict_difference(
    got: Any, expected: dict[Any, Any], what: str, length: int, any_dtype: bool
) -> Difference | None:
    if not isinstance(got, dict):
        message = f"{what} should be a dict with {len(expected)} entries; got {describe(got)}."
        return Difference(message, "none" if got is None else "structure", what)
    missing = [key for key in expected if key not in got]
    if missing:
        return Difference(f"{what} has no entry {', '.join(map(repr, missing))}.", "structure", what)
    if len(got) > len(expected):
        more = count_text(len(got) - len(expected))
        return Difference(f"{what} has {more} entries more than expected.", "structure", what)
    return _joined(
        difference(got[key], want, f"{what}[{key!r}]", length, any_dtype) for key, want in expected.items()
    )


def _parts(got: Any, count: int, several: bool, what: str) -> tuple[list[tuple[str, Any]], Difference | None]:
    if not several:
        return [(what, got)], None
    names = naming.split(naming.inner(what) or what)
    if len(names) != count:
        names = [f"{what}[{index}]" for index in range(count)]
    wanted = f"Expected {count} things back ({', '.join(names)})"
    if not isinstance(got, (tuple, list)):
        kind: Kind = "none" if got is None else "structure"
        return [], Difference(f"{wanted}; got {describe(got)}.", kind, ", ".join(names))
    if len(got) != count:
        return [], Difference(f"{wanted}; got {count_text(len(got))}.", "structure", ", ".join(names))
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
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


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


def lost_dtype(name: str, got: Any, expected: Any) -> Difference:
    """A result in another dtype than its input's."""
    half = " (half precision)" if got.name == "float16" else ""
    message = (
        f"{name} is {got.name}{half}, but the inputs are {expected.name}: "
        "the result must keep the dtype of the input."
    )
    return Difference(message, "dtype", name)


def lost_precision(got: Any, expected: Any, name: str, length: int = 1) -> Difference | None:
    """Right numbers that are only as exact as another dtype's; None where they are not that."""
    if (
        difference(got, expected, name, length) is None
        or difference(got, expected, name, length, True) is not None
    ):
        return None
    off, allowed = np.abs(got - expected).max(), _limit(expected.dtype, length, expected)
    message = (
        f"{name} is {expected.dtype.name}, but only as exact as {_precision(got)}: off by up to {off:.2g}, "
        f"where {allowed:.1g} is allowed. An array on its way has another dtype."
    )
    return Difference(message, "precision", name)


#: What a plain value that is expected is called.
_PLAIN = {
    bool: "True or False",
    int: "a whole number",
    float: "a plain number (a float)",
    str: "a text",
    type(None): "None",
}


def no_array(name: str, got: Any, wanted: str = "an array") -> Difference:
    """Something else where an array is `wanted`."""
    kind: Kind = "none" if got is None else "no_array"
    return Difference(f"{name} should be {wanted}; got {describe(got)}.", kind, name)


#: How a suite calls a gradient in `what`; what stands behind it is what the gradient should have reached.
GRADIENT_OF = "gradient of "


def _shape_difference(name: str, got: Any, shape: Sequence[int]) -> Difference | None:
    if got is None and name.startswith(GRADIENT_OF):
        about = name.removeprefix(GRADIENT_OF)
        return Difference(f"No gradient reaches {about}.", "no_gradient", about)
    if not isinstance(got, np.ndarray):
        return no_array(name, got, f"an array of shape {shape_text(shape)}")
    if got.shape != tuple(shape):
        message = f"{name} has shape {shape_text(got.shape)}; expected {shape_text(shape)}."
        return Difference(message, "shape", name)
    return None


def _array_difference(name: str, got: Any, expected: Any, length: int, any_dtype: bool) -> Difference | None:
    if isinstance(expected, (tuple, list, dict)):  # as the (h, c) in an LSTM's answer
        return difference(got, expected, name, length, any_dtype)
    if type(expected) is float and type(got) is float:
        got, expected = np.asarray(got), np.asarray(expected)
    if not isinstance(expected, np.ndarray):
        if isinstance(got, np.ndarray) and not got.ndim and isinstance(expected, (int, float)):
            message = f"{name} should be {_PLAIN[type(expected)]}; got an array or tensor of one number."
            return Difference(message, "no_array", name)
        if type(got) is not type(expected):
            return no_array(name, got, _PLAIN.get(type(expected), "something else"))
        return None if got == expected else Difference(f"{name} is not what was expected.", "off", name)
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
                lower = max(got.dtype, _precision(got), key=tolerance)
                forgiven = max(limit, _limit(lower, length, expected))
                if np.abs(got - expected).max() <= forgiven:
                    return None
                limit = limit if got.dtype == expected.dtype else forgiven
        if np.abs(got - expected).max() <= limit:  # False for NaN
            return None
    wrong = _shape_difference(name, got, expected.shape)
    if wrong is not None:
        return wrong
    if not is_comparable:
        return lost_dtype(name, got.dtype, expected.dtype)
    return no_numbers(name, got) or _values_difference(
        name, got.astype(np.float64), expected.astype(np.float64), limit
    )


def no_numbers(name: str, got: Any) -> Difference | None:
    """An array that holds NaN, infinite numbers, or memory that nobody has written to; None where it does not."""
    if got.dtype.kind == "f" and not np.isfinite(got).all():
        message = f"{name} holds {'NaN' if np.isnan(got).any() else 'infinite'} values."
        return Difference(message, "not_finite", name)
    mask = unfilled(got)
    if not mask.any():
        return None
    message = (
        f"{name} holds memory that was never written to, in {int(mask.sum())} of {mask.size} entries. "
        "Is it made with `empty`, and is every entry of it set?"
    )
    return Difference(message, "unset", name)


def _precision(got: Any) -> np.dtype[Any]:
    """The lowest dtype whose precision counts as a lost dtype: half, where all numbers are such as only half has."""
    with np.errstate(all="ignore"):
        halved = got.astype(np.float16)
    return np.dtype("float16" if got.size > 1 and (halved == got).all() and halved.any() else "float32")


def _limit(dtype: Any, length: int, expected: Any) -> float:
    return tolerance(dtype, length) * max(1.0, float(np.abs(expected).max()))


def _values_difference(name: str, got: Any, expected: Any, limit: float) -> Difference:
    off = np.abs(got - expected)
    wrong = off > limit
    worst = np.unravel_index(int(off.argmax()), off.shape)
    place = f" at [{', '.join(str(int(index)) for index in worst)}]" if off.ndim else ""
    message = (
        f"{name} is off in {int(wrong.sum())} of {off.size} entries{_where_along(wrong)}: "
        f"by up to {off.max():.2g}{place}, where {limit:.1g} is allowed."
    )
    return Difference(message, "off", name)


def _where_along(wrong: Any) -> str:
    """Where along its second axis an array is off, when not everywhere, if the course names the axes of such arrays."""
    names = axes.get().get(wrong.ndim)
    if names is None or wrong.shape[1] < 2:
        return ""
    places = np.flatnonzero(wrong.any(axis=tuple(axis for axis in range(wrong.ndim) if axis != 1)))
    if len(places) == wrong.shape[1]:
        return ""
    if len(places) == 1:
        return f" (only at {names[1]} {places[0]})"
    if places[-1] == wrong.shape[1] - 1 and len(places) == places[-1] - places[0] + 1:
        return f" (from {names[1]} {places[0]} on)"
    return f" (at {names[1]}s {', '.join(map(str, places[:8]))}{', …' if len(places) > 8 else ''})"
