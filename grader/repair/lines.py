"""From what was found about a submission to the lines where one change is enough: the way in to the search."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Collection, Sequence
from dataclasses import replace

from grader.assignments import Assignment
from grader.diagnose.counterexample import Counterexamples
from grader.diagnose.mistakes import Variant
from grader.diagnose.search import Findings
from grader.operators.bindings import in_function
from grader.records import Chunk, PassedOver, Repair, Result, StudentSource, TestResult
from grader.repair.lanes import Lanes
from grader.repair.memory import Memory
from grader.repair.order import Hints, head, telling
from grader.repair.program import Place, Program
from grader.repair.search import GoesOn, Prove, Search, Target
from grader.repair.transfer import in_reference
from grader.repair.trials import Trials
from grader.subject.keeper import Keeper
from grader.subject.loading import Loading
from grader.subject.plan import used


class Lines:
    """What the search needs of one assignment: its examples, its mistakes, and the words of its reference."""

    def __init__(
        self,
        assignment: Assignment,
        reference: str,
        counterexamples: Counterexamples,
        mistakes: Sequence[Variant],
        unplanned: Keeper,
        budget: int,
    ) -> None:
        """`unplanned` is the keeper of a warm process without the plan; `budget` is the number of changes to try."""
        self._counterexamples, self._mistakes = counterexamples, mistakes
        self._unplanned, self._call_seconds = unplanned, assignment.limits.call_seconds
        self.budget = budget
        self._text = reference
        self._reference = Program(StudentSource(assignment.name, (Chunk(reference),)))
        # Of what was looked at last, which may be looked at twice:
        self._program, self._memory = self._reference, Memory()
        self._tests: Sequence[TestResult] = ()

    def find(
        self,
        result: Result,
        source: StudentSource,
        loading: Loading,
        findings: Findings,
        prove: Prove,
        goes_on: GoesOn,
    ) -> tuple[Repair, ...]:
        """The lines of a graded submission that loses points in exercises that fail by themselves.

        A program of which a statement hung or ended its process is not looked at: each child would pay for it again.
        Nor is an exercise that uses a module which is not there (the cause is where it is imported), or that has a gap
        still to be filled: a change that goes around either may gain a point, and leads astray.

        Where several mistakes at once were left out so far, one line that gives everything back is looked for. What
        changes gained there is remembered when it is looked for again.
        """
        if not self.budget or result.status != "graded" or loading.lost or loading.bare:
            return ()
        program = self._program_of(source, result.tests)
        failing = findings.failing[:1] if findings.left_out else findings.failing
        lanes = Lanes(self._unplanned, source, self._call_seconds, loading)
        with contextlib.closing(Trials(lanes)) as trials:
            targets = []
            for exercise in failing:
                if not _is_finished(program.reach((exercise,)), result):
                    continue
                lanes.begin()  # they load the submission while the reference is asked
                if (target := self._target(exercise, program, result, findings.made)) is not None:
                    targets.append(target)
            search = Search(
                *(program, result.tests, trials, prove, self.budget, goes_on),
                whole=findings.left_out,
                memory=self._memory,
            )
            return tuple(self._turned_round(repair, program) for repair in search.repairs(targets))

    def _program_of(self, source: StudentSource, tests: Sequence[TestResult]) -> Program:
        """The program of a submission; what was found out of it is forgotten where the results are others."""
        if self._program.source != source:
            self._program, self._tests = Program(source), ()
        if self._tests is not tests:
            self._tests, self._memory = tests, Memory()
        return self._program

    def _target(
        self, exercise: str, program: Program, result: Result, made: Sequence[Variant]
    ) -> Target | None:
        """An exercise with what speaks for one change or another; None where what it uses is not finished."""
        questions = self._counterexamples.questions(exercise)
        names = tuple(dict.fromkeys(name for question, _ in questions for name in used(question.batch)))
        reached = program.reach((exercise, *names))
        if not _is_finished(reached, result):
            return None
        model = self._reference.reach((exercise, *names))
        hints = Hints.of(
            self._changes(result, made, exercise),
            _words(model) - _words(reached),
            _lines(result),
            [head(place) for place in model],
        )
        return Target(exercise, questions, hints, names)

    def _turned_round(self, repair: Repair, program: Program) -> Repair:
        """The repair with its change as an edit of the reference, where that can be."""
        for place in program.places:
            function = place.scope.function
            last = function.end_lineno or function.lineno
            if place.file.label == repair.label and function.lineno <= repair.line <= last:
                owner = f"{place.name}." if place.scope.owner is not None else ""
                at = f"{owner}{function.name}"
                edit = in_reference(self._text, at, function, repair.side("+"), repair.side("-"))
                return replace(repair, edit=(at, *edit)) if edit else repair
        return repair

    def _changes(self, result: Result, made: Sequence[Variant], exercise: str) -> list[tuple[str, str]]:
        """The changes that make the mistakes named in an exercise out of the reference."""
        named = {diagnosis.id for diagnosis in result.diagnoses if exercise in diagnosis.functions}
        return [
            change
            for variant in (*self._mistakes, *made)
            if variant.mistake.id in named and variant.exercise == exercise
            for change in variant.changes
        ]


def _is_finished(places: Sequence[Place], result: Result) -> bool:
    return not _lack_an_import(places, result.passed_over) and not any(map(_has_a_gap, places))


def _lack_an_import(places: Sequence[Place], passed_over: Sequence[PassedOver]) -> bool:
    """Whether some functions read a name that an import of what is not there would have brought."""
    missing = {name for statement in passed_over if statement.kind == "module" for name in statement.names}
    return any(_reads(place.scope.function, missing) for place in places) if missing else False


def _reads(function: ast.AST, names: Collection[str]) -> bool:
    """Whether a function reads one of these names from outside."""
    outside = {*names} - in_function(function)
    return any(isinstance(node, ast.Name) and node.id in outside for node in ast.walk(function))


def _has_a_gap(place: Place) -> bool:
    """Whether `...` stands for a value that is still to be written."""
    return any(
        isinstance(node, (ast.Assign, ast.AnnAssign, ast.Return))
        and isinstance(node.value, ast.Constant)
        and node.value.value is ...
        for node in ast.walk(place.scope.function)
    )


def _words(places: Sequence[Place]) -> frozenset[str]:
    return frozenset(word for place in places for word in telling(place.file.text.of(place.scope.function)))


def _lines(result: Result) -> set[tuple[str, int]]:
    """The lines that messages speak of."""
    problems = [test.problem for test in result.lost]
    problems += [example.explanation for example in result.counterexamples]
    return {(problem.label, problem.number) for problem in problems if problem is not None and problem.number}
