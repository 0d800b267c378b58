"""The results of a class after the instructor's adjustments, and the sentences that say what was changed.

Tests come first, then what concerns a student: `times`, then `add`, or `score` alone. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from grader.adjustments import DROP, Adjustments, StudentAdjustment, TestAdjustment, key
from grader.errors import CourseError
from grader.lazy_sequences import each
from grader.records import Result
from grader.text import clean, counted, near, points


@dataclass(frozen=True)
class AdjustedClass:
    """A class after the adjustments: its results, the points there are, and the sentences for the class page.

    `dropped` are the points by group that count for nobody.
    """

    results: Sequence[Result]
    max_score: float
    sentences: tuple[str, ...] = ()
    dropped: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class _Test:
    """A test of the suite with its cases together."""

    sentence: str
    group: str
    points: float


def apply(
    adjustments: Adjustments, results: Sequence[Result], max_score: float, others: Iterable[Result] = ()
) -> AdjustedClass:
    """The results after the adjustments; `max_score` is the grader's.

    Raises CourseError for a student or a test that is neither in `results` nor in `others`, who were judged elsewhere.
    """
    if not (adjustments.tests or adjustments.students):
        return AdjustedClass(results, max_score)
    others = tuple(others)
    adjustments.refuse_unknown_students({result.student for result in chain(results, others)})
    suite = _suite(chain(results, others))
    for entry in adjustments.tests:
        if entry.name not in suite:
            names = [name for name in suite if "[" in entry.name or "[" not in name]
            raise CourseError(
                f"{adjustments.path}: [tests.{key(entry.name)}] is about no test that these results hold.",
                next_step=f"{near(entry.name, sorted(names))}\nThe class page (grader report) names all tests.",
            )
        if entry.name != _without_case(entry.name) and _without_case(entry.name) in {
            adjustment.name for adjustment in adjustments.tests
        }:
            raise CourseError(
                f"{adjustments.path}: [tests.{key(entry.name)}] is a case of {_without_case(entry.name)},"
                " which has an entry of its own.",
                next_step="Keep one of the two: that of the test holds for all its cases.",
            )
    dropped: dict[str, float] = {}
    for entry in adjustments.tests:
        if entry.give == DROP:
            test = suite[entry.name]
            dropped[test.group] = dropped.get(test.group, 0.0) + test.points
    sentences = [
        f"{entry.name}: {_sentence_of_test(entry, suite[entry.name])}" for entry in adjustments.tests
    ]
    for result in results:
        own = adjustments.students.get(result.student)
        if own and own != _without_change(own):  # what concerns all is said once
            (text,) = _adjusted(result, adjustments, suite).adjustments[-1:]
            sentences.append(f"{result.student}: {text}")
    adjusted = each(results, lambda result: _adjusted(result, adjustments, suite))
    return AdjustedClass(
        adjusted, max(0.0, _round(max_score - sum(dropped.values()))), tuple(sentences), dropped
    )


def test_names(results: Iterable[Result]) -> set[str]:
    """The names of the tests that results hold, and of each of their cases."""
    return set(_suite(results))


def _without_change(entry: StudentAdjustment) -> StudentAdjustment:
    """An entry that changes no score and says nothing."""
    return StudentAdjustment(entry.student, more_time=entry.more_time)


def _adjusted(result: Result, adjustments: Adjustments, suite: Mapping[str, _Test]) -> Result:
    notes = []
    for entry in adjustments.tests:
        result = _with_test(result, entry, suite[entry.name])
        notes.append(_sentence_of_test(entry, suite[entry.name]))
    own = adjustments.students.get(result.student)
    if own is None or own == _without_change(own):
        return replace(result, adjustments=tuple(notes)) if notes else result
    after = result
    if own.excused:
        after = replace(result, score=None, excused=True)
    elif result.score is not None:
        score = own.score if own.score is not None else result.score * own.times + own.add
        after = replace(result, score=max(0.0, _round(score)))
    return replace(after, adjustments=(*notes, _sentence_of_student(own, result, after)))


def _with_test(result: Result, entry: TestAdjustment, test: _Test) -> Result:
    """The result with the points of a test given, or with the test left out."""
    cases = [
        case for case in result.tests if _without_case(case.name) == entry.name or case.name == entry.name
    ]
    if result.tests and not cases:
        return result  # judged by a suite that did not have it
    earned, available = sum(case.points for case in cases), sum(case.max_points for case in cases)
    worth = available if cases else test.points  # a file that could not be loaded has no tests
    if entry.give == DROP:
        score = None if result.score is None else max(0.0, _round(result.score - earned))
        remaining = tuple(case for case in result.tests if case not in cases)
        return replace(result, score=score, max_score=_round(result.max_score - worth), tests=remaining)
    tests = tuple(
        replace(case, points=case.max_points, outcome="passed", message="", problem=None)
        if case in cases
        else case
        for case in result.tests
    )
    score = None if result.score is None else _round(result.score - earned + worth)
    return replace(result, score=score, tests=tests)


def _sentence_of_test(entry: TestAdjustment, test: _Test) -> str:
    because = f": {_clause(entry.reason)}" if entry.reason else ""
    sentence = clean(test.sentence, 200).rstrip(".")
    worth = counted(test.points, "point")
    if entry.give == DROP:
        return f"“{sentence}” ({worth}) counts for nobody{because}."
    return f"Everybody gets the {worth} of “{sentence}”{because}."


def _sentence_of_student(entry: StudentAdjustment, before: Result, after: Result) -> str:
    """What was done to one student's score, and why."""
    if entry.excused:
        text = "Excused: there is no score"
    elif before.score is None or after.score is None:
        text = "To be adjusted once there is a score"
    elif before.score == after.score:
        is_set = entry.score is not None or entry.times != 1 or entry.add
        text = f"The score stays {points(after.score)}" if is_set else ""
    else:
        how = []
        if entry.score is not None:
            how.append("set by the instructor")
        if entry.times != 1:
            how.append(f"multiplied by {entry.times:g}")
        if entry.add:
            how.append(f"{'+' if entry.add > 0 else '−'}{points(abs(entry.add))} by the instructor")
        text = f"The score is {points(after.score)}, not {points(before.score)} ({', '.join(how)})"
    reason = _clause(entry.reason)
    begun = f"{text}: {reason}" if text and reason else text or reason
    comment = f"Comment: {_clause(entry.comment)}" if entry.comment else ""
    return " ".join(f"{part.rstrip('.')}." for part in (begun, comment) if part)


def _clause(text: str) -> str:
    return clean(text, 400).strip().rstrip(".")


def _without_case(test: str) -> str:
    return test.partition("[")[0]


def _suite(results: Iterable[Result]) -> dict[str, _Test]:
    """The tests that there are, by their name, and each of their cases by its own."""
    suite: dict[str, _Test] = {}
    for result in results:
        own: dict[str, _Test] = {}
        for case in result.tests:
            for name in dict.fromkeys((_without_case(case.name), case.name)):
                before = own.get(name)
                worth = case.max_points + (before.points if before else 0.0)
                own[name] = _Test(case.sentence or name, case.group, _round(worth))
        for name, test in own.items():
            suite.setdefault(name, test)
    return suite


def _round(value: float) -> float:
    return round(value, 6) + 0.0
