"""What the commands share: the course's option, how a line is said, the status of what could not be done."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.assignments import Course

CoursePath = Annotated[
    Optional[Path],
    typer.Option("--course", metavar="PATH", help="The course; default: the nearest folder with solutions/."),
]

EXIT_NOT_GRADED = 1


def course_of(path: Path | None) -> Course:
    """The course that --course names, or the nearest one. Raises UsageError and CourseError."""
    from grader.assignments import find_course

    if path is not None and not path.is_dir():
        raise UsageError(f"--course {path} is not a folder.")
    return find_course(path)


def say(text: str) -> None:
    """Write a line to standard error, if it can be written: what was graded does not depend on it."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr)
