"""When two answers are the same: what a student's code gave, and what the reference or an edited one gives."""

from __future__ import annotations

import itertools
import operator
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from grader import values
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.plan import Plan, used
from grader.suite.compare import number_like, tolerance

MANY = 8  # numbers that are not alike by chance
STEPS = 50  # steps that the tolerance allows for: a mistake is off by far more


@dataclass(frozen=True)
class Session:
    """Batches that belong together: one call of a function, or all that is done with one object."""

    exercise: str
    positions: tuple[tuple[int, int], ...]
    batches: tuple[ops.Batch, ...]
    weighed: tuple[bool, ...]  # for each batch, whether the object had been given its weights
    uses: tuple[str, ...] = ()  # the exercises that a function of the harness is about, this one among them

    def counted(self, answers: Sequence[Sequence[ops.Answer]]) -> tuple[bool, ...]:
        """For each batch whether the numbers of these answers count: not when weights could not be loaded before.

        Such an object still has the random weights that it was made with.
        """
        failed = list(itertools.accumulate((_load_failed(batch) for batch in answers), operator.or_))
        failed += [True] * (len(self.weighed) - len(failed))
        return tuple(weighed and not lost for weighed, lost in zip(self.weighed, failed, strict=True))

    @cached_property
    def size(self) -> int:
        """How much there is to compute, roughly."""
        return sum(_entries(operation) for batch in self.batches for operation in batch)

    @cached_property
    def kind(self) -> Hashable:
        """What is asked, but for sizes and numbers: operations, dtypes, which arguments there are."""
        return tuple(
            (type(operation).__name__, _kind(operation)) for batch in self.batches for operation in batch
        )

    @cached_property
    def sort(self) -> Hashable:
        """What is asked, with the shapes of arrays and which of them hold nothing but zeros."""
        return self.kind, tuple(
            (leaf.shape, bool(leaf.any()))
            for leaf in values.flatten(self.batches)[1]
            if isinstance(leaf, np.ndarray)
        )

    @cached_property
    def repeated(self) -> tuple[tuple[int, int], ...]:
        """Pairs of batches that ask one object the same thing: code that keeps nothing answers both alike."""
        return tuple(
            (first, second)
            for second in range(len(self.batches))
            for first in range(second)
            if wire.encode_batch(self.batches[first][-1:]) == wire.encode_batch(self.batches[second][-1:])
        )


def _load_failed(answers: Sequence[ops.Answer]) -> bool:
    return any(isinstance(answer, ops.Raised) and answer.stage == "weights" for answer in answers)


def _kind(value: Any) -> Hashable:
    """A value but for its sizes and numbers; several numbers in a row are one kind, however many."""
    if isinstance(value, np.ndarray):
        return value.ndim, value.dtype.name
    inner = [part for _, part in values.parts(value)]
    if values.kind(value) == "leaf" or (inner and all(type(part) is int for part in inner)):
        return type(value).__name__
    return tuple(map(_kind, inner))


def sessions(plan: Plan) -> list[Session]:
    """The sessions of a plan, the smallest first (they tell most mistakes apart already)."""
    objects: dict[tuple[int, int], list[tuple[tuple[int, int], ops.Batch]]] = {}
    complete = []
    for item, batches in enumerate(plan.batches):
        for index, batch in enumerate(batches):
            first = batch[0]
            if isinstance(first, ops.Call):
                exercise = next(used((first,)))
                complete.append(Session(exercise, ((item, index),), (batch,), (True,), first.about))
            elif isinstance(first, ops.Make):
                objects[item, first.handle] = [((item, index), batch)]
            else:
                objects[item, first.handle].append(((item, index), batch))
    for parts in objects.values():
        make = parts[0][1][0]
        assert isinstance(make, ops.Make)
        loaded, weighed = False, []
        for _, batch in parts:
            loaded = loaded or any(isinstance(operation, ops.Load) for operation in batch)
            weighed.append(loaded)
        positions, batches_ = zip(*parts)
        exercise = next(used((make,)))
        complete.append(Session(exercise, positions, batches_, tuple(weighed), make.about))
    return sorted(complete, key=lambda session: session.size)


def _entries(value: Any) -> int:
    """How many numbers there are in a value: those of its arrays, and its other leaves."""
    return sum(leaf.size if isinstance(leaf, np.ndarray) else 1 for leaf in values.flatten(value)[1])


def alike(session: Session, answers: Sequence[Sequence[ops.Answer]]) -> tuple[bool, ...]:
    """For each repeated question of a session, whether it was answered alike."""
    return tuple(
        same_answers(answers[first][-1:], answers[second][-1:]) for first, second in session.repeated
    )


def same_answers(
    answers: Sequence[ops.Answer],
    expected: Sequence[ops.Answer],
    weighed: bool = True,
    others: Sequence[ops.Answer] | None = None,
) -> bool:
    """Whether two lists of answers to one batch are the same.

    An object that was never given weights has random ones: then only structure, shapes and dtypes count. `others`
    are `expected` under other draws: where the two differ, the numbers were drawn, and again only the rest counts.
    """
    others = expected if others is None or len(others) != len(expected) else others
    return len(answers) == len(expected) and all(
        _same_answer(*triple, weighed) for triple in zip(answers, expected, others, strict=True)
    )


def _same_answer(answer: ops.Answer, expected: ops.Answer, other: ops.Answer, weighed: bool) -> bool:
    if isinstance(answer, ops.Raised) or isinstance(expected, ops.Raised):
        return (
            isinstance(answer, ops.Raised)
            and isinstance(expected, ops.Raised)
            and answer.kind == expected.kind
            and answer.stage == expected.stage
            and words_and_sizes(answer.text) == words_and_sizes(expected.text)
        )
    if isinstance(other, ops.Raised):
        other = expected
    return (
        answer.changed == expected.changed
        and same_value(answer.value, expected.value, weighed, other.value)
        and (weighed or _constant(answer.value) == _constant(expected.value))
        and same_value(answer.input_gradients, expected.input_gradients, weighed, other.input_gradients)
        and same_value(
            answer.parameter_gradients, expected.parameter_gradients, weighed, other.parameter_gradients
        )
    )


def _constant(value: Any) -> bool:
    """Whether an array in a value holds one and the same number everywhere: no random weights gave that.

    Of registered parameters only the matrices count, since a bias may well start at zero; of other arrays those with
    many numbers, since a few may all be cut off at zero by chance.
    """
    parameters = isinstance(value, Mapping) and all(
        isinstance(entry, ops.Parameter) for entry in value.values()
    )
    return any(
        is_one_number(leaf, 2 if parameters else MANY)
        for leaf in values.flatten(value)[1]
        if isinstance(leaf, np.ndarray) and not (parameters and leaf.ndim < 2)
    )


def says_nothing(answers: Sequence[Sequence[ops.Answer]]) -> bool:
    """Whether all answers to a session came, and each array in them holds one number everywhere.

    Zeros whatever came in follow from so many sets of mistakes that none of them is a reason to name one.
    """
    return all(
        not isinstance(answer, ops.Raised)
        and all(
            is_one_number(leaf, 2)
            for leaf in values.flatten(answer.value)[1]
            if isinstance(leaf, np.ndarray) and leaf.size > 1
        )
        for batch in answers
        for answer in batch
    )


def is_one_number(array: np.ndarray[Any, Any], least: int = MANY) -> bool:
    """Whether an array of at least so many entries holds one number everywhere."""
    if array.size < least:
        return False
    return bool((array == array.flat[0]).all()) or (array.dtype.kind == "f" and bool(np.isnan(array).all()))


@lru_cache(maxsize=4096)
def words_and_sizes(text: str) -> tuple[str, tuple[int, ...] | tuple[str, ...]]:
    """The beginning of the words of an exception's text, and all sizes in it.

    An edit that raises at other sizes than the student did has another cause. But where two operands are named and
    neither is first, as in a sum, their order depends on how the sum is written: the shapes are sorted. And `a @ b`,
    `a.dot(b)` and `addmm` say in other words which two sizes of a product differ.

    >>> words_and_sizes("operands could not be broadcast together with shapes (3,4) (2,) ")[1]
    ('(2,)', '(3,4)')
    """
    inner = _inner_sizes(text)
    if inner is not None:
        return "sizes of a product", inner
    words = re.sub(r"[\d, x()\[\]]+", "#", _ADDRESS.sub("#", text))[:80]
    if "broadcast together" in text:
        return words, tuple(sorted(_SHAPE.findall(text)))
    sizes = tuple(map(int, _SIZE.findall(_ADDRESS.sub("", text))))
    if text.startswith("The size of tensor a "):
        return words, (*sorted(sizes[:2]), *sizes[2:])
    return words, sizes


def _inner_sizes(text: str) -> tuple[int, int] | None:
    """The sizes that should be equal in a product of matrices, the left one first; None for any other text."""
    for pattern, left, right in _PRODUCTS:
        match = pattern.search(text)
        if match:
            return int(match[left]), int(match[right])
    return None


#: How a product says which two sizes differ, and the groups of the left and the right one.
_PRODUCTS = (
    (re.compile(r"not aligned: (\d+) \(dim \d+\) != (\d+) \(dim \d+\)"), 1, 2),
    (re.compile(r"mismatch in its core dimension 0, .*\(size (\d+) is different from (\d+)\)"), 2, 1),
    (re.compile(r"shapes cannot be multiplied \(\d+x(\d+) and (\d+)x\d+\)"), 1, 2),
)
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+")
_SHAPE = re.compile(r"\([\d, ]*\)")
_SIZE = re.compile(r"\d{1,18}")


def same_value(value: Any, expected: Any, weighed: bool = True, other: Any = None) -> bool:
    """Whether two plain values are the same within the tolerance of their dtype.

    Without `weighed`, only shapes and dtypes of arrays count. `other` is `expected` under other draws, or None: numbers
    that differ between the two are not compared.
    """
    if other is None or other is expected or not values.agree(_any_leaf, expected, other, atoms=_ATOMS):
        return values.agree(
            lambda right, left: _same_leaf(left, right, weighed, None), expected, value, atoms=_ATOMS
        )
    return values.agree(
        lambda right, left, drawn: _same_leaf(left, right, weighed, drawn),
        expected,
        value,
        other,
        atoms=_ATOMS,
    )


def _any_leaf(*leaves: Any) -> bool:
    return True


_ATOMS = (ops.Parameter,)


def _same_leaf(leaf: Any, expected: Any, weighed: bool, other: Any) -> bool:
    if isinstance(expected, np.ndarray):
        leaf = number_like(leaf, expected)
        if not isinstance(leaf, np.ndarray) or leaf.shape != expected.shape or leaf.dtype != expected.dtype:
            return False
        return not weighed or expected.size == 0 or _same_array(leaf, expected) or _is_drawn(expected, other)
    if isinstance(expected, ops.Parameter):  # its numbers are drawn, whatever weights were given
        alike = isinstance(leaf, ops.Parameter) and leaf.trainable == expected.trainable
        return alike and same_value(leaf.value, expected.value, weighed=False)
    if isinstance(expected, float) and isinstance(leaf, float):
        same = abs(leaf - expected) <= 1e-6 * max(1.0, abs(expected)) or (
            leaf != leaf and expected != expected
        )
        return same or (isinstance(other, float) and other != expected)
    return bool(type(leaf) is type(expected) and leaf == expected)


def _same_array(array: np.ndarray[Any, Any], expected: np.ndarray[Any, Any]) -> bool:
    """Whether two arrays of one shape and dtype, not empty, hold the same numbers."""
    if expected.dtype.kind != "f":
        return bool((array == expected).all())
    if not np.isfinite(expected).all():
        return bool(np.allclose(array, expected, equal_nan=True))
    return bool(np.abs(array - expected).max() <= limit(expected))


def limit(want: np.ndarray[Any, Any]) -> float:
    """How far off an entry may be from an array of floats, not empty."""
    return tolerance(want.dtype, STEPS) * max(1.0, float(np.abs(want).max()))


def _is_drawn(want: np.ndarray[Any, Any], other: Any) -> bool:
    return (
        isinstance(other, np.ndarray)
        and other is not want
        and other.shape == want.shape
        and other.dtype == want.dtype
        and not _same_array(other, want)
    )
