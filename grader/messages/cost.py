"""What tests have cost: the sentences of the dearest ones, and what is wrong in them, each thing said once."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass

from grader.messages.examples import MOST_EXAMPLES
from grader.messages.layout import wrapped
from grader.problems import UNWRITTEN, Kind, Problem
from grader.records import Counterexample, Result, TestResult
from grader.text import clean, counted

MOST_TESTS = 4

#: What of these kinds is wrong in several tests is said once, whatever the numbers and the parts of the answer are.
_SAID_ONCE: frozenset[Kind] = frozenset(
    {
        *("off", "not_finite", "none", "no_array", "structure", "shape", "dtype", "no_gradient", "changed"),
        *("unregistered", "extra", "timeout"),
    }
)


@dataclass(frozen=True)
class ReasonGroup:
    """Tests that fail for one reason: their sentences with points, and the reason unless it is said elsewhere."""

    sentences: tuple[str, ...]
    message: str
    problem: Problem | None


@dataclass(frozen=True)
class LostPoints:
    """What tests have cost: groups of them, the dearest first, and sentences about the rest ("" for none)."""

    lead: str
    groups: tuple[ReasonGroup, ...]
    more: str
    carried: str


def lost_points(result: Result, most: int = MOST_TESTS) -> LostPoints | None:
    """The tests that cost points: at most `most` sentences, each reason said once. None when nothing was lost."""
    if result.status in ("unreadable", "not_attempted", "not_graded") or _nothing_was_run(result):
        return None
    lost = result.lost
    if not lost:
        return None
    by_reason: dict[Hashable, list[list[TestResult]]] = {}
    cases = _cases(lost)
    for tests in sorted(cases, key=lambda tests: -sum(test.max_points for test in tests)):
        by_reason.setdefault(_reason(tests[0]), []).append(tests)
    reasons_above = _sentences(result)
    groups, count = [], 0
    unlisted = list(lost)
    for reason, group in by_reason.items():
        opened = group[: max(most - count, 0)]
        if not opened:
            continue
        count += len(opened)
        unlisted = [test for test in unlisted if not any(test in tests for tests in opened)]
        sentences = tuple(f"{clean(tests[0].sentence, 300)} ({_points(tests)})" for tests in opened)
        message = "" if reason in reasons_above else clean(group[0][0].message, 400)
        groups.append(ReasonGroup(sentences, message, group[0][0].problem))
    more = f"and {len(cases) - count} more ({_points(unlisted)})" if len(cases) > count else ""
    return LostPoints(
        f"What does not hold yet ({_points(lost)})", tuple(groups), more, _carried_forward(result)
    )


def block(result: Result, most: int = MOST_TESTS) -> list[str]:
    """What tests have cost, for a page of plain text: at most `most` sentences, or how many tests fail."""
    lost = lost_points(result, most)
    if lost is None:
        return []
    if not most:
        return [f"{lost.lead}: {len(result.lost)} of the hidden tests"]
    lines = [f"{lost.lead}:"]
    for group in lost.groups:
        for sentence in group.sentences:
            lines += wrapped(sentence, "  - ", "    ")
        lines += wrapped(group.message, "      ")
    lines += [f"  {lost.more}"] if lost.more else []
    return lines + wrapped(lost.carried, "  ")


def _nothing_was_run(result: Result) -> bool:
    """Whether the file could not be loaded at all: then the reason stands at the top, and all tests share it."""
    return result.status != "graded" and all(
        test.outcome == "error" and test.kind in ("unloaded", None) for test in result.tests
    )


def _cases(tests: Iterable[TestResult]) -> Collection[list[TestResult]]:
    """Tests with their cases together; so are those of several exercises that fail alike and say the same."""
    by_name: dict[str, list[TestResult]] = {}
    for test in tests:
        by_name.setdefault(test.name.partition("[")[0], []).append(test)
    alike: dict[Hashable, list[TestResult]] = {}
    for cases in by_name.values():
        alike.setdefault((cases[0].sentence, _reason(cases[0])), []).extend(cases)
    return alike.values()


def _reason(test: TestResult) -> Hashable:
    """What is wrong in a test: of equal reasons one message is enough."""
    if test.problem is None or test.problem.kind in ("other", "skipped"):
        return test.name.partition("[")[0]  # in the suite's own words, of which nothing is known
    return _same_as(test.problem)


def _same_as(problem: Problem) -> Hashable:
    if problem.kind in _SAID_ONCE:
        return problem.kind
    return problem.kind, problem.about, problem.label, problem.number


def _sentences(result: Result) -> set[Hashable]:
    """The reasons that stand elsewhere on the page: at its top, or in a counterexample."""
    problems = [test.problem for test in result.lost if test.problem and test.problem.kind in UNWRITTEN]
    problems += [result.problem] if result.problem else []
    reasons = {_same_as(problem) for problem in problems}
    for example in result.counterexamples[:MOST_EXAMPLES]:
        reasons |= _answers(example)
    return reasons


def _answers(example: Counterexample) -> set[Hashable]:
    if example.explanation:
        return {_same_as(example.explanation.facts)}
    reasons: set[Hashable] = {
        _same_as(Problem(deviation.kind, deviation.about)) for deviation in example.deviations
    }
    if any(deviation.rows for deviation in example.deviations):
        reasons.add("off")  # also where some of the numbers are not finite
    if not example.answered:
        reasons.add("timeout")
    return reasons


def _carried_forward(result: Result) -> str:
    carried = sum(test.carried_forward for test in result.tests)
    if not carried:
        return ""
    tests = "1 more test, which keeps its" if carried == 1 else f"{carried} more tests, which keep their"
    return f"An earlier mistake shows in {tests} points: it costs only once."


def _points(tests: Sequence[TestResult]) -> str:
    return counted(sum(test.max_points for test in tests), "point")
