"""A class of programs → matches: who has the same file, the same code, or much of the same code.

What counts is what is rare. A fingerprint that half of the class has says nothing of two students; one that nobody
else has says much. What stands in a `usual` program (the course's own solutions) is thought to be in others as well, so
that the usual way to write an exercise is known as such in a small class too.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.similar.fingerprints import GRAM, TOKENS_EACH
from grader.similar.programs import HandoutParts, StudentProgram

SAME_FILE, SAME_CODE, MUCH_THE_SAME = "the same file", "the same code", "much of the same code"
KINDS = (SAME_FILE, SAME_CODE, MUCH_THE_SAME)

SHARED = 0.65  # of what is the student's own, in bits: from here on two programs are much the same
_MUCH, _SHARED_OF_MUCH = 40.0, 0.45  # a large part that is as rare as this, beside another that is not shared
_DOUBT = 7.0  # bits beyond those that some two in a class of this size share by chance
#: In tokens, of which a line has six or so. Nobody writes so many lines with the same names, comments and blanks as
#: somebody else; nor, where these do not count, so many more. However many share them: a ring makes nothing usual.
_MUCH_OF_A_FILE, _MUCH_CODE = 120, 250
_UNSEEN = 20  # students who are thought to be there as well, so that a class of two is not all there is,
_UNSEEN_USUAL = 6  # and how many of them have what is in a solution of the course
_COMMON = 32  # programs: what more than these have leads to no pair


@dataclass(frozen=True)
class Match:
    """Students whose programs are alike: how, how much of their own code it is, and how unusual that is, in bits.

    The first two are those to look at; there are more than two only where files or code are equal.
    """

    kind: str
    programs: tuple[StudentProgram, ...]
    shared: float
    bits: float


class ComparedPrograms:
    """The programs that are compared, and how many of them have each fingerprint."""

    def __init__(
        self,
        programs: Sequence[StudentProgram],
        known_code: HandoutParts,
        usual: Iterable[StudentProgram] = (),
    ) -> None:
        self._given = known_code
        self._programs = [program for program in programs if program.units]
        self._unread = [program for program in programs if not program.units]
        self._prints = {id(program): program.fingerprints(known_code) for program in self._programs}
        counts = Counter(value for prints in self._prints.values() for value in prints)
        usual_prints = {value for program in usual for value in program.fingerprints(known_code)}
        everybody = len(self._programs) + _UNSEEN
        usual_count = _UNSEEN_USUAL * _UNSEEN / everybody  # the more are seen, the less is to be guessed
        # Among many pairs there are some that are alike by chance: twice as many for each bit.
        count = len(self._programs)
        self._enough = _DOUBT + math.log2(max(1.0, count * (count - 1) / 2))
        self._weights = {
            value: _bits(count + usual_count * (value in usual_prints), everybody)
            for value, count in counts.items()
        }

    def matches(self) -> list[Match]:
        """All matches with somebody of the class that is looked at, the plainest first."""
        every = [*self._equal(), *self._nearly_equal()]
        return sorted(
            every, key=lambda match: (KINDS.index(match.kind), -match.bits, [p.title for p in match.programs])
        )

    def weight(self, program: StudentProgram) -> float:
        """How much there is of a program that others do not have, in bits."""
        return self._sum(self._prints[id(program)])

    def _equal(self) -> list[Match]:
        matches = []
        for group in _groups(self._programs, lambda program: program.code(self._given)):
            bits, length = self.weight(group[0]), group[0].own_tokens(self._given)
            if bits >= self._enough or length >= _MUCH_OF_A_FILE:
                files = _groups(group, lambda program: program.sha256)
                matches += [Match(SAME_FILE, tuple(same), 1.0, bits) for same in files]
            different = [same[0] for same in _by(group, lambda program: program.sha256).values()]
            is_much = bits >= self._enough or length >= _MUCH_CODE
            if is_much and len(different) > 1 and _is_of_the_class(different):
                matches.append(Match(SAME_CODE, tuple(different), 1.0, bits))
        # A file that does not parse has no code to be compared, but a line in which it breaks: nobody else's is so too.
        broken = [program for program in self._unread if program.has_line]
        matches += [
            Match(SAME_FILE, tuple(same), 1.0, self._enough)
            for same in _groups(broken, lambda program: program.sha256)
        ]
        return matches

    def _nearly_equal(self) -> list[Match]:
        """Pairs of programs that differ and share much that is rare; one stands for all that are equal to it."""
        different = [
            group[0] for group in _by(self._programs, lambda program: program.code(self._given)).values()
        ]
        holders: dict[int, list[int]] = defaultdict(list)
        for place, program in enumerate(different):
            for value in self._prints[id(program)]:
                holders[value].append(place)
        pairs: Counter[tuple[int, int]] = Counter()
        for places in holders.values():
            if 2 <= len(places) <= _COMMON:
                pairs.update((a, b) for index, a in enumerate(places) for b in places[index + 1 :])
        matches = []
        least = self._enough / _worth(max(self._weights.values(), default=1.0)) / 2
        for (a, b), count in pairs.items():
            program, other = different[a], different[b]
            if count < least or not _is_of_the_class((program, other)):
                continue
            bits = self._sum(self._prints[id(program)] & self._prints[id(other)])
            shared = bits / max(min(self.weight(program), self.weight(other)), 1e-9)
            least_shared = SHARED if bits < _MUCH else _SHARED_OF_MUCH
            if shared >= least_shared and shared * bits >= self._enough:
                matches.append(Match(MUCH_THE_SAME, (program, other), shared, bits))
        return matches

    def _sum(self, prints: Iterable[int]) -> float:
        # Sorted: a sum of floats depends on its order, and that of a set on the process.
        return _worth(sum(sorted(self._weights[value] for value in prints)))


def _worth(bits: float) -> float:
    """Bits of fingerprints as bits of independent runs: those that overlap say the same again."""
    return bits * TOKENS_EACH / GRAM


def _bits(count: float, everybody: int) -> float:
    """How unusual it is to have what `count` have: nothing where it is half of all."""
    return max(0.0, math.log2(everybody / (count + 2)) - 1)


def _by(
    programs: Iterable[StudentProgram], key: Callable[[StudentProgram], str]
) -> Mapping[str, list[StudentProgram]]:
    groups: dict[str, list[StudentProgram]] = defaultdict(list)
    for program in programs:
        groups[key(program)].append(program)
    return groups


def _groups(
    programs: Iterable[StudentProgram], key: Callable[[StudentProgram], str]
) -> list[list[StudentProgram]]:
    """Several programs with the same key, one of them at least in the class that is looked at."""
    return [
        group
        for value, group in _by(programs, key).items()
        if value and len(group) > 1 and _is_of_the_class(group)
    ]


def _is_of_the_class(programs: Iterable[StudentProgram]) -> bool:
    return any(not program.course for program in programs)
