"""A table for spreadsheets: a row for each student (of those who worked together: for each), with the points by group.

Text that a spreadsheet would take for a formula gets an apostrophe before it. The table begins with a byte order mark:
without one, Excel takes UTF-8 for something else and spoils every name that is not plain ASCII.
"""

from __future__ import annotations

from collections.abc import Iterator

from grader.csv_tables import BOM, csv_text, harmless
from grader.export.base import ExportOptions, rounded, score
from grader.messages.advice import why
from grader.records import Member, Result
from grader.run.store import GradedClass
from grader.text import points

TAKES_EXCUSED = True


def export(graded: GradedClass, options: ExportOptions) -> str:
    """CSV with a header row, UTF-8 with a byte order mark, decimal points. New columns come at the end."""
    groups = list(dict.fromkeys(test.group for result in graded.results for test in result.tests))
    head = ["student", "file", "status", "score", "max_score", "percent"]
    head += [*(harmless(f"{group} points") for group in groups), "why", "diagnoses"]
    rows = [[*head, "late", "member", "member_id", "member_email", "adjustments"]]
    for result in graded.results:
        changed = harmless(" ".join(result.adjustments))
        rows += [[*_row(result, groups), *about, changed] for about in _members(result)]
    return BOM + csv_text(rows)


def _members(result: Result) -> Iterator[list[str]]:
    """Late or not, and one of those who handed in together: once for each, or once for a student alone."""
    late = "late" if result.late else ""
    for member in result.members or (Member(""),):
        yield [late, harmless(member.name), harmless(member.sid), harmless(member.email)]


def _row(result: Result, groups: list[str]) -> list[str]:
    earned = None if result.excused else score(result)
    percent = 100 * (earned or 0.0) / result.max_score if result.max_score else 0.0
    of_groups = dict.fromkeys(groups, 0.0)
    for test in result.tests:
        of_groups[test.group] += test.points
    return [
        harmless(result.student),
        harmless(result.file),
        result.status,
        "" if earned is None else points(earned),
        points(result.max_score),
        "" if earned is None else points(percent),
        *(points(rounded(value)) for value in of_groups.values()),
        harmless(why(result)),
        harmless(" ".join(dict.fromkeys(diagnosis.id for diagnosis in result.diagnoses))),
    ]
