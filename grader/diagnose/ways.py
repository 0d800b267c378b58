"""Other ways of the mistakes of a set: those that answered alike whatever was answered so far."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

from grader.diagnose.edited import Edits
from grader.diagnose.effects import Effects
from grader.diagnose.mistakes import Variant

WAYS = 24  # ways of making the mistakes of one set that are tried on a question


class Ways:
    """The mistakes that stand for each other where some questions were answered; `base` stays in every set."""

    def __init__(
        self, effects: Effects, candidates: Sequence[Variant], answered: Sequence[int], base: Edits
    ) -> None:
        self._effects, self._candidates = effects, candidates
        self._answered, self._base = answered, base

    def others(self, number: int, edits: Edits, *, every: bool = False) -> list[Edits]:
        """The same set with others of the mistakes that were alike so far; with `every` one also of their own ways."""
        own = edits[len(self._base) :]
        if not own or not self._answered:
            return []
        choices = [self._members(variant, number) for variant in own]
        if every:  # alone they may be alike, and not beside the others
            choices = [
                list(
                    dict.fromkeys(
                        (
                            *members,
                            *(other for other in self._alike_mistakes(old) if other.mistake is old.mistake),
                        )
                    )
                )
                for old, members in zip(own, choices, strict=True)
            ]
        return [
            (*self._base, *several)
            for several in itertools.islice(itertools.product(*choices), WAYS)
            if len({variant.mistake for variant in several}) == len(several)
        ]

    def looser(self, number: int, edits: Edits) -> list[Edits]:
        """The same set with others of the mistakes that were alike in one of the questions so far, most alike first.

        Beside others a mistake may be hidden where it shows alone: so what was found for one question, and is told from
        others by the next, may still be any of them.
        """
        own = edits[len(self._base) :]
        if not own or len(self._answered) < 2:
            return []
        choices = [self._alike_somewhere(variant, number) for variant in own]
        sets = ((*self._base, *several) for several in itertools.islice(by_rank(choices), 1, WAYS + 1))
        return [others for others in sets if len({variant.mistake for variant in others}) == len(others)]

    def _alike_somewhere(self, variant: Variant, number: int) -> list[Variant]:
        """A mistake, and those that answer some question so far as it does, one for each way of answering the next."""
        shown = [answered for answered in self._answered if self._effects.shows(answered, variant)]
        alike = Counter(
            other
            for answered in shown
            for other in self._candidates
            if self._effects.alike(answered, other) == self._effects.alike(answered, variant)
        )
        firsts = {self._effects.alike(number, variant): variant}
        for other, _ in alike.most_common():
            firsts.setdefault(self._effects.alike(number, other), other)
        return list(firsts.values())

    def _members(self, variant: Variant, number: int) -> list[Variant]:
        """Mistakes that answer all questions so far as this one does, one for each way of answering the next."""
        firsts: dict[int, Variant] = {}
        for other in (variant, *self._alike_mistakes(variant)):
            firsts.setdefault(self._effects.alike(number, other), other)
        return list(firsts.values())

    def _alike_mistakes(self, variant: Variant) -> list[Variant]:
        """Mistakes that answer all questions that were answered so far as this one does."""
        there = list(self._candidates)
        for number in self._answered:
            mine = self._effects.alike(number, variant)
            there = [other for other in there if self._effects.alike(number, other) == mine]
        return there


def by_rank(choices: Sequence[Sequence[Variant]]) -> Iterator[Edits]:
    """One of each of some choices, in every way; those first of which the places in their choices add up to least.

    One by one: five mistakes with a hundred others each are ten thousand million sets.

    >>> ["".join(letters) for letters in itertools.islice(by_rank(["abc", "xyz"]), 5)]
    ['ax', 'ay', 'bx', 'az', 'by']
    """
    for total in range(sum(len(choice) - 1 for choice in choices) + 1):
        yield from _of_rank(choices, total)


def _of_rank(choices: Sequence[Sequence[Variant]], total: int) -> Iterator[Edits]:
    if not choices:
        yield from [()] if total == 0 else []
        return
    for place, variant in enumerate(choices[0][: total + 1]):
        yield from ((variant, *rest) for rest in _of_rank(choices[1:], total - place))
