"""`grader grade`: its options, and the warm process that is started before anything is read."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from grader import startup
from grader.cli.common import CoursePath, course_of, say

if TYPE_CHECKING:
    from grader.run.trusted import WarmStart

Submissions = Annotated[
    Path,
    typer.Argument(
        metavar="SUBMISSIONS",
        help="A file, a folder of students, an LMS download or an archive.",
        show_default=False,
    ),
]
AssignmentName = Annotated[str, typer.Option("--assignment", "-a", metavar="A", help="Which assignment.")]
Out = Annotated[
    Optional[Path],
    typer.Option(metavar="DIR", help="Where results.json is written.", show_default="results"),
]
Workers = Annotated[
    Optional[int],
    typer.Option("--workers", "-j", metavar="N", min=1, help="Processes; default: one per processor."),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Grade again what is graded already.")]
Gradebook = Annotated[
    Optional[str],
    typer.Option(metavar="URL", help="Write the scores into this gradebook of nbgrader too."),
]
FailUnder = Annotated[
    Optional[float], typer.Option(metavar="PERCENT", min=0, max=100, help="Exit with 3 below this score.")
]
Preview = Annotated[
    Optional[Path],
    typer.Option(metavar="DIR", help="Write nothing; say who would gain or lose against the run in DIR."),
]
Only = Annotated[
    Optional[list[str]],
    typer.Option(metavar="STUDENT", help="Grade this one again, and nobody else; may be repeated."),
]
Student = Annotated[
    str,
    typer.Option(metavar="NAME", help="All of SUBMISSIONS is what this one handed in.", show_default=False),
]
Drop = Annotated[
    Optional[list[str]],
    typer.Option(metavar="STUDENT", help="Take the earlier result of this one out of DIR; may be repeated."),
]
Lines = Annotated[
    Optional[bool],
    typer.Option(
        "--lines/--no-lines",
        help="Look for the line in which one change is enough; default: for one submission alone.",
        show_default=False,
    ),
]
Cluster = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="Grade on the workers of this Dask scheduler, such as tcp://head:8786.",
        show_default=False,
    ),
]
AnswersBefore = Annotated[
    str,
    typer.Option(
        metavar="N|FILE",
        help="How many full answers the host gave today: a number, or Gradescope's submission_metadata.json.",
        show_default=False,
    ),
]
AllowUnsafe = Annotated[
    Optional[list[str]],
    typer.Option(
        metavar="LAYER", help="Grade without this layer of the jail (landlock, seccomp, descriptors)."
    ),
]


def grade(
    submissions: Submissions,
    assignment: AssignmentName,
    out: Out = None,
    course: CoursePath = None,
    workers: Workers = None,
    fresh: Fresh = False,
    gradebook: Gradebook = None,
    fail_under: FailUnder = None,
    preview: Preview = None,
    only: Only = None,
    student: Student = "",
    drop: Drop = None,
    lines: Lines = None,
    cluster: Cluster = "",
    answers_before: AnswersBefore = "",
    allow_unsafe: AllowUnsafe = None,
) -> None:
    """Grade one submission or a folder of them. Whoever has a result in DIR and is not among them keeps it."""
    with contextlib.nullcontext() if cluster else warm_process() as warm:
        from grader import grade_command
        from grader.grade_request import GradeRequest
        from grader.run.path import Options

        request = GradeRequest(
            course=course_of(course),
            assignment=assignment,
            submissions=submissions,
            out=out or Path("results"),
            out_named=out is not None,
            options=Options(workers, _names(allow_unsafe), fresh, lines=lines, answers_before=answers_before),
            only=_names(only),
            drop=_names(drop),
            student=student,
            gradebook=gradebook,
            against=preview,
            fail_under=fail_under,
            cluster=cluster,
        )
        if status := grade_command.run(request, say, warm):
            raise typer.Exit(status)


def _names(typed: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(typed or ())


@contextlib.contextmanager
def warm_process() -> Iterator[WarmStart | None]:
    """A process that loads torch while this one imports and reads; None where there is no sandbox anyway."""
    if not sys.platform.startswith("linux"):
        yield None
        return
    from grader.run.trusted import WarmStart
    from grader.subject.keeper import Keeper

    with contextlib.closing(WarmStart(startup.take_keeper() or Keeper.launch())) as warm:
        yield warm
