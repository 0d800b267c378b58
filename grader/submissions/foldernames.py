"""What the name of a folder says: that it is a place for files, an attempt, or somebody's. Pure text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from grader.submissions.filenames import ENDING_WORDS, PUT_ASIDE_WORDS, is_put_aside, joined, means

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
#: Words beside "old", "backup" and their like that are still nobody's: `my_old_version`.
_NOBODYS_WORDS = (
    "a an the this that my our mine your first second third last very really one two do not dont use used unused no "
    "longer of from before all everything stuff things version versions attempt attempts try trying file files folder "
    "copy copies wrong broken bad correct right good working state stand for"
)
_NOBODYS = frozenset(_NOBODYS_WORDS.split())


def is_place(name: str, assignment: str, beside: Iterable[str] = ()) -> bool:
    """Whether a folder's name says where files lie, which attempt they are, or which exercise, but not whose.

    A bare number is somebody's: many courses name folders by it. So is `mary_old`, a login like any other, unless one
    of the folders `beside` it may be the one that it is a copy of: `mary`, `mary_final`.
    """
    return _says_where(name, assignment) or (
        is_put_aside(name) and not _names_somebody(name, assignment, beside)
    )


def _says_where(name: str, assignment: str) -> bool:
    return (
        joined(name) in _PLACE_NAMES
        or means(name, assignment)
        or bool(_NUMBERED_PLACE.match(name) or _OLATS.match(name) or is_sakai(name))
        or bool(_NUMBERED_ATTEMPT.match(name) or _TIME.match(name))
    )


def _names_somebody(name: str, assignment: str, beside: Iterable[str]) -> bool:
    """Whether a name that says "old" holds somebody's name too, and is no copy of a folder beside it."""
    words = _own_words(name)
    rest = "_".join(words)
    if not words or _says_where(rest, assignment) or all(map(_is_nobodys, words)):
        return False
    return all(_own_words(other) != words for other in beside if other != name)


def _own_words(name: str) -> list[str]:
    """The words of a name without those that say how old it is, "final", "copy" and numbers."""
    words = re.findall(r"[^\W_]+", name.casefold())
    plain = (word.rstrip("0123456789") or word for word in words if not word.isdecimal())
    return [word for word in plain if word not in ENDING_WORDS and word not in PUT_ASIDE_WORDS]


def _is_nobodys(word: str) -> bool:
    return word in _NOBODYS or word in _PLACE_NAMES


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
    return next(
        (
            numbering
            for numbering in (times, counted, numbers)
            if numbering and len(numbering) == len(several)
        ),
        {},
    )


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))[:20].ljust(20, "0")


def is_feedback(name: str) -> bool:
    """Whether a file or folder is one in which Sakai keeps what the instructor said."""
    return bool(_SAKAI_FEEDBACK.match(name))


def is_sakai(name: str) -> bool:
    """Whether a folder is one in which Sakai keeps a student's files."""
    return bool(_SAKAI.match(name))
