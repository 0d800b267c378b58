"""Points: what each hidden test is worth, and whether they add up to what assignment.toml promises."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

import pytest

from grader.errors import SuiteError
from grader.problems import Problem
from grader.records import TestResult

ABOUT = ("", "dtype")
NEEDS = ("", "number")
GIVES = ("", "number")


def points(
    value: float, *, group: str, about: str = "", needs: str = "", gives: str = ""
) -> pytest.MarkDecorator:
    """Mark a test as worth `value` points in `group`; a parametrised test shares them out over its cases.

    With `about="dtype"` this test charges for a lost dtype. The other tests of its exercises then accept right numbers
    in another dtype, so one slip costs its points once.
    With `needs="number"` the points count only if a test that compares with the reference passes for the same exercise.
    Use it for tests that any answer of the right shape passes, whatever its numbers.
    With `gives="number"` passing this test is as good as that, though it does not use the reference: nobody passes it
    without computing.

    >>> @points(0.5, group="behaviour", needs="number")
    ... def test_forward_leaves_its_arguments_alone(student): ...
    """
    return pytest.mark.points(value, group=group, about=about, needs=needs, gives=gives)


def worth(items: Sequence[Any]) -> dict[Any, tuple[float, str]]:
    """Return for each item its share of points and its group. Raise SuiteError for a test without points."""
    cases = Counter(item.function for item in items)
    shares = {}
    for item in items:
        mark = item.get_closest_marker("points")
        if mark is None or len(mark.args) != 1 or "group" not in mark.kwargs:
            raise SuiteError(
                f"{item.path}: {item.originalname} has no points.",
                next_step='Put @points(2, group="…") above it; 0 points are allowed.',
            )
        for option, allowed in (("about", ABOUT), ("needs", NEEDS), ("gives", GIVES)):
            if option_of(item, option) not in allowed:
                raise SuiteError(
                    f"{item.path}: {item.originalname} has points with {option}={option_of(item, option)!r}.",
                    next_step=f"Write {option}={allowed[1]!r}, or leave it out.",
                )
        shares[item] = (float(mark.args[0]) / cases[item.function], str(mark.kwargs["group"]))
    return shares


def option_of(item: Any, option: str) -> Any:
    """Return what the points of a test say as `about`, `needs` or `gives`; empty when nothing."""
    mark = item.get_closest_marker("points")
    return mark.kwargs.get(option, "") if mark is not None else ""


class Conditions:
    """Which tests of a suite forgive a dtype, and which count only with a right number of their exercise.

    `exercises` are, for each item, the functions and classes that it asks. Raises SuiteError for a test whose
    condition no test of the suite could ever meet.
    """

    def __init__(self, items: Sequence[Any], exercises: Sequence[Set[str]]) -> None:
        self._exercises = exercises
        self._compares = [
            number
            for number, item in enumerate(items)
            if option_of(item, "gives") == "number"
            or ("reference" in item.fixturenames and option_of(item, "needs") != "number")
        ]
        self._needing = [number for number, item in enumerate(items) if option_of(item, "needs") == "number"]
        charging = [number for number, item in enumerate(items) if option_of(item, "about") == "dtype"]
        charged = {name for number in charging for name in exercises[number]}
        self._forgiving = {
            number for number in range(len(items)) if number not in charging and exercises[number] <= charged
        }
        compared = {name for number in self._compares for name in exercises[number]}
        for number in self._needing:
            if not exercises[number] & compared:
                raise SuiteError(
                    f"{items[number].path}: {items[number].originalname} needs a right number of"
                    f" {' or '.join(sorted(exercises[number])) or 'an exercise'}, but no test compares one.",
                    next_step="Compare with the fixture `reference` in some test of it, or leave needs out.",
                )

    def forgives_dtype(self, number: int) -> bool:
        """Return whether another test has charged for the dtype of what test `number` asks."""
        return number in self._forgiving

    def counted(self, results: Sequence[TestResult]) -> list[TestResult]:
        """Withhold, in these results, points that need a right number from exercises that have none."""
        right = {
            name
            for number in self._compares
            if results[number].outcome == "passed"
            for name in self._exercises[number]
        }
        counted = list(results)
        for number in self._needing:
            if results[number].outcome == "passed" and not self._exercises[number] & right:
                names = " or ".join(f"`{name}`" for name in sorted(self._exercises[number]))
                message = f"This holds, and counts once one number of {names} is right."
                counted[number] = replace(
                    results[number],
                    points=0.0,
                    outcome="failed",
                    message=message,
                    problem=Problem("withheld", names),
                )
        return counted


def check_total(shares: Mapping[Any, tuple[float, str]], groups: Mapping[str, float], where: str) -> None:
    """Raise SuiteError unless the tests' points add up to the points of every group."""
    sums: dict[str, float] = defaultdict(float)
    for share, group in shares.values():
        sums[group] += share
    for group in sorted({*sums, *groups}):
        if abs(sums.get(group, 0.0) - groups.get(group, 0.0)) > 1e-9:
            raise SuiteError(
                f"{where}: the tests of group {group!r} are worth {sums.get(group, 0.0):g} points,"
                f" but assignment.toml promises {groups.get(group, 0.0):g}.",
                next_step="Change the @points of the tests or [points] in assignment.toml so that they agree.",
            )


def check_names(items: Sequence[Any]) -> None:
    """Raise SuiteError when two tests of a suite have one name: results could not tell them apart."""
    for name, count in Counter(item.name for item in items).items():
        if count > 1:
            raise SuiteError(f"{items[0].path.parent}: {count} tests are named {name}; names must differ.")
