"""nbgrader: the scores in its gradebook (`--to`), for a class that was graded without one.

The gradebook is a file of SQLite or the URL of a database; it is made if it is not there. Only automatic scores are
written: manual grades, late penalties and comments in it are kept.
"""

from __future__ import annotations

from dataclasses import replace

from grader.errors import UsageError
from grader.export.base import Options
from grader.nbgrader_plugin.gradebook import write
from grader.records import Result
from grader.run.store import Graded


def export(graded: Graded, options: Options) -> None:
    """Write the scores into the gradebook; UsageError when none is named, or it is none for these results."""
    if not options.url:
        raise UsageError(
            "The format nbgrader writes into a gradebook, and none is named.",
            next_step=f"grader export {graded.path.parent} --format nbgrader --to COURSE/gradebook.db",
        )
    # What is worth how much, from whoever was tested most: an unreadable file has no tests.
    current = [result for result in graded.results if result not in graded.outdated]
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
    groups = {group: round(points, 6) for group, points in groups.items()}
    everyone = [row for result in graded.results for row in _each(result)]
    options.say(write(everyone, options.url, graded.assignment, groups).sentence)


def _each(result: Result) -> list[Result]:
    """The result for each of those who handed in together, by the id that their platform gives; else as it is."""
    if len(result.members) < 2:
        return [result]
    return [replace(result, student=member.sid or member.email or member.name) for member in result.members]
