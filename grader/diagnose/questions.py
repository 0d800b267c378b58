"""What questions are about, and which of them a search for sets goes through."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from grader.diagnose.evidence import Evidence
from grader.diagnose.match import Session
from grader.diagnose.mistakes import Variant
from grader.diagnose.tries import Tries
from grader.subject import operations as ops

LAYERS = 14  # questions that are gone through
OF_A_SORT = 3  # of these, at most
COMPARED = 8  # questions of a sort that are looked at for that
COUNTED = 20  # mistakes, evenly spread, by which it is judged in which questions few show
FEW = 8  # numbers in an answer, too few to tell sets apart


def used(sessions: Sequence[Session]) -> dict[str, set[str]]:
    """For each exercise that is asked about, those that the course's harness uses there, itself among them."""
    uses: dict[str, set[str]] = {}
    for session in sessions:
        uses.setdefault(session.exercise, {session.exercise}).update(session.uses)
    return uses


def ordered(tries: Tries, evidence: Evidence, candidates: Sequence[Variant]) -> list[int]:
    """The questions to go through, a few of each sort; those with numbers and few mistakes to see first.

    Of one sort are questions of the same shapes; where a gate is shut, or an input is zero, other mistakes show.
    """
    effects = tries.effects
    some = candidates[:: max(1, len(candidates) // COUNTED)]
    sorts: dict[Hashable, list[int]] = {}
    for number in evidence.wrong:
        sorts.setdefault((effects.sessions[number].sort, _has_raised(evidence, number)), []).append(number)
    shown = {
        number: frozenset(variant for variant in some if effects.shows(number, variant))
        for numbers in sorts.values()
        for number in numbers[:COMPARED]
        if not _has_raised(evidence, number)
    }

    def place(number: int) -> tuple[bool, bool, int, int]:
        if number not in shown:
            return True, False, 0, number
        few = 0 < tries.submission(number).numbers.size < FEW
        return False, few, len(shown[number]), number

    layers: list[int] = []
    for numbers in sorts.values():
        kinds = {shown.get(number): number for number in reversed(numbers[:COMPARED])}
        layers += sorted(kinds.values(), key=place)[:OF_A_SORT]
    return sorted(layers, key=place)[:LAYERS]


def _has_raised(evidence: Evidence, number: int) -> bool:
    return any(isinstance(answer, ops.Raised) for batch in evidence.answers(number) for answer in batch)
