"""The plan: what a suite asks of a submission, item by item, known from running it on the reference.

Plain data; `suite.recorder` records it, `jailed` follows it, `diagnose` replays it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

import numpy as np

from grader import values
from grader.subject import operations as ops
from grader.subject import wire


@dataclass
class Plan:
    """The batches of every item, as data and as bytes."""

    batches: list[list[ops.Batch]] = field(default_factory=list)
    encoded: list[list[bytes]] = field(default_factory=list)
    _asked: list[list[ops.Batch]] = field(default_factory=list, repr=False)  # in containers of their own

    def start_item(self) -> None:
        """Begin the next test: what is added from now on is asked by it."""
        self.batches.append([])
        self.encoded.append([])
        self._asked.append([])

    def add(self, batch: ops.Batch) -> None:
        """Note that the current item asks `batch`."""
        self.batches[-1].append(batch)
        self.encoded[-1].append(wire.encode_batch(batch))
        # A test may change a list that it asked with, and ask again.
        self._asked[-1].append(values.map_leaves(lambda leaf: leaf, batch))

    def holds(self, item: int, index: int, batch: ops.Batch) -> bool:
        """Whether `batch` is what `item` asks at this place."""
        if item >= len(self.batches) or index >= len(self.batches[item]):
            return False
        # Suites draw their inputs once, so the arrays are mostly the very same objects: no bytes are needed.
        return (
            identical(batch, self._asked[item][index])
            or wire.encode_batch(batch) == self.encoded[item][index]
        )

    def __len__(self) -> int:
        return len(self.batches)

    def positions(self, items: Sequence[int]) -> list[tuple[int, int]]:
        """(item, index) of every batch of `items`, in order."""
        return [(item, index) for item in items for index in range(len(self.batches[item]))]

    def exercises(self, item: int) -> set[str]:
        """The functions and classes that an item uses."""
        return {name for batch in self.batches[item] for name in used(batch)}


def identical(first: Any, second: Any) -> bool:
    """Whether two values are made of the same objects: True only if they are equal; False tells nothing.

    >>> identical((1, {"a": 2.0}), (1, {"a": 2.0})), identical((1,), (True,))
    (True, False)
    """
    cls = type(first)
    if cls is not type(second):
        return False
    if cls is np.ndarray:
        return first is second and not first.flags.writeable
    if cls is tuple or cls is list:
        return len(first) == len(second) and all(map(identical, first, second))
    if cls is dict:
        return first.keys() == second.keys() and all(
            identical(part, second[key]) for key, part in first.items()
        )
    if cls in _OPERATIONS:
        return all(map(identical, vars(first).values(), vars(second).values()))
    return first is None or (cls in _SCALARS and first == second)


_OPERATIONS = frozenset(get_args(ops.Operation))
_SCALARS = (bool, int, float, str)


def used(batch: ops.Batch) -> Iterator[str]:
    """The functions and classes that a batch uses (one that goes on with an object names none).

    Of a function of the course's harness, the exercises that it is about.
    """
    for operation in batch:
        if isinstance(operation, ops.Call):
            yield from operation.about or (operation.function,)
        elif isinstance(operation, ops.Make):
            yield from operation.about or (operation.class_name,)
