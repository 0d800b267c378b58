"""Commands on a folder of results: `report`, `export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from grader.cli.common import EXIT_NOT_GRADED, say

ResultsFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Where grade wrote results.json.", show_default=False)
]


def report(
    folder: ResultsFolder,
    for_students: Annotated[
        bool,
        typer.Option("--for-students", help="Only the pages that may be handed out, one for each student."),
    ] = False,
    to: Annotated[
        Optional[Path], typer.Option(metavar="OUT", help="Default: DIR/report, or DIR/for-students.")
    ] = None,
) -> None:
    """Write a graded class as web pages that open from disk."""
    from grader.report import write_site
    from grader.run.store import read

    graded = read(folder)
    for caution in graded.cautions:
        say(caution)
    site = write_site(graded, to, for_students=for_students)
    print(f"{site.students} page{'s' * (site.students != 1)} of students written to {site.folder}")
    print(f"Open: {site.start}" if site.start else f"Whose is which: {site.listed}")


def export(
    folder: ResultsFolder,
    format_: Annotated[
        str,
        typer.Option("--format", "-f", metavar="F", help="Such as csv, canvas, moodle, gradescope, junit."),
    ],
    to: Annotated[
        Optional[str],
        typer.Option(metavar="FILE", help="Default: standard output. For nbgrader: its gradebook, or a URL."),
    ] = None,
    leave_out: Annotated[
        Optional[list[str]], typer.Option(metavar="STUDENT", help="Export without this one; may be repeated.")
    ] = None,
    student: Annotated[
        str, typer.Option(metavar="STUDENT", help="Export this one alone.", show_default=False)
    ] = "",
    roster: Annotated[
        Optional[Path], typer.Option(metavar="FILE", help="What Canvas or Moodle exported, to be filled in.")
    ] = None,
    column: Annotated[
        str, typer.Option(metavar="NAME", help="Canvas's name of the assignment.", show_default=False)
    ] = "",
) -> None:
    """Write the results in the format of another system."""
    from grader import export as exports
    from grader.export.base import Options
    from grader.run.store import read

    missing: list[str] = []
    left_out = tuple(leave_out or ())
    place = None if to is None else Path(to)
    options = Options(
        place, left_out, student, roster, column, url=to or "", say=say, incomplete=missing.append
    )
    graded = read(folder)
    for caution in graded.cautions:
        say(caution)
    written = exports.export(graded, format_, options)
    if place is not None:
        if written is not None:
            exports.write(written, place)
            say(f"Written to {place}")
    elif written is not None:
        sys.stdout.write(written if isinstance(written, str) else written.decode("utf-8"))
    for text in missing:
        say(text)
    if missing:
        raise typer.Exit(EXIT_NOT_GRADED)
