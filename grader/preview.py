"""What a change of the suite would do to a class: who gains, who loses, by how much and through which tests.

Compares an earlier run with results that were made anew and not written: percents, where the maximum is another one.
The earlier run's adjustments.toml holds for both. It must never write anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from grader.records import Result
from grader.run.store import GradedClass
from grader.summary import names, score
from grader.text import clean, points

MOST_TESTS = 3  # named in one line
MOST_UNCERTAIN = 20
SMALLEST = 1e-9  # points: less is rounding


@dataclass(frozen=True)
class Change:
    """One student, before and after. `tests` are those whose points changed, with by how much, the most first."""

    student: str
    before: Result | None
    after: Result | None
    tests: tuple[tuple[str, float], ...] = ()

    @property
    def in_percent(self) -> bool:
        """Whether the difference is one of percent: points of two maxima cannot be compared."""
        if self.before is None or self.after is None:
            return False
        return abs(self.before.max_score - self.after.max_score) > SMALLEST

    @property
    def difference(self) -> float | None:
        """What is gained (or lost, below 0), in points, or `in_percent`; None where one of the scores is missing.

        Who is excused in both runs has no score in either, and nothing changes.
        """
        if self.before is None or self.after is None:
            return None
        if self.before.excused and self.after.excused:
            return 0.0
        if self.before.score is None or self.after.score is None:
            return None
        if self.in_percent:
            difference = _percent(self.after) - _percent(self.before)
        else:
            difference = self.after.score - self.before.score
        return difference if abs(difference) > SMALLEST else 0.0

    @property
    def handed_in_again(self) -> bool:
        """Whether it is another file than before: then the difference says nothing about the suite."""
        return self.before is not None and self.after is not None and self.before.sha256 != self.after.sha256


@dataclass(frozen=True)
class Preview:
    """Everyone's change, in the order of students; and whether suite or maximum are others than before."""

    changes: tuple[Change, ...]
    same_suite: bool
    max_before: float
    max_after: float

    def gaining(self) -> list[Change]:
        """Who would gain, the most first."""
        return sorted(
            (change for change in self.changes if _difference(change) > 0), key=_difference, reverse=True
        )

    def losing(self) -> list[Change]:
        """Who would lose, the most first."""
        return sorted((change for change in self.changes if _difference(change) < 0), key=_difference)

    def uncertain(self) -> list[Change]:
        """Who has no score before or after: new, or not graded."""
        return [change for change in self.changes if change.difference is None and change.after is not None]

    def absent(self) -> list[Change]:
        """Who has a result in the earlier run and is not in this one: a run over part of a class keeps it."""
        return [change for change in self.changes if change.after is None]


def _difference(change: Change) -> float:
    return change.difference or 0.0


def _percent(result: Result) -> float:
    return round(100 * (result.score or 0.0) / result.max_score, 9) if result.max_score else 0.0


def compare(before: GradedClass, after: Sequence[Result], suite: str, max_score: float) -> Preview:
    """Every student of either run. `suite` and `max_score` are those of `after`."""
    old = {result.student: result for result in before.results}
    new = {result.student: result for result in after}
    changes = tuple(
        Change(student, old.get(student), new.get(student), _tests(old.get(student), new.get(student)))
        for student in dict.fromkeys([*new, *old])
    )
    same_suite = all(old[student].suite in ("", suite) for student in old.keys() & new.keys())
    return Preview(changes, before.suite == suite and same_suite, before.max_score, max_score)


def _tests(before: Result | None, after: Result | None) -> tuple[tuple[str, float], ...]:
    if before is None or after is None:
        return ()
    old, new = _points(before), _points(after)
    changed = [(name, new.get(name, 0.0) - old.get(name, 0.0)) for name in dict.fromkeys([*new, *old])]
    moved = [(name, difference) for name, difference in changed if abs(difference) > SMALLEST]
    return tuple(sorted(moved, key=lambda pair: -abs(pair[1])))


def _points(result: Result) -> dict[str, float]:
    """Points by test, cases together."""
    by_test: dict[str, float] = {}
    for test in result.tests:
        name = test.name.partition("[")[0]
        by_test[name] = by_test.get(name, 0.0) + test.points
    return by_test


def show(preview: Preview, console: Console) -> None:
    """Print who gains and who loses, through which tests, and what stays uncertain."""
    for title, changes in (("gain", preview.gaining()), ("lose", preview.losing())):
        if changes:
            console.print(f"{len(changes)} would {title}", style="bold", markup=False)
            console.print(_table(changes, console))
            console.print()
    moved = [*preview.gaining(), *preview.losing()]
    if moved:
        console.print("Tests that move scores", style="bold", markup=False)
        console.print(_by_test(moved))
        console.print()
    uncertain = preview.uncertain()
    for change in uncertain[:MOST_UNCERTAIN]:
        console.print(f"{clean(change.student, 60)}: {_uncertain(change)}", markup=False)
    if len(uncertain) > MOST_UNCERTAIN:
        console.print(f"and {len(uncertain) - MOST_UNCERTAIN} more that cannot be compared", markup=False)
    if uncertain:
        console.print()
    console.print(_closing(preview, moved), markup=False)


def _table(changes: Sequence[Change], console: Console) -> Table:
    rows = Table(box=None, pad_edge=False, header_style="bold")
    rows.add_column("student", overflow="fold", max_width=28)
    for name in ("before", "after", "change"):
        rows.add_column(name, justify="right", no_wrap=True)
    rows.add_column("through", overflow="ellipsis", no_wrap=console.is_terminal)
    for change in changes:
        assert change.before is not None
        assert change.after is not None
        rows.add_row(
            escape(clean(change.student, 60)),
            score(change.before),
            score(change.after),
            f"{with_sign(change.difference or 0.0)}{' %' * change.in_percent}",
            escape(_tests_in_words(change)),
        )
    return rows


def _tests_in_words(change: Change) -> str:
    assert change.before is not None
    assert change.after is not None
    parts = [f"{with_sign(difference)} {clean(name, 80)}" for name, difference in change.tests[:MOST_TESTS]]
    if len(change.tests) > MOST_TESTS:
        parts.append(f"and {len(change.tests) - MOST_TESTS} more")
    if change.before.status != change.after.status:
        parts.insert(0, f"{change.before.status} → {change.after.status}")
    if change.handed_in_again:
        parts.insert(0, "another file was handed in")
    return "; ".join(parts)


def _by_test(changes: Iterable[Change]) -> Table:
    """The tests by how many students' points they change."""
    counts: dict[str, list[float]] = {}
    for change in changes:
        for name, difference in change.tests:
            counts.setdefault(name, []).append(difference)
    rows = Table(box=None, pad_edge=False, header_style="bold")
    rows.add_column("test", overflow="fold")
    for name in ("gain by it", "lose by it", "points in all"):
        rows.add_column(name, justify="right", no_wrap=True)
    for name, differences in sorted(counts.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        gaining = sum(difference > 0 for difference in differences)
        total = with_sign(sum(differences))
        rows.add_row(escape(clean(name, 100)), str(gaining), str(len(differences) - gaining), total)
    return rows


def _uncertain(change: Change) -> str:
    if change.before is None:
        return "was not in the earlier run"
    assert change.after is not None
    return f"{score(change.before)} ({change.before.status}) → {score(change.after)} ({change.after.status})"


def _closing(preview: Preview, moved: Sequence[Change]) -> str:
    absent = preview.absent()
    same = len(preview.changes) - len(moved) - len(preview.uncertain()) - len(absent)
    parts = [
        f"{len(preview.gaining())} would gain, {len(preview.losing())} would lose, {same} would not change"
    ]
    for unit, in_percent in (("", False), (" %", True)):
        differences = [
            change.difference
            for change in preview.changes
            if change.difference is not None and change.in_percent == in_percent
        ]
        if differences:
            parts.append(f"the mean changes by {with_sign(sum(differences) / len(differences))}{unit}")
    if absent:
        named = names([change.student for change in absent])
        parts.append(f"kept from the earlier run, not in this one: {len(absent)} ({named})")
    if abs(preview.max_after - preview.max_before) > SMALLEST:
        parts.append(f"the maximum goes from {points(preview.max_before)} to {points(preview.max_after)}")
    if preview.same_suite:
        parts.append("the hidden suite is the one of that run")
    return f"{'; '.join(parts)}. Nothing was written."


def with_sign(value: float) -> str:
    """Points with their sign."""
    text = points(abs(value))
    return "0" if text == "0" else f"{'+' if value > 0 else '−'}{text}"
