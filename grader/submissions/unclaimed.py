"""What lies in a class's folder and is read as nobody's, and students who look like one another: told, never settled.

What systems and tools leave behind (junk.py), and what a course lays beside its students' files, is not told.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from grader.submissions.files import Item
from grader.submissions.flat import is_of_the_course
from grader.submissions.lms import GRADESCOPE_METADATA
from grader.submissions.student_files import StudentFiles
from grader.text import clean, first_of

_MOST = 5  # names in a sentence
_COLLECTED = "submitted"  # where nbgrader puts what it collects; and what else lies in its course:
_NBGRADER = frozenset(
    ("source", "release", "autograded", "feedback", "downloaded", "gradebook.db", "nbgrader_config.py")
)


def remarks(items: Sequence[Item], groups: Sequence[StudentFiles]) -> list[str]:
    """Sentences for the instructor about the `items` of a class that was read as these `groups`."""
    sentences = []
    if names := _unclaimed_paths(items, groups):
        sentences.append(f"Read as no student's, and passed over: {_names(names)}.")
    for alike in _look_alike(group.student for group in groups):
        sentences.append(
            f"Names of students that look the same, or differ only in capitals: {_names(alike)}. Is it one student?"
        )
    if any(not clean(group.student, 120) for group in groups):
        sentences.append(
            "A name without a letter that can be shown was read as 'student'. Rename that folder to say whose it is."
        )
    return sentences


def _unclaimed_paths(items: Sequence[Item], groups: Sequence[StudentFiles]) -> list[str]:
    """The files and folders, beside those of several students, of which nothing is anybody's."""
    owners: dict[tuple[str, ...], set[int]] = {}
    for number, group in enumerate(groups):
        for entry in group.entries:
            for deep in range(len(entry.item.parts) + 1):
                owners.setdefault(entry.item.parts[:deep], set()).add(number)
    names = []
    for item in items:
        deep = next((deep for deep in range(1, len(item.parts) + 1) if item.parts[:deep] not in owners), 0)
        several = deep and len(owners.get(item.parts[: deep - 1], ())) > 1
        of_nbgrader = (
            deep and item.parts[deep - 1] in _NBGRADER and (*item.parts[: deep - 1], _COLLECTED) in owners
        )
        is_expected = (
            item.passed or of_nbgrader or (deep == len(item.parts) and _is_of_the_course(item.parts[-1]))
        )
        if several and not is_expected:
            folder = "/" if deep < len(item.parts) or item.read is None else ""
            names.append(clean("/".join(item.parts[:deep]), 60) + folder)
    return sorted(set(names))


def _is_of_the_course(name: str) -> bool:
    return name == GRADESCOPE_METADATA or is_of_the_course(name)


def _look_alike(names: Iterable[str]) -> list[list[str]]:
    alike: dict[str, set[str]] = {}
    for name in names:
        alike.setdefault(unicodedata.normalize("NFKC", clean(name, 120)).casefold(), set()).add(name)
    return [sorted(several) for key, several in alike.items() if key and len(several) > 1]


def _names(names: Sequence[str]) -> str:
    return first_of([clean(name, 80) for name in names], _MOST)
