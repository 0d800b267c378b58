"""Answers as rows of numbers, so that those of hundreds of mistakes to a session are compared at once.

It judges nothing: `match` says whether answers are the same, this only says how far two are apart.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeGuard

import numpy as np

from grader.diagnose.match import Session, is_one_number, words_and_sizes
from grader.subject import operations as ops

Matrix = np.ndarray[Any, Any]
Place = tuple[Hashable, ...]  # where in the answers a part is
CLOSE = 1e-4  # how far two numbers that count as alike may be apart, times the larger one
FINE = 1e-8  # the same where all numbers should be in float64: precision that was lost shows
NO_NUMBERS: Matrix = np.zeros(0)
MOST_STEPS = 3  # that two kinds are apart
SIZES = "sizes"  # the place of those of an exception, below its batch


@dataclass(frozen=True)
class Trace:
    """The answers to one session: what kind of thing each part of them is, and all their numbers in a row."""

    form: tuple[tuple[Place, int], ...]  # the place and the kind of each part, in order
    starts: tuple[int, ...]  # where the numbers of each part begin, and where the last ones end
    numbers: Matrix
    close: float = CLOSE
    kinds: Sequence[Hashable] = ()  # by their numbers

    @cached_property
    def parts(self) -> dict[Place, tuple[int, int, int]]:
        """The kind of each part, and where its numbers begin and end."""
        ends = zip(self.starts, self.starts[1:], strict=False)
        return {place: (kind, *each) for (place, kind), each in zip(self.form, ends, strict=True)}

    def apart(self, other: Trace, *, reshaped: bool = False) -> int:
        """How far two are apart: for each part 1 where numbers differ, or how many there are, and more where kinds do.

        For a shape one more for each axis that is missing, or has another size: two mistakes may change one shape.
        Where it may have been `reshaped`, as many numbers in other rows are nearer than others.
        Where the other one raised, what else came there does not count: the same words with other sizes are 2 off, and
        another exception is as far off as none.
        """
        if self.form == other.form and self.numbers.size == other.numbers.size:
            near = numbers_near(self.numbers, other.numbers, self.close)
            if near.all():
                return 0
            filled = [start for start, end in zip(self.starts, self.starts[1:]) if start < end]
            return int((~np.logical_and.reduceat(near, filled)).sum())
        mine, others = self.parts, other.parts
        raised = {place[0] for place in others if place[1:] == (SIZES,)}
        words = {batch for batch in raised if (batch,) in mine and mine[(batch,)][0] == others[(batch,)][0]}
        off = 2 * sum(place not in others and place[0] not in raised for place in mine)
        for place, (kind, start, end) in others.items():
            if place not in mine or (place[1:] == (SIZES,) and place[0] not in words):
                off += 2
            elif mine[place][0] != kind:
                off += 1 + self._steps(mine[place][0], kind, reshaped)
            elif start < end:
                _, begin, stop = mine[place]
                numbers, theirs = self.numbers[begin:stop], other.numbers[start:end]
                same_size = numbers.size == theirs.size
                off += not (same_size and numbers_near(numbers, theirs, self.close).all())
        return off

    def _steps(self, mine: int, other: int, reshaped: bool) -> int:
        """In how many steps one kind is made of another: for arrays axes and dtype, else one."""
        kinds = [self.kinds[kind] for kind in (mine, other) if kind < len(self.kinds)]
        arrays = [kind for kind in kinds if _is_of_array(kind)]
        if len(arrays) < 2:
            return 1
        (shape, *rest), (other_shape, *others) = arrays
        if reshaped and math.prod(shape) != math.prod(other_shape):
            return min(MOST_STEPS + 1, 1 + axes_apart(shape, other_shape) + (rest != others))
        steps = int(shape != other_shape) if reshaped else axes_apart(shape, other_shape)
        return max(1, min(MOST_STEPS, steps + (rest != others)))

    @cached_property
    def raised(self) -> bool:
        """Whether an exception is among the answers."""
        return any(place[1:] == (SIZES,) for place, _ in self.form)

    def shared(self, other: Trace, third: Trace, *, moved: bool = False) -> Matrix:
        """(3, numbers): where in each the numbers are of parts that are of one kind in the first two, and as many.

        What may have been `moved` in the third, as where results are swapped, is found there by its kind.
        """
        columns = []
        elsewhere = [place for place in third.parts if moved and not self._is_like(third, place)]
        for place, (kind, start, end) in self.parts.items():
            theirs, thirds = other.parts.get(place), third.parts.get(place)
            if start == end or not theirs or theirs[0] != kind or theirs[2] - theirs[1] != end - start:
                continue
            if not self._is_like(third, place):
                instead = next((new for new in elsewhere if third.parts[new][0] == kind), None)
                if instead is None:
                    continue
                elsewhere.remove(instead)
                thirds = third.parts[instead]
            if thirds and thirds[2] - thirds[1] == end - start:
                columns.append(np.arange(end - start) + np.array([[start], [theirs[1]], [thirds[1]]]))
        return np.concatenate(columns, axis=1) if columns else np.zeros((3, 0), dtype=int)

    def _is_like(self, third: Trace, place: Place) -> bool:
        """Whether as many numbers are at one place in both."""
        mine, other = self.parts.get(place), third.parts.get(place)
        return bool(mine and other and mine[2] - mine[1] == other[2] - other[1])

    def is_near(self, other: Trace, close: float = 0.0) -> bool:
        """Whether all parts are of the same kinds and all numbers about the same."""
        if self.form != other.form or self.numbers.size != other.numbers.size:
            return False
        return bool(numbers_near(self.numbers, other.numbers, close or self.close).all())


def _is_of_array(kind: Hashable) -> TypeGuard[tuple[tuple[int, ...], str, bool]]:
    """Whether a part's kind is a shape, a dtype and whether it is one number; that of a dict has its keys instead."""
    return (
        isinstance(kind, tuple) and len(kind) == 3 and isinstance(kind[0], tuple) and isinstance(kind[1], str)
    )


def axes_apart(shape: Sequence[int], other: Sequence[int]) -> int:
    """How many axes are to be taken away, put in or given another size to make one shape of another.

    >>> axes_apart((2, 5, 8), (2, 4))
    2
    """
    row: list[int] = [*range(len(other) + 1)]
    for taken, size in enumerate(shape, 1):
        last, row[0] = row[0], taken
        for place, other_size in enumerate(other, 1):
            last, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, last + (size != other_size)),
            )
    return row[-1]


def numbers_near(mine: Matrix, others: Matrix, close: float) -> Matrix:
    """For each number whether it is about the other one: so `close`, times the other one where that is large."""
    with np.errstate(all="ignore"):
        near: Matrix = np.abs(mine - others) <= close * np.maximum(1.0, np.abs(others))
        near |= mine == others
    return near if near.all() else near | (np.isnan(mine) & np.isnan(others))


class TraceGroups:
    """Numbers traces of one session: those that are near each other, within rounding, have the same number.

    Each is held against the first of a number, so that no last digit on either side of a limit parts two.
    """

    def __init__(self) -> None:
        self._firsts: dict[tuple[Hashable, float], list[tuple[int, Trace]]] = {}
        self._count = 0

    def number(self, trace: Trace) -> int:
        """The number of a trace."""
        place = _mean(trace) // (3 * trace.close)  # of two that are near each other, the same or the next one
        for near in (place - 1, place, place + 1):
            for number, first in self._firsts.get((trace.form, near), ()):
                if trace.is_near(first):
                    return number
        self._firsts.setdefault((trace.form, place), []).append((self._count, trace))
        self._count += 1
        return self._count - 1


def _mean(trace: Trace) -> float:
    """The mean of all numbers, in which those beyond 1 count as 1: near each other for traces that are."""
    if not trace.numbers.size:
        return 0.0
    return float(np.clip(np.nan_to_num(trace.numbers), -1.0, 1.0).mean())


class Layout:
    """The kinds of a session's parts, numbered; and the reference's answers to it."""

    def __init__(self, session: Session, answers: Sequence[Sequence[ops.Answer]]) -> None:
        self._session = session
        self._names: dict[Hashable, int] = {}
        self._kinds: list[Hashable] = []
        arrays = [part for _, _, part in _parts(session, answers) if part is not None]
        self._close = FINE if all(part.dtype != np.float32 for part in arrays) else CLOSE
        self.reference = self.trace(answers)

    def trace(self, answers: Sequence[Sequence[ops.Answer]]) -> Trace:
        """The answers of any program to the session."""
        form: list[tuple[Place, int]] = []
        starts, arrays = [0], [NO_NUMBERS]
        for place, kind, numbers in _parts(self._session, answers):
            if kind not in self._names:
                self._names[kind] = len(self._kinds)
                self._kinds.append(kind)
            form.append((place, self._names[kind]))
            starts.append(starts[-1] + (0 if numbers is None else numbers.size))
            if numbers is not None:
                arrays.append(numbers)
        row = np.concatenate(arrays, dtype=np.float64, casting="unsafe")
        return Trace(tuple(form), tuple(starts), row, self._close, self._kinds)


_Part = tuple[Place, Hashable, "Matrix | None"]  # where it is, its kind, its numbers if they count


def _parts(session: Session, answers: Sequence[Sequence[ops.Answer]]) -> Iterator[_Part]:
    for batch, (answered, weighed) in enumerate(zip(answers, session.counted(answers), strict=True)):
        raised = tuple(
            (answer.kind, answer.stage, words_and_sizes(answer.text))
            for answer in answered
            if isinstance(answer, ops.Raised)
        )
        yield (
            (batch,),
            (len(answered), tuple((kind, stage, words) for kind, stage, (words, _) in raised)),
            None,
        )
        if raised:
            yield (batch, SIZES), tuple(sizes for _, _, (_, sizes) in raised), None
        for index, answer in enumerate(answered):
            if isinstance(answer, ops.Value):
                yield (batch, index), answer.changed, None
                yield from _inside((batch, index, "value"), answer.value, weighed)
                if answer.input_gradients is not None or answer.parameter_gradients is not None:
                    yield from _inside((batch, index, "inputs"), answer.input_gradients, weighed)
                    yield from _inside((batch, index, "parameters"), answer.parameter_gradients, weighed)


def _inside(place: Place, value: Any, weighed: bool) -> Iterator[_Part]:
    """A plain value and what is in it; numbers of random weights, and those of registered parameters, are left out."""
    if isinstance(value, np.ndarray):
        counts = weighed and value.dtype.kind in "fiub"
        is_one = not weighed and is_one_number(value)
        yield place, (value.shape, value.dtype.str, is_one), value.ravel() if counts else None
    elif isinstance(value, (tuple, list)):
        yield place, ("sequence", len(value)), None
        for step, part in enumerate(value):
            yield from _inside((*place, step), part, weighed)
    elif isinstance(value, Mapping):
        yield place, ("dict", *sorted(map(repr, value))), None
        for step, part in value.items():
            yield from _inside((*place, step), part, weighed)
    elif isinstance(value, ops.Parameter):
        matrix = isinstance(value.value, np.ndarray) and value.value.ndim > 1
        yield place, ("parameter", value.trainable, matrix and is_one_number(value.value, 2)), None
        yield from _inside((*place, "value"), value.value, weighed=False)
    elif isinstance(value, float):
        yield place, "float", np.array([value])
    else:
        yield place, (type(value).__name__, repr(value)), None
