"""Finds the mistakes that explain a submission: edited references that answer everywhere as the student's code did.

Everything is replayed in this process on references edited by mistakes.py; nothing here runs student code, and
nothing here looks at a clock: the same transcript gets the same findings on every machine. What was found for the
answers to one exercise is remembered: in a class, many hand in the same thing.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.assignments import Assignment
from grader.diagnose import dtypes
from grader.diagnose.behaviour import behaviour
from grader.diagnose.edited import Edited, Edits, References
from grader.diagnose.effects import Effects
from grader.diagnose.match import Session, same_answers, says_nothing, sessions
from grader.diagnose.mistakes import Mistake, load_mistakes, variants
from grader.diagnose.sets import Growth
from grader.diagnose.stored import Answers, Store
from grader.records import Diagnosis
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.plan import Plan

Transcript = Mapping[tuple[int, int], bytes]  # the encoded answers to each (item, index) of the plan
Explained = list[
    tuple[list[Edits], str]
]  # edits with which the reference answers as a submission did, and how sure each group of them is
MOST_OFFERED = 3  # mistakes offered as "one of": more would be a guess
NO_ANSWER = b"\xff" * 8  # in a digest, where an answer's length would stand: none is so long
REMEMBERED = 10_000  # kinds of answers to an exercise: a few hundred bytes each


@dataclass(frozen=True)
class Findings:
    """What was found: the diagnoses, and the exercises that fail by themselves (not only by an earlier one)."""

    diagnoses: tuple[Diagnosis, ...] = ()
    failing: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    """for each failing exercise in which nothing was found, what it did: see `behaviour`"""


class Diagnoser:
    """The mistakes of one assignment, ready to be held against transcripts of its suite's plan."""

    def __init__(self, assignment: Assignment, source: str, plan: Plan, store: Store | None = None) -> None:
        """`store` may hold what an earlier run has computed."""
        self._assignment = assignment
        self.mistakes: list[Mistake] = load_mistakes(assignment)
        self.variants = variants(self.mistakes)
        self.sessions = sessions(plan)
        self._uses: dict[str, set[str]] = {}  # of exercises that are asked through the harness
        for session in self.sessions:
            self._uses.setdefault(session.exercise, {session.exercise}).update(session.uses)
        self._references = References(assignment.name, source, store, assignment.harness_source, self._uses)
        self._effects = Effects(self.sessions, self._references.of)
        self._found: dict[tuple[str, Edits, bytes], Explained | None] = {}

    def examine(self, transcript: Transcript) -> Findings:
        """What explains this transcript, exercise by exercise; no diagnosis where nothing fits.

        Raises CourseError when a mistake cannot be made.
        """
        found: list[Diagnosis] = []
        failing: list[str] = []
        unexplained: list[str] = []
        before: Edits = ()
        for exercise in self._assignment.exercises:
            base = tuple(variant for variant in before if self._references.matters(variant, exercise))
            explained = self._explained(exercise, base, transcript)
            if explained is None:
                continue
            failing.append(exercise)
            if not explained:
                answers = _answers(self.sessions, exercise, transcript)
                unexplained.append(behaviour(exercise, self.sessions, answers))
            for ways, certainty in explained:
                found += [
                    Diagnosis(mistake.id, mistake.title, mistake.hint, (place,), certainty)
                    for mistake, place in _mistakes(ways).items()
                ]
                if certainty != "one of":
                    before = (*before, *ways[0])
        return Findings(tuple(_merged(found)), tuple(failing), tuple(unexplained))

    def _explained(self, exercise: str, base: Edits, transcript: Transcript) -> Explained | None:
        """What explains the answers to one exercise; None where there is nothing to explain.

        `base` are the mistakes found in earlier exercises that this one uses.
        """
        key = (exercise, base, _digest(self.sessions, exercise, transcript))
        if key not in self._found:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            asked = _Asked(self.sessions, exercise, transcript, self._references.of(()))
            nothing = not asked.wrong or asked.unwritten
            # What was found in earlier exercises may explain this one as well.
            nothing = nothing or bool(base and asked.fits_all(self._references.tried(base)))
            self._found[key] = None if nothing else self._explain(asked, base)
        return self._found[key]

    def _explain(self, asked: _Asked, base: Edits) -> Explained:
        """One mistake beyond those of earlier exercises (`base`), then one alone, then a lost dtype, then two."""
        # What is wrong in one function may show only in another, where a harness asks the two together.
        uses = self._uses.get(asked.exercise, {asked.exercise})
        mine = [variant for variant in self.variants if variant.exercise in uses]
        for before in dict.fromkeys((base, ())):
            single: list[Edits] = [
                (variant,)
                for variant in mine
                if variant not in before and asked.fits_all(self._references.tried((*before, variant)))
            ]
            if single:
                return self._settle(_strictest(single))
        dtype = asked.made_in()
        if dtype:
            named: list[Edits] = [(variant,) for variant in mine if variant.mistake.makes == dtype]
            carried = any(variant.mistake.makes == dtype for variant in base)
            return [(named[:1], "exact")] if named and not carried else []
        if asked.says_nothing:
            return []
        growth = Growth(self._effects, self._references.tried, asked, mine, base)
        return self._settle_sets(_strictest(growth.explanations()))

    def _settle(self, ways: list[Edits]) -> Explained:
        ids = {mistake.id for mistake in _mistakes(ways)}
        twins = {twin for mistake in _mistakes(ways) for twin in mistake.twins}
        if len(ids) == 1 or ids <= twins:
            return [(ways[:1], "exact")]
        return [(ways, "one of")] if len(ids) <= MOST_OFFERED else []

    def _settle_sets(self, sets: list[Edits]) -> Explained:
        """What the sets that fit have in common; beside it, where one mistake more is in each, one of those."""
        ids = {frozenset(variant.mistake.id for variant in edits) for edits in sets}
        if not ids:
            return []
        certainty = "pair" if max(map(len, ids)) <= 2 else "several"
        shared = frozenset.intersection(*ids)
        common = tuple(variant for variant in sets[0] if variant.mistake.id in shared)
        settled: Explained = [([common], certainty)] if common else []
        left = frozenset().union(*ids) - shared
        if 1 < len(left) <= MOST_OFFERED and all(len(one - shared) == 1 for one in ids):
            others = dict.fromkeys(
                variant for edits in sets for variant in edits if variant.mistake.id in left
            )
            settled.append(([(variant,) for variant in others], "one of"))
        return settled


class _Asked:
    """What one submission answered in the sessions of one exercise whose answers are all known."""

    def __init__(
        self, sessions: Sequence[Session], exercise: str, transcript: Transcript, reference: Edited
    ) -> None:
        self.exercise, self._reference = exercise, reference
        self._sessions = sessions
        self._answers = _answers(sessions, exercise, transcript)
        self.numbers = list(self._answers)
        self.wrong = [number for number in self.numbers if not self.fits(reference, number)]
        # The smallest wrong ones rule most mistakes out (session numbers are in order of size).
        first = self.wrong[:2]
        self._order = [*first, *[number for number in self.numbers if number not in first]]

    def answers(self, number: int) -> Answers:
        """The answers to each batch of a session."""
        return self._answers[number]

    @property
    def unwritten(self) -> bool:
        """Whether the exercise is still as it was handed out, or is not there at all."""
        # What comes after the first batch of a session asks an object that could not be made.
        lasts = [self.answers(number)[0][-1:] for number in self.numbers]
        return all(
            last and isinstance(last[0], ops.Raised) and last[0].kind in ("NotImplementedError", "Missing")
            for last in lasts
        )

    @property
    def says_nothing(self) -> bool:
        """Whether every answer is the same number everywhere, whatever came in."""
        return all(map(says_nothing, self._answers.values()))

    def made_in(self) -> str:
        """The dtype in which the code makes arrays whatever its input has, if that alone is wrong; else ""."""
        return dtypes.made_in(
            (
                self._sessions[number],
                self._answers[number],
                self._reference.answers(number, self._sessions[number]),
            )
            for number in self.numbers
        )

    def fits(self, edited: Edited, number: int) -> bool:
        """Whether an edited reference answers one session as the submission did."""
        return edited.fits(number, self._sessions[number], self.answers(number))

    def fits_all(self, edited: Edited | None) -> bool:
        """Whether an edited reference answers everywhere as the submission did; None does not."""
        if edited is None or not all(self.fits(edited, number) for number in self._order):
            return False
        return not edited.drawn or self._draws_like(edited)

    def misfit(self, edited: Edited | None) -> int | None:
        """A session that an edited reference answers otherwise than the submission did; None when there is none.

        -1 when it cannot be made, or when only what is drawn at random tells that it is something else.
        """
        if edited is None:
            return -1
        for number in self._order:
            if not self.fits(edited, number):
                return number
        return None if not edited.drawn or self._draws_like(edited) else -1

    def _draws_like(self, edited: Edited) -> bool:
        """Whether the numbers that are not compared, because they are drawn, are seen to be drawn.

        They are wrong wherever they are, and others when asked for again; where nothing is asked for again,
        they must be the very same.
        """
        again = False
        for number in self.numbers:
            session, got = self._sessions[number], self.answers(number)
            right = self._reference.answers(number, session)
            for batch in edited.draws(number, session):
                if same_answers(got[batch], right[batch], session.weighed[batch]):
                    return False
            again = again or edited.draws_anew(number, session)
        return again or all(
            edited.fits(number, self._sessions[number], self.answers(number), exactly=True)
            for number in self.numbers
        )


def _answers(sessions: Sequence[Session], exercise: str, transcript: Transcript) -> dict[int, Answers]:
    """The answers to those sessions of one exercise that are all known, by the sessions' numbers."""
    answers: dict[int, Answers] = {}
    for number, session in enumerate(sessions):
        if session.exercise == exercise and all(position in transcript for position in session.positions):
            with contextlib.suppress(wire.WireError):  # no answer, as the test that asked was told
                answers[number] = [
                    wire.decode_answers(transcript[position]) for position in session.positions
                ]
    return answers


def _digest(sessions: Sequence[Session], exercise: str, transcript: Transcript) -> bytes:
    """A digest of the answers to one exercise, the same for the same answers only."""
    whole = hashlib.sha256()
    for session in sessions:
        for position in session.positions if session.exercise == exercise else ():
            data = transcript.get(position)
            whole.update(NO_ANSWER if data is None else len(data).to_bytes(8, "little") + data)
    return whole.digest()


def _strictest(ways: list[Edits]) -> list[Edits]:
    """Without those of which fewer numbers were compared, if others fit as well."""
    compared = [way for way in ways if not any(variant.mistake.drawn for variant in way)]
    return compared or ways


def _mistakes(ways: Iterable[Edits]) -> dict[Mistake, str]:
    """The mistakes of some ways, each once, in order, and the exercise that each is made in."""
    return {variant.mistake: variant.exercise for way in ways for variant in way}


def _merged(found: Sequence[Diagnosis]) -> list[Diagnosis]:
    """One diagnosis for one mistake made in several exercises with the same certainty."""
    merged: dict[tuple[str, str], Diagnosis] = {}
    for one in found:
        key = (one.id, one.certainty)
        functions = merged[key].functions if key in merged else ()
        merged[key] = Diagnosis(one.id, one.title, one.hint, (*functions, *one.functions), one.certainty)
    return list(merged.values())
