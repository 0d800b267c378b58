"""Moodle: the offline grading worksheet of an assignment (`--roster`), with grades and feedback filled in.

All columns and rows stay as Moodle wrote them, but for Grade and Feedback comments of those who have a result. Scores
are brought to the worksheet's Maximum Grade. Feedback comments are HTML in Moodle: everything in them is escaped.
"""

from __future__ import annotations

import html

from grader.export._roster import load, number, results_by_row
from grader.export.base import ExportOptions, scaled
from grader.messages.page import feedback
from grader.records import Result
from grader.roster import Roster
from grader.roster.layouts import MOODLE, is_of_moodle, moodle_person
from grader.run.store import GradedClass
from grader.text import points

FOR_STUDENTS = True

HOW = (
    "In Moodle, with your language set to English: the assignment → Submissions → Download grading worksheet"
    " (Feedback types → Offline grading worksheet must be on in its settings). Then:"
)


def export(graded: GradedClass, options: ExportOptions) -> str:
    """The worksheet; UsageError when it is missing or no worksheet of Moodle."""
    roster = load(options, MOODLE, HOW)
    people = [moodle_person(roster, row) for row in range(len(roster.rows))]
    matches = results_by_row(graded, options, roster, people, is_of_moodle)
    places = {result.student: place for place, result in enumerate(graded.results)}
    rows = [list(row) for row in roster.rows]
    locked, scales = [], set()
    for row, match in sorted(matches.items()):
        result = graded.results[places[match.student]]
        if roster.cell(row, "Grade can be changed").casefold() == "no":
            locked.append(people[row].display_name)
            continue
        most = number(roster.cell(row, "Maximum Grade"))
        if most is not None and abs(most - graded.max_score) > 1e-9:
            scales.add(most)
        _fill(roster, rows[row], scaled(result, most or graded.max_score), result)
    for most in sorted(scales):
        options.say(
            f"Scores are scaled from {points(graded.max_score)} to a maximum grade of {points(most)}."
        )
    if locked:
        options.incomplete(
            f"Moodle says that the grade cannot be changed, so it was not: {', '.join(locked)}."
        )
    return roster.text(roster.head, rows)


def _fill(roster: Roster, row: list[str], grade_: float, result: Result) -> None:
    grade, comments = roster.column("Grade"), roster.column("Feedback comments")
    assert grade is not None, "load has looked for it"
    row[grade] = f"{grade_:.2f}"
    if comments is not None:
        row[comments] = f"<pre>{html.escape(feedback(result))}</pre>"
