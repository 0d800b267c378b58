"""Moodle: the offline grading worksheet of an assignment (`--roster`), with grades and feedback filled in.

All columns and rows stay as Moodle wrote them, but for Grade and Feedback comments of those who have a result. Scores
are brought to the worksheet's Maximum Grade. Feedback comments are HTML in Moodle: everything in them is escaped.
"""

from __future__ import annotations

import html
import re

from grader.export._roster import Person, Roster, find, load, number, person, report_lost
from grader.export.base import Options, scaled
from grader.messages.page import feedback
from grader.records import Result
from grader.run.store import Graded
from grader.submissions.lms import Owner
from grader.text import clean, points

HOW = (
    "In Moodle, with your language set to English: the assignment → Submissions → Download grading worksheet"
    " (Feedback types → Offline grading worksheet must be on in its settings). Then:"
)
_NUMBER = re.compile(r"(\d+)\s*\Z")


def export(graded: Graded, options: Options) -> str:
    """The worksheet; UsageError when it is missing or no worksheet of Moodle."""
    roster = load(options, [("Identifier", "Grade")], HOW)
    people = [_person(roster, row) for row in range(len(roster.rows))]
    matches, lost = find(graded.results, people, _is_of_moodle)
    report_lost(options, roster, lost, [person.shown for person in people if person.row not in matches])
    rows = [list(row) for row in roster.rows]
    locked, scales = [], set()
    for row, result in sorted(matches.items()):
        if _cell(roster, row, "Grade can be changed").casefold() == "no":
            locked.append(people[row].shown)
            continue
        most = number(_cell(roster, row, "Maximum Grade"))
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


def _cell(roster: Roster, row: int, name: str) -> str:
    place = roster.column(name)
    return roster.rows[row][place].strip() if place is not None else ""


def _person(roster: Roster, row: int) -> Person:
    identifier, name = _cell(roster, row, "Identifier"), _cell(roster, row, "Full name")
    match = _NUMBER.search(identifier)
    ids = [_cell(roster, row, title) for title in ("Email address", "ID number", "Username")]
    words = name.split()
    names = (name, " ".join([*words[-1:], *words[:-1]]))
    return person(row, match[1] if match else "", [identifier, *ids], names, name or clean(identifier, 60))


def _is_of_moodle(owner: Owner, name: str) -> bool:
    return "_assignsubmission_" in name
