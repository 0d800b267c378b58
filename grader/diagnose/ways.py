"""Other ways of the mistakes of a set: those that answered alike whatever was answered so far."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

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
                        (*members, *(other for other in self._alike(old) if other.mistake is old.mistake))
                    )
                )
                for old, members in zip(own, choices, strict=True)
            ]
        return [
            (*self._base, *several)
            for several in itertools.islice(itertools.product(*choices), WAYS)
            if len({variant.mistake for variant in several}) == len(several)
        ]

    def _members(self, variant: Variant, number: int) -> list[Variant]:
        """Mistakes that answer all questions so far as this one does, one for each way of answering the next."""
        firsts: dict[int, Variant] = {}
        for other in (variant, *self._alike(variant)):
            firsts.setdefault(self._effects.alike(number, other), other)
        return list(firsts.values())

    def _alike(self, variant: Variant) -> list[Variant]:
        """Mistakes that answer all questions that were answered so far as this one does."""
        there = list(self._candidates)
        for number in self._answered:
            mine = self._effects.alike(number, variant)
            there = [other for other in there if self._effects.alike(number, other) == mine]
        return there
