"""What questions are about, and which of them a search for sets goes through."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from grader.diagnose.evidence import Evidence
from grader.diagnose.match import Session
from grader.diagnose.mistakes import Variant
from grader.diagnose.tries import Tries
from grader.subject import operations as ops

LAYERS = 14  # questions that are gone through
COUNTED = 20  # mistakes, evenly spread, by which it is judged in which questions few show
FEW = 8  # numbers in an answer, too few to tell sets apart


def used(sessions: Sequence[Session]) -> dict[str, set[str]]:
    """For each exercise that is asked about, those that the course's harness uses there, itself among them."""
    uses: dict[str, set[str]] = {}
    for session in sessions:
        uses.setdefault(session.exercise, {session.exercise}).update(session.uses)
    return uses


def ordered(tries: Tries, evidence: Evidence, candidates: Sequence[Variant]) -> list[int]:
    """The questions to go through, one of each sort; those with numbers and few mistakes to see first."""
    effects = tries.effects
    chosen: dict[Hashable, int] = {}
    for number in evidence.wrong:
        chosen.setdefault((effects.sessions[number].sort, _has_raised(evidence, number)), number)
    layers = list(chosen.values())[: 2 * LAYERS]
    some = candidates[:: max(1, len(candidates) // COUNTED)]

    def place(number: int) -> tuple[bool, bool, int, int]:
        if _has_raised(evidence, number):
            return True, False, 0, number
        few = 0 < tries.submission(number).numbers.size < FEW
        return False, few, sum(effects.shows(number, variant) for variant in some), number

    return sorted(layers, key=place)[:LAYERS]


def _has_raised(evidence: Evidence, number: int) -> bool:
    return any(isinstance(answer, ops.Raised) for batch in evidence.answers(number) for answer in batch)
