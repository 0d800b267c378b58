"""What is wrong with an answer, as the sentence that a student reads and as a problem with a kind.

The sentences tell where and by how much an answer is off. They never show a value of a hidden input or of an expected
answer, nor words that the submission chose.
"""

from __future__ import annotations

import contextvars
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.problems import Kind, Problem
from grader.subject.memory import unfilled
from grader.subject.operations import Opaque

#: What the axes of an array are called, by how many it has: as the course names them, in tests/hidden/course.toml.
axes: contextvars.ContextVar[Mapping[int, tuple[str, ...]]] = contextvars.ContextVar(
    "axes", default=MappingProxyType({})
)
MOST_COUNTED = 99
#: How a suite calls a gradient in `what`; what stands behind it is what the gradient should have reached.
GRADIENT_OF = "gradient of "


class Difference(AssertionError):
    """An answer that is not the expected one: the message that the student reads, and what it is about as data.

    A suite that raises one for a reason of its own names one of the kinds of `grader/problems.py`, or leaves it out.

    >>> raise Difference("hidden[1] is the state after the last step, not after the first.")
    Traceback (most recent call last):
    grader.suite.differences.Difference: hidden[1] is the state after the last step, not after the first.
    """

    __tracebackhide__ = True

    def __init__(self, message: str, kind: Kind = "other", about: str = "") -> None:
        super().__init__(message)
        self.problem = Problem(kind, about)


def describe(value: Any) -> str:
    """Say a value's kind and shape, without a single entry of it."""
    if isinstance(value, np.ndarray):
        return f"one array of shape {shape_text(value.shape)}" if value.ndim else "a single number"
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, Opaque):
        # The submission chose these words: only kinds that exist are repeated.
        if value.description == "a generator":
            return "a generator (does it yield where it should return?)"
        if value.description == "a coroutine":
            return "a coroutine (is it an `async def` where a `def` is meant?)"
        if _LARGE.fullmatch(value.description):
            return "an array that is far too large"
        if _KIND.fullmatch(value.description):
            return value.description.removesuffix(" (torch.strided)")  # the usual layout: it says nothing
        return (
            "an array of another dtype"
            if _OF_A_DTYPE.match(value.description)
            else "something that is no array"
        )
    if isinstance(value, (tuple, list)):
        return f"{count_text(len(value))} things" if len(value) != 1 else "one thing in a list or tuple"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def expected_array(shape: Sequence[int], answer: Any, dtype: Any = "", noun: str = "an array") -> str:
    """Describe the expected array by its dtype where `answer` has another one, else by its shape."""
    if isinstance(answer, Opaque) and _OF_A_DTYPE.match(answer.description):
        return f"{noun} of {dtype}" if dtype else f"{noun} of plain numbers, of float64 for example"
    return f"{noun} of shape {shape_text(shape)}"


_OF_A_DTYPE = re.compile(r"an array of (?!shape|\d+ dimensions)|a tensor of ")
_LARGE = re.compile(r"an array of shape \([\d, ]*\), too large to send")
_OTHER_DTYPE = re.compile(
    r"an array of (?:complex64|complex128|object|uint16|uint32|uint64|longdouble|float128|<U\d{1,3})"
    r"|a tensor of torch\.(?:bfloat16|complex64|complex128) \(torch\.strided\)"
)
_KIND = re.compile(
    r"an? (?:list|dict|set|generator|map|zip|range|function|method|module|type|Parameter|Linear|RNNCell|RNN"
    r"|PackedSequence|bytes|complex|slice|NotImplementedType|ellipsis|int beyond 64 bits|deque|frozenset)"
    rf"|{_OTHER_DTYPE.pattern}"
)


def count_text(count: int) -> str:
    """Say a number of things in words; a submission could write digits of an input in a large one."""
    return str(count) if count <= MOST_COUNTED else f"more than {MOST_COUNTED}"


def shape_text(shape: Sequence[int]) -> str:
    """Say a shape in words; a submission could write digits of an input in a very large one."""
    if len(shape) > 4 or any(size > 9999 for size in shape):
        return "of very large size" if len(shape) <= 4 else f"with {len(shape)} axes"
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def lost_dtype(name: str, dtype: np.dtype[Any], expected: np.dtype[Any]) -> Difference:
    """Say that a result has another dtype than its input."""
    if expected.kind != "f":  # truths and whole numbers have the dtype of no input
        return Difference(f"{name} is {dtype.name}; expected {expected.name}.", "dtype", name)
    half = " (half precision)" if dtype.name == "float16" else ""
    message = (
        f"{name} is {dtype.name}{half}, but the inputs are {expected.name}: "
        "the result must keep the dtype of the input."
    )
    return Difference(message, "dtype", name)


#: What a plain value that is expected is called.
PLAIN_NAMES = {
    bool: "True or False",
    int: "a whole number",
    float: "a plain number (a float)",
    str: "a text",
    type(None): "None",
}


def no_array(name: str, answer: Any, expected: str = "an array") -> Difference:
    """Say what stands where an array is `wanted`."""
    kind: Kind = "none" if answer is None else "no_array"
    return Difference(f"{name} should be {expected}; got {describe(answer)}.", kind, name)


def shape_difference(name: str, answer: Any, shape: Sequence[int]) -> Difference | None:
    """Say what is there instead of an array of `shape`; None where it is one."""
    if answer is None and name.startswith(GRADIENT_OF):
        about = name.removeprefix(GRADIENT_OF)
        return Difference(f"No gradient reaches {about}.", "no_gradient", about)
    if not isinstance(answer, np.ndarray):
        return no_array(name, answer, expected_array(shape, answer))
    if answer.shape != tuple(shape):
        message = f"{name} has shape {shape_text(answer.shape)}; expected {shape_text(shape)}."
        return Difference(message, "shape", name)
    return None


def no_numbers(name: str, answer: Any) -> Difference | None:
    """Say that an array holds NaN, infinite numbers, or memory that nobody has written to; None where it does not."""
    if answer.dtype.kind == "f" and not np.isfinite(answer).all():
        message = f"{name} holds {'NaN' if np.isnan(answer).any() else 'infinite'} values."
        return Difference(message, "not_finite", name)
    mask = unfilled(answer)
    if not mask.any():
        return None
    message = (
        f"{name} holds memory that was never written to, in {int(mask.sum())} of {mask.size} entries. "
        "Is it made with `empty`, and is every entry of it set?"
    )
    return Difference(message, "unset", name)


def values_difference(name: str, answer: Any, expected: Any, limit: float) -> Difference:
    """Say of numbers that are further off than `limit` in how many entries, where, and by how much."""
    off = np.abs(answer - expected)
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
