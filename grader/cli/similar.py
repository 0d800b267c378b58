"""`grader similar`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from grader.cli.common import CoursePath, course_of, say


def similar(
    submissions: Annotated[
        Path,
        typer.Argument(
            metavar="SUBMISSIONS", help="What the class handed in, as for grade.", show_default=False
        ),
    ],
    assignment: Annotated[str, typer.Option("--assignment", "-a", metavar="A", help="Which assignment.")],
    against: Annotated[
        Optional[list[Path]],
        typer.Option(metavar="SUBMISSIONS", help="An older class to compare with; may be repeated."),
    ] = None,
    results: Annotated[
        Optional[Path],
        typer.Option(metavar="DIR", help="Where grade wrote results.json, to look for shared wrong numbers."),
    ] = None,
    to: Annotated[
        Optional[Path], typer.Option(metavar="OUT", help="Where pages are written.", show_default="similar/A")
    ] = None,
    course: CoursePath = None,
) -> None:
    """Show who handed in the same or nearly the same code. It is a place to look, and no verdict."""
    from grader.similar.command import SimilarRequest, run

    run(SimilarRequest(course_of(course), assignment, submissions, tuple(against or ()), results, to), say)
