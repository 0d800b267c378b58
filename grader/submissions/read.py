"""The main path of this package: `read_submissions`, from the path that was typed to one `Submission` per
student.
"""

from __future__ import annotations

import os
import stat
from contextlib import ExitStack
from pathlib import Path

from grader.errors import UsageError
from grader.records import Submission
from grader.submissions.candidates import submission_of
from grader.submissions.filenames import is_answer, is_named, is_zip
from grader.submissions.files import MOST_PER_FOLDER, Item, read_beneath, walk
from grader.submissions.layouts import Entry, Group, group, student_of_file, student_of_path
from grader.submissions.names import natural_key
from grader.submissions.problems import Unreadable
from grader.submissions.zips import class_items
from grader.text import clean

_NEAR = 3  # folders: the depth to which a file that was typed is asked what it may import


def read_submissions(path: Path, assignment: str) -> list[Submission]:
    """What the students below `path` handed in for `assignment`: sorted by student, each student once.

    `path` is a file, a folder, a download of a platform or a zip (layouts.py lists what is understood).
    Raises UsageError when the path itself is of no use; everything else is told in the `problem` of the
    student concerned.
    """
    path = Path(os.path.abspath(path))
    expected = (
        f"expected {assignment}.py or {assignment}.ipynb, a folder per student, a download or a zip of one"
    )
    try:
        status = path.stat()  # follows links: the path that was typed may be one
    except OSError as error:
        raise UsageError(
            f"{clean(str(path), 300)}: {error.strerror or error}; {expected}",
            next_step=_next_step(assignment),
        ) from None
    with ExitStack() as stack:
        try:
            groups, found = _groups(path, status, assignment, stack)
        except (OSError, Unreadable) as error:
            raise UsageError(f"{clean(str(path), 300)} cannot be read: {clean(str(error), 300)}") from None
        if not groups:
            raise UsageError(
                f"{clean(str(path), 300)}: nothing in it looks like a submission to {assignment}: "
                f"{expected}; "
                f"found {_summary(found)}",
                next_step=_next_step(assignment),
            )
        # Zips stay open to the end of this: groups read lazily.
        named = sorted(_unique(groups).items(), key=lambda pair: natural_key(pair[0]))
        return [submission_of(group, student, assignment) for student, group in named]


def read_submission(path: Path, student: str, assignment: str) -> Submission:
    """What one student handed in, when it is known whose it is: nbgrader's `<student>/<assignment>`, a push.

    `path` is a folder, a file or a zip. The same files count as when the class is read. Raises UsageError when the
    path itself cannot be looked at.
    """
    path = Path(os.path.abspath(path))
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            items = walk(path)
        else:
            items = [Item((path.name,), lambda limit: _read_typed(path, limit), status.st_mtime)]
    except OSError as error:
        raise UsageError(f"{clean(str(path), 300)} cannot be read: {error.strerror or error}") from None
    above = (assignment,) if path.name == assignment else ()  # nbgrader's folder
    entries = tuple(Entry(item, (*above, *item.parts)) for item in items)
    return submission_of(Group(student, entries), student, assignment)


def _next_step(assignment: str) -> str:
    return f"Next: grader grade <folder, file or zip of submissions> --assignment {assignment} --out <folder>"


def _groups(
    path: Path, status: os.stat_result, assignment: str, stack: ExitStack
) -> tuple[list[Group], list[Item]]:
    if stat.S_ISDIR(status.st_mode):
        items = walk(path)
        return group(items, path.parts, assignment, zipped=False), items
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("it is neither a file nor a folder")
    if is_zip(path.name):
        items = class_items(stack.enter_context(path.open("rb")), path.name)
        return group(items, (path.stem,), assignment, zipped=True), items
    item = Item((path.name,), lambda limit: _read_typed(path, limit), status.st_mtime)
    if not is_answer(path.name, assignment):
        return [], [item]
    if not is_named(path.name, assignment):
        student, file = student_of_file(path.name, assignment)
        return [Group(student, (Entry(item, (file,)),))], [item]
    student = student_of_path(path.parts[:-1], assignment)
    return [Group(student, (Entry(item, (path.name,)), *_beside(path)))], [item]


def _beside(path: Path) -> list[Entry]:
    """What a typed file may import: the .py files around it, if nothing else there can be meant as the answer."""
    try:
        items = walk(path.parent, deepest=_NEAR, most_at_top=MOST_PER_FOLDER)
    except OSError:
        return []  # a file may be readable in a folder that is not
    return [
        Entry(item, item.parts, helper=True)
        for item in items
        if item.read is not None and item.parts[-1] != path.name and item.parts[-1].endswith(".py")
    ]


def _read_typed(path: Path, limit: int) -> bytes:
    real = Path(os.path.realpath(path))
    return read_beneath(real.parent, (real.name,), limit)


def _unique(groups: list[Group]) -> dict[str, Group]:
    """The groups by the student's name as it is shown; students of one name are told apart by number."""
    shown = [clean(group.student, 120) or "student" for group in groups]
    unique: dict[str, Group] = {}
    for name, one in sorted(
        zip(shown, groups, strict=True), key=lambda pair: (pair[1].student, pair[1].number)
    ):
        if shown.count(name) > 1 and one.number:
            name = f"{name} ({one.number})"
        count, free = 1, name
        while free in unique:
            count += 1
            free = f"{name} ({count})"
        unique[free] = one
    return unique


def _summary(items: list[Item]) -> str:
    if not items:
        return "nothing at all"
    names = [clean("/".join(item.parts), 60) + ("/" if item.read is None else "") for item in items[:4]]
    return ", ".join(names) + (f" and {len(items) - 4} more" if len(items) > 4 else "")
