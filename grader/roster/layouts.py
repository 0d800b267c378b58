"""Which columns a roster has: those of Canvas, of Moodle, or any that a person calls names and ids.

One row → the `Person` it is about. What else a format wants of its platform's file is that format's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.roster.people import Person, person
from grader.roster.table import Roster, plain, read
from grader.submissions.lms import Owner

CANVAS = (("Student", "ID", "Section"), ("LastName", "FirstName", "ID", "Section"))
MOODLE = (("Identifier", "Grade"),)
NAMES = ("Name", "Full name", "Student", "Student name", "Display name")
PAIRS = (("First name", "Last name"), ("FirstName", "LastName"), ("Given name", "Family name"))
IDS = (
    *("ID", "SID", "Student ID", "ID number", "Username", "User name", "Login", "Login ID", "SIS User ID"),
    *("SIS Login ID", "Integration ID", "OrgDefinedId", "Matriculation number", "GitHub username"),
)
MAILS = ("Email", "Email address", "E-mail", "Mail")
#: Whom Canvas lists beside the students: the teacher, looking at the course as one of them would.
_CANVAS_TEST_STUDENT = "Student, Test"
_NUMBER = re.compile(r"(\d+)\s*\Z")
_LATE = re.compile(r"\blate\b", re.IGNORECASE)


@dataclass(frozen=True)
class People:
    """Everybody on a roster, and how to tell that the number in the name of a file is its platform's."""

    people: tuple[Person, ...]
    is_number: Callable[[Owner, str], bool]


def people(path: Path) -> People:
    """Everybody on the roster in a file of any layout. Raises UsageError where there are no names in it."""
    anything = [*((name,) for name in NAMES), *PAIRS, *CANVAS, *MOODLE]
    roster = read(
        path,
        anything,
        "A roster is a CSV with a column Name, or what Canvas or Moodle exports: --roster FILE",
    )
    if _has(roster, CANVAS):
        rows = range(len(rows_above(roster)), len(roster.rows))
        listed = [canvas_person(roster, row) for row in rows]
        return People(
            tuple(person for person in listed if person.display_name != _CANVAS_TEST_STUDENT), is_of_canvas
        )
    if _has(roster, MOODLE):
        return People(tuple(moodle_person(roster, row) for row in range(len(roster.rows))), is_of_moodle)
    listed = [_any_person(roster, row) for row in range(len(roster.rows))]
    return People(tuple(person for person in listed if person.display_name), lambda owner, name: True)


def _has(roster: Roster, layouts: Iterable[Sequence[str]]) -> bool:
    titles = {plain(title) for title in roster.head}
    return any({plain(name) for name in layout} <= titles for layout in layouts)


def canvas_person(roster: Roster, row: int) -> Person:
    """Somebody in a gradebook of Canvas."""
    cells = dict(zip((title.strip() for title in roster.head), roster.rows[row]))
    name = cells.get("Student", "")
    last, _, first = name.partition(",")
    if not name:
        last, first = cells.get("LastName", "").strip(), cells.get("FirstName", "").strip()
        name = ", ".join(filter(None, [last, first]))
    ids = [cells.get(title, "") for title in ("SIS Login ID", "SIS User ID", "Integration ID", "ID")]
    return person(row, cells.get("ID", "").strip(), ids, (name, f"{first} {last}"), name)


def is_of_canvas(owner: Owner, name: str) -> bool:
    """Whether the number in the name of a file is Canvas's."""
    return owner.numbered


def rows_above(roster: Roster) -> list[list[str]]:
    """Canvas: the rows between the header and the first person, points possible and what it says of posting."""
    place = roster.column("ID")
    rows = []
    for row in roster.rows:
        if place is None or row[place].strip():
            break
        rows.append(row)
    return rows


def moodle_person(roster: Roster, row: int) -> Person:
    """Somebody in a grading worksheet of Moodle."""
    identifier, name = roster.cell(row, "Identifier"), roster.cell(row, "Full name")
    match = _NUMBER.search(identifier)
    mail = roster.cell(row, "Email address")
    ids = [mail, *(roster.cell(row, title) for title in ("ID number", "Username"))]
    return person(
        row,
        match[1] if match else "",
        [identifier, *ids],
        _name_orders(name),
        name or identifier,
        mail,
        late=bool(_LATE.search(roster.cell(row, "Status"))),
    )


def is_of_moodle(owner: Owner, name: str) -> bool:
    """Whether the number in the name of a file is Moodle's."""
    return "_assignsubmission_" in name


def _any_person(roster: Roster, row: int) -> Person:
    name = next(filter(None, (roster.cell(row, title) for title in NAMES)), "")
    for pair in PAIRS:
        first, last = (roster.cell(row, title) for title in pair)
        name = name or f"{first} {last}".strip()
    mail = next(filter(None, (roster.cell(row, title) for title in MAILS)), "")
    ids = [roster.cell(row, title) for title in IDS]
    last, comma, first = name.partition(",")
    names = (name, f"{first} {last}") if comma else _name_orders(name)
    return person(row, "", [mail, *ids], names, name, mail)


def _name_orders(name: str) -> tuple[str, str]:
    """A name as it stands, and with its last word first."""
    words = name.split()
    return name, " ".join([*words[-1:], *words[:-1]])
