"""How near sets of mistakes should come to a submission's numbers, from what each adds alone and each two together."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from grader.diagnose.nearest import distance
from grader.diagnose.traces import Matrix

STRETCHED = 0.05  # how far off a share counts that is stretched by its own size
TINY = 1e-6  # is added to squares of shares, so that two mistakes that do the same divide nothing by zero


class Sums:
    """What several mistakes at once add to numbers, from what each adds and what each two that were run add.

    `wanted` is what would have to be added. One mistake often damps another, or turns it round, so sets are judged in
    several ways in turn: by what they add up to, by how near it comes with each mistake's share stretched freely, and,
    from three on, by what each other one adds beside one of them, the one that makes this come nearest.
    """

    def __init__(self, wanted: Matrix, moved: Sequence[Matrix]) -> None:
        with np.errstate(all="ignore"):  # numbers of a wrong program may be as large as floats go
            self._wanted, self._moved = finite(wanted), finite(np.stack(moved))
        shares, goal = np.clip(self._moved, -1.0, 1.0), np.clip(self._wanted, -1.0, 1.0)
        self._products, self._towards, self._goal = shares @ shares.T, shares @ goal, float(goal @ goal)
        many = len(moved)
        self._beyond = np.zeros(
            (many, many, self._wanted.size)
        )  # what two add beyond both, where it is known

    def learn(self, places: tuple[int, ...], together: Matrix) -> None:
        """Note what two add together."""
        if len(places) == 2:
            first, other = places
            with np.errstate(all="ignore"):
                more = finite(together) - self._moved[first] - self._moved[other]
            self._beyond[first, other] = self._beyond[other, first] = finite(more)

    def nearest(self, places: Sequence[int], count: int) -> Iterator[tuple[int, ...]]:
        """All sets of so many, those first that come nearest to what is wanted."""
        sets = np.array(list(itertools.combinations(places, count)), dtype=int).reshape(-1, count)
        measures = [self.distances(sets), self.stretched(sets)]
        if count > 2:
            measures.insert(0, self.beside(sets))
        orders = zip(*(np.argsort(far, kind="stable") for far in measures), strict=True)
        chosen: set[int] = set()
        # One by one: of some ten thousand only the first few are asked for.
        for place in itertools.chain.from_iterable(orders):
            if place not in chosen:
                chosen.add(place)
                yield tuple(sets[place].tolist())

    def distances(self, sets: Matrix) -> Matrix:
        """(sets,): how far each stays from what is wanted; entries that are 1 or more off count alike."""
        with np.errstate(all="ignore"):
            left = self._wanted - self._moved[sets].sum(axis=1)
            for first, other in itertools.combinations(range(sets.shape[1]), 2):
                left = left - self._beyond[sets[:, first], sets[:, other]]
        return distance(left)

    def beside(self, sets: Matrix) -> Matrix:
        """(sets,): the same with what each adds beside one of them, that one with which it is the least."""
        far = []
        with np.errstate(all="ignore"):
            alone = self._wanted - self._moved[sets].sum(axis=1)
            for column in sets.T:
                # Beside itself a mistake adds nothing more: there the table is zero.
                far.append(distance(alone - self._beyond[column[:, np.newaxis], sets].sum(axis=1)))
        least: Matrix = np.minimum.reduce(far)
        return least

    def stretched(self, sets: Matrix) -> Matrix:
        """(sets,): how far each stays from what is wanted where each share is stretched, which counts a little."""
        count = sets.shape[1]
        products = self._products[sets[:, :, np.newaxis], sets[:, np.newaxis, :]] + TINY * np.eye(count)
        towards = self._towards[sets]
        factors = np.linalg.solve(products, towards[..., np.newaxis])[..., 0]
        left = np.sqrt(np.maximum(self._goal - (factors * towards).sum(axis=1), 0.0))
        far: Matrix = left + STRETCHED * np.sqrt(self._goal) * np.abs(factors - 1.0).sum(axis=1)
        return np.round(far, 6)

    def ranked(self) -> list[int]:
        """All, those first that come nearest together with some other one."""
        pairs = self.nearest(range(len(self._moved)), 2)
        return list(dict.fromkeys(itertools.chain.from_iterable(pairs)))

    def least(self) -> float:
        """How far the nearest pair stays from what is wanted, each share stretched."""
        sets = np.array(list(itertools.combinations(range(len(self._moved)), 2)), dtype=int)
        return float(self.stretched(sets).min())


def finite(numbers: Matrix) -> Matrix:
    """The same numbers, with finite ones for those that are not."""
    whole: Matrix = numbers if np.isfinite(numbers).all() else np.nan_to_num(numbers)
    return whole
