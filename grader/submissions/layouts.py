"""Whose is what: sorts everything below the path given into one `Group` per student. Looks at names, opens
nothing but Gradescope's metadata.

The layouts, for an assignment `a`: a folder per student (`<student>/a.py`), nbgrader's
(`<student>/a/a.ipynb`), the downloads of platforms (see lms.py), a flat folder of `<student>_….py`, zips of
any of these, one folder around them, and the folder of a single student.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from grader.submissions.filenames import is_answer, is_named, is_zip
from grader.submissions.files import Item
from grader.submissions.lms import GRADESCOPE_METADATA, gradescope_names, is_gradescope, owner_of
from grader.submissions.problems import Unreadable

_METADATA_LIMIT = 200_000_000  # bytes; Gradescope writes all old results into it
_ANSWERS = (".py", ".ipynb", ".zip", ".pyw", ".py.txt", ".ipynb.txt", ".ipynb.json")
_NOT_STUDENTS = re.compile(r"(?:test_.*|conftest|__init__|setup)\.py\Z")
#: Folder names that say where submissions lie, not whose they are.
_PLACES = frozenset(
    (
        "assignment",
        "assignments",
        "submission",
        "submissions",
        "submitted",
        "solution",
        "solutions",
        "release",
        "source",
        "src",
        "code",
        "home",
        "root",
        "tmp",
        "temp",
        "work",
        "workspace",
        "desktop",
        "documents",
        "download",
        "downloads",
        "autograder",
        "autograded",
        "hw",
        "homework",
        "exercise",
        "exercises",
    )
)


@dataclass(frozen=True)
class Entry:
    """One file of a student. `inner` is where it lies in what the student handed in (empty for an empty
    folder). A `helper` may be imported by the answer and is never the answer itself.
    """

    item: Item
    inner: tuple[str, ...]
    stamp: str = ""
    numbered: bool = False
    helper: bool = False


@dataclass(frozen=True)
class Group:
    """What one student handed in. `number` is the platform's, to tell students of the same name apart."""

    student: str
    entries: tuple[Entry, ...]
    number: str = ""
    platform: bool = False  # the platform's naming shows that this is a student, whatever was handed in


def student_of_path(parts: tuple[str, ...], assignment: str) -> str:
    """The student of a single file or folder, from the folders that lead to it, nearest last; else "student".

    The nearest folder counts, or the one above when that is named like the assignment (nbgrader's layout).
    """
    folders = [part for part in parts if part not in ("/", "")]
    if folders and folders[-1] == assignment:
        folders.pop()
    name = folders[-1] if folders else ""
    owner = owner_of(name)
    if owner:
        return owner.student
    plain = name.casefold()
    if not plain or plain in _PLACES or plain == assignment.casefold() or not any(map(str.isalnum, plain)):
        return "student"
    return name


def group(items: Iterable[Item], above: tuple[str, ...], assignment: str, *, zipped: bool) -> list[Group]:
    """The groups of all students below a path; empty when nothing there looks like a submission.

    `above` are the folders that lead to the path, in case it is the folder of a single student.
    """
    entries = [Entry(item, item.parts) for item in items]
    for _ in range(3):
        wrapper = _wrapper(_Level(entries), assignment, zipped=zipped)
        if not wrapper:
            break
        above = (*above, wrapper)
        entries = _Level(entries).folders[wrapper]
    level = _Level(entries)
    if _is_one_student(level, assignment):
        return [Group(student_of_path(above, assignment), tuple(entries))]
    groups = _class(level, assignment)
    useful = any(found.platform or _has_answer(found, assignment) for found in groups)
    return groups if useful else []


class _Level:
    """Entries sorted by what lies directly in one folder. In `folders` their `inner` is one step shorter."""

    def __init__(self, entries: list[Entry]) -> None:
        self.files: list[Entry] = []
        self.folders: dict[str, list[Entry]] = {}
        for entry in entries:
            if len(entry.inner) == 1 and entry.item.read is not None:
                self.files.append(entry)
            elif entry.inner:
                below = self.folders.setdefault(entry.inner[0], [])
                below.append(replace(entry, inner=entry.inner[1:]))

    def students(self, assignment: str) -> list[str]:
        """The folders with a file of the right name in them, directly or in nbgrader's way."""
        return [name for name, below in self.folders.items() if _holds(below, assignment)]


def _holds(entries: list[Entry], assignment: str) -> bool:
    right = (f"{assignment}.py", f"{assignment}.ipynb")
    return any(
        entry.inner[-1:] and entry.inner[-1] in right and entry.inner[:-1] in ((), (assignment,))
        for entry in entries
    )


def _has_answer(found: Group, assignment: str) -> bool:
    return any(
        entry.item.read is not None
        and entry.inner != ()
        and (entry.item.refused or is_zip(entry.inner[-1]) or is_answer(entry.inner[-1], assignment))
        for entry in found.entries
    )


def _wrapper(level: _Level, assignment: str, *, zipped: bool) -> str:
    """The one folder that only stands around the class; "" when there is none."""
    if assignment in level.folders and _is_class(_Level(level.folders[assignment]), assignment, fewest=2):
        return assignment
    names = [entry.inner[0] for entry in level.files]
    if len(level.folders) != 1 or any(is_answer(name, assignment) or is_zip(name) for name in names):
        return ""
    (name,) = level.folders
    if name == assignment or owner_of(name) or is_gradescope(name):
        return ""
    # One folder in one folder may be a student's own; in a download it is more likely a student in a class.
    fewest = 1 if zipped or name.casefold() in _PLACES else 2
    return name if _is_class(_Level(level.folders[name]), assignment, fewest=fewest) else ""


def _is_class(level: _Level, assignment: str, *, fewest: int) -> bool:
    names = [entry.inner[0] for entry in level.files]
    if any(owner_of(name) or is_gradescope(name) for name in (*names, *level.folders)):
        return True
    flat = {student for name in names if (student := _prefix(name, assignment)[0])}
    plain = [
        name for name in level.students(assignment) if name != assignment and name.casefold() not in _PLACES
    ]
    return len(flat) >= 2 or len(plain) >= fewest or sum(map(is_zip, names)) >= 2


def _is_one_student(level: _Level, assignment: str) -> bool:
    direct = any(is_named(entry.inner[0], assignment) for entry in level.files)
    if direct and len(level.students(assignment)) < 2:
        return True
    return assignment in level.folders and _holds(level.folders[assignment], assignment)


def _prefix(name: str, assignment: str) -> tuple[str, str]:
    """`("ada", "rnn.py")` for "ada_rnn.py"; `("", name)` when the assignment's name is not in it."""
    pattern = rf"(?P<student>.+?)[ _-]+(?P<file>{re.escape(assignment)}(?![^\W_]).*)\Z"
    match = re.match(pattern, name, re.IGNORECASE | re.DOTALL)
    return (match["student"].strip(" _-"), match["file"]) if match else ("", name)


def student_of_file(name: str, assignment: str) -> tuple[str, str]:
    """Whose a file in a flat folder is, and its own name: by platform, `<student>_a.py`, `a_<student>.py`, or
    `<student>_….py`.

    A file named by nothing but its student is taken for a correctly named one.
    """
    if owner := owner_of(name):
        return owner.student, owner.file
    student, file = _prefix(name, assignment)
    if student:
        return student, file
    stem, ending = _split(name)
    if is_named(name, assignment):
        return stem, name
    if match := re.match(rf"{re.escape(assignment)}[ _-]+(?=\w)", stem, re.IGNORECASE):
        return stem[match.end() :], assignment + ending
    student, _, rest = stem.partition("_")
    if student and rest:
        return student, rest + ending
    return stem, assignment + ending


def _split(name: str) -> tuple[str, str]:
    for ending in sorted(_ANSWERS, key=len, reverse=True):
        if name.casefold().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)], name[-len(ending) :]
    return name, ""


def _class(level: _Level, assignment: str) -> list[Group]:
    groups: dict[tuple[str, str], Group] = {}

    def add(student: str, number: str, entries: list[Entry], platform: bool) -> None:
        known = groups.get((student, number), Group(student, (), number, platform))
        groups[student, number] = replace(known, entries=known.entries + tuple(entries))

    submitters = _submitters(level.files)
    for name, below in level.folders.items():
        if owner := owner_of(name):
            stamped = [replace(entry, stamp=owner.stamp, numbered=owner.numbered) for entry in below]
            add(owner.student, owner.number, stamped, True)
        elif is_gradescope(name):
            add(submitters.get(name, name), name.rpartition("_")[2], below, True)
        else:
            add(name, "", below, False)
    for entry, student, file in _flat(level.files, assignment):
        owner = owner_of(entry.inner[0])
        # A platform's description of an attempt is no file of the student's.
        item = entry.item if file else Item(entry.item.parts, None)
        found = Entry(item, (file,) if file else (), *((owner.stamp, owner.numbered) if owner else ()))
        add(student, owner.number if owner else "", [found], owner is not None)
    if any(entry.inner[:1] == (assignment,) for one in groups.values() for entry in one.entries):
        # nbgrader keeps all assignments of a student side by side: the others are not meant.
        for key, one in groups.items():
            kept = [entry for entry in one.entries if len(entry.inner) < 2 or entry.inner[0] == assignment]
            groups[key] = replace(one, entries=tuple(kept))
    return list(groups.values())


def _flat(files: list[Entry], assignment: str) -> list[tuple[Entry, str, str]]:
    """The files of students among those at the top, with student and own name."""
    kept: list[tuple[Entry, str, str]] = []
    for entry in files:
        name = entry.inner[0]
        useful = is_answer(name, assignment) or is_zip(name) or (entry.item.refused and "." not in name)
        if owner_of(name) or (useful and not _NOT_STUDENTS.match(name)):
            kept.append((entry, *student_of_file(name, assignment)))
    # Where the student's name ends is a guess when no pattern fits: never let a guess make one student of
    # two.
    guessed = [student for entry, student, _ in kept if not _is_known(entry.inner[0], assignment)]
    return [
        (entry, _split(entry.inner[0])[0], assignment + _split(entry.inner[0])[1])
        if guessed.count(student) > 1 and not _is_known(entry.inner[0], assignment)
        else (entry, student, file)
        for entry, student, file in kept
    ]


def _is_known(name: str, assignment: str) -> bool:
    return owner_of(name) is not None or _prefix(name, assignment)[0] != ""


def _submitters(files: list[Entry]) -> dict[str, str]:
    for entry in files:
        if entry.inner == (GRADESCOPE_METADATA,) and entry.item.read is not None:
            try:
                return gradescope_names(entry.item.read(_METADATA_LIMIT).decode("utf-8", "replace"))
            except Unreadable:
                return {}  # then a folder's own name is its student's
    return {}
