"""What else explains everything that a set of mistakes does: fewer of them, one for several, or another for one."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from grader.diagnose.edited import Edits, parts_of, smallest, without_one
from grader.diagnose.evidence import Evidence
from grader.diagnose.mistakes import Variant
from grader.diagnose.nearest import nearest
from grader.diagnose.tries import Enough, Tries

LIKELY = 20  # mistakes that change numbers only that are tried in the place of others
NUMBERS = 3  # questions with wrong numbers: where there are fewer, words of exceptions must be the same


class OtherSets:
    """The sets that explain everything beside those that grew, for one exercise of one submission."""

    def __init__(
        self,
        tries: Tries,
        evidence: Evidence,
        candidates: Sequence[Variant],
        answered: Sequence[int] = (),
        base: Edits = (),
    ) -> None:
        """`answered` are the questions that the sets answer, `base` the mistakes that stay in every set."""
        self._tries, self._evidence, self._candidates = tries, evidence, candidates
        self._answered, self._base = answered, base

    def least(self, edits: Edits) -> Edits:
        """A set that explains everything, without what it does not need for that: what grew first may be idle now."""
        for fewer in without_one(edits, self._base):
            if fewer and self._misfit(fewer) is None:
                return self.least(fewer)
        return edits

    def fits_but_for_words(self, edits: Edits) -> bool:
        """Whether a set explains all but the words of exceptions, and needs each of its mistakes for what came."""
        if (
            len(edits) < 2
            or len(self._evidence.off) < NUMBERS
            or any(variant.mistake.drawn for variant in edits)
        ):
            return False
        return self._evidence.fits_but_for_words(self._tries.program(edits)) and not any(
            self._explains_what_came(fewer) for fewer in without_one(edits, self._base)
        )

    def _explains_what_came(self, edits: Edits) -> bool:
        program = self._tries.program(edits)
        return program is not None and all(
            self._evidence.fits(program, number) for number in self._evidence.came
        )

    def reduced(self, edits: Edits) -> Edits:
        """A set that explains everything, as `least`, and with one mistake where that stands for several others."""
        edits = self.least(edits)
        own = edits[len(self._base) :]
        with contextlib.suppress(Enough):  # then as it is
            for several in parts_of(own):
                rest = tuple(variant for variant in edits if variant not in several)
                for variant in self._instead(rest):
                    if self._misfit((*rest, variant)) is None:
                        return self.reduced((*rest, variant))
        return edits

    def _instead(self, edits: Edits) -> list[Variant]:
        """The mistakes that make up for what a set lacks on the first question that it does not answer."""
        number = next((fitted for fitted in self._answered if not self._tries.fits(fitted, edits)), None)
        if number is None:
            return []
        groups = self._tries.effects.groups(number, self._candidates)
        firsts = {variants_alike[0]: variants_alike for variants_alike in groups.values()}
        likely = nearest(self._tries, number, edits, list(firsts), LIKELY)
        return [
            variant
            for first in likely
            if self._tries.fits(number, (*edits, first))
            for variant in firsts[first]
        ]

    def alternatives(self, sets: list[Edits]) -> list[Edits]:
        """Sets that explain everything, and others that do with one mistake exchanged for another."""
        most = min(map(len, sets))
        fitting = [edits for edits in sets if len(edits) == most]
        edits = fitting[0]
        with contextlib.suppress(Enough):
            for rest in without_one(edits, self._base):
                ids = {variant.mistake for variant in edits}
                others = [variant for variant in self._instead(rest) if variant.mistake not in ids]
                for other in list({variant.mistake: variant for variant in reversed(others)}.values())[::-1]:
                    if self._misfit((*rest, other)) is None:
                        fitting.append((*rest, other))
        return smallest(fitting, len(fitting))

    def _misfit(self, edits: Edits) -> int | None:
        return self._evidence.misfit(self._tries.program(edits))
