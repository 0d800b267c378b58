"""What the name of a folder says: that it is a place for files, an attempt, or somebody's. Pure text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from grader.submissions.filenames import is_put_aside, joined, means

#: Folder names that say where files lie, not whose they are.
_PLACES = """
    answer answers app archive assets assignment assignments autograded autograder bin build checkpoints class classes
    code codes config content course courses data dataset datasets desktop dist doc docs documents download downloads
    essai examples example exercise exercises experiments export exports feedback figures figs files final
    gradebook graded grading group_work handin handins handout handouts helpers home homework homeworks hw images img
    implementation inbox inbound include lib libs log logs main material materials misc model models modules my_code
    my_solution my_work notebook notebooks notes numpy out output outputs package packages part parts pictures plots
    private problem problems program project projects public python pytorch reference release report reports repo
    result results root runs sample samples scripts share skeleton solution solutions source sources src starter
    student students sub submission submissions submitted submitted_files task tasks template templates temp test tests
    tmp tools torch turned_in upload uploads util utils weights work workspace
"""
_PLACE_NAMES = frozenset(_PLACES.split())
_NUMBERED_PLACE = re.compile(
    r"(?:week|hw|homework|assignment|ass|exercise|ex|lab|labs|project|proj|task|part|problem|lecture|day|unit|sheet|"
    r"ps|pset|chapter|ch|module|woche|blatt|aufgabe|uebung|übung|section|sec|semester|ws|ss|tp|td|devoir)[ ._-]*"
    r"\d+[a-z]?\Z|(?:section|sec|class|course|kurs|cohort|campus)[ ._-]+[a-z0-9]{1,3}\Z",
    re.IGNORECASE,
)
_OLATS = re.compile(  # `1_submissions`, but `2_jones` is a student
    r"\d{1,2}_(?:task|submission|solution|correction|revision|dropbox|returnbox|grading|sample)(?:s|es)?\Z",
    re.IGNORECASE,
)
_SAKAI = re.compile(r"(?:submission|feedback) attachment", re.IGNORECASE)
_SAKAI_FEEDBACK = re.compile(r"feedback attachment|(?:comments\.txt|feedbackText\.html)\Z", re.IGNORECASE)
_TIME = re.compile(
    r"\d{4}-?\d\d-?\d\d[T _+-]?\d\d[:_.-]?\d\d(?:[:_.-]?\d\d)?(?:[.,]\d+)?\s*(?:[A-Z]{1,4}|[+-]\d\d:?\d\d)?\Z"
)
_NUMBERED_ATTEMPT = re.compile(
    r"(?:attempt|version|revision|submission|try|versuch|abgabe|tentative|essai|intento|rev|ver|v|r)[ ._#-]*"
    r"0*(\d{1,3})(?: - .*)?\Z",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"0*(\d{1,3})\Z")


def is_place(name: str, assignment: str) -> bool:
    """Whether a folder's name says where files lie, which attempt they are, or which exercise, but not whose.

    A bare number is somebody's: many courses name folders by it.
    """
    return (
        joined(name) in _PLACE_NAMES
        or means(name, assignment)
        or bool(_NUMBERED_PLACE.match(name) or _OLATS.match(name) or is_sakai(name))
        or bool(_NUMBERED_ATTEMPT.match(name) or _TIME.match(name))
        or is_put_aside(name)
    )


def attempts(names: Iterable[str]) -> dict[str, str]:
    """The folders of one student that are attempts, each with its sort key; empty unless all of them are, alike.

    They are times (`2026-01-05T10:30:00`), counted (`Version 2`), or the numbers from 1 on (`1`, `2`, `3`).
    """
    several = list(names)
    times = {name: _digits(name) for name in several if _TIME.match(name)}
    counted = {name: match[1].zfill(3) for name in several if (match := _NUMBERED_ATTEMPT.match(name))}
    numbers = {name: match[1].zfill(3) for name in several if (match := _NUMBER.match(name))}
    if sorted(map(int, numbers.values())) != list(range(1, len(numbers) + 1)):
        numbers = {}
    return next((found for found in (times, counted, numbers) if found and len(found) == len(several)), {})


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))[:20].ljust(20, "0")


def is_feedback(name: str) -> bool:
    """Whether a file or folder is one in which Sakai keeps what the instructor said."""
    return bool(_SAKAI_FEEDBACK.match(name))


def is_sakai(name: str) -> bool:
    """Whether a folder is one in which Sakai keeps a student's files."""
    return bool(_SAKAI.match(name))
