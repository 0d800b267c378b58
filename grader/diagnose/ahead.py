"""What the reference and each mistake alone answer, computed before a submission asks for it.

All of it depends on suite and engine alone: no submission is near. The store that the answers are kept in is the one in
which a `Diagnoser` of the same suite and engine looks for them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from grader.assignments import Assignment
from grader.diagnose.counterexample import Counterexamples
from grader.diagnose.edited import OTHER_DRAWS, References
from grader.diagnose.match import sessions
from grader.diagnose.mistakes import Variant, load_mistakes, variants
from grader.diagnose.questions import used
from grader.diagnose.stored import Store
from grader.diagnose.without_table import WithoutTable
from grader.errors import CourseError
from grader.subject.harness import Harness
from grader.subject.plan import Plan

FIRST = 4  # questions of an exercise, the smallest, that edits made by operators are asked: most are ruled out by these


class Ahead:
    """The answers of one assignment that can be computed ahead."""

    def __init__(
        self, assignment: Assignment, source: str, plan: Plan, store: Store, harness: Harness | None = None
    ) -> None:
        """Raises CourseError when the table of mistakes is at fault."""
        self._sessions = sessions(plan)
        self._uses = used(self._sessions)
        self._references = References(assignment.name, source, store, assignment.harness_source, self._uses)
        self._table = variants(load_mistakes(assignment))
        self._without_table = WithoutTable(source, self._references, assignment.exercises, self._uses)
        self._operators = assignment.operators or not self._table
        self._examples = Counterexamples(assignment, source, harness, store)

    def compute(self, part: int = 0, parts: int = 1) -> None:
        """Compute the answers, or of several `parts` one: each program is compiled in one part alone.

        Raises CourseError when a mistake cannot be made, or the reference cannot be asked about an example.
        """
        for exercise in self._uses if part == 0 else ():
            self._examples.questions(exercise)
        for number, session in enumerate(self._sessions):
            self._references.of(()).answers(number, session)
        for place, (variant, numbers) in enumerate(self._questions()):
            if place % parts == part:
                self._answer(variant, numbers)

    def _questions(self) -> Iterator[tuple[Variant, list[int]]]:
        """Each mistake, and the questions that it may be asked."""
        by_exercise = {exercise: self._numbers(exercise) for exercise in self._uses}
        for variant in self._table:
            questions = [
                number
                for exercise, numbers in by_exercise.items()
                if variant.exercise in self._uses[exercise]
                for number in numbers
            ]
            yield variant, questions
        for exercise, numbers in by_exercise.items() if self._operators else ():
            yield from ((variant, numbers[:FIRST]) for variant in self._without_table.variants(exercise))

    def _numbers(self, exercise: str) -> list[int]:
        return [number for number, session in enumerate(self._sessions) if session.exercise == exercise]

    def _answer(self, variant: Variant, numbers: list[int]) -> None:
        draws = (0, OTHER_DRAWS) if variant.mistake.drawn else (0,)
        # What operators make may be no program.
        with contextlib.suppress(CourseError) if variant.mistake.is_made else contextlib.nullcontext():
            edited = self._references.of((variant,))
            for number in numbers:
                for draw in draws:
                    edited.answers(number, self._sessions[number], draw)
