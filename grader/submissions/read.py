"""The main path of this package: `read_submissions`, from the path that was typed to one `Submission` per
student.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from grader.errors import UsageError
from grader.records import Chunk, Submission
from grader.submissions import tars, zips
from grader.submissions.candidates import submission_of
from grader.submissions.classes import one_student, title_in
from grader.submissions.downloads import of_a_class
from grader.submissions.filenames import is_answer, is_archive, is_named, is_packed, is_zip, without_ending
from grader.submissions.files import MOST_PER_FOLDER, Item, read_beneath, walk
from grader.submissions.flat import student_of_file
from grader.submissions.grader_files import without_own
from grader.submissions.handout import NOTHING_KNOWN, Handout
from grader.submissions.layouts import group, student_of_path
from grader.submissions.lms import head_of
from grader.submissions.modules import modules_of
from grader.submissions.names import natural_key
from grader.submissions.problems import Unreadable
from grader.submissions.student_files import HandedInFile, Level, StudentFiles, Unclear
from grader.submissions.unclaimed import remarks
from grader.text import clean

_NEAR = 3  # folders: the depth to which a file that was typed is asked what it may import


def read_submissions(
    path: Path,
    assignment: str,
    handout: Handout = NOTHING_KNOWN,
    tell: Callable[[str], None] | None = None,
) -> list[Submission]:
    """What the students below `path` handed in for `assignment`: sorted by student, each student once.

    `path` is a file, a folder, a download of a platform or a zip (layouts.py lists what is understood). With the
    `handout`, what is still as it was handed out is told from work. `tell` gets sentences about the class: what was
    passed over as nobody's, whose names look alike.
    Raises UsageError when the path itself is of no use, or leaves open whose something is; everything else is told in
    the `problem` of the student concerned.
    """
    path = Path(os.path.abspath(path))
    expected = f"expected {assignment}.py or {assignment}.ipynb, a folder per student, a download or an archive of one"
    place = clean(str(path), 300)
    try:
        status = path.stat()  # follows links: the path that was typed may be one
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"{place}: {reason}; {expected}", next_step=_next_step(assignment)) from None
    with ExitStack() as stack:
        try:
            groups, entries = _groups(path, status, assignment, handout, stack)
        except (OSError, Unreadable) as error:
            raise UsageError(f"{place} cannot be read: {clean(str(error), 300)}") from None
        except Unclear as unclear:
            raise _question(path, assignment, unclear) from None
        if not groups:
            fault = f"nothing in it looks like a submission to {assignment}: {expected}; found {_summary(entries)}"
            raise UsageError(f"{place}: {fault}", next_step=_next_step(assignment))
        if tell is not None:
            for sentence in remarks(entries, groups):
                tell(sentence)
        # Zips stay open to the end of this: groups read lazily.
        named = sorted(_unique(groups).items(), key=lambda pair: natural_key(pair[0]))
        return [submission_of(group, student, assignment, handout) for student, group in named]


def read_submission(
    path: Path, student: str, assignment: str, handout: Handout = NOTHING_KNOWN
) -> Submission:
    """What one student handed in, when it is known whose it is: nbgrader's `<student>/<assignment>`, a push.

    `path` is a folder, a file or a zip. The same files count as when the class is read. Raises UsageError when the
    path itself cannot be looked at.
    """
    path = Path(os.path.abspath(path))
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            items, helpers = without_own(walk(path)), []
        else:
            items = [Item((path.name,), lambda limit: _read_typed(path, limit), status.st_mtime)]
            helpers = _modules_around(path)
    except OSError as error:
        raise UsageError(f"{clean(str(path), 300)} cannot be read: {error.strerror or error}") from None
    above = (assignment,) if path.name == assignment else ()  # nbgrader's folder
    entries = [HandedInFile(item, (*above, *item.parts)) for item in items]
    group = one_student(student, [*entries, *helpers], assignment)
    return submission_of(group, student, assignment, handout)


def _next_step(assignment: str) -> str:
    return f"Next: grader grade <folder, file or zip of submissions> --assignment {assignment} --out <folder>"


def _question(path: Path, assignment: str, unclear: Unclear) -> UsageError:
    """What to say where one student's files cannot be told from several students'."""
    name = clean(str(path), 300)
    if unclear.students:
        maybe = ", ".join(clean(student, 80) for student in unclear.students[:5])
        last = clean(unclear.students[min(1, len(unclear.students) - 1)], 80)
        return UsageError(
            f"{name}: it is not clear whose is what. {clean(str(unclear), 200)} begins with a title and a user name: "
            f"which of {maybe} is the user?",
            next_step=f"grader grade '{name}' --assignment {assignment} --student '{last}' --out <folder>",
        )
    folders = [clean(folder, 80) for folder in unclear.folders]
    more = f" and {len(folders) - 5} more" if len(folders) > 5 else ""
    there = f" {unclear}" if str(unclear) else ""
    several = (
        f"{assignment}.py or {assignment}.ipynb is in several folders{there}: {', '.join(folders[:5])}{more}"
    )
    if not folders:
        several = f"there are files of several students{there}"
    first = clean(str(path / unclear.folders[0] if unclear.folders else path), 300)
    return UsageError(
        f"{name}: it is not clear whose is what. {several}. Are they several students', or one student's copies?",
        next_step=(
            f"One student's, or one class of several: grader grade '{first}' --assignment {assignment} --out <folder>\n"
            f"A student each: lay the files out as <student>/{assignment}/{assignment}.py, and take the others away"
        ),
    )


def _groups(
    path: Path, status: os.stat_result, assignment: str, handout: Handout, stack: ExitStack
) -> tuple[list[StudentFiles], list[Item]]:
    if stat.S_ISDIR(status.st_mode):
        items = without_own(walk(path))
        return group(items, path.parts, assignment, handout, zipped=False), items
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("it is neither a file nor a folder")
    # One that is called as the answer is to be is a student's, who is told what to do; another may be a whole class's.
    named = is_named(without_ending(path.name).partition(".")[0], assignment)
    archive = is_archive(path.name)
    if archive:
        above = path.parts[:-1] if named else (without_ending(path.name),)
        try:
            items = without_own(_class_items(path, stack))
            groups = group(items, above, assignment, handout, zipped=True)
            return (of_a_class(groups, path.name) if len(groups) > 1 else groups), items
        except Unreadable:
            if not named:
                raise
    packed = archive or is_packed(path.name)
    if packed and not named:
        raise Unreadable(
            "an archive of this kind is not opened here. Unpack it, and name the folder or a .zip of it"
        )
    item = Item((path.name,), lambda limit: _read_typed(path, limit), status.st_mtime)
    if not packed and not is_named(path.name, assignment):
        student, file = student_of_file(path.name, assignment, _title(path))
        entry = HandedInFile(item, (file if is_answer(path.name, assignment) else path.name,))
        return [StudentFiles(student, (entry,))], [item]
    student = student_of_path(path.parts[:-1], assignment)
    return [StudentFiles(student, (HandedInFile(item, (path.name,)), *_modules_around(path)))], [item]


def _class_items(path: Path, stack: ExitStack) -> list[Item]:
    if is_zip(path.name):
        return zips.class_items(stack.enter_context(path.open("rb")), path.name)
    return tars.class_items(_read_typed(path, tars.CLASS), path.name)


def _title(path: Path) -> str:
    """What Blackboard's names begin with in the folder of a file that was typed. Raises Unclear."""
    if not head_of(path.name):
        return ""
    items = [Item((path.name,), lambda limit: _read_typed(path, limit))]
    with suppress(OSError):  # a file may be readable in a folder that is not
        items += walk(path.parent, deepest=1, most_at_top=MOST_PER_FOLDER)
    return title_in(Level([HandedInFile(item, item.parts) for item in items]))


def _modules_around(path: Path) -> list[HandedInFile]:
    """What a file that was typed may import: the .py files around it."""
    try:
        items = walk(path.parent, deepest=_NEAR, most_at_top=MOST_PER_FOLDER)
    except OSError:
        return []  # a file may be readable in a folder that is not
    return [
        HandedInFile(item, item.parts, helper=True)
        for item in items
        if item.read is not None
        and item.parts[-1] != path.name
        and (item.fault or item.parts[-1].endswith(".py"))
    ]


def modules_beside(
    path: Path, sources: Iterable[str], written: Sequence[Chunk] = ()
) -> tuple[tuple[Chunk, ...], tuple[str, ...]]:
    """The modules that the answer at `path` may import, as if it were handed in with all around it; and notes.

    Raises Unreadable where one that is imported cannot be read.
    """
    answer = HandedInFile(Item((path.name,), None, 0.0), (path.name,))
    return modules_of(answer, _modules_around(path), sources, written)


def _read_typed(path: Path, limit: int) -> bytes:
    real = Path(os.path.realpath(path))
    return read_beneath(real.parent, (real.name,), limit)


def _unique(groups: list[StudentFiles]) -> dict[str, StudentFiles]:
    """The groups by the student's name as it is shown; students of one name are told apart by number."""
    names = [clean(group.student, 120) or "student" for group in groups]
    often = Counter(names)
    unique: dict[str, StudentFiles] = {}
    for name, submission in sorted(
        zip(names, groups, strict=True), key=lambda pair: (pair[1].student, pair[1].number)
    ):
        if often[name] > 1 and submission.number:
            name = f"{name} ({submission.number})"
        count, free = 1, name
        while free in unique:
            count += 1
            free = f"{name} ({count})"
        unique[free] = submission
    return unique


def _summary(items: list[Item]) -> str:
    if not items:
        return "nothing at all"
    names = [clean("/".join(item.parts), 60) + ("/" if item.read is None else "") for item in items[:4]]
    return ", ".join(names) + (f" and {len(items) - 4} more" if len(items) > 4 else "")
