"""What an instructor decides beside the grader: `adjustments.toml`, beside results.json, never written while grading.

    [tests.test_outputs_are_time_aligned]
    give = "all"                    # everybody gets its points; "drop": it counts for nobody
    reason = "the sentence was ambiguous"

    [students.s001]
    score = 35.0                    # in the place of the grader's; or add = 2.0, or times = 0.9
    comment = "oral exam"

    [students.s002]
    excused = true                  # no score
    more_time = 2.0                 # limits times this, from the next grading on

`report` and every export apply it (adjusted.py) to the results as the grader wrote them, and show each
change as what it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.errors import CourseError
from grader.records import Submission
from grader.text import clean, counted, listed, near
from grader.toml_table import Table, read

FILE = "adjustments.toml"
ALL, DROP = "all", "drop"
MOST_TIME = 100.0  # times the limits


@dataclass(frozen=True)
class TestAdjustment:
    """A test of which everybody gets the points (`give` is "all"), or which counts for nobody ("drop")."""

    __test__ = False  # not a pytest class

    name: str
    give: str
    reason: str = ""


@dataclass(frozen=True)
class StudentAdjustment:
    """What is decided about one student. `score` is None where the grader's stands."""

    student: str
    score: float | None = None
    times: float = 1.0
    add: float = 0.0
    excused: bool = False
    more_time: float = 1.0
    reason: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Adjustments:
    """adjustments.toml as data; empty where there is none."""

    path: Path
    tests: tuple[TestAdjustment, ...] = ()
    students: Mapping[str, StudentAdjustment] = field(default_factory=dict)

    @property
    def names(self) -> str:
        """How many students and tests there are entries for, in words; "" for none."""
        counts = ((len(self.students), "student"), (len(self.tests), "test"))
        return listed(counted(count, name) for count, name in counts if count)

    def with_time(self, submissions: Iterable[Submission]) -> list[Submission]:
        """The submissions, each with what the limits are multiplied by for its student."""
        return [self._with_time(submission) for submission in submissions]

    def _with_time(self, submission: Submission) -> Submission:
        if submission.student not in self.students:
            return submission
        other = self._with_time(submission.other) if submission.other is not None else None
        return replace(submission, more_time=self.students[submission.student].more_time, other=other)

    def refuse_unknown_students(self, students: Collection[str]) -> None:
        """Raise CourseError for a student who is none of `known`."""
        for student in self.students:
            if student not in students:
                raise CourseError(
                    f"{self.path}: [students.{key(student)}] is about nobody: there is no student"
                    f" {clean(student, 60)!r}.",
                    next_step=f"{near(student, sorted(students))}\nCorrect the name, or take the entry out.",
                )


def load(folder: Path) -> Adjustments:
    """Read adjustments.toml in a folder of results. Raises CourseError where it is not as it must be.

    load(Path("results/birnn")).more_time("s002")
    """
    path = folder / FILE
    if not path.exists():
        return Adjustments(path)
    table = Table(path, "", read(path))
    tests, students = table.table("tests", {}), table.table("students", {})
    table.nothing_left()
    return Adjustments(
        path,
        tuple(_test(name, tests.table(name)) for name in tests.values),
        {student: _student(student, students.table(student)) for student in students.values},
    )


def _test(name: str, table: Table) -> TestAdjustment:
    give = table.take("give", "")
    drop = table.flag("drop")
    if (give not in ("", ALL, DROP)) or (drop and give == ALL) or not (give or drop):
        raise table.wrong("give", '"all" (everybody gets its points) or "drop" (it counts for nobody)')
    entry = TestAdjustment(name, DROP if drop else give, table.optional_text("reason"))
    table.nothing_left()
    return entry


def _student(student: str, table: Table) -> StudentAdjustment:
    score = table.number("score", 0.0) if "score" in table.values else None
    table.asked.append("score")
    entry = StudentAdjustment(
        student,
        score,
        times=table.number("times", 1.0),
        add=table.number("add", 0.0),
        excused=table.flag("excused"),
        more_time=table.positive("more_time", 1.0),
        reason=table.optional_text("reason"),
        comment=table.optional_text("comment"),
    )
    table.nothing_left()
    if (score is not None and score < 0) or entry.times < 0:
        raise table.wrong("score" if entry.times >= 0 else "times", "a number that is not below 0")
    if score is not None and not {"times", "add"}.isdisjoint(table.values):
        raise table.wrong(
            "score", "nothing beside `times` or `add`: it stands in the place of the grader's score"
        )
    if entry.excused and not {"score", "times", "add"}.isdisjoint(table.values):
        raise table.wrong("excused", "no score beside it: who is excused has none")
    if entry.more_time > MOST_TIME:
        raise table.wrong("more_time", f"at most {MOST_TIME:g} times the limits")
    return entry


def key(name: str) -> str:
    """A name as TOML writes it as a key."""
    quoted = clean(name, 80)
    return (
        quoted
        if quoted and all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in quoted)
        else repr(quoted)
    )
