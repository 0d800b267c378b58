"""nbgrader: the scores in its gradebook (`--to`), for a class that was graded without one.

The gradebook is a file of SQLite or the URL of a database; it is made if it is not there. Only automatic scores are
written: manual grades, late penalties and comments in it are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from grader.errors import UsageError
from grader.export.base import ExportOptions, score
from grader.nbgrader_plugin.gradebook import write
from grader.records import Result, TestResult
from grader.roster import is_of_moodle
from grader.run.store import GradedClass


def export(graded: GradedClass, options: ExportOptions) -> None:
    """Write the scores into the gradebook; UsageError when none is named, or it is none for these results."""
    if not options.url:
        raise UsageError(
            "The format nbgrader writes into a gradebook, and none is named.",
            next_step=f"grader export {graded.path.parent} --format nbgrader --to COURSE/gradebook.db",
        )
    # What is worth how much, from whoever was tested most: an unreadable file has no tests.
    current = (result for result in graded.results if not graded.is_outdated(result))
    longest = max((result.tests for result in current), key=len, default=())
    groups: dict[str, float] = {}
    for test in longest:
        groups[test.group] = groups.get(test.group, 0.0) + test.max_points
    if not groups:
        raise UsageError(
            f"{graded.path} holds no result with tests, so it does not say which groups there are.",
            next_step="Name the gradebook when grading: grader grade SUBMISSIONS --assignment "
            f"{graded.assignment} --gradebook {options.url}",
        )
    reduced = {group: round(points, 6) for group, points in groups.items()}
    groups = {
        group: round(reduced.get(group, 0.0) + graded.dropped.get(group, 0.0), 6)
        for group in [*reduced, *(group for group in graded.dropped if group not in reduced)]
    }
    in_cells = (
        _in_cells(result, groups, reduced) if result.adjustments else result for result in graded.results
    )
    everyone = (row for result in in_cells for row in _result_of_each_member(result))
    options.say(write(everyone, options.url, graded.assignment, groups).sentence)


def _in_cells(result: Result, groups: Mapping[str, float], reduced: Mapping[str, float]) -> Result:
    """An adjusted result as points of grade cells, whose maxima stay: the same share of all points.

    `reduced` are the points of the groups without what counts for nobody. What a cell holds by its tests is kept; what
    is added or taken off by hand is shared out over the cells by the room there is.
    """
    share = score(result) / result.max_score if result.max_score else 0.0
    target = min(share, 1.0) * sum(groups.values())
    earned = dict.fromkeys(groups, 0.0)
    for test in result.tests:
        earned[test.group] += test.points
    cells = {
        group: earned[group] * most / reduced[group] if reduced.get(group) else share * most
        for group, most in groups.items()
    }
    missing = target - sum(cells.values())
    room = {group: (groups[group] - cells[group] if missing > 0 else -cells[group]) for group in groups}
    if room_in_all := abs(sum(room.values())):
        part = min(1.0, abs(missing) / room_in_all)
        cells = {group: cells[group] + part * room[group] for group in groups}
    rows = tuple(
        TestResult(group, group, group, round(cells[group], 6), most, "passed")
        for group, most in groups.items()
    )
    return replace(result, tests=rows)


def _result_of_each_member(result: Result) -> list[Result]:
    """The result for each of those who handed in together, by the id that their platform gives; else as it is."""
    is_group = len(result.members) > 1 or (result.members and is_of_moodle(result.file))
    if not is_group:
        return [result]
    return [replace(result, student=member.sid or member.email or member.name) for member in result.members]
