"""How suites of other courses are written, as public descriptions of them tell: what would they let through?

Each style is a suite of its own for the exercises of any spec.py, weaker than ours in one way that is in wide use. None
is a copy of a course's tests, and none grades anybody: `grader validate --as STYLE` runs our mistakes against them.

A style that makes one call makes it without lengths and from zero states, as those suites do; the others also ask with
lengths and with a state, so that what is counted is the way of comparing and not what a course leaves out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from grader.suite import assert_close, assert_shape

from .cases import Case
from .exercises import Exercise, Module
from .laws_of_learning import cotangents

#: What every weight is where all are equal.
EQUAL = 0.1
#: Half a unit of the last of four printed decimals, which is what `assert abs(a - b) < 5e-5` compares.
PRINTED = 5e-5
LOOSE = 1e-2

Style = Callable[[Any, Any], None]
"""`style(student, reference)` raises when the student's answers do not pass, as a test of a suite does."""


def styles(assignment: str) -> Mapping[str, Style]:
    """Return every style by its name, for the exercises of one assignment."""
    spec = import_module(f"..{assignment}.spec", __package__)
    return {
        style.__name__: partial(style, spec)
        for style in (shapes, printed, equal_weights, one_gradient, loose)
    }


def shapes(spec: ModuleType, student: Any, reference: Any) -> None:
    """Ask that every result has the right shape; its numbers are not looked at."""
    for exercise in _exercises(spec):
        for case in _several(spec, exercise):
            arguments, named = exercise.call(case.astype(np.float32))
            answer = exercise.leaves(exercise.fresh(student, case)(*arguments, **named))
            for name, size in exercise.shapes(case).items():
                assert_shape(answer[name], size, what=name)


def printed(spec: ModuleType, student: Any, reference: Any) -> None:
    """Ask one example, the same for everybody, and compare with numbers printed to four decimals."""
    for exercise in _exercises(spec):
        case = _from_zero(exercise, _typical(spec, exercise))
        _compare(exercise, student, reference, case, PRINTED)


def equal_weights(spec: ModuleType, student: Any, reference: Any) -> None:
    """Ask one example whose weights are all equal and whose states are zero, and compare closely."""
    for exercise in _exercises(spec):
        case = _from_zero(exercise, _typical(spec, exercise))
        equal = {name: np.full_like(case[name], EQUAL) for name in case.arrays if _is_weight(name)}
        _compare(exercise, student, reference, case.instead(**equal))


def one_gradient(spec: ModuleType, student: Any, reference: Any) -> None:
    """Ask one example, compare closely, and of a module the gradient of its first parameter."""
    for exercise in _exercises(spec):
        case = _from_zero(exercise, _typical(spec, exercise))
        _compare(exercise, student, reference, case)
        if isinstance(exercise, Module):
            weights = cotangents(exercise, case, "styles", exercise.name)
            arguments, named = exercise.call(case)
            first = next(iter(exercise.parameters))
            student_answer, expected = (
                exercise.made(module, case)
                .gradients(*arguments, cotangents=weights, **named)
                .parameters[first]
                for module in (student, reference)
            )
            assert_close(student_answer, expected, what=f"gradient of {first}", length=case.steps)


def loose(spec: ModuleType, student: Any, reference: Any) -> None:
    """Ask several calls, with lengths and states too, and compare within 0.01."""
    for exercise in _exercises(spec):
        for case in _several(spec, exercise):
            _compare(exercise, student, reference, case, LOOSE)


def _exercises(spec: ModuleType) -> Iterator[Exercise]:
    return (each for each in vars(spec).values() if isinstance(each, Exercise))


def _several(spec: ModuleType, exercise: Exercise) -> Iterator[Case]:
    """A call with everything given, one without a state, one with lengths: those that the exercise has."""
    typical = _typical(spec, exercise)
    yield typical
    if exercise.state:
        yield typical.no_state()
    if exercise.lengths:
        yield _typical(spec, exercise, padded=True)


def _typical(spec: ModuleType, exercise: Exercise, padded: bool = False) -> Case:
    """The first case of spec.py that a call of the exercise can be made from, and in which no size is 1.

    For one step where spec.py has sequences only, the first step of such a case.
    """
    needed = {*_keys(tuple(exercise.arguments.values()))}
    axes = {letter for text in exercise.axes().values() for letter in text if letter.isalpha()} | {"I"}
    numbers = {
        key for key in needed if len(key) == 1 and key.isupper()
    }  # arguments that are the size of an axis
    if isinstance(exercise, Module):
        needed |= {*exercise.parameters.values()}
    cases = [
        case
        for case in _cases(spec)
        if needed <= {*case.arrays, *numbers}
        and min(case.sizes.values()) > 1
        and (case.lengths is not None) == padded
    ]
    for case in cases:
        if {*case.sizes} - numbers == axes:
            return replace(case, sizes={**dict.fromkeys(numbers, 2), **case.sizes})
    for case in cases:
        if {*case.sizes} == {*axes, "L"}:
            return case.step(0)
    raise LookupError(f"spec.py has no case for {exercise.name}{' with lengths' if padded else ''}")


def _cases(spec: ModuleType) -> Iterator[Case]:
    """Every case of spec.py, those that lie together in a tuple as well (`sizes.Steps`, `sizes.Sequences`, …)."""
    for value in vars(spec).values():
        for case in value if isinstance(value, tuple) else (value,):
            if isinstance(case, Case):
                yield case


def _keys(key: Any) -> Iterator[str]:
    if isinstance(key, tuple):
        for part in key:
            yield from _keys(part)
    else:
        yield key


def _from_zero(exercise: Exercise, case: Case) -> Case:
    """The call without a state where it may be left out, and with zeros where it may not."""
    states = [name for name in case.arrays if name in ("h0", "c0", "h_prev", "c_prev")]
    zero = case.without(*states)
    return zero.no_state() if exercise.state else zero


def _is_weight(name: str) -> bool:
    last = name.rpartition(".")[2]
    return last.startswith(("w_", "weight", "bias"))


def _compare(
    exercise: Exercise, student: Any, reference: Any, case: Case, within: float | None = None
) -> None:
    """Compare every result, closely or `within` an absolute and relative tolerance."""
    student_answer, expected = (exercise.answer(module, case) for module in (student, reference))
    if within is None:
        assert_close(student_answer, expected, what=exercise.what, length=case.steps)
        return
    answer = exercise.leaves(student_answer)
    for name, array in exercise.leaves(expected).items():
        assert_shape(answer[name], np.shape(array), what=name)
        relative = within if within == LOOSE else 0.0
        assert np.allclose(answer[name], array, atol=within, rtol=relative), name
