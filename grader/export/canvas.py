"""Canvas: a CSV for Grades → Import, made from the gradebook that Canvas exports (`--roster`).

It holds the columns that say who someone is, and the one column of scores. Other assignments' columns are left out:
Canvas overwrites scores by what a file holds, and theirs may have changed since it was downloaded. So are people
without a result, for the same reason. The column is the assignment's own if the gradebook has it (or `--column`), with
the scores brought to its points; else it is a new one, and importing it makes a new assignment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.export._roster import Person, Roster, find, load, number, person, report_lost
from grader.export.base import Options, score
from grader.feedback import points
from grader.store import Graded
from grader.submissions.lms import Owner

HOW = "In Canvas: Grades → Export → Export Entire Gradebook. Then:"
WHO = ("Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section")
POSSIBLE = "Points Possible"
_WITH_ID = re.compile(r"\s*\((\d+)\)\s*\Z")


def export(graded: Graded, options: Options) -> str:
    """The CSV; UsageError when the roster is missing or is no gradebook of Canvas."""
    roster = load(options, ("Student", "ID", "Section"), HOW)
    who = [place for place, title in enumerate(roster.head) if title.strip() in WHO]
    wanted = options.column or graded.assignment
    column = _column(roster, wanted)
    above = _rows_above(roster)
    title = roster.head[column] if column is not None else wanted
    possible = None
    if column is not None:
        possible = next((number(row[column]) for row in above if _is_possible(row)), None)
        if possible is not None and abs(possible - graded.max_score) > 1e-9:
            options.say(
                f"Scores are scaled from {points(graded.max_score)} to the {points(possible)} points of {title}."
            )
    else:
        options.say(
            f"{roster.path} has no column {wanted!r}: importing the file makes a new assignment of that name."
            " To fill one that is there: --column NAME"
        )
    scale = possible / graded.max_score if possible is not None and graded.max_score else 1.0
    people = [_person(roster, row) for row in range(len(above), len(roster.rows))]
    found, lost = find(graded.results, people, _is_of_canvas)
    report_lost(options, roster, lost, [one.shown for one in people if one.row not in found])

    rows: list[list[str]] = []
    if above:
        rows += [[*(row[place] for place in who), _above(row, column, graded.max_score)] for row in above]
    else:
        rows.append([f"    {POSSIBLE}", *[""] * (len(who) - 1), f"{graded.max_score:.2f}"])
    for row, result in sorted(found.items()):
        rows.append([*(roster.rows[row][place] for place in who), f"{score(result) * scale:.2f}"])
    return roster.text([*(roster.head[place] for place in who), title], rows)


def _column(roster: Roster, wanted: str) -> int | None:
    """The assignment's column: by its whole title, or by its title without the number that Canvas adds."""
    plain = wanted.strip().casefold()
    for place, title in enumerate(roster.head):
        if title.strip() in WHO:
            continue
        if plain in (title.strip().casefold(), _WITH_ID.sub("", title).strip().casefold()):
            return place
    return None


def _rows_above(roster: Roster) -> list[list[str]]:
    """The rows between the header and the first person: points possible, and what Canvas says of posting."""
    place = roster.column("ID")
    rows = []
    for row in roster.rows:
        if place is None or row[place].strip():
            break
        rows.append(row)
    return rows


def _is_possible(row: Sequence[str]) -> bool:
    return any(cell.strip() == POSSIBLE for cell in row)


def _above(row: Sequence[str], column: int | None, max_score: float) -> str:
    if column is not None:
        return row[column]
    return f"{max_score:.2f}" if _is_possible(row) else ""


def _person(roster: Roster, row: int) -> Person:
    cells = dict(zip((title.strip() for title in roster.head), roster.rows[row]))
    name = cells.get("Student", "")
    last, _, first = name.partition(",")
    ids = [cells.get(title, "") for title in ("SIS Login ID", "SIS User ID", "Integration ID", "ID")]
    return person(row, cells.get("ID", "").strip(), ids, (name, f"{first} {last}"), name)


def _is_of_canvas(owner: Owner, name: str) -> bool:
    return owner.numbered
