"""Sequences whose elements are made when they are looked at: a class of ten thousand is never in memory as a whole.

    scores = [result.score for result in each(results, adjusted)]   # one result after the other

Looking twice costs twice, but for the first of a class: these stay in memory, so a small class is made once.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, overload

T = TypeVar("T")
S = TypeVar("S")

KEPT = 500  # elements that stay in memory


class LazySequence(Sequence[T]):
    """`count` elements, each made by `make` from its place."""

    def __init__(self, count: int, make: Callable[[int], T]) -> None:
        self._count, self._make = count, make
        self._first: dict[int, T] = {}

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        if isinstance(place, slice):
            return tuple(self._at(number) for number in range(*place.indices(self._count)))
        if not -self._count <= place < self._count:
            raise IndexError(f"no element {place} of {self._count}")
        return self._at(place % self._count)

    def __iter__(self) -> Iterator[T]:
        return map(self._at, range(self._count))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (str, bytes)) or not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(mine == two for mine, two in zip(self, other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{self._count} elements, made when they are looked at>"

    def _at(self, place: int) -> T:
        if place >= KEPT:
            return self._make(place)
        if place not in self._first:
            self._first[place] = self._make(place)
        return self._first[place]


def each(sequence: Sequence[S], change: Callable[[S], T]) -> Sequence[T]:
    """What `change` makes of each element.

    >>> each((1, 2), str)[1]
    '2'
    """
    return LazySequence(len(sequence), lambda place: change(sequence[place]))


def where(sequence: Sequence[T], is_wanted: Callable[[T], Any]) -> Sequence[T]:
    """The elements that are wanted, in their order. Looks at each of them once.

    >>> list(where((1, 2, 3), lambda number: number > 1))
    [2, 3]
    """
    places = array("q", (place for place, element in enumerate(sequence) if is_wanted(element)))
    return LazySequence(len(places), lambda number: sequence[places[number]])
