"""Recognises answers that are right but for their dtype, however the code came to lose it.

Edits of the reference cannot list the ways: a buffer, a mask or a state that does not have the input's dtype changes
the dtype of a result, or only its precision, or makes a product of two dtypes raise. What they share is seen here:
with inputs of one dtype all numbers are right, with inputs of the other they are right but for the dtype.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from grader import values
from grader.diagnose.match import Session, same_answers, same_value
from grader.subject import operations as ops
from grader.subject.proxy import speaks_of_dtype
from grader.suite.compare import difference

ROUNDING = 16 * float(np.finfo(np.float32).eps)
OTHER = {"float32": "float64", "float64": "float32"}

#: What an exception of numpy or torch calls a dtype that no input has, and what numpy calls it. "half" is a word.
_HALVES = {"BFloat16": "bfloat16", "bfloat16": "bfloat16", "Half": "float16", "float16": "float16"}
_HALF = re.compile("|".join(f"(?<!^){name}(?![a-z])" for name in _HALVES))

#: A session, what the submission answered to its batches, and what the reference answers.
Told = tuple[Session, Sequence[Sequence[ops.Answer]], Sequence[Sequence[ops.Answer]]]


def made_in(sessions: Iterable[Told]) -> str:
    """The dtype that the code makes arrays in whatever its input has; "" when it is not that alone, or not one dtype.

    Everything must be right but for the dtype; and right where the inputs have that one, if any have. A dtype that no
    input has, such as "float16", is seen in the answers that came, or in what was raised.
    """
    lost, came, off = set(), set(), []
    for session, answers, expected in sessions:
        for number, weighed in enumerate(session.weighed):
            if same_answers(answers[number], expected[number], weighed):
                continue
            if not _right_but_for_dtype(answers[number], expected[number], weighed):
                return ""
            if _keeps_the_input(session.batches, answers[number], expected[number]):
                return ""
            lost.add(_dtype(session.batches))
            off.append(_least_off(answers[number], expected[number]))
            came |= {dtype for answer in answers[number] for dtype in _no_inputs(answer)}
            if isinstance((answers[number] or (None,))[-1], ops.Raised):
                break  # what comes after it in a session asks an object that is not as it should be
    if came:
        return came.pop() if len(came) == 1 else ""
    # A formula that is a little off is no rounding: of roundings the smallest is that of one step.
    if off and min(off) > ROUNDING:
        return ""
    return OTHER.get(lost.pop(), "") if len(lost) == 1 else ""


def _least_off(answers: Sequence[ops.Answer], expected: Sequence[ops.Answer]) -> float:
    """How far off an answer's numbers are, against the largest of them; 0.0 where a dtype shows it, or an exception."""
    least = math.inf
    for answer, right in zip(answers, expected):
        if not isinstance(answer, ops.Value) or not isinstance(right, ops.Value):
            return 0.0
        parts = (answer.value, answer.input_gradients, answer.parameter_gradients)
        right_parts = (right.value, right.input_gradients, right.parameter_gradients)
        for (_, leaf), (_, right_leaf) in zip(values.leaves(parts), values.leaves(right_parts)):
            if isinstance(leaf, ops.Parameter) or not isinstance(right_leaf, np.ndarray):
                continue
            if not isinstance(leaf, np.ndarray) or leaf.dtype != right_leaf.dtype:
                return 0.0
            if right_leaf.size and not same_value(leaf, right_leaf):
                scale = max(1.0, float(np.abs(right_leaf).max()))
                least = min(least, float(np.abs(leaf - right_leaf).max()) / scale)
    return 0.0 if least == math.inf else least


def _keeps_the_input(batches: Any, answers: Sequence[ops.Answer], expected: Sequence[ops.Answer]) -> bool:
    """Whether an array has the input's dtype where another one is expected: no dtype of the code's own is in it."""
    input_dtype = _dtype(batches)
    dtypes = [
        (leaf.dtype.name, right.dtype.name)
        for answer, right_answer in zip(answers, expected)
        if isinstance(answer, ops.Value) and isinstance(right_answer, ops.Value)
        for (_, leaf), (_, right) in zip(values.leaves(answer.value), values.leaves(right_answer.value))
        if isinstance(leaf, np.ndarray) and isinstance(right, np.ndarray)
    ]
    return any(dtype == input_dtype != right_dtype for dtype, right_dtype in dtypes)


def _no_inputs(answer: ops.Answer) -> set[str]:
    """The floating-point dtypes in an answer, or in the words of an exception, that no input has."""
    if isinstance(answer, ops.Raised):
        match = _HALF.search(answer.text) if speaks_of_dtype(answer) else None
        return {_HALVES[match[0]]} if match else set()
    if not isinstance(answer, ops.Value):
        return set()
    parts = (answer.value, answer.input_gradients, answer.parameter_gradients)
    leaves = (leaf.value if isinstance(leaf, ops.Parameter) else leaf for _, leaf in values.leaves(parts))
    names = {leaf.dtype.name for leaf in leaves if isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f"}
    return names - OTHER.keys()


def _dtype(value: Any) -> str:
    """The first floating-point dtype in what was asked; what has none asks a module as it starts, in float32."""
    arrays = (leaf for _, leaf in values.leaves(value) if isinstance(leaf, np.ndarray))
    return next((array.dtype.name for array in arrays if array.dtype.kind == "f"), "float32")


def _right_but_for_dtype(
    answers: Sequence[ops.Answer], expected: Sequence[ops.Answer], weighed: bool
) -> bool:
    if (
        answers
        and isinstance(answers[-1], ops.Raised)
        and not isinstance(expected[len(answers) - 1], ops.Raised)
    ):
        return speaks_of_dtype(answers[-1]) and _right_but_for_dtype(
            answers[:-1], expected[: len(answers) - 1], weighed
        )
    return len(answers) == len(expected) and all(
        isinstance(answer, ops.Value)
        and isinstance(right, ops.Value)
        and answer.changed == right.changed
        and _is_alike(answer.value, right.value, weighed)
        and _is_alike(answer.input_gradients, right.input_gradients, weighed)
        and _is_alike(answer.parameter_gradients, right.parameter_gradients, weighed)
        for answer, right in zip(answers, expected)
    )


def _is_alike(value: Any, expected: Any, weighed: bool) -> bool:
    """Whether two values are the same but for the dtype of their arrays, and for the precision lost with it."""
    return values.agree(
        lambda right, other: _leaf_alike(other, right, weighed), expected, value, atoms=(ops.Parameter,)
    )


def _leaf_alike(leaf: Any, expected: Any, weighed: bool) -> bool:
    if isinstance(expected, np.ndarray):
        if not isinstance(leaf, np.ndarray) or leaf.shape != expected.shape:
            return False
        if not weighed:
            return bool(leaf.dtype.kind == expected.dtype.kind)
        return difference(leaf, expected, any_dtype=True) is None
    if isinstance(expected, ops.Parameter):
        return (
            isinstance(leaf, ops.Parameter)
            and leaf.trainable == expected.trainable
            and _is_alike(leaf.value, expected.value, weighed=False)
        )
    return same_value(leaf, expected, weighed)
