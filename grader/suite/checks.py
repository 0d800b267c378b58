"""Checks that hidden suites share: structure, life, arguments left alone, what is registered. Values are `compare`'s.

Their messages are read by students. They survive any answer, name arguments and weights by the names of the
exercise, and repeat no words that the submission chose, which could hold values of hidden inputs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.subject.memory import unfilled
from grader.subject.operations import Parameter
from grader.subject.proxy import ObservedCall, speaks_of_dtype
from grader.subject.subjects import StudentRaised
from grader.suite import naming
from grader.suite.compare import assert_shape, lost_precision, structure_difference
from grader.suite.differences import Difference, count_text, lost_dtype, no_array, no_numbers, shape_text

_POSITIONAL = re.compile(r"argument ([1-9]\d?)((?:\[\d\])?)")  # and, of a tuple, which part of it


def both(answer: Any, names: str) -> Sequence[Any]:
    """Return `answer` if it has as many parts as `names` names. Raise Difference otherwise.

    >>> outputs, hidden = both((np.ones(3), np.ones(2)), "outputs, hidden")
    """
    wrong = structure_difference(answer, names)
    if wrong is not None:
        raise wrong
    return answer  # type: ignore[no-any-return]


def assert_alive(answer: Any, shape: Sequence[int], what: str) -> None:
    """Raise Difference unless `answer` is an array of this shape that holds finite floats, not all the same.

    A single number must not be zero.

    >>> assert_alive(np.arange(3.0), (3,), what="h_next")
    """
    assert_shape(answer, shape, what=what)
    if answer.dtype.kind != "f":
        message = f"{what} should hold floating-point numbers, but its dtype is {answer.dtype}."
        raise Difference(message, "dtype", what)
    wrong = no_numbers(what, answer)
    if wrong is not None:
        raise wrong
    if answer.size and (answer == answer.flat[0]).all() and (answer.size > 1 or answer.flat[0] == 0):
        raise Difference(f"{what} is the same number everywhere.", "constant", what)


def is_alive(answer: Any, shape: Sequence[int]) -> bool:
    """Return whether `assert_alive` would pass, for answers that may rightly be the same number everywhere.

    A module with weights of zero gives such an answer.

    >>> is_alive(np.zeros((2, 3)), (2, 3))
    False
    """
    try:
        assert_alive(answer, shape, what="the result")
    except Difference:
        return False
    return True


def assert_dtype_kept(calls: Sequence[tuple[Callable[[], Any], Any]], what: str, length: int = 1) -> None:
    """Raise Difference unless each call answers in the dtype, and the precision, of what is expected beside it.

    Each entry of `calls` is a function that asks, and the expected answer, or the name of a dtype where the numbers are
    not known. Wrong numbers, and exceptions about something else, are for other tests; they are passed over as long as
    one call gives an answer. `what` and `length` are those of `assert_close`.

    >>> assert_dtype_kept([(lambda: np.ones(2), np.ones(2))], what="h_next")
    """
    first: Exception | None = None
    answered = False
    for call, expected in calls:
        try:
            answer = call()
        except StudentRaised as error:
            if speaks_of_dtype(error.raised):
                raise
            first = first or error
            continue
        try:
            answered = _keeps_dtype(answer, expected, what, length) or answered
        except NotAnswered as error:
            first = first or error.difference
    if not answered and first is not None:
        raise first


class NotAnswered(Exception):
    """An answer of another structure than the one that is expected."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(str(difference))
        self.difference = difference


def _keeps_dtype(answer: Any, expected: Any, what: str, length: int) -> bool:
    for name, part, want in _results(answer, expected, what):
        if not isinstance(part, np.ndarray):
            raise NotAnswered(no_array(name, part))
        dtype = np.dtype(want) if isinstance(want, str) else want.dtype
        if part.dtype != dtype:
            raise lost_dtype(name, part.dtype, dtype)
        wrong = None if isinstance(want, str) else lost_precision(part, want, name, length)
        if wrong is not None:
            raise wrong
    return True


def _results(answer: Any, expected: Any, what: str) -> Iterator[tuple[str, Any, Any]]:
    """Each result that `what` names, as "outputs, (h, c)", with what is expected of it. Raises NotAnswered."""
    names = naming.split(naming.inner(what) or what)
    if names == [what]:
        yield what, answer, expected
        return
    wrong = structure_difference(answer, what)
    if wrong is not None:
        raise NotAnswered(wrong)
    expected_dtypes = [expected] * len(names) if isinstance(expected, str) else expected
    for name, part, want in zip(names, answer, expected_dtypes, strict=True):
        yield from _results(part, want, name)


def assert_differs(first: Any, other: Any, what: str, on: str) -> None:
    """Raise Difference unless two answers of one shape differ by more than rounding.

    `what` names the answer, `on` what it must depend on.

    >>> assert_differs(np.zeros(2), np.ones(2), what="outputs", on="x")
    """
    if _are_alike(first, other, what, f"with {on}"):
        raise Difference(f"{what} did not change with {on}.", "ignored", what)


def _are_alike(first: Any, second: Any, what: str, when: str) -> bool:
    for answer in (first, second):
        if not isinstance(answer, np.ndarray):
            raise no_array(what, answer)
    if first.shape != second.shape:
        raise Difference(f"{what} has another shape {when}.", "shape", what)
    with np.errstate(all="ignore"):
        return bool(np.allclose(first, second, rtol=1e-3, atol=1e-4))


def assert_changed(before: Any, after: Any, what: str, by: str) -> None:
    """Raise Difference unless an answer changes, by more than rounding, when the weight `by` gets another value.

    >>> assert_changed(np.zeros(2), np.ones(2), what="outputs", by="w_output")
    """
    if _are_alike(before, after, what, f"after another {by} was loaded"):
        raise Difference(f"{what} did not change when another {by} was loaded.", "ignored", what)


def argument_named(path: str, names: Sequence[str]) -> str | None:
    """Return the name of an argument that an operation calls "argument 2", "argument 3[1]", or by its keyword.

    `names` are those of the exercise, in its order. None where the path names none of them.

    >>> argument_named("argument 2", ["x", "h0"])
    'h0'
    >>> argument_named("argument 2['rows'][0]", ["x", "table"])
    'table'
    """
    position = _POSITIONAL.fullmatch(path)
    if position is None:
        if path in names:
            return path
        begun, bracket, _ = path.partition("[")  # what stands in brackets may be the submission's own word
        return argument_named(begun, names) if bracket and path.endswith("]") else None
    number = int(position[1])
    return f"{names[number - 1]}{position[2]}" if number <= len(names) else None


def assert_unchanged(observed: ObservedCall, names: str) -> None:
    """Raise Difference if the observed call changed an argument in place; `names` are the arguments, in order.

    `observed` is what `student.f.observe(…)` returns.

    >>> assert_unchanged(ObservedCall(value=None, changed=()), "x, h_prev")
    """
    if observed.changed:
        arguments = [name.strip() for name in names.split(",")]
        changed = dict.fromkeys(filter(None, (argument_named(path, arguments) for path in observed.changed)))
        message = f"The call changed {' and '.join(changed) or 'an argument'} in place."
        raise Difference(message, "changed", ", ".join(changed))


def assert_registered(parameters: Mapping[str, Parameter], shapes: Mapping[str, Sequence[int]]) -> None:
    """Raise Difference unless `parameters` have exactly these names and shapes, and all of them are trained.

    `parameters` is what `student.Module(…).parameters()` returns.

    >>> assert_registered({"bias": Parameter(np.zeros(3), trainable=True)}, {"bias": (3,)})
    """
    missing = [name for name in shapes if name not in parameters]
    extra = sum(name not in shapes for name in parameters)
    if missing:
        raise _registration_difference(missing)
    if extra:
        raise Difference(f"{count_text(extra)} more registered than the hand-out asks for.", "extra")
    for name, shape in shapes.items():
        assert_shape(_value(parameters[name]), shape, what=f"parameter {name}")
        if not parameters[name].trainable:
            message = f"parameter {name} is not trained (requires_grad is False)."
            raise Difference(message, "untrained", name)


def assert_good_start(parameters: Mapping[str, Parameter], names: Sequence[str]) -> None:
    """Raise Difference unless the matrices `names` start as finite numbers of a sensible size, not all alike.

    >>> assert_good_start({"w": Parameter(np.array([[0.1, -0.2]]), trainable=True)}, ["w"])
    """
    values = {name: _value(parameters.get(name)) for name in names}
    missing = [
        name for name, value in values.items() if not isinstance(value, np.ndarray) or value.dtype.kind != "f"
    ]
    if missing:
        raise _registration_difference(missing)
    for name, value in values.items():
        if wrong := _bad_start(value):
            raise Difference(f"parameter {name} {wrong}", "start", name)


def _bad_start(value: Any) -> str:
    """What is wrong with the numbers that a parameter starts with; "" where nothing is."""
    if value.size == 0:
        return f"has no entries: its shape is {shape_text(value.shape)}."
    sizes = np.abs(value)
    if unfilled(value).any() or ((sizes > 0) & (sizes < 1e-20)).any():
        return "starts with leftovers of memory: it was never filled."
    if not (sizes < 10).all():  # False for nan, too
        return "starts with numbers that are huge or not finite."
    if (value == value.flat[0]).all():
        return "starts as the same number everywhere: all hidden units would stay alike."
    return ""


def _registration_difference(names: Sequence[str]) -> Difference:
    return Difference(f"Not registered: {', '.join(names)}.", "unregistered", ", ".join(names))


def _value(parameter: Any) -> Any:
    """What a registered parameter holds; None for what is no parameter."""
    return parameter.value if isinstance(parameter, Parameter) else None
