"""Points: what each hidden test is worth, and whether they add up to what assignment.toml promises."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from grader.errors import SuiteError


def points(value: float, *, group: str) -> pytest.MarkDecorator:
    """Mark a test as worth `value` points in `group`; a parametrised test shares them out over its cases."""
    return pytest.mark.points(value, group=group)


def worth(items: Sequence[Any]) -> dict[Any, tuple[float, str]]:
    """For each item its share of points and its group. Raises SuiteError for a test without points."""
    cases = Counter(item.function for item in items)
    found = {}
    for item in items:
        mark = item.get_closest_marker("points")
        if mark is None or len(mark.args) != 1 or "group" not in mark.kwargs:
            raise SuiteError(
                f"{item.path}: {item.originalname} has no points.",
                next_step='Put @points(2, group="…") above it; 0 points are allowed.',
            )
        found[item] = (float(mark.args[0]) / cases[item.function], str(mark.kwargs["group"]))
    return found


def check_total(shares: Mapping[Any, tuple[float, str]], groups: Mapping[str, float], where: str) -> None:
    """Raises SuiteError unless the tests' points add up to the points of every group."""
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
    """Raises SuiteError when two tests of a suite have one name: results could not tell them apart."""
    for name, count in Counter(item.name for item in items).items():
        if count > 1:
            raise SuiteError(f"{items[0].path.parent}: {count} tests are named {name}; names must differ.")
