"""Files of several students in one folder, `<student>_a.py` and the like: one name → whose it is. Pure text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from grader.submissions.filenames import (
    ARCHIVES,
    COPY_OF,
    is_answer,
    is_archive,
    is_document,
    is_link,
    is_named,
    is_packed,
)
from grader.submissions.lms import Owner, owner_of
from grader.submissions.student_files import HandedInFile

_ANSWERS = (".py.txt", ".ipynb.txt", ".ipynb.json", ".py", ".pyw", ".ipynb", *ARCHIVES)
_LONGEST = 300  # characters of a name that is looked into
_ENDING = re.compile(r"\.\w{1,8}\Z")
_COPIES = rf"(?:(?:{COPY_OF})\s+)*"  # a copy may have been copied
_NOT_STUDENTS = re.compile(r"(?:test_.*|.*_test|conftest|__init__|setup)\.py\Z")
#: What instructors and platforms lay beside the files of students.
_OF_THE_COURSE = re.compile(
    r"(?:read[ _-]?me|index|grades?|gradebook|marks|notes?|roster|students?|participants?|instructions?|handout|"
    r"syllabus|rubric|solutions?|reports?|results?|summary|license|changelog|assignments?|feedback|description|template)\b.*",
    re.IGNORECASE,
)


def prefix(name: str, assignment: str) -> tuple[str, str]:
    """`("ada", "rnn.py")` for "ada_rnn.py"; `("", name)` when the assignment's name is not in it."""
    pattern = rf"(?P<student>.+?)[ _-]+(?P<file>{re.escape(assignment)}(?![^\W_]).*)\Z"
    match = re.match(pattern, name, re.IGNORECASE | re.DOTALL) if len(name) <= _LONGEST else None
    student = match["student"].strip(" _-") if match else ""
    student = "" if re.fullmatch(_COPIES, f"{student} ", re.IGNORECASE) else student
    # "my rnn.py", "Copy of rnn.py" are nobody's.
    return (student, match["file"]) if match and student and not is_named(name, assignment) else ("", name)


def student_of_file(name: str, assignment: str, title: str = "") -> tuple[str, str]:
    """Whose a file in a flat folder is, and its own name: by platform, `<student>_a.py`, `a_<student>.py` (also
    of a copy: `Copy of a.py - <student>.py`), or `<student>_….py`.

    A file named by nothing but its student is taken for a correctly named one.
    """
    if owner := owner_of(name, title):
        return owner.student, owner.file
    student, file = prefix(name, assignment)
    if student:
        return student, file
    stem, ending = _split(name)
    if is_named(name, assignment):
        return stem, name
    if match := re.match(
        rf"{_COPIES}{re.escape(assignment)}(?:\.(?:py|ipynb)|\s*\(\d+\))*[ _-]+(?=\w)",
        stem,
        re.IGNORECASE,
    ):
        return stem[match.end() :], assignment + ending
    student, _, rest = stem.partition("_")
    if student and rest:
        return student, rest + ending
    return _by_stem(name, assignment)


def _split(name: str) -> tuple[str, str]:
    for ending in _ANSWERS:
        if name.casefold().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)], name[-len(ending) :]
    match = _ENDING.search(name)
    return (name[: match.start()], match[0]) if match and match.start() else (name, "")


def _by_stem(name: str, assignment: str) -> tuple[str, str]:
    stem, ending = _split(name)
    return stem, assignment + ending if ending.casefold() in _ANSWERS else name


def of_students(
    files: Sequence[HandedInFile], assignment: str, title: str
) -> list[tuple[HandedInFile, str, str, Owner | None]]:
    """The files of students among those at the top, each with student, own name, and owner where a platform names one.

    Where some are called `<student>_a.py`, a document is somebody's too.
    """
    alone = any(prefix(entry.inner[0], assignment)[0] for entry in files)
    rows: list[tuple[HandedInFile, str, str, Owner | None]] = []
    for entry in files:
        name = entry.inner[0]
        owner = owner_of(name, title)
        if owner or _is_handed_in(entry, assignment, alone=alone):
            rows.append((entry, *student_of_file(name, assignment, title), owner))
    # Where the student's name ends is a guess when no pattern fits: never let a guess make one student of
    # two.
    guessed = Counter(student for entry, student, _, owner in rows if _is_guess(entry, assignment, owner))
    return [
        (entry, *_by_stem(entry.inner[0], assignment), owner)
        if guessed[student] > 1 and _is_guess(entry, assignment, owner)
        else (entry, student, file, owner)
        for entry, student, file, owner in rows
    ]


def _is_handed_in(entry: HandedInFile, assignment: str, *, alone: bool) -> bool:
    name = entry.inner[0]
    if _NOT_STUDENTS.match(name):
        return False
    if is_answer(name, assignment) or is_archive(name) or is_packed(name) or prefix(name, assignment)[0]:
        return True
    if entry.item.refused:
        return "." not in name
    return (
        alone
        and (is_document(name) or is_link(name) or name.endswith(".txt"))
        and not (_OF_THE_COURSE.match(name) or is_named(_split(name)[0], assignment))
    )


def is_of_the_course(name: str) -> bool:
    """Whether a file is one of those that instructors and platforms lay beside the files of students."""
    return bool(_NOT_STUDENTS.match(name) or _OF_THE_COURSE.match(name))


def _is_guess(entry: HandedInFile, assignment: str, owner: Owner | None) -> bool:
    return owner is None and prefix(entry.inner[0], assignment)[0] == ""
