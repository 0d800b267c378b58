"""Canvas: a CSV for Grades → Import, made from the gradebook that Canvas exports (`--roster`).

It holds the columns that say who someone is, and the one column of scores. Other assignments' columns are left out:
Canvas overwrites scores by what a file holds, and theirs may have changed since it was downloaded. So are people
without a result, for the same reason. Who is excused (`EX`) stays so; whom adjustments.toml
excuses gets it. The column is the assignment's own if the
gradebook has it (or `--column`), with the scores brought to its points; else it is a new one, and importing it makes a
new assignment.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from grader.errors import UsageError
from grader.export._roster import load, number, results_by_row
from grader.export.base import ExportOptions, scaled
from grader.roster import Roster
from grader.roster.layouts import CANVAS, canvas_person, is_of_canvas, rows_above
from grader.run.store import GradedClass
from grader.text import clean, points

HOW = "In Canvas: Grades → Export → Export Entire Gradebook. Then:"
IDENTITY = (
    *("Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Integration ID"),
    *("Root Account", "Section"),
)
POSSIBLE = "Points Possible"
EXCUSED = "EX"
TAKES_EXCUSED = True
_WITH_ID = re.compile(r"\s*\((\d+)\)\s*\Z")


def export(graded: GradedClass, options: ExportOptions) -> str:
    """The CSV; UsageError when the roster is missing or is no gradebook of Canvas, or when two columns fit."""
    roster = load(options, CANVAS, HOW)
    identity = [index for index, title in enumerate(roster.head) if title.strip() in IDENTITY]
    column_title = options.column or graded.assignment
    column = _column(roster, column_title)
    above = rows_above(roster)
    title = roster.head[column] if column is not None else column_title
    possible = _points_possible(roster, above, column, graded, options)
    people = [canvas_person(roster, row) for row in range(len(above), len(roster.rows))]
    matches = results_by_row(graded, options, roster, people, is_of_canvas)

    names = {person.row: person.display_name for person in people}
    rows = list(_rows_above_people(above, identity, column, possible))
    excused = []
    for row, result in sorted(matches.items()):
        cell = EXCUSED if result.excused else f"{scaled(result, possible):.2f}"
        if column is not None and roster.rows[row][column].strip().upper() == EXCUSED:
            cell = EXCUSED
            excused.append(names[row])
        rows.append([*(roster.rows[row][index] for index in identity), cell])
    if excused:
        options.say(f"Excused in Canvas, and left so: {', '.join(excused)}.")
    return roster.text([*(roster.head[index] for index in identity), title], rows)


def _column(roster: Roster, column_title: str) -> int | None:
    """The assignment's column: by its whole title, or by its title without the number that Canvas adds.

    Raises UsageError where several fit: two assignments of one name have scores of their own.
    """
    plain = column_title.strip().casefold()
    titles = {
        index: title.strip() for index, title in enumerate(roster.head) if title.strip() not in IDENTITY
    }
    for fits in (
        [index for index, title in titles.items() if title == column_title.strip()],
        [
            index
            for index, title in titles.items()
            if plain in (title.casefold(), _WITH_ID.sub("", title).casefold())
        ],
    ):
        if len(fits) > 1:
            raise UsageError(
                f"{roster.path} has {len(fits)} columns for {clean(column_title, 80)!r}:"
                f" {'; '.join(clean(titles[index], 120) for index in fits)}.",
                next_step=_how_to_choose([*dict.fromkeys(titles[index] for index in fits)]),
            )
        if fits:
            return fits[0]
    return None


def _how_to_choose(titles: list[str]) -> str:
    if len(titles) == 1:  # no option could tell them apart
        return "Take the one that is not meant out of the file: its scores are not written then."
    return "Say which one: " + " or ".join(map(_option, titles[:3]))


def _option(title: str) -> str:
    return f"--column {shlex.quote(clean(title, 120))}"


def _points_possible(
    roster: Roster,
    above: Sequence[Sequence[str]],
    column: int | None,
    graded: GradedClass,
    options: ExportOptions,
) -> float:
    """The points that Canvas has for the column, and words about them; ours where it has none."""
    if column is None:
        options.say(
            f"{roster.path} has no column {options.column or graded.assignment!r}: importing the file makes a new"
            " assignment of that name. To fill one that is there: --column NAME"
        )
        return graded.max_score
    title = clean(roster.head[column], 120)
    possible = next((number(row[column]) for row in above if _holds_points_possible(row)), None)
    if possible is None:
        options.say(
            f"{roster.path} says no points possible of {title}: scores are out of {points(graded.max_score)}."
        )
        return graded.max_score
    if abs(possible - graded.max_score) > 1e-9:
        options.say(
            f"Scores are scaled from {points(graded.max_score)} to the {points(possible)} points of {title}."
        )
    return possible


def _holds_points_possible(row: Sequence[str]) -> bool:
    return any(cell.strip() == POSSIBLE for cell in row)


def _rows_above_people(
    above: Sequence[Sequence[str]], identity: Sequence[int], column: int | None, possible: float
) -> Iterator[list[str]]:
    """The rows above the people that say something of this column."""
    for row in above:
        if _holds_points_possible(row):
            yield [*(row[index] for index in identity), f"{possible:.2f}" if column is None else row[column]]
        elif column is not None and row[column].strip():  # "Manual Posting"
            yield [*(row[index] for index in identity), row[column]]
    if not any(map(_holds_points_possible, above)):
        yield [f"    {POSSIBLE}", *[""] * (len(identity) - 1), f"{possible:.2f}"]
