"""Answers as rows of numbers, so that the effects of hundreds of mistakes on a session are compared at once.

The reference's answers give the layout: a column for the kind of each part (a shape, an exception, None) and one for
each number. A difference between two rows is a row of booleans over the same columns. It judges nothing:
`match` says whether answers are the same, this only says where two differ.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from grader import values
from grader.diagnose.match import Session, evidence, limit
from grader.subject import operations as ops

Matrix = np.ndarray[Any, Any]
Leaves = dict[Hashable, tuple[Hashable, Any]]  # path -> (kind, the numbers or None)


@dataclass(frozen=True)
class Trace:
    """The answers to one session in a layout: the kinds of its parts, their numbers, and those of another kind."""

    kinds: Matrix  # (parts,) integers; -1: there is no such part
    numbers: Matrix  # (columns,) floats, meaningless where the kind is not the reference's
    strange: Mapping[
        int, tuple[Any, ...]
    ]  # part -> numbers of another kind than the reference's; the last: of more parts
    flat: Matrix  # all numbers there are, in order

    @cached_property
    def alike(self) -> bytes:
        """The same for answers that are alike, within rounding."""
        with np.errstate(over="ignore"):  # the largest numbers overflow to infinity: alike too
            rounded = np.round(np.nan_to_num(self.flat.astype(float)), 5) + 0.0
        return bytes(self.kinds.tobytes() + rounded.tobytes())


class Layout:
    """The parts and columns of one session, from the reference's answers to it."""

    def __init__(self, session: Session, answers: Sequence[Sequence[ops.Answer]]) -> None:
        self._session = session
        leaves = _leaves(session, answers)
        self._parts = {path: number for number, path in enumerate(leaves)}
        self._names: dict[Hashable, int] = {}
        sizes, limits = [], []
        for _, numbers in leaves.values():
            sizes.append(0 if numbers is None else numbers.size)
            limits.append(0.0 if numbers is None or not numbers.size else limit(numbers))
        self._starts = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
        self._of_column = np.repeat(np.arange(len(sizes)), sizes)
        self._limits = np.repeat(limits, sizes)
        self._kinds: Matrix | None = None
        self.reference = self.trace(answers)
        self._kinds = self.reference.kinds

    def trace(self, answers: Sequence[Sequence[ops.Answer]]) -> Trace:
        """The answers of any program to the session."""
        leaves = _leaves(self._session, answers)
        extra = tuple((path, kind) for path, (kind, _) in leaves.items() if path not in self._parts)
        kinds = np.full(len(self._parts) + 1, -1)
        kinds[-1] = self._number(extra)
        numbers = np.zeros(self._starts[-1])
        more = (array for path, (_, array) in leaves.items() if path not in self._parts)
        strange = {len(self._parts): tuple(array for array in more if array is not None)}
        for path, part in self._parts.items():
            kind, values = leaves.get(path, (None, None))
            kinds[part] = self._number(kind)
            if values is None:
                continue
            if self._kinds is None or kinds[part] == self._kinds[part]:
                numbers[self._starts[part] : self._starts[part + 1]] = values.ravel()
            else:
                strange[part] = (values,)
        flat = [array.ravel() for _, array in leaves.values() if array is not None]
        return Trace(kinds, numbers, strange, np.concatenate(flat) if flat else numbers[:0])

    def differences(self, many: Sequence[Trace], one: Trace) -> Matrix:
        """(len(many), columns) booleans: where each of many traces differs from one."""
        kinds = np.stack([trace.kinds for trace in many])
        numbers = np.stack([trace.numbers for trace in many])
        other_kind = kinds != one.kinds
        with np.errstate(all="ignore"):
            near = np.abs(numbers - one.numbers) <= self._limits
        same = near | (numbers == one.numbers) | (np.isnan(numbers) & np.isnan(one.numbers))
        column = self._of_column
        as_reference = self.reference.kinds[column] == one.kinds[column]
        # Numbers of another kind than the reference's have no columns: all of the part's stand for them.
        off = np.where(as_reference, ~same, False) | other_kind[:, column]
        for row, trace in enumerate(many):
            for part in trace.strange.keys() & one.strange.keys():
                if not other_kind[row, part] and not _same(trace.strange[part], one.strange[part]):
                    other_kind[row, part] = part == len(self._parts)
                    off[row, column == part] = self._apart(part, trace.strange[part], one.strange[part])
        return np.concatenate([other_kind, off], axis=1)

    @property
    def numbers(self) -> int:
        """How many columns of numbers there are; they are the last ones."""
        return int(self._starts[-1])

    def by_part(self, differences: Matrix) -> Matrix:
        """(rows, blocks): the most that is off anywhere in a block, a part's kind or all its numbers."""
        kinds = len(self._parts) + 1
        filled = np.unique(self._starts[:-1][np.diff(self._starts) > 0])
        if not filled.size:
            return differences
        numbers = np.maximum.reduceat(differences[:, kinds:], filled, axis=1)
        return np.concatenate([differences[:, :kinds], numbers], axis=1)

    def _apart(self, part: int, many: Sequence[Any], others: Sequence[Any]) -> Any:
        """For each column of a part, whether numbers of another kind than its own differ there; True: in all."""
        if part == len(self._parts) or many[0].size != self._starts[part + 1] - self._starts[part]:
            return True
        return ~np.isclose(many[0], others[0], rtol=1e-4, atol=1e-6, equal_nan=True).ravel()

    def _number(self, kind: Hashable) -> int:
        return self._names.setdefault(kind, len(self._names))


def _same(many: Sequence[Any], others: Sequence[Any]) -> bool:
    return all(
        one.shape == other.shape and bool(np.allclose(one, other, rtol=1e-4, atol=1e-6, equal_nan=True))
        for one, other in zip(many, others, strict=True)
    )


def _leaves(session: Session, answers: Sequence[Sequence[ops.Answer]]) -> Leaves:
    found: Leaves = {}
    for batch, (answered, weighed) in enumerate(zip(answers, session.weighed, strict=True)):
        raised = tuple(
            (answer.kind, answer.stage, evidence(answer.text))
            for answer in answered
            if isinstance(answer, ops.Raised)
        )
        found[batch,] = ((len(answered), raised), None)
        for index, answer in enumerate(answered):
            if isinstance(answer, ops.Value):
                found[batch, index] = (answer.changed, None)
                _add(found, (batch, index, "value"), answer.value, weighed)
                _add(found, (batch, index, "inputs"), answer.input_gradients, weighed)
                _add(found, (batch, index, "parameters"), answer.parameter_gradients, weighed)
    return found


def _add(found: Leaves, path: tuple[Hashable, ...], value: Any, weighed: bool) -> None:
    """Note a plain value, and what is in it, under its path; numbers of random weights are left out."""
    drawn: set[values.Path] = set()  # where the registered parameters are
    for inner, node in values.nodes(value):
        place = (*path, *inner)
        if isinstance(node, np.ndarray):
            counts = weighed and inner[:-1] not in drawn and node.dtype.kind in "fiub"
            found[place] = ((node.shape, node.dtype.str), node if counts else None)
        elif isinstance(node, float):
            found[place] = ("float", np.array([node]))
        elif values.kind(node) == "leaf":
            found[place] = ((type(node).__name__, repr(node)), None)
        else:
            what = "sequence" if isinstance(node, (tuple, list)) else type(node).__name__
            found[place] = ((what, *sorted(repr(step) for step, _ in values.parts(node))), None)
        if isinstance(node, ops.Parameter):
            drawn.add(inner)
