"""What was typed after `grader grade`, and whom it is about: which submissions, who is chosen, and who is taken out.

Nobody becomes a new student by accident, and nobody leaves results.json without being named by --drop.
"""

from __future__ import annotations

import shlex
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader import adjustments
from grader.assignments import Assignment, Course
from grader.errors import UsageError
from grader.handouts import handout
from grader.records import Submission
from grader.run.digests import suite_digest
from grader.run.earlier_results import students_with_results
from grader.run.path import Options
from grader.run.store import ClassFolder
from grader.submissions import read_submission, read_submissions
from grader.text import clean, counted, first_of, near

FEWEST_OF_A_CLASS = 3  # hand-ins that can be read, each in a place of its own
NO_NAME = "student"  # what a file is called by whose place says nothing


@dataclass(frozen=True)
class GradeRequest:
    """What was typed. `out_named`: the folder for results was named, and is not the default."""

    course: Course
    assignment: str
    submissions: Path
    out: Path
    out_named: bool = True
    options: Options = field(default_factory=Options)
    only: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    student: str = ""
    gradebook: str | None = None
    against: Path | None = None  # --preview
    fail_under: float | None = None
    cluster: str = ""  # the address of a Dask scheduler whose workers grade


def requested_submissions(
    request: GradeRequest, assignment: Assignment, say: Callable[[str], None]
) -> list[Submission]:
    """What is to be graded. Raises UsageError for a name in --only that nobody has."""
    hand_out = handout(request.course, assignment)
    if request.student:
        name = clean(request.student, 120)
        if not name:
            raise UsageError("--student has no letters in it.", next_step="Name the student: --student NAME")
        if request.only:
            raise UsageError(
                "--student says whose all of it is, so there is nobody to choose with --only.",
                next_step="Leave one of them out.",
            )
        _check_whose(request, assignment, name, say)
        return [read_submission(request.submissions, name, assignment.name, hand_out)]
    submissions = read_submissions(request.submissions, assignment.name, hand_out, say)
    if not request.only:
        return submissions
    by_name = {submission.student: submission for submission in submissions}
    chosen = {_named(name, by_name, request, assignment) for name in request.only}
    return [submission for submission in submissions if submission.student in chosen]


def _check_whose(
    request: GradeRequest, assignment: Assignment, student: str, say: Callable[[str], None]
) -> None:
    """See that a folder of which --student says whose all of it is does not look like a class.

    Raises UsageError where the student is one of that class: everybody's work but one file would be passed over. Where
    the name is nobody's in it, it may be one student's with many copies, as a push is: then it is said, and graded.
    """
    path = request.submissions
    try:
        submissions = read_submissions(path, assignment.name, handout(request.course, assignment))
    except UsageError:
        return  # whose is what cannot be told: that is what --student is for
    names = [submission.student for submission in submissions if submission.chunks]
    among = len(names) > 1 and student in names
    if not among and len(names) < FEWEST_OF_A_CLASS:
        return
    sentence = (
        f"{clean(str(path), 300)} holds what may be the work of {counted(len(names), 'student')} "
        f"({first_of(names, 3)}), and --student says that all of it is by {clean(student, 60)!r}."
    )
    if not among:
        say(f"{sentence} One file of it is graded, as theirs. A class is graded without --student.")
        return
    again = f"grader grade {shlex.quote(str(path))} -a {assignment.name} --only {shlex.quote(student)}"
    again += f" --out {shlex.quote(str(request.out))}"
    raise UsageError(
        f"{sentence} Nothing was graded.",
        next_step=f"If that student alone is meant: {clean(again, 600)}",
    )


def with_their_time(
    folder: Path, assignment: Assignment, submissions: Sequence[Submission]
) -> list[Submission]:
    """The submissions with the time that adjustments.toml in `folder` gives.

    Raises CourseError when it is about somebody unknown.
    """
    decided = adjustments.load(folder)
    if not decided.students:
        return list(submissions)
    present = {submission.student for submission in submissions}
    decided.refuse_unknown_students(present | students_with_results(folder, assignment.name))
    return decided.with_time(submissions)


def _named(name: str, by_name: Collection[str], request: GradeRequest, assignment: Assignment) -> str:
    """The student of `by_name` who is meant: exactly, or by the same letters in another encoding."""
    if name in by_name:
        return name
    composed = unicodedata.normalize("NFC", name)
    same = [name for name in by_name if unicodedata.normalize("NFC", name) == composed]
    if len(same) == 1:
        return same[0]
    earlier = students_with_results(request.out, assignment.name)
    earlier_result = f"; {request.out} holds a result from an earlier run" if name in earlier else ""
    raise UsageError(
        f"{clean(str(request.submissions), 300)} has no student {clean(name, 60)!r}{earlier_result}.",
        next_step=near(name, by_name),
    )


def refuse_new_student(
    request: GradeRequest, assignment: Assignment, submissions: Sequence[Submission]
) -> None:
    """A hand-in alone must not become somebody new beside the student whose it is.

    Raises UsageError where nothing says whose it is, and where a single file would get into a class's results by the
    default of --out alone.
    """
    path = request.submissions
    if request.student or request.only or len(submissions) != 1:
        return
    (submission,) = submissions
    earlier = students_with_results(request.out, assignment.name)
    if not earlier or submission.student in earlier:
        return
    if submission.student == NO_NAME:
        why = f"nothing says whose {clean(path.name, 80)} is"
    elif not submission.file and not submission.chunks:
        problem = clean(submission.problem, 200).rstrip(".")
        why = f"what is in {clean(path.name, 80)} says nothing of whose it is ({problem})"
    elif path.is_file() and not request.out_named:
        why = f"{clean(path.name, 80)} is read as that of {clean(submission.student, 60)!r}, who is none of them"
    else:
        return
    count = counted(len(earlier), "student")
    raise UsageError(
        f"{request.out} holds the results of {count}, and {why}. Nothing was graded.",
        next_step=f"If it is one of theirs: --student NAME\n{near(submission.student, sorted(earlier))}\n"
        f"If it is none of theirs: --out FOLDER",
    )


def drop_results(request: GradeRequest, assignment: Assignment, submissions: Sequence[Submission]) -> None:
    """Take out whom --drop names. Raises UsageError for a name without a result, and for one who is in this run."""
    if not request.drop:
        return
    names = students_with_results(request.out, assignment.name)
    for name in request.drop:
        if name not in names:
            raise UsageError(
                f"{request.out} has no result of {clean(name, 60)!r} to drop.",
                next_step=near(name, sorted(names)),
            )
        if name in {submission.student for submission in submissions}:
            raise UsageError(
                f"{clean(name, 60)} is in {clean(str(request.submissions), 300)}, and would be graded again.",
                next_step="Take the files out of there first, or leave out --drop.",
            )
    suite = suite_digest(request.course, assignment)
    ClassFolder(request.out, assignment.name, suite, assignment.max_score).drop(request.drop)
