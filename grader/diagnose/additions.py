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
from grader.diagnose.sums import Sums
from grader.diagnose.traces import Matrix, Trace
from grader.diagnose.tries import Tries

LARGEST = 5  # mistakes in a set
AT_ONCE = 4  # that are added together
DEEP = 3  # mistakes that are added one after the other, each for a part of the answer
FOLLOWED = 3  # sets that are, after each of them
EXCHANGED = 3  # sets with another mistake of the same form that are
LIKELY, MORE_LIKELY = 24, 60  # mistakes that change numbers only, run beside a set; more, where it is vain
#: What each effort runs, in turns: so many likely mistakes beside each set, pairs of them, and of how many three and
#: four at once. First those that come nearest by what each does alone, all pairs before anything larger; where that is
#: vain, what comes nearest beside the nearest sets that were run.
STAGES = {
    "some": ((LIKELY, 0, 0), (MORE_LIKELY, 0, 0)),
    "thorough": ((LIKELY, 40, 26), (MORE_LIKELY, 300, 30)),
    "little beside": ((LIKELY, 0, 0),),
    "more beside": ((MORE_LIKELY, 0, 0),),
    "thorough beside": ((MORE_LIKELY, 300, 30),),
}
BESIDE_THE_NEAREST = ("little beside", "more beside", "thorough beside")
ONE_MORE = "one more"  # the effort of one likely mistake beside each set
WEIGHED = 12  # sets of which it is judged how near pairs beside them should come
STARTS = 4  # of these, those to which pairs are added
SEARCHED = 2  # and more than pairs
PAIRS = 40  # of mistakes that are run with each, those that come nearest
CLOSE = {3: 90, 4: 40}  # larger sets that are run, of those that come nearest
MENDED = 6  # sets that came nearest when they were run, in which other ways of their mistakes are tried
WAYS_MENDED = 6  # of each
BEST = 4  # sets that came nearest when they were run, to which mistakes are added as to those that came here


@dataclass(frozen=True)
class Start:
    """A set to which mistakes are added, with what it answers, and what it does with each one more."""

    edits: Edits
    trace: Trace
    off: int  # how far its answer is from the submission's
    children: Mapping[Variant, Trace]


class Additions:
    """The mistakes that can be added for one question."""

    def __init__(
        self, tries: Tries, number: int, candidates: Sequence[Variant], others: Sequence[int] = ()
    ) -> None:
        """Of candidates that answer question `number` alike, only the first is tried.

        With `others`, further questions, two of them are both tried where their answers to those differ; and numbers
        are looked for where they may have been moved to.
        """
        self._tries, self._number = tries, number
        self._got = tries.submission(number)
        firsts: dict[tuple[int, ...], Variant] = {}
        for variant in candidates:
            if tries.effects.shows(number, variant):
                firsts.setdefault(
                    tuple(tries.effects.alike(each, variant) for each in (number, *others)), variant
                )
        self._options = list(firsts.values())
        self._closely = bool(others)
        self._ways: dict[Mistake, list[Variant]] = {}
        for variant in self._options:
            self._ways.setdefault(variant.mistake, []).append(variant)

    def to(self, sets: Sequence[Edits], effort: str) -> list[Edits]:
        """The smallest sets that answer the question, made of one of these and some mistakes more; none if not found.

        What is run for it is said by the `effort`, one of STAGES.
        """
        if effort == ONE_MORE:
            return self._fitting_children(self._starts(sets, LIKELY))
        for likely, pairs, shortlist in STAGES[effort]:
            starts = latest = self._starts(sets, likely)
            for _ in range(DEEP):
                if fitting := self._fitting_children(latest):
                    return fitting
                latest = self._nearer_starts(latest, likely)
                latest = [*latest, *self._starts_with_an_exchange(latest, likely)]
                starts = [*starts, *latest]
            several = self._several(sorted(starts, key=lambda start: start.off))
            several = sorted(several[:WEIGHED], key=lambda addition: addition.promise)[:STARTS]
            fitting = self._fitting_pairs(several, PAIRS)
            if not fitting and effort in BESIDE_THE_NEAREST:
                fitting = self._fitting_beside_the_nearest(several, likely)
            several.sort(key=lambda addition: addition.nearest)
            for addition in several[:SEARCHED] if shortlist else ():
                fitting = fitting or addition.more(pairs, shortlist)
            if not fitting and effort == "thorough beside":
                fitting = self._fitting_beside_the_nearest(several[:SEARCHED], LIKELY)
            if fitting:
                return fitting
        return []

    def _fitting_pairs(self, several: Sequence[Several], most: int) -> list[Edits]:
        """The sets that answer with two mistakes more, of those that come nearest."""
        return next((fitting for addition in several if (fitting := addition.pairs(most))), [])

    def _fitting_beside_the_nearest(self, several: Sequence[Several], likely: int) -> list[Edits]:
        """The sets that answer with one or two mistakes more than the nearest of those that were run.

        What a mistake does is seen beside these, not alone: one that turns a gate round changes what all others do.
        """
        run = sorted(
            (each for addition in several for each in addition.run.values()), key=lambda each: each[0]
        )
        starts = self._starts([edits for _, edits in run[:BEST]], likely)
        return self._fitting_children(starts) or self._fitting_pairs(self._several(starts), PAIRS)

    def _several(self, starts: Sequence[Start]) -> list[Several]:
        several = (Several.of(self._tries, self._number, start, self._ways) for start in starts)
        return [edits for edits in several if edits]

    def _starts(self, sets: Sequence[Edits], likely: int) -> list[Start]:
        begun = []
        for edits in sets:
            trace = self._tries.trace(self._number, edits)
            if trace is not None and len(edits) < LARGEST:
                ids = {variant.mistake for variant in edits}
                options = [variant for variant in self._options if variant.mistake not in ids]
                children = {
                    variant: more
                    for variant in nearest(
                        self._tries, self._number, edits, options, likely, moved=self._closely
                    )
                    if (more := self._tries.trace(self._number, (*edits, variant))) is not None
                }
                begun.append(
                    Start(
                        edits, trace, self._tries.apart(self._number, trace, reshaped=self._closely), children
                    )
                )
        return begun

    def _fitting_children(self, starts: Sequence[Start]) -> list[Edits]:
        """The sets with one mistake more that answer the question."""
        sets = [(*start.edits, variant) for start in starts for variant in start.children]
        return self._tries.fitting(self._number, sets)

    def _nearer_starts(self, starts: Sequence[Start], likely: int) -> list[Start]:
        """The sets with one mistake more after which most parts are as they should be, one of each form first."""
        nearer = []
        for start in starts:
            for variant, trace in start.children.items():
                off = self._tries.apart(self._number, trace, reshaped=self._closely)
                if off < start.off:
                    edits = (*start.edits, variant)
                    far = self._tries.distance(self._number, edits, reshaped=True) if self._closely else 0.0
                    nearer.append((off - start.off, far, edits, trace))
        nearer.sort(key=lambda each: each[:2])
        firsts: dict[object, Edits] = {}
        for _, _, edits, trace in nearer:
            firsts.setdefault(trace.form, edits)
        chosen = dict.fromkeys((*firsts.values(), *(edits for _, _, edits, _ in nearer)))
        return self._starts([*chosen][:FOLLOWED], likely)

    def _starts_with_an_exchange(self, starts: Sequence[Start], likely: int) -> list[Start]:
        """Sets whose answer has the right form, with others of the mistakes that have the same form alone.

        Two that change one shape are found by the shape, which many have; then by the numbers.
        """
        layout = self._tries.effects.layout(self._number)
        form = self._got.form
        if form == layout.reference.form:
            return []
        others: dict[Edits, float] = {}
        for edits in [start.edits for start in starts if start.trace.form == form]:
            for old in edits:
                alone = self._tries.effects.trace(self._number, old).form
                for new in self._options if alone != layout.reference.form else ():
                    if new in edits or self._tries.effects.trace(self._number, new).form != alone:
                        continue
                    exchanged = tuple(new if variant is old else variant for variant in edits)
                    far = self._tries.distance(self._number, exchanged, reshaped=self._closely)
                    others.setdefault(exchanged, far)
        nearest = sorted(others, key=lambda edits: others[edits])
        return self._starts(nearest[:EXCHANGED], likely)


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
        self.run: dict[frozenset[Variant], tuple[float, Edits]] = {}  # how far each set is off that was run
        self._got = tries.submission(number)
        self._variants = list(children)
        self._some = spread(self._got.numbers.size)
        self._begin = start.trace.numbers[self._some]
        self._wanted = self._got.numbers[self._some]
        self._sums = Sums(
            self._wanted - self._begin,
            [trace.numbers[self._some] - self._begin for trace in children.values()],
        )

    @classmethod
    def of(
        cls, tries: Tries, number: int, start: Start, ways: Mapping[Mistake, Sequence[Variant]]
    ) -> Several | None:
        """Those that can be added to a set; None where there are not two, or no numbers to tell them apart."""
        submission = tries.submission(number)
        children = {
            variant: trace for variant, trace in start.children.items() if trace.form == submission.form
        }
        if start.trace.form != submission.form or len(children) < 2 or not submission.numbers.size:
            return None
        return cls(tries, number, start, children, ways)

    @property
    def nearest(self) -> float:
        """How far off the nearest of all sets is that were run."""
        return min((far for far, _ in self.run.values()), default=np.inf)

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
        fitting = (
            self.pairs(pairs)
            or self._fitting(itertools.combinations(short, 2))
            or self._fitting_in_another_way()
        )
        for count in range(3, min(AT_ONCE, LARGEST - len(self._start.edits)) + 1):
            fitting = fitting or self._fitting(
                itertools.islice(self._sums.nearest(short, count), CLOSE[count])
            )
        return fitting

    def _fitting(self, sets: Iterator[tuple[int, ...]]) -> list[Edits]:
        every, learned, rows = list[Edits](), list[tuple[int, ...]](), list[Matrix]()
        for places in sets:
            edits = (*self._start.edits, *(self._variants[place] for place in places))
            if len({variant.mistake for variant in edits}) < len(edits):
                continue
            trace = self._tries.trace(self._number, edits)
            if trace is None or trace.form != self._got.form:
                continue
            every.append(edits)
            learned.append(places)
            rows.append(trace.numbers[self._some])
        if not every:
            return []
        # All at once: row by row this took a tenth of a search.
        numbers = np.stack(rows)
        with np.errstate(all="ignore"):
            together, off = numbers - self._begin, distance(numbers - self._wanted)
        self._sums.learn(learned, together)
        self.run.update({frozenset(edits): (far, edits) for far, edits in zip(off.tolist(), every)})
        return self._tries.fitting(self._number, every)

    def _fitting_in_another_way(self) -> list[Edits]:
        """What fits with another way of one mistake, of the sets that came nearest: one way may stand for another."""
        nearest = sorted(self.run.values(), key=lambda each: each[0])[:MENDED]
        others = [
            tuple(variation if variant is old else variant for variant in edits)
            for _, edits in nearest
            for old in edits
            for variation in self._ways.get(old.mistake, ())[:WAYS_MENDED]
            if variation is not old
        ]
        return [edits for edits in others if self._tries.fits(self._number, edits)]
