"""Finds the mistakes that explain a submission: edited references that answer everywhere as the student's code did.

Everything is replayed in this process on references edited by mistakes.py; nothing here runs student code, and
nothing here looks at a clock: the same transcript gets the same findings on every machine. What was found for the
answers to one exercise is remembered: in a class, many hand in the same thing.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from grader.assignments import Assignment
from grader.diagnose import dtypes, repeated, scopes
from grader.diagnose.behaviour import behaviour
from grader.diagnose.edited import Edits, References
from grader.diagnose.effects import Effects
from grader.diagnose.evidence import Evidence, Transcript, digest, known_answers
from grader.diagnose.explanations import (
    MOST_OFFERED,
    Explained,
    Explanation,
    diagnoses,
    made_by_operators,
    mistakes_in,
    narrowed,
    offered_together,
    settled_alone,
    settled_together,
    strictest,
)
from grader.diagnose.garbage import seldom_collected
from grader.diagnose.match import sessions
from grader.diagnose.mistakes import Mistake, Variant, load_mistakes, variants
from grader.diagnose.opened import opened
from grader.diagnose.questions import used
from grader.diagnose.several import SearchForSets
from grader.diagnose.stored import Store
from grader.diagnose.unread import unread
from grader.diagnose.without_table import WithoutTable
from grader.records import Diagnosis
from grader.subject.plan import Plan

MOST_PARTS = 3  # parts for which sets of mistakes are looked for
ASKED_OF_A_PART = 200  # answers that are computed for that
REMEMBERED = 10_000  # kinds of answers to an exercise: a few hundred bytes each


@dataclass(frozen=True)
class Findings:
    """What was found: the diagnoses, and the exercises that fail by themselves (not only by an earlier one)."""

    diagnoses: tuple[Diagnosis, ...] = ()
    failing: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    """for each failing exercise in which nothing of the table was found, what it did: see `behaviour`"""
    made: tuple[Variant, ...] = ()
    """the edits among them that operators made: they are no part of `Diagnoser.variants`"""
    left_out: bool = False
    """whether several mistakes at once would still have to be looked for"""


class Diagnoser:
    """The mistakes of one assignment, ready to be held against transcripts of its suite's plan."""

    def __init__(
        self,
        assignment: Assignment,
        source: str,
        plan: Plan,
        store: Store | None = None,
        *,
        table: bool = True,
        several: bool = True,
    ) -> None:
        """`store` may hold what an earlier run has computed. Without `table`, nothing is known of mistakes.py.

        Of what no table lists, `several` at once are looked for, or one alone.
        """
        self._assignment, self._source = assignment, source
        self.mistakes: list[Mistake] = load_mistakes(assignment) if table else []
        self.variants = variants(self.mistakes)
        self.sessions = sessions(plan)
        self._uses = used(self.sessions)
        self._references = References(assignment.name, source, store, assignment.harness_source, self._uses)
        opening = opened(self._references.source, self.variants)
        self._effects = Effects(self.sessions, self._references.of, opening)
        self._several = SearchForSets(self._effects, self._references.tried)
        self._without_table = WithoutTable(
            source, self._references, assignment.exercises, self._uses, together=several
        )
        self._explanations: dict[tuple[object, ...], Explained | None] = {}

    def forget(self) -> None:
        """Forget what was found: the next transcript is examined anew."""
        self._explanations = {}
        self._references.forget()

    def examine(
        self, transcript: Transcript, program: Sequence[str] = (), *, several: bool = True
    ) -> Findings:
        """What explains this transcript, exercise by exercise; no diagnosis where nothing fits.

        The texts of the `program` tell apart what answers alike. Unless `several`, each mistake alone is tried, and
        it is said whether more is left out. Raises CourseError when a mistake cannot be made.
        """
        with seldom_collected(), self._several.allowed(several):
            return self._examine(transcript, program)

    def _examine(self, transcript: Transcript, program: Sequence[str]) -> Findings:
        by_exercise: dict[str, Explained] = {}
        unexplained: list[str] = []
        for exercise in self._assignment.exercises:
            choices = tuple(self._choices(exercise, by_exercise))
            if choices and self._follows(exercise, transcript, by_exercise, choices):
                continue
            base = self._sure(exercise, by_exercise)
            explained = self._remembered_explanation(
                exercise, base, transcript, unread(program, exercise), choices
            )
            if explained is None:
                continue
            by_exercise[exercise] = explained
            if all(explanation.sets[0][0].mistake.is_made for explanation in explained):
                answers = known_answers(self.sessions, exercise, transcript)
                unexplained.append(behaviour(exercise, self.sessions, answers))
        explanations = itertools.chain.from_iterable(by_exercise.values())
        made = [variant for explained in by_exercise.values() for variant in made_by_operators(explained)]
        return Findings(
            *(tuple(diagnoses(explanations)), tuple(by_exercise), tuple(unexplained), tuple(made)),
            left_out=self._several.left_out,
        )

    def _sure(self, exercise: str, by_exercise: Mapping[str, Explained]) -> Edits:
        """The mistakes that are sure in earlier exercises and that matter in this one."""
        every = itertools.chain.from_iterable(by_exercise.values())
        sure = [explanation.sets[0] for explanation in every if explanation.is_sure]
        return tuple(
            variant for edits in sure for variant in edits if self._references.matters(variant, exercise)
        )

    def _choices(self, exercise: str, by_exercise: Mapping[str, Explained]) -> list[Edits]:
        """The mistakes that are offered in earlier exercises and matter in this one; see `offered_together`."""
        return offered_together(
            by_exercise.values(), lambda variant: self._references.matters(variant, exercise)
        )

    def _follows(
        self,
        exercise: str,
        transcript: Transcript,
        by_exercise: dict[str, Explained],
        choices: Sequence[Edits],
    ) -> bool:
        """Whether all that is wrong in an exercise follows from earlier ones with one of the `choices` offered there.

        Then those that do not explain it are offered no more. Where none does, nothing is changed: what is offered is
        a guess that explains nothing by itself.
        """
        evidence = Evidence(self.sessions, exercise, transcript, self._references.of(()))
        base = self._sure(exercise, by_exercise)
        if (
            not evidence.wrong
            or evidence.unwritten
            or (base and evidence.fits_all(self._references.tried(base)))
        ):
            return False
        fitting = [edits for edits in choices if evidence.fits_all(self._references.tried((*base, *edits)))]
        left = {variant for choice in fitting for variant in choice}
        by_exercise.update({earlier: narrowed(explained, left) for earlier, explained in by_exercise.items()})
        return bool(fitting)

    def _remembered_explanation(
        self,
        exercise: str,
        base: Edits,
        transcript: Transcript,
        never: frozenset[int],
        choices: tuple[Edits, ...],
    ) -> Explained | None:
        """What explains the answers to one exercise; None where there is nothing to explain.

        `base` are the mistakes found in earlier exercises that this one uses, `choices` what may stand beside them of
        those that are offered there, `never` the places of arguments that the program never reads.
        """
        key = (exercise, base, never, choices, digest(self.sessions, exercise, transcript))
        if key not in self._explanations:
            if len(self._explanations) >= REMEMBERED:
                self._explanations.clear()
            evidence = Evidence(self.sessions, exercise, transcript, self._references.of(()))
            nothing = not evidence.wrong or evidence.unwritten
            # What was found in earlier exercises may explain this one as well.
            nothing = nothing or bool(base and evidence.fits_all(self._references.tried(base)))
            explained = None if nothing else self._explain(evidence, base, never, choices)
            if self._several.left_out:  # it is found out next
                return explained
            self._explanations[key] = explained
        return self._explanations[key]

    def _explain(
        self, evidence: Evidence, base: Edits, never: frozenset[int], choices: Sequence[Edits]
    ) -> Explained:
        """One mistake beyond those of earlier exercises (`base`), then one alone, a lost dtype, several; a part."""
        # What is wrong in one function may show only in another, where a harness asks the two together.
        uses = self._uses.get(evidence.exercise, {evidence.exercise})
        own = [variant for variant in self.variants if variant.exercise in uses]
        for before in dict.fromkeys((base, ())):
            single: list[Edits] = [
                (variant,)
                for variant in own
                if variant not in before and evidence.fits_all(self._references.tried((*before, variant)))
            ]
            if single:
                single = self._possible(strictest(single), evidence.exercise, never)
                return settled_alone(self._in_draws(evidence, before, single))
        dtype = evidence.made_in()
        if dtype:
            named: list[Edits] = [(variant,) for variant in own if variant.mistake.makes == dtype]
            carried = any(variant.mistake.makes == dtype for variant in base)
            # A dtype that no input has may be no more than a word in an exception.
            is_visible = dtype in dtypes.OTHER and any(
                all(self.sessions[number].weighed) for number in evidence.wrong
            )
            if not named and is_visible:
                named = [(self._without_table.made_in(dtype, evidence.exercise),)]
            if named and not carried:
                return [Explanation(named[:1], "exact")]
            return [] if carried else self._beyond_the_table(evidence, base)
        if evidence.says_nothing:
            return self._beyond_the_table(evidence, base, ("nothing_back",))
        if beside := self._beside_offered(evidence, base, own, choices):
            return settled_alone(beside)
        sets = self._several.explanations(evidence, own, base)
        fitting = self._possible(strictest(sets), evidence.exercise, never)
        settled = settled_together(fitting, self._in_order)
        if not settled and repeated.change(self.sessions, evidence.numbers, evidence.answers, evidence.right):
            return [Explanation([(repeated.named(evidence.exercise),)], "seen")]
        settled = settled if settled or base else self._partly(evidence, own)
        return settled or self._beyond_the_table(evidence, base)

    def _beside_offered(
        self, evidence: Evidence, base: Edits, own: Sequence[Variant], choices: Sequence[Edits]
    ) -> list[Edits]:
        """The mistakes each of which explains everything beside one of those that earlier exercises offer."""
        beside: dict[Variant, None] = {}
        for choice in choices[:MOST_OFFERED]:
            before = (*base, *choice)
            for edits in self._several.explanations(evidence, own, before, ASKED_OF_A_PART):
                new = [variant for variant in edits if variant not in before]
                beside.update(dict.fromkeys(new) if len(new) == 1 else {})
        return [(variant,) for variant in beside]

    def _beyond_the_table(self, evidence: Evidence, base: Edits, kinds: Collection[str] = ()) -> Explained:
        """A mistake made by an operator, where the author has no table, or a small one that leaves it to operators.

        Beside a long table nothing of this is said: what the author has listed was tried on the suite and read, and a
        name that only happens to answer alike would stand beside it with the same right. Beside a small one numbers
        have to show it: exceptions alone are hit by chance.
        """
        if self.variants and not (self._assignment.operators and evidence.off):
            return []
        edits = self._without_table.explain(evidence, base, kinds)
        if edits or kinds:
            return [Explanation([edits], "exact")] if edits else []
        if evidence.left_open or not evidence.off or self._several.leaves_out():
            return []
        several = self._without_table.several(evidence, self._effects, base)
        return [Explanation([several], "pair" if len(several) < 3 else "several")] if several else []

    def _possible(self, sets: list[Edits], exercise: str, never: frozenset[int]) -> list[Edits]:
        """Without those that read an argument which the program never reads, if others are left."""
        if not never or len(sets) < 2:
            return sets
        texts = [self._references.source.whole(edits) for edits in sets]
        fitting = [candidate for candidate, text in zip(sets, texts) if never <= unread([text], exercise)]
        return fitting or sets

    def _in_draws(self, evidence: Evidence, before: Edits, sets: list[Edits]) -> list[Edits]:
        """Of several mistakes those that agree in random numbers as well, if some do."""
        if len(mistakes_in(sets)) < 2:
            return sets
        fitting = [
            edits for edits in sets if evidence.fits_in_draws(self._references.tried((*before, *edits)))
        ]
        return fitting or sets

    def _partly(self, evidence: Evidence, candidates: Sequence[Variant]) -> Explained:
        """The mistake that explains every question of a part, the largest such part; else the mistakes that do so.

        Nothing where several explanations do.
        """
        own_sessions = {number: self.sessions[number] for number in evidence.numbers}
        parts = {
            scope: part
            for scope, numbers in scopes.scopes(
                scopes.signature(self._source, evidence.exercise), own_sessions
            ).items()
            if len((part := evidence.part(numbers)).off) >= scopes.LEAST
        }
        compared = [variant for variant in candidates if not variant.mistake.drawn]
        for scope, part in list(parts.items()):
            fitting: list[Edits] = [
                (variant,) for variant in compared if part.fits_all(self._references.of((variant,)))
            ]
            settled = settled_alone(fitting) if fitting else []
            if settled and settled[0].certainty == "exact":
                return [Explanation(settled[0].sets, "partly", scope)]
            if fitting:
                del parts[scope]
        for scope, part in itertools.islice(parts.items(), MOST_PARTS):
            sets = self._several.explanations(part, compared, most=ASKED_OF_A_PART)
            if len({frozenset(mistakes_in([edits])) for edits in sets}) == 1:
                return [Explanation([self._in_order(sets[0])], "partly", scope)]
        return []

    def _in_order(self, edits: Edits) -> Edits:
        """A set in the order of the table, which is the author's: not in that in which its mistakes were found."""
        return tuple(variant for variant in self.variants if variant in edits)
