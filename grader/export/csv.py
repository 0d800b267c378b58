"""A table for spreadsheets: a row for each student, with the points of each group.

Text that a spreadsheet would take for a formula gets an apostrophe before it.
"""

from __future__ import annotations

from grader.export.base import Options, rounded, score
from grader.feedback import points, why
from grader.records import Result
from grader.store import Graded
from grader.tables import csv_text, harmless


def export(graded: Graded, options: Options) -> str:
    """CSV with a header row, UTF-8, decimal points."""
    groups = list(dict.fromkeys(test.group for result in graded.results for test in result.tests))
    head = ["student", "file", "status", "score", "max_score", "percent"]
    rows = [[*head, *(harmless(f"{group} points") for group in groups), "why", "diagnoses"]]
    rows += [_row(result, groups) for result in graded.results]
    return csv_text(rows)


def _row(result: Result, groups: list[str]) -> list[str]:
    got = score(result)
    percent = 100 * got / result.max_score if result.max_score else 0.0
    of_groups = dict.fromkeys(groups, 0.0)
    for test in result.tests:
        of_groups[test.group] += test.points
    return [
        harmless(result.student),
        harmless(result.file),
        result.status,
        points(got),
        points(result.max_score),
        points(percent),
        *(points(rounded(value)) for value in of_groups.values()),
        harmless(why(result)),
        harmless(" ".join(dict.fromkeys(one.id for one in result.diagnoses))),
    ]
