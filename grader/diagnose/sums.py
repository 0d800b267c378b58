"""How near sets of mistakes should come to a submission's numbers, from what each adds alone and each two together."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

import numpy as np

from grader.diagnose.nearest import distance
from grader.diagnose.traces import Matrix

STRETCHED = 0.05  # how far off a share counts that is stretched by its own size
SORTED = 250  # numbers that come first, sorted before the others
AT_A_TIME = 512  # sets that are judged together
TINY = 1e-6  # is added to squares of shares, so that two mistakes that do the same divide nothing by zero


class Sums:
    """What several mistakes at once add to numbers, from what each adds and what each two that were run add.

    `difference` is what would have to be added. One mistake often damps another, or turns it round, so sets are judged
    in several ways in turn: by what they add up to, by how near it comes with each mistake's share stretched freely,
    and, from three on, by what each other one adds beside one of them, the one that makes this come nearest.
    """

    def __init__(self, difference: Matrix, moved: Sequence[Matrix]) -> None:
        with np.errstate(all="ignore"):  # numbers of a wrong program may be as large as floats go
            self._wanted, self._moved = finite(difference), finite(np.stack(moved))
        shares, goal = np.clip(self._moved, -1.0, 1.0), np.clip(self._wanted, -1.0, 1.0)
        self._products, self._towards, self._goal = shares @ shares.T, shares @ goal, float(goal @ goal)
        many = len(moved)
        self._beyond = np.zeros(
            (many, many, self._wanted.size)
        )  # what two add beyond both, where it is known

    def learn(self, sets: Sequence[tuple[int, ...]], together: Matrix) -> None:
        """Note what sets of two add together, each a row; larger ones teach nothing here."""
        rows = [row for row, places in enumerate(sets) if len(places) == 2]
        if rows:
            first, other = np.array([sets[row] for row in rows]).T
            with np.errstate(all="ignore"):
                more = finite(together[rows]) - self._moved[first] - self._moved[other]
            self._beyond[first, other] = self._beyond[other, first] = finite(more)

    def nearest(self, places: Sequence[int], count: int) -> Iterator[tuple[int, ...]]:
        """All sets of so many, those first that come nearest to what is wanted."""
        sets = np.array(places, dtype=int)[_combinations(len(places), count)]
        is_every_pair = count == 2 and [*places] == [*range(len(self._moved))]
        measures = self.measures(sets, self._pairs_stretched if is_every_pair else None)
        orders = zip(*map(ascending, measures), strict=True)
        chosen: set[int] = set()
        # One by one: of some ten thousand only the first few are asked for.
        for place in itertools.chain.from_iterable(orders):
            if place not in chosen:
                chosen.add(place)
                yield tuple(sets[place].tolist())

    def measures(self, sets: Matrix, stretched: Matrix | None = None) -> list[Matrix]:
        """(sets,) each: how far sets stay from what is wanted, in every way in turn; `stretched` may be known.

        Of a part of them at a time: that stays where memory is fast.
        """
        parts = []
        for begin in range(0, max(1, len(sets)), AT_A_TIME):
            some = sets[begin : begin + AT_A_TIME]
            alone, beyond = self._missing(some), self._pairs(some)
            distances = None if stretched is None else stretched[begin : begin + AT_A_TIME]
            parts.append(
                [self._distances(alone, beyond), self.stretched(some) if distances is None else distances]
            )
            if sets.shape[1] > 2:
                parts[-1].insert(0, self._far_beside_one(alone, beyond))
        return [np.concatenate(every) for every in zip(*parts, strict=True)]

    def _missing(self, sets: Matrix) -> Matrix:
        """(sets, numbers): what is wanted without what each mistake of a set adds alone."""
        with np.errstate(all="ignore"):
            added = self._moved[sets[:, 0]]
            for column in sets.T[1:]:
                added = added + self._moved[column]
            left: Matrix = self._wanted - added
        return left

    def _pairs(self, sets: Matrix) -> dict[tuple[int, int], Matrix]:
        """(sets, numbers) for each two places in a set: what these two add beyond both."""
        pairs = itertools.combinations(range(sets.shape[1]), 2)
        return {(first, other): self._beyond[sets[:, first], sets[:, other]] for first, other in pairs}

    def _distances(self, alone: Matrix, beyond: Mapping[tuple[int, int], Matrix]) -> Matrix:
        """(sets,): how far each stays from what is wanted; entries that are 1 or more off count alike."""
        left = alone
        with np.errstate(all="ignore"):
            for more in beyond.values():
                left = left - more
        return distance(left)

    def _far_beside_one(self, alone: Matrix, beyond: Mapping[tuple[int, int], Matrix]) -> Matrix:
        """(sets,): the same with what each adds beside one of them, that one with which it is the least."""
        far = []
        count = 1 + max(other for _, other in beyond)
        with np.errstate(all="ignore"):
            for place in range(count):
                shares = [more for pair, more in beyond.items() if place in pair]
                far.append(distance(alone - functools.reduce(np.add, shares)))
        least: Matrix = np.minimum.reduce(far)
        return least

    def stretched(self, sets: Matrix) -> Matrix:
        """(sets,): how far each stays from what is wanted where each share is stretched, which counts a little."""
        count = sets.shape[1]
        products = self._products[sets[:, :, np.newaxis], sets[:, np.newaxis, :]] + _tiny(count)
        towards = self._towards[sets]
        factors = np.linalg.solve(products, towards[..., np.newaxis])[..., 0]
        left = np.sqrt(np.maximum(self._goal - (factors * towards).sum(axis=1), 0.0))
        far: Matrix = left + STRETCHED * np.sqrt(self._goal) * np.abs(factors - 1.0).sum(axis=1)
        return np.round(far, 6)

    def ranked(self) -> list[int]:
        """All, those first that come nearest together with some other one."""
        ranked: dict[int, None] = {}
        for pair in self.nearest(range(len(self._moved)), 2):
            ranked.update(dict.fromkeys(pair))
            if len(ranked) == len(self._moved):  # long before the last pair
                break
        return [*ranked]

    def least(self) -> float:
        """How far the nearest pair stays from what is wanted, each share stretched."""
        return float(self._pairs_stretched.min())

    @cached_property
    def _pairs_stretched(self) -> Matrix:
        """What `stretched` gives of all pairs: nothing that is learned changes it."""
        return self.stretched(_combinations(len(self._moved), 2))


def ascending(numbers: Matrix) -> Iterator[int]:
    """The places of numbers, the smallest first and of equal ones the first; of many only the first ones are sorted.

    >>> list(ascending(np.array([2.0, 1.0, 2.0, 0.0])))
    [3, 1, 0, 2]
    """
    done = 0
    if len(numbers) > 4 * SORTED:
        limit = np.partition(numbers, SORTED)[SORTED]
        small = np.flatnonzero(numbers <= limit)  # all that are as small as the last one: none comes between
        first = small[np.argsort(numbers[small], kind="stable")].tolist()
        yield from first
        done = len(first)
    yield from np.argsort(numbers, kind="stable")[done:].tolist()


@lru_cache(maxsize=8)
def _tiny(count: int) -> Matrix:
    """(count, count): what is added to the products of so many shares."""
    return TINY * np.eye(count)


@lru_cache(maxsize=32)
def _combinations(many: int, count: int) -> Matrix:
    """(sets, count): all sets of so many of the first numbers, in the order of `itertools.combinations`.

    >>> _combinations(3, 2).tolist()
    [[0, 1], [0, 2], [1, 2]]
    """
    sets = np.arange(many)[:, np.newaxis]
    for _ in range(count - 1):
        more = many - 1 - sets[:, -1]  # numbers that may stand behind each
        ends = np.cumsum(more)
        behind = np.arange(more.sum()) + np.repeat(many - ends, more)
        sets = np.column_stack([np.repeat(sets, more, axis=0), behind])
    sets.setflags(write=False)
    return sets


def finite(numbers: Matrix) -> Matrix:
    """The same numbers, with finite ones for those that are not."""
    whole: Matrix = numbers if np.isfinite(numbers).all() else np.nan_to_num(numbers)
    return whole
