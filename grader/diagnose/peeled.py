"""Finds sets of mistakes by what each gives of what is wrong in any answer: a question alone, or some numbers of it.

A mistake that others hide in most answers shows by itself in some: where a gate is shut, where there is no old state,
in the first step. So questions of all kinds are looked at together, those first in which fewest mistakes show, and a
set is worth what it gives of all that is wrong: each mistake that is added must give more, and take nothing away.
"""

from __future__ import annotations

import contextlib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.diagnose.edited import Edits
from grader.diagnose.evidence import Evidence
from grader.diagnose.mistakes import Variant
from grader.diagnose.nearest import nearest
from grader.diagnose.shares import Wrong
from grader.diagnose.tries import Enough, Tries

QUESTIONS = 4  # that are looked at: each costs an answer of every mistake alone, where none is kept
BEGUN = 4  # sets that are gone on with, each time
FOLLOWED = 2  # of these, beside which all mistakes that show in a question are tried
BESIDE = 60  # mistakes that are tried beside a set, on one question
LIKELY = 8  # single mistakes that are put together
HIDDEN = 120  # mistakes that show in a question beside others alone
MEMBERS = 8  # of those that answer a question alike
OPEN = 4  # questions on which that is tried
LEAST = 0.01  # of what is wrong in an answer: what a mistake more must give
FURTHER = 400  # answers that are computed to go on, in other questions, from a set that answers all of these
DEEPEST = 4  # mistakes, one after the other
WHOLE = 0.999  # a share that is all
ROUNDING = 0.01  # by which a share may be less and is none the less kept
COUNTED = 20  # mistakes, evenly spread, by which it is judged which questions are of one kind


@dataclass(frozen=True)
class PeeledSet:
    """A set of mistakes, and what it gives of all that is wrong."""

    edits: Edits
    shares: tuple[float, ...]

    @property
    def worth(self) -> float:
        """How much it gives in all: 1 for each answer that is as the submission's."""
        return sum(self.shares)

    def whole(self, questions: Sequence[int]) -> list[int]:
        """Those of the questions that it answers."""
        return [number for number, share in zip(questions, self.shares, strict=True) if share > WHOLE]


class Peeling:
    """The search for them, for one exercise of one submission."""

    def __init__(
        self,
        tries: Tries,
        evidence: Evidence,
        candidates: Sequence[Variant],
        base: Edits = (),
        *,
        start: Edits = (),
    ) -> None:
        """With a set to `start` from, only questions that it does not answer are looked at. Raises Enough."""
        self._tries, self._base, self._start = tries, base, start or base
        self._candidates = [variant for variant in candidates if not variant.mistake.drawn]
        effects = tries.effects
        wrong = {
            number: Wrong(tries.submission(number), effects.layout(number).reference)
            for number in questions(tries, evidence, candidates, start)
        }
        self._wrong = {number: each for number, each in wrong.items() if each}
        self._alike = {number: effects.groups(number, self._candidates) for number in self._wrong}
        self.questions = sorted(
            self._wrong, key=lambda number: (tries.submission(number).raised, len(self._alike[number]))
        )
        self._single: list[PeeledSet] = []

    def sets(self) -> list[PeeledSet]:
        """The sets that give most of what is wrong, the best first."""
        begun: list[PeeledSet] = []
        if self._start:
            with contextlib.suppress(Enough):
                begun = [self._with_shares(self._start)]
        self._single = self._single_mistakes()
        begun = begun or self._single
        collected = [*begun]
        for _ in range(DEEPEST):
            more = list(self._further(begun))
            collected += more
            begun = best(more)
            if not begun or begun[0].worth > WHOLE * len(self.questions):
                break
        return best(collected)

    def _single_mistakes(self) -> list[PeeledSet]:
        """Single mistakes that give something, the best first; of those that are alike in all questions the first."""
        firsts: dict[Hashable, Variant] = {}
        for variant in self._candidates:
            firsts.setdefault(self._kind(variant), variant)
        alone = []
        with contextlib.suppress(Enough):  # then those that came so far
            for variant in firsts.values():
                alone.append(self._with_shares((*self._base, variant)))
            for edits in self._opened_pairs():
                pair = self._with_shares((*self._base, *edits))
                alone += [pair] if pair.worth > self._with_shares((*self._base, edits[0])).worth else []
        return sorted(
            (peeled for peeled in alone if any(share > LEAST for share in peeled.shares)),
            key=lambda peeled: -peeled.worth,
        )

    def _opened_pairs(self) -> list[Edits]:
        """The pairs of which one opens the block of the other, where both are candidates."""
        candidates = {*self._candidates}
        return [edits for edits in self._tries.effects.opened if candidates.issuperset(edits)]

    def _kind(self, variant: Variant) -> Hashable:
        return tuple(self._tries.effects.alike(number, variant) for number in self.questions)

    def _share(self, number: int, edits: Edits) -> float:
        trace = self._tries.trace(number, edits)
        return 0.0 if trace is None else self._wrong[number].share(trace)

    def _with_shares(self, edits: Edits) -> PeeledSet:
        return PeeledSet(edits, tuple(self._share(number, edits) for number in self.questions))

    def _further(self, begun: Sequence[PeeledSet]) -> Iterator[PeeledSet]:
        """Sets with one mistake more that give more."""
        with contextlib.suppress(Enough):
            for extend, most in (
                (self._with_others, BEGUN),
                (self._with_shown, FOLLOWED),
                (self._with_hidden, 1),
            ):
                for peeled in begun[:most]:
                    yield from extend(peeled)

    def _with_others(self, peeled: PeeledSet) -> Iterator[PeeledSet]:
        """With a mistake that gives alone what the set does not."""
        for single in self._single[:LIKELY]:
            added = single.edits[len(self._base) :]
            gains = [mine - theirs for mine, theirs in zip(single.shares, peeled.shares, strict=True)]
            place = gains.index(max(gains))
            if gains[place] > LEAST and all(self._is_free(peeled, variant) for variant in added):
                edits = (*peeled.edits, *added)
                if self._share(self.questions[place], edits) > peeled.shares[place] + LEAST:
                    yield from self._better(peeled, edits)

    def _is_free(self, peeled: PeeledSet, variant: Variant) -> bool:
        return all(variant.mistake is not other.mistake for other in peeled.edits)

    def _with_shown(self, peeled: PeeledSet) -> Iterator[PeeledSet]:
        """With a mistake that shows in a question, the first one where that gives more."""
        for number in self._open(peeled):
            groups = [
                [variant for variant in group if self._is_free(peeled, variant)]
                for group in self._alike[number].values()
            ]
            firsts = {group[0]: group for group in groups if group}
            near = nearest(self._tries, number, peeled.edits, list(firsts), BESIDE)
            gained = False
            for child in self._sets_that_gain(peeled, number, {variant: firsts[variant] for variant in near}):
                gained = True
                yield child
            if gained:
                return

    def _with_hidden(self, peeled: PeeledSet) -> Iterator[PeeledSet]:
        """With a mistake that shows in a question beside another one, and not alone."""
        for number in self._open(peeled)[:1]:
            visible = {variant for group in self._alike[number].values() for variant in group}
            firsts: dict[Hashable, Variant] = {}
            for variant in self._candidates:
                if variant not in visible and self._is_free(peeled, variant):
                    firsts.setdefault(self._kind(variant), variant)
            yield from self._sets_that_gain(
                peeled, number, {variant: [variant] for variant in list(firsts.values())[:HIDDEN]}
            )

    def _open(self, peeled: PeeledSet) -> list[int]:
        pairs = zip(self.questions, peeled.shares, strict=True)
        return [number for number, share in pairs if share < WHOLE][:OPEN]

    def _sets_that_gain(
        self, peeled: PeeledSet, number: int, options: Mapping[Variant, Sequence[Variant]]
    ) -> Iterator[PeeledSet]:
        """With those of some mistakes that give more of one answer, the most first."""
        share = peeled.shares[self.questions.index(number)]
        gained = {first: self._share(number, (*peeled.edits, first)) for first in options}
        chosen = sorted(
            (first for first in gained if gained[first] > share + LEAST), key=lambda first: -gained[first]
        )
        for first in chosen[:BEGUN]:
            for variant in self._members(options[first]):
                yield from self._better(peeled, (*peeled.edits, variant))

    def _members(self, group: Sequence[Variant]) -> list[Variant]:
        """Of mistakes that answer one question alike those that differ in others."""
        firsts: dict[Hashable, Variant] = {}
        for variant in group:
            firsts.setdefault(self._kind(variant), variant)
        return list(firsts.values())[:MEMBERS]

    def _better(self, parent: PeeledSet, edits: Edits) -> Iterator[PeeledSet]:
        """A set, if it gives more than the one that it is made of and takes nothing away."""
        ranked = sorted(zip(parent.shares, self.questions, strict=True), key=lambda pair: -pair[0])
        # What it takes away shows where most was given: then the other questions need not be asked.
        if all(self._share(number, edits) > share - ROUNDING for share, number in ranked):
            child = self._with_shares(edits)
            if child.worth > parent.worth:
                yield child


def peeled_in_rounds(
    tries: Tries, evidence: Evidence, candidates: Sequence[Variant], base: Edits = ()
) -> Iterator[tuple[list[PeeledSet], list[int]]]:
    """The sets that give most of what is wrong in some questions, the best first, and these questions.

    Where the best one answers all of them and nothing comes of it, it is gone on with in others: what it lacks shows
    elsewhere.
    """
    peeling = Peeling(tries, evidence, candidates, base)
    every = peeling.sets()
    yield every, peeling.questions
    if every and len(every[0].whole(peeling.questions)) == len(peeling.questions):
        tries.ask_more(FURTHER)
        with contextlib.suppress(Enough):
            further = Peeling(tries, evidence, candidates, base, start=every[0].edits)
            if further.questions:
                yield further.sets(), further.questions


def best(every: Sequence[PeeledSet]) -> list[PeeledSet]:
    """Those that give most first, each once."""
    firsts: dict[Hashable, PeeledSet] = {}
    for peeled in sorted(every, key=lambda peeled: (-peeled.worth, len(peeled.edits))):
        firsts.setdefault(frozenset(peeled.edits), peeled)
    return list(firsts.values())


def questions(
    tries: Tries, evidence: Evidence, candidates: Sequence[Variant], answered_by: Edits = ()
) -> list[int]:
    """Wrong questions of several kinds: each mistake should be hidden in one of them.

    First the one in which fewest mistakes show, then always the one that leaves fewest which show in all of them. None
    of them is answered by a set that is given. Raises Enough.
    """
    effects = tries.effects
    some = candidates[:: max(1, len(candidates) // COUNTED)]
    kinds: dict[Hashable, tuple[int, frozenset[Variant]]] = {}
    for number in sorted(evidence.wrong, key=lambda number: tries.submission(number).raised):
        shown = frozenset(variant for variant in some if effects.shows(number, variant))
        kinds.setdefault((tries.submission(number).raised, shown), (number, shown))
    chosen: list[int] = []
    left, waiting = frozenset(some), list(kinds.values())
    while waiting and len(chosen) < QUESTIONS:
        number, shown = min(
            waiting,
            key=lambda kind: (tries.submission(kind[0]).raised, len(left & kind[1]), len(kind[1]), kind[0]),
        )
        waiting.remove((number, shown))
        if answered_by and tries.fits(number, answered_by):
            continue
        chosen.append(number)
        left = (left & shown) or frozenset(some)
    return chosen
