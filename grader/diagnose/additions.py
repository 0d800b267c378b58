"""Which mistakes beside those of a set answer one question as a submission did.

Each is tried alone first. Of several at once those are run that come nearest, judged by what each adds to the set's
numbers and by what each two add beyond both. Where parts of the answer are of another kind (a shape, a type, an
exception), what brings these nearer is added first.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grader.diagnose.edited import Edits
from grader.diagnose.mistakes import Mistake, Variant
from grader.diagnose.nearest import distance, nearest, spread
from grader.diagnose.traces import Matrix, Trace
from grader.diagnose.tries import Tries

LARGEST = 5  # mistakes in a set
AT_ONCE = 4  # that are added together
DEEP = 3  # mistakes that are added one after the other, each for a part of the answer
FOLLOWED = 3  # sets that are, after each of them
#: How many mistakes that change numbers only are run beside a set, how many pairs of them, and of how many three and
#: four are tried; more, where it is vain.
STAGES = ((24, 40, 26), (60, 300, 30))
WEIGHED = 12  # sets of which it is judged how near pairs beside them should come
STARTS = 4  # of these, those to which pairs are added
SEARCHED = 2  # and more than pairs
PAIRS = 40  # of mistakes that are run with each, those that come nearest
BROADLY, BROAD_PAIRS = 100, 80  # mistakes, and pairs of them, that are run beside a set in a broad search
CLOSE = {3: 90, 4: 30}  # larger sets that are run, of those that come nearest
MENDED = 6  # sets that came nearest when they were run, in which other ways of their mistakes are tried
WAYS_MENDED = 6  # of each
STRETCHED = 0.05  # how far off a share counts that is stretched by its own size
TINY = 1e-6  # is added to squares of shares, so that two mistakes that do the same divide nothing by zero


@dataclass(frozen=True)
class Start:
    """A set to which mistakes are added, with what it answers, and what it does with each one more."""

    edits: Edits
    trace: Trace
    off: int  # how far its answer is from the submission's
    children: Mapping[Variant, Trace]


class Additions:
    """The mistakes that can be added for one question."""

    def __init__(self, tries: Tries, number: int, candidates: Sequence[Variant]) -> None:
        self._tries, self._number = tries, number
        self._got = tries.submission(number)
        firsts: dict[int, Variant] = {}
        for one in candidates:
            if tries.effects.shows(number, one):
                firsts.setdefault(tries.effects.alike(number, one), one)
        self._options = list(firsts.values())  # of those that answer alike alone, the first
        self._ways: dict[Mistake, list[Variant]] = {}
        for one in self._options:
            self._ways.setdefault(one.mistake, []).append(one)

    def to(self, sets: Sequence[Edits], thoroughly: bool = True, broadly: bool = False) -> list[Edits]:
        """The smallest sets that answer the question, made of one of these and some mistakes more; none if not found.

        Only `thoroughly` more than two are added that show in the same parts; `broadly` at most two, but of many more.
        """
        for likely, pairs, shortlist in STAGES[:1] if broadly else STAGES:
            starts = latest = self._starts(sets, likely)
            for _ in range(DEEP):
                if fitting := self._answered(latest):
                    return fitting
                latest = self._followed(latest, likely)
                starts = [*starts, *latest]
            several = self._several(sorted(starts, key=lambda start: start.off))
            several = sorted(several[:WEIGHED], key=lambda one: one.promise)[:STARTS]
            for one in several:
                if fitting := one.pairs(PAIRS):
                    return fitting
            several.sort(key=lambda one: one.nearest)
            if broadly and (fitting := self._broadly(several[:SEARCHED])):
                return fitting
            for one in several[:SEARCHED] if thoroughly and not broadly else ():
                if fitting := one.more(pairs, shortlist):
                    return fitting
        return []

    def _broadly(self, several: Sequence[Several]) -> list[Edits]:
        """The sets that answer with one or two of many more mistakes."""
        starts = self._starts([one.edits for one in several], BROADLY)
        if fitting := self._answered(starts):
            return fitting
        for one in self._several(starts):
            if fitting := one.pairs(BROAD_PAIRS):
                return fitting
        return []

    def _several(self, starts: Sequence[Start]) -> list[Several]:
        several = (Several.of(self._tries, self._number, start, self._ways) for start in starts)
        return [one for one in several if one]

    def _starts(self, sets: Sequence[Edits], likely: int) -> list[Start]:
        found = []
        for edits in sets:
            trace = self._tries.trace(self._number, edits)
            if trace is not None and len(edits) < LARGEST:
                ids = {one.mistake for one in edits}
                options = [one for one in self._options if one.mistake not in ids]
                children = {
                    one: more
                    for one in nearest(self._tries, self._number, edits, options, likely)
                    if (more := self._tries.trace(self._number, (*edits, one))) is not None
                }
                found.append(Start(edits, trace, trace.apart(self._got), children))
        return found

    def _answered(self, starts: Sequence[Start]) -> list[Edits]:
        """The sets with one mistake more that answer the question."""
        sets = [(*start.edits, one) for start in starts for one in start.children]
        return [edits for edits in sets if self._tries.fits(self._number, edits)]

    def _followed(self, starts: Sequence[Start], likely: int) -> list[Start]:
        """The sets with one mistake more after which most parts are as they should be."""
        nearer = []
        for start in starts:
            for one, trace in start.children.items():
                off = trace.apart(self._got)
                if off < start.off:
                    nearer.append((off - start.off, (*start.edits, one)))
        nearer.sort(key=lambda each: each[0])
        return self._starts([edits for _, edits in nearer[:FOLLOWED]], likely)


class Several:
    """Two or more mistakes that are added to a set at once, none of which changes the kind of a part."""

    def __init__(
        self,
        tries: Tries,
        number: int,
        start: Start,
        children: Mapping[Variant, Trace],
        ways: Mapping[Mistake, Sequence[Variant]],
    ) -> None:
        self._tries, self._number, self._start, self._ways = tries, number, start, ways
        self._run: dict[frozenset[Variant], tuple[float, Edits]] = {}  # how far each set is off that was run
        self._got = tries.submission(number)
        self._variants = list(children)
        self._some = spread(self._got.numbers.size)
        begin = start.trace.numbers[self._some]
        self._sums = Sums(
            self._got.numbers[self._some] - begin,
            [one.numbers[self._some] - begin for one in children.values()],
        )

    @classmethod
    def of(
        cls, tries: Tries, number: int, start: Start, ways: Mapping[Mistake, Sequence[Variant]]
    ) -> Several | None:
        """Those that can be added to a set; None where there are not two, or no numbers to tell them apart."""
        got = tries.submission(number)
        children = {one: trace for one, trace in start.children.items() if trace.form == got.form}
        if start.trace.form != got.form or len(children) < 2 or not got.numbers.size:
            return None
        return cls(tries, number, start, children, ways)

    @property
    def nearest(self) -> float:
        """How far off the nearest of all sets is that were run."""
        return min((far for far, _ in self._run.values()), default=np.inf)

    @cached_property
    def promise(self) -> float:
        """How far off the nearest pair should stay, judged by what each does alone."""
        return self._sums.least()

    @property
    def edits(self) -> Edits:
        """The set to which they are added."""
        return self._start.edits

    def pairs(self, most: int) -> list[Edits]:
        """Sets with the two that come nearest, where they fit."""
        return self._fitting(itertools.islice(self._sums.nearest(range(len(self._variants)), 2), most))

    def more(self, pairs: int, shortlist: int) -> list[Edits]:
        """Sets with two where more pairs are run; then with more, of a shortlist, where they fit."""
        short = sorted(self._sums.ranked()[:shortlist])
        fitting = self.pairs(pairs) or self._fitting(itertools.combinations(short, 2)) or self._mended()
        for count in range(3, min(AT_ONCE, LARGEST - len(self._start.edits)) + 1):
            fitting = fitting or self._fitting(
                itertools.islice(self._sums.nearest(short, count), CLOSE[count])
            )
        return fitting

    def _fitting(self, sets: Iterator[tuple[int, ...]]) -> list[Edits]:
        found = []
        for places in sets:
            edits = (*self._start.edits, *(self._variants[place] for place in places))
            if len({one.mistake for one in edits}) < len(edits):
                continue
            trace = self._tries.trace(self._number, edits)
            if trace is None or trace.form != self._got.form:
                continue
            self._sums.learn(places, (trace.numbers - self._start.trace.numbers)[self._some])
            far = float(distance((trace.numbers - self._got.numbers)[self._some]))
            self._run[frozenset(edits)] = far, edits
            if self._tries.fits(self._number, edits):
                found.append(edits)
        return found

    def _mended(self) -> list[Edits]:
        """What fits with another way of one mistake, of the sets that came nearest: one way may stand for another."""
        nearest = sorted(self._run.values(), key=lambda each: each[0])[:MENDED]
        others = [
            tuple(way if one is old else one for one in edits)
            for _, edits in nearest
            for old in edits
            for way in self._ways.get(old.mistake, ())[:WAYS_MENDED]
            if way is not old
        ]
        return [edits for edits in others if self._tries.fits(self._number, edits)]


class Sums:
    """What several mistakes at once add to numbers, from what each adds and what each two that were run add.

    `wanted` is what would have to be added. One mistake often damps another, or turns it round, so sets are judged in
    two ways in turn: by what they add up to, and by how near it comes with each mistake's share stretched freely.
    """

    def __init__(self, wanted: Matrix, moved: Sequence[Matrix]) -> None:
        with np.errstate(all="ignore"):  # numbers of a wrong program may be as large as floats go
            self._wanted, self._moved = np.nan_to_num(wanted), np.nan_to_num(np.stack(moved))
        shares, goal = np.clip(self._moved, -1.0, 1.0), np.clip(self._wanted, -1.0, 1.0)
        self._products, self._towards, self._goal = shares @ shares.T, shares @ goal, float(goal @ goal)
        many = len(moved)
        self._beyond = np.zeros(
            (many, many, self._wanted.size)
        )  # what two add beyond both, where it is known

    def learn(self, places: tuple[int, ...], together: Matrix) -> None:
        """Note what two add together."""
        if len(places) == 2:
            one, other = places
            with np.errstate(all="ignore"):
                more = np.nan_to_num(together) - self._moved[one] - self._moved[other]
            self._beyond[one, other] = self._beyond[other, one] = np.nan_to_num(more)

    def nearest(self, places: Sequence[int], count: int) -> Iterator[tuple[int, ...]]:
        """All sets of so many, those first that come nearest to what is wanted."""
        sets = np.array(list(itertools.combinations(places, count)), dtype=int).reshape(-1, count)
        orders = (np.argsort(far, kind="stable") for far in (self.distances(sets), self.stretched(sets)))
        for place in dict.fromkeys(int(place) for both in zip(*orders, strict=True) for place in both):
            yield tuple(int(one) for one in sets[place])

    def distances(self, sets: Matrix) -> Matrix:
        """(sets,): how far each stays from what is wanted; entries that are 1 or more off count alike."""
        with np.errstate(all="ignore"):
            left = self._wanted - self._moved[sets].sum(axis=1)
            for one, other in itertools.combinations(range(sets.shape[1]), 2):
                left = left - self._beyond[sets[:, one], sets[:, other]]
        return distance(left)

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
