"""What the formats share: options, a test with its cases together, one student where a format has room for one.

It knows no format, and must not import one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import UsageError
from grader.records import Result, TestResult
from grader.run.store import GradedClass
from grader.text import clean


def _say_nothing(text: str) -> None:
    """The default for what nobody wants to hear."""


@dataclass(frozen=True)
class ExportOptions:
    """What `grader export` was asked for. `to` is None for standard output; `url` is the same as it was typed, for
    a format that writes to a database.

    `say` is told what a person should know; `incomplete` what is missing in what was written.
    """

    to: Path | None = None
    leave_out: tuple[str, ...] = ()
    student: str = ""
    roster: Path | None = None
    column: str = ""
    url: str = ""
    say: Callable[[str], None] = field(default=_say_nothing, compare=False)
    incomplete: Callable[[str], None] = field(default=_say_nothing, compare=False)


@dataclass(frozen=True)
class Test:
    """A hidden test with all its cases: what students are told about it, and its points."""

    __test__ = False  # not a pytest class

    name: str
    sentence: str
    group: str
    points: float
    max_points: float
    passed: bool
    message: str
    cases: tuple[TestResult, ...]


def tests(result: Result) -> list[Test]:
    """The tests of a result in their order, the cases of a parametrised test together."""
    cases: dict[str, list[TestResult]] = {}
    for test in result.tests:
        cases.setdefault(test.name.partition("[")[0], []).append(test)
    return [
        Test(
            name=name,
            sentence=clean(members[0].sentence, 300) or name,
            group=members[0].group,
            points=rounded(sum(case.points for case in members)),
            max_points=rounded(sum(case.max_points for case in members)),
            passed=all(case.outcome == "passed" for case in members),
            message=next((clean(case.message, 900) for case in members if case.outcome != "passed"), ""),
            cases=tuple(members),
        )
        for name, members in cases.items()
    ]


def rounded(value: float) -> float:
    """Points without the rubbish of binary fractions."""
    return round(value, 6) + 0.0


def score(result: Result) -> float:
    """The score of a result that has one, as every result does that reaches a format."""
    if result.score is None:
        raise UsageError(
            f"{clean(result.student, 60)} has no score.", next_step="Grade again: grader grade …"
        )
    return rounded(result.score)


def scaled(result: Result, most: float) -> float:
    """The score of a result, where `most` are full marks: another version of the tests may have had other points."""
    return rounded(score(result) * most / result.max_score) if result.max_score else score(result)


def only_result(graded: GradedClass, format_name: str) -> Result:
    """The one student of a class of one; UsageError where a format holds one and there are more, or none."""
    if len(graded.results) == 1:
        return graded.results[0]
    if not graded.results:
        raise UsageError(f"{graded.path} holds no one to export.")
    raise UsageError(
        f"{format_name} is about one submission, and {graded.path} holds {len(graded.results)}.",
        next_step="Name one: --student NAME",
    )
