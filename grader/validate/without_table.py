"""What is named when the table of mistakes is taken away: the reference's own edits against the author's words.

Every way of every mistake is graded without the table. It is found again if a sure name is given: then an edit of the
reference answers the whole suite as it does. Sets of edits take a hundred times as long as one: they are looked for in
one way of each mistake that no edit alone finds, and in every way of those that the sample class has. That class, where
a course has one, is graded so as well. A name there is true if the mistake that the sample's expectation names has it
too, when that is made alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.assignments import Assignment, Course
from grader.diagnose.mistakes import apply, load_mistakes
from grader.records import Result, Submission
from grader.submissions import read_submissions
from grader.validate.proofs import Proof, submission
from grader.validate.single import names_of, variants_by_label

Name = tuple[str, str]  # the id of a mistake, and an exercise
SURE = ("exact", "pair", "several")


@dataclass(frozen=True)
class FoundShares:
    """How much is found again of a table that was taken away, and how much of a sample class is truly named."""

    ways: int
    ways_again: int
    mistakes: int  # of the table, each counted once in each exercise
    lost: tuple[Name, ...]  # those of which no way is found again
    honest: int = 0  # submissions of the sample class in which the table names something
    truly: int = 0
    missed: tuple[str, ...] = ()

    @property
    def again(self) -> int:
        """The mistakes of which a way is found again."""
        return self.mistakes - len(self.lost)

    def remarks(self) -> list[str]:
        """What is printed."""
        lines = [
            f"without its table: {self.again} of {self.mistakes} mistakes are found again"
            f" ({_percent(self.again, self.mistakes)}), {self.ways_again} of {self.ways} ways of them"
        ]
        if self.lost:
            lines.append("not found again: " + ", ".join(f"{id} in {where}" for id, where in self.lost))
        if self.honest:
            lines.append(
                f"without its table: {self.truly} of {self.honest} submissions of the sample class with a named mistake"
                f" are truly named ({_percent(self.truly, self.honest)})"
            )
        if self.missed:
            lines.append("not truly named: " + ", ".join(self.missed))
        return lines


class TablelessClaims:
    """The programs to grade without the table, and what comes of them. Raises CourseError as `Mistakes` does."""

    def __init__(self, course: Course, assignment: Assignment, reference: str) -> None:
        self._assignment = assignment
        self._mistakes = load_mistakes(assignment)
        self._variants = variants_by_label(self._mistakes)
        self._expected: dict[str, list[str]] = {}
        self.ways: list[Submission] = [
            submission(label, apply(reference, [variant])) for label, variant in self._variants.items()
        ]
        self.samples: list[Submission] = []
        folder = course.root / "tests" / "sample_class" / assignment.name
        for student in read_submissions(folder, assignment.name) if folder.is_dir() else ():
            named = _expected(folder / student.student)
            if named and not student.problem:
                self._expected[student.student] = named
                self.samples.append(student)

    def open_ways(self, results: Sequence[Result]) -> list[Submission]:
        """The ways in which sets of edits are looked for, from the results of `ways` with one edit alone."""
        found_again: set[Name] = set()
        for variant, result in zip(self._variants.values(), results, strict=True):
            ids = names_of(variant.mistake, self._mistakes) if _names(result) else ()
            found_again.update((id, variant.exercise) for id in ids)
        expected = {id for several in self._expected.values() for id in several}
        still_open: list[Submission] = []
        for program, variant, result in zip(self.ways, self._variants.values(), results, strict=True):
            name = (variant.mistake.id, variant.exercise)
            if not _names(result) and (
                name not in found_again or expected & {*names_of(variant.mistake, self._mistakes)}
            ):
                still_open.append(program)
                found_again.add(name)
        return still_open

    def found(self, alone: Sequence[Result], samples: Sequence[Result]) -> FoundShares:
        """The figures, from the results of `ways`, each graded alone, and of `samples`, in their order."""
        names: dict[Name, set[Name]] = {}  # what each mistake of the table is called without it
        again = 0
        for variant, result in zip(self._variants.values(), alone, strict=True):
            named = _names(result)
            again += bool(named)
            for id in names_of(variant.mistake, self._mistakes):
                names.setdefault((id, variant.exercise), set()).update(named)
        table = dict.fromkeys((variant.mistake.id, variant.exercise) for variant in self._variants.values())
        missed = []
        for student, result in zip(self._expected, samples, strict=True):
            if not self._is_true(_names(result), self._expected[student], names):
                missed.append(student)
        return FoundShares(
            ways=len(self._variants),
            ways_again=again,
            mistakes=len(table),
            lost=tuple(name for name in table if not names.get(name)),
            honest=len(self._expected),
            truly=len(self._expected) - len(missed),
            missed=tuple(missed),
        )

    def _is_true(self, named: set[Name], expected: Sequence[str], names: Mapping[Name, set[Name]]) -> bool:
        """Whether each name is one of an expected mistake's, and at least one is given."""
        allowed = {name for (id, _), several in names.items() if id in expected for name in several}
        return bool(named) and named <= allowed

    def proof(self, alone: Sequence[Result], samples: Sequence[Result]) -> Proof:
        """The claim that mistakes are named without the table, with the figures as remarks."""
        figures = self.found(alone, samples)
        problems = () if figures.ways_again else ("without its table nothing at all is named",)
        claim = "mistakes are named from the reference alone"
        return Proof(self._assignment.name, claim, figures.ways, problems, tuple(figures.remarks()))


def _names(result: Result) -> set[Name]:
    return {
        (diagnosis.id, place)
        for diagnosis in result.diagnoses
        if diagnosis.certainty in SURE
        for place in diagnosis.functions
    }


def _expected(folder: Path) -> list[str]:
    """The ids that a sample's expectation names, sure or offered; those that are seen in a part or a call left out."""
    file = folder / "expected.json"
    if not file.is_file():
        return []
    diagnoses = json.loads(file.read_text(encoding="utf-8")).get("diagnoses", [])
    return [
        id
        for id, _, how in (text.partition(" ") for text in diagnoses)
        if how.strip("()") in ("", *SURE, "one of")
    ]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.0f} %"
