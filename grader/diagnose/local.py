"""Sets of mistakes that answer one question each, and what they answer together.

Where several mistakes are at work everywhere, one that comes first may be hidden by the others in every question of the
search. But each question shows some of them alone: one those of an old state, another those of the weights. So small
sets are looked for in every question by itself, judged by what each mistake does alone, which is known and costs
nothing; and those that answer different questions are put together.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grader.diagnose.edited import Edits
from grader.diagnose.mistakes import Variant
from grader.diagnose.nearest import distance, spread
from grader.diagnose.sums import Sums
from grader.diagnose.traces import Matrix
from grader.diagnose.tries import Enough, Tries
from grader.diagnose.ways import Ways

RUN = 16  # single mistakes beside a set, and pairs, that are run for a question: the likeliest
STARTS = 2  # mistakes alone that give an answer its form, beside which others are looked for
KEPT = 4  # sets of each size that are kept for a question
VERSIONS = 8  # pairs of ways of two sets that are put together
LARGEST = 5  # mistakes in a set


@dataclass(frozen=True)
class LocalSet:
    """A set of mistakes, and the questions that it answers."""

    edits: Edits
    answered: tuple[int, ...]


class LocalSets:
    """The search for them, for one exercise of one submission; `base` stays in every set."""

    def __init__(
        self, tries: Tries, candidates: Sequence[Variant], base: Edits, questions: Sequence[int]
    ) -> None:
        """Exceptions are left out of the `questions`: many sets come to one."""
        self._tries, self._base = tries, base
        self._candidates = [variant for variant in candidates if not variant.mistake.drawn]
        self._questions = [number for number in questions if not tries.submission(number).raised]

    def best(self) -> list[LocalSet]:
        """The sets of several mistakes that answer a question, those first that answer most."""
        answered: dict[Edits, list[int]] = {}
        with contextlib.suppress(Enough):  # then those that came so far
            for number in self._questions:
                fitting = [edits for edits in answered if self._tries.fits(number, edits)]
                for edits in fitting:
                    answered[edits].append(number)
                if not any(map(self._is_of_several, fitting)):
                    self._add(number, answered)
        several = [
            LocalSet(edits, tuple(numbers))
            for edits, numbers in answered.items()
            if self._is_of_several(edits)
        ]
        return sorted(several, key=lambda local: (-len(local.answered), len(local.edits)))

    def _is_of_several(self, edits: Edits) -> bool:
        return len(edits) > 1 + len(self._base)

    def _add(self, number: int, answered: dict[Edits, list[int]]) -> None:
        """Add the sets that answer a question, and each of them put together with those of other questions."""
        for edits in self._answering(number):
            if edits not in answered:
                others = {other: theirs for other, theirs in answered.items() if number not in theirs}
                for other, theirs in others.items():
                    for union in self._unions(edits, number, other, theirs):
                        answered.setdefault(union, [*theirs, number])
                answered[edits] = [number]

    def _unions(self, edits: Edits, number: int, other: Edits, answered: Sequence[int]) -> Iterator[Edits]:
        """A set that answers a question put together with one that answers others, where this answers them all."""
        pairs = itertools.product(
            self._versions(other, answered[0], number), self._versions(edits, number, answered[0])
        )
        for theirs, mine in itertools.islice(pairs, VERSIONS):
            union = (*theirs, *(variant for variant in mine if variant not in theirs))
            is_possible = len(union) <= LARGEST and len({variant.mistake for variant in union}) == len(union)
            if is_possible and all(self._tries.fits(each, union) for each in (number, *answered)):
                yield union

    def _versions(self, edits: Edits, answered: int, number: int) -> list[Edits]:
        """A set in ways that are alike in one question and differ in another."""
        exchanges = Ways(self._tries.effects, self._candidates, [answered], self._base)
        return exchanges.others(number, edits) or [edits]

    def _answering(self, number: int) -> list[Edits]:
        """Sets that answer a question, the smallest first."""
        fitting: dict[int, list[Edits]] = {}
        for start in self._starts(number):
            for edits in self._tries.fitting(number, [start, *self._with_more(number, start)]):
                fitting.setdefault(len(edits), []).append(edits)
        return [edits for size in sorted(fitting) for edits in fitting[size][:KEPT]]

    def _starts(self, number: int) -> list[Edits]:
        """What answers a question with the form that the submission has, with one mistake at the most."""
        form, begin = self._tries.submission(number).form, self._tries.trace(number, self._base)
        if begin is None or begin.form == form:
            return [] if begin is None else [self._base]
        effects = self._tries.effects
        formed = [
            (*self._base, first)
            for first, *_ in effects.groups(number, self._candidates).values()
            if effects.trace(number, first).form == form
        ]
        return sorted(formed, key=lambda edits: self._tries.distance(number, edits))[:STARTS]

    def _with_more(self, number: int, start: Edits) -> list[Edits]:
        """A set with one and with two mistakes that change numbers only, those that should come nearest."""
        effects, submission = self._tries.effects, self._tries.submission(number)
        right, begin = effects.layout(number).reference, self._tries.trace(number, start)
        groups = effects.groups(number, self._candidates).values()
        options = [
            first
            for first, *_ in groups
            if first not in start and effects.trace(number, first).form == right.form
        ]
        shared = None if begin is None else begin.shared(submission, right)
        if begin is None or shared is None or not shared.size or not options:
            return []
        mine, targets, places = shared[:, spread(shared.shape[1])]
        with np.errstate(all="ignore"):  # numbers of a wrong program may be as large as floats go
            missing = submission.numbers[targets] - begin.numbers[mine]
            moved = np.stack([effects.trace(number, each).numbers[places] for each in options])
            moved = moved - right.numbers[places]
            near = np.argsort(distance(missing - moved), kind="stable")[:RUN].tolist()
        pairs = itertools.islice(_nearest_pairs(missing, moved), RUN)
        sets = [(*start, *(options[place] for place in each)) for each in [*((one,) for one in near), *pairs]]
        return [edits for edits in sets if len({variant.mistake for variant in edits}) == len(edits)]


def _nearest_pairs(missing: Matrix, moved: Matrix) -> Iterator[tuple[int, ...]]:
    """The pairs of rows that should come nearest to what is missing."""
    return Sums(missing, list(moved)).nearest(range(len(moved)), 2) if len(moved) > 1 else iter(())
