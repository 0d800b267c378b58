"""The plan: what a suite asks of a submission, item by item, known from running it on the reference.

Plain data; `suite.recorder` records it, `jailed` follows it, `diagnose` replays it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader import values
from grader.subject import operations as ops
from grader.subject import wire

Flat = tuple[Hashable, list[Any]]  # a tree's form and its leaves, as `values.flatten` gives them


@dataclass
class Plan:
    """The batches of every item, as data and as bytes."""

    batches: list[list[ops.Batch]] = field(default_factory=list)
    encoded: list[list[bytes]] = field(default_factory=list)
    _flat: list[list[Flat]] = field(default_factory=list, repr=False)

    def start_item(self) -> None:
        """Begin the next test: what is added from now on is asked by it."""
        self.batches.append([])
        self.encoded.append([])
        self._flat.append([])

    def add(self, batch: ops.Batch) -> None:
        """Note that the current item asks `batch`."""
        self.batches[-1].append(batch)
        self.encoded[-1].append(wire.encode_batch(batch))
        self._flat[-1].append(values.flatten(batch))

    def holds(self, item: int, index: int, batch: ops.Batch) -> bool:
        """Whether `batch` is what `item` asks at this place."""
        if item >= len(self.batches) or index >= len(self.batches[item]):
            return False
        # Suites draw their inputs once, so the arrays are mostly the very same objects: no bytes are needed.
        return (
            _identical(values.flatten(batch), self._flat[item][index])
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
    """Whether two values are made of the same objects: True only if they are equal; False tells nothing."""
    return _identical(values.flatten(first), values.flatten(second))


def _identical(first: Flat, second: Flat) -> bool:
    return first[0] == second[0] and all(map(_same_leaf, first[1], second[1]))


def _same_leaf(first: Any, second: Any) -> bool:
    if isinstance(first, np.ndarray):
        return first is second and not first.flags.writeable
    return first is second or (
        type(first) is type(second) and isinstance(first, (int, float, str)) and first == second
    )


def used(batch: ops.Batch) -> Iterator[str]:
    """The functions and classes that a batch uses (one that goes on with an object names none).

    Of a function of the course's harness, the exercises that it is about.
    """
    for operation in batch:
        if isinstance(operation, ops.Call):
            yield from operation.about or (operation.function,)
        elif isinstance(operation, ops.Make):
            yield from operation.about or (operation.class_name,)
