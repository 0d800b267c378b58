"""Finds the mistakes that explain a submission: edited references that answer everywhere as the student's code did.

Everything is replayed in this process on references edited by mistakes.py; nothing here runs student code.
Edited references are made once per run, and their answers kept, so most submissions only cost comparisons.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.assignments import Assignment
from grader.diagnose.match import Session, alike, same_answers, sessions
from grader.diagnose.mistakes import Mistake, Variant, apply, load_mistakes, variants
from grader.errors import CourseError
from grader.records import Diagnosis
from grader.subject import operations as ops
from grader.subject.plan import Plan
from grader.subject.proxy import LocalSubject

Transcript = Mapping[tuple[int, int], Sequence[ops.Answer]]
Edits = tuple[Variant, ...]
MOST_PAIRS = 400  # pairs of mistakes tried for one exercise of one submission
PROBES = 12  # sessions on which every mistake is tried before any pair is
MOST_OFFERED = 3  # mistakes offered as "one of": more would be a guess


@dataclass(frozen=True)
class Findings:
    """What was found: the diagnoses, and the exercises that fail by themselves (not only by an earlier one)."""

    diagnoses: tuple[Diagnosis, ...] = ()
    failing: tuple[str, ...] = ()


class Edited:
    """The reference with some edits: its answers to every session, computed when first asked for."""

    def __init__(self, name: str, source: str) -> None:
        self._name, self._source = name, source
        self._subject: LocalSubject | None = None
        self._answers: dict[int, list[Sequence[ops.Answer]]] = {}

    def answers(self, number: int, session: Session) -> list[Sequence[ops.Answer]]:
        """The answers to each batch of a session."""
        if number not in self._answers:
            if self._subject is None:
                self._subject = LocalSubject(self._name, self._source)
            self._answers[number] = [self._subject.ask(batch) for batch in session.batches]
        return self._answers[number]


class Diagnoser:
    """The mistakes of one assignment, ready to be held against transcripts of its suite's plan."""

    def __init__(self, assignment: Assignment, source: str, plan: Plan) -> None:
        self._assignment, self._source = assignment, source
        self.mistakes: list[Mistake] = load_mistakes(assignment)
        self.variants = variants(self.mistakes)
        self.sessions = sessions(plan)
        self._edited: dict[Edits, Edited | None] = {}

    def examine(self, transcript: Transcript) -> Findings:
        """What explains this transcript, exercise by exercise; no diagnosis where nothing fits."""
        found: list[Diagnosis] = []
        failing: list[str] = []
        explained: Edits = ()
        for exercise in self._assignment.exercises:
            known = self._of(exercise, transcript)
            wrong = [number for number in known if not self._fits((), number, transcript)]
            if not wrong or self._unwritten(known, transcript):
                continue
            order = wrong[:2] + [number for number in known if number not in wrong[:2]]
            if explained and self._fits_all(explained, order, transcript):
                continue  # what was found in earlier exercises explains this one as well
            failing.append(exercise)
            ways, certainty = self._explain(exercise, transcript, explained, order, wrong)
            if not ways and explained:
                ways, certainty = self._explain(exercise, transcript, (), order, wrong)
            found += [
                Diagnosis(mistake.id, mistake.title, mistake.hint, (exercise,), certainty)
                for mistake in _mistakes(ways)
            ]
            if ways and certainty != "one of":
                explained = (*explained, *ways[0])
        return Findings(tuple(_merged(found)), tuple(failing))

    def _explain(
        self,
        exercise: str,
        transcript: Transcript,
        base: Edits,
        order: Sequence[int],
        wrong: Sequence[int],
    ) -> tuple[list[Edits], str]:
        """Edits (beyond `base`) with which the reference answers as the student did, and how sure that is."""
        mine = [variant for variant in self.variants if variant.exercise == exercise and variant not in base]
        single: list[Edits] = [
            (variant,) for variant in mine if self._fits_all((*base, variant), order, transcript)
        ]
        if single:
            return self._settle(single)
        pairs = [
            pair
            for pair in self._plausible_pairs(mine, base, order, wrong, transcript)
            if self._fits_all((*base, *pair), order, transcript)
        ]
        return self._settle_pairs(pairs)

    def _settle(self, ways: list[Edits]) -> tuple[list[Edits], str]:
        ids = {mistake.id for mistake in _mistakes(ways)}
        twins = {twin for mistake in _mistakes(ways) for twin in mistake.twins}
        if len(ids) == 1 or ids <= twins:
            return ways[:1], "exact"
        return (ways, "one of") if len(ids) <= MOST_OFFERED else ([], "")

    def _settle_pairs(self, pairs: list[Edits]) -> tuple[list[Edits], str]:
        """A pair when one fits; when several do, the mistake that all of them share, if there is one."""
        ids = {frozenset(variant.mistake.id for variant in pair) for pair in pairs}
        if len(ids) == 1:
            return pairs[:1], "pair"
        shared = frozenset.intersection(*ids) if ids else frozenset()
        if len(shared) == 1:
            return [tuple(variant for variant in pairs[0] if variant.mistake.id in shared)], "pair"
        return [], ""

    def _plausible_pairs(
        self,
        mine: Sequence[Variant],
        base: Edits,
        order: Sequence[int],
        wrong: Sequence[int],
        transcript: Transcript,
    ) -> Iterable[Edits]:
        """Pairs worth running: together they touch every wrong session, and where only one of them touches a

        session, the student answered it as that one alone does.
        """
        # The smallest sessions tell (session numbers are in order of size); what they let through is run on all.
        probes = sorted({*sorted(order)[:PROBES], *sorted(wrong)[: PROBES // 2]})
        touched, right = {}, {}
        for variant in mine:
            edits = (*base, variant)
            touched[variant] = {number for number in probes if not self._agree(edits, base, number)}
            right[variant] = {number for number in probes if self._fits(edits, number, transcript)}
        off = {*wrong} & {*probes}
        tried = 0
        for first, second in itertools.combinations(mine, 2):
            if first.mistake.id == second.mistake.id:
                continue
            if (
                off <= touched[first] | touched[second]
                and touched[first] - touched[second] <= right[first]
                and touched[second] - touched[first] <= right[second]
            ):
                tried += 1
                if tried > MOST_PAIRS:
                    return
                yield (first, second)

    def _of(self, exercise: str, transcript: Transcript) -> list[int]:
        """The sessions of an exercise whose answers are all known."""
        return [
            number
            for number, session in enumerate(self.sessions)
            if session.exercise == exercise and all(position in transcript for position in session.positions)
        ]

    def _unwritten(self, known: Sequence[int], transcript: Transcript) -> bool:
        lasts = [
            transcript[position][-1:] for number in known for position in self.sessions[number].positions
        ]
        return all(
            last and isinstance(last[0], ops.Raised) and last[0].kind in ("NotImplementedError", "Missing")
            for last in lasts
        )

    def _fits_all(self, edits: Edits, order: Sequence[int], transcript: Transcript) -> bool:
        return all(self._fits(edits, number, transcript) for number in order)

    def _fits(self, edits: Edits, number: int, transcript: Transcript) -> bool:
        edited, session = self._edit(edits), self.sessions[number]
        if edited is None:
            return False
        got = [transcript[position] for position in session.positions]
        want = edited.answers(number, session)
        return all(map(same_answers, got, want, session.weighed)) and (
            # Random weights give other numbers, but the same ones when asked again.
            all(session.weighed) or alike(session, got) == alike(session, want)
        )

    def _agree(self, one: Edits, two: Edits, number: int) -> bool:
        first, second, session = self._edit(one), self._edit(two), self.sessions[number]
        if first is None or second is None:
            return False
        return all(
            same_answers(one_answer, other_answer, weighed)
            for one_answer, other_answer, weighed in zip(
                first.answers(number, session), second.answers(number, session), session.weighed
            )
        )

    def _edit(self, edits: Edits) -> Edited | None:
        """The reference with these edits; None when they cannot be made together. Raises CourseError for one alone."""
        if edits not in self._edited:
            try:
                self._edited[edits] = Edited(self._assignment.name, apply(self._source, edits))
            except CourseError:
                if len(edits) == 1:
                    raise
                self._edited[edits] = None
        return self._edited[edits]


def _mistakes(ways: Iterable[Edits]) -> list[Mistake]:
    """The mistakes of some ways, each once, in order."""
    return list({variant.mistake.id: variant.mistake for way in ways for variant in way}.values())


def _merged(found: Sequence[Diagnosis]) -> list[Diagnosis]:
    """One diagnosis for one mistake made in several exercises with the same certainty."""
    merged: dict[tuple[str, str], Diagnosis] = {}
    for one in found:
        key = (one.id, one.certainty)
        functions = merged[key].functions if key in merged else ()
        merged[key] = Diagnosis(one.id, one.title, one.hint, (*functions, *one.functions), one.certainty)
    return list(merged.values())
