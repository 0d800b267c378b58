"""Commands on a folder of results: `report`, `export`, `adjust`."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Annotated, Optional

import typer

from grader.cli.common import EXIT_NOT_GRADED, say
from grader.errors import MachineryError, UsageError
from grader.text import clean, counted

ResultsFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Where grade wrote results.json.", show_default=False)
]
Excuse = Annotated[
    Optional[bool],
    typer.Option("--excuse/--no-excuse", help="No score; EX for Canvas.", show_default=False),
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
    roster: Annotated[
        Optional[Path],
        typer.Option(
            metavar="FILE", help="Real names, who was late, who handed nothing in: any CSV of names."
        ),
    ] = None,
) -> None:
    """Write a graded class as web pages that open from disk."""
    from grader.report import call, write_site
    from grader.run.store import read

    graded = read(folder)
    _say_all(graded.cautions)
    roll = None if roster is None else call(graded.results, roster)
    site = write_site(graded, to, for_students=for_students, roll=roll)
    if roll is not None:
        say(
            f"{roll.listed} on the roster; {len(roll.absent)} of them handed nothing in, {roll.late} were late."
        )
        if roll.unfound:
            say(f"Not found on it: {roll.not_found}. Their pages have the names of their files.")
    print(f"{counted(site.students, 'page')} of students written to {site.folder}")
    print(f"Open: {site.start}" if site.start else f"Whose is which: {site.listed}")
    if site.faults:
        names = ", ".join(f"{clean(student, 60)} ({fault})" for student, fault in [*site.faults.items()][:5])
        more = f" and {len(site.faults) - 5} more" if len(site.faults) > 5 else ""
        raise MachineryError(
            f"By a fault of the grader {counted(len(site.faults), 'page')} could hold the score alone: {names}{more}.",
            next_step=f"Scores are as they were, and can be exported: grader export {folder} --format csv",
        )


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
    from grader.export.base import ExportOptions
    from grader.run.store import read

    missing: list[str] = []
    left_out = tuple(leave_out or ())
    path = None if to is None else Path(to)
    options = ExportOptions(
        path, left_out, student, roster, column, url=to or "", say=say, incomplete=missing.append
    )
    graded = read(folder)
    _say_all(graded.cautions)
    _write(exports.export(graded, format_, options), path)
    _say_all(missing)
    if missing:
        raise typer.Exit(EXIT_NOT_GRADED)


def _say_all(messages: Iterable[str]) -> None:
    for message in messages:
        say(message)


def _write(content: str | bytes | Iterable[str] | None, path: Path | None) -> None:
    """Write an export to its file, or to standard output; None is one that is written already."""
    from grader.export import pieces, write

    if content is None:
        return
    if path is not None:
        write(content, path)
        say(f"Written to {path}")
    else:
        for piece in pieces(content):
            sys.stdout.write(piece.decode("utf-8"))


def adjust(
    folder: ResultsFolder,
    init: Annotated[
        bool, typer.Option("--init", help="Write an adjustments.toml of comments, to be edited.")
    ] = False,
    students: Annotated[
        Optional[list[str]],
        typer.Option("--student", metavar="STUDENT", help="Whom it is about.", show_default=False),
    ] = None,
    tests: Annotated[
        Optional[list[str]],
        typer.Option("--test", metavar="TEST", help="Which test it is about.", show_default=False),
    ] = None,
    give: Annotated[
        Optional[str],
        typer.Option(metavar="all|drop", help="Everybody gets its points; or it counts for nobody."),
    ] = None,
    score: Annotated[
        Optional[float], typer.Option(metavar="X", help="The score, in the place of the grader's.")
    ] = None,
    add: Annotated[Optional[float], typer.Option(metavar="X", help="Points more, or less (-2).")] = None,
    times: Annotated[Optional[float], typer.Option(metavar="X", help="The score times this (0.9).")] = None,
    excuse: Excuse = None,
    more_time: Annotated[
        Optional[float], typer.Option(metavar="X", help="Limits times this, from the next grading on.")
    ] = None,
    reason: Annotated[Optional[str], typer.Option(metavar="TEXT", help="Shown beside the change.")] = None,
    comment: Annotated[Optional[str], typer.Option(metavar="TEXT", help="Shown to the student.")] = None,
    clear: Annotated[
        bool, typer.Option("--clear", help="Take the entry of this student or test out.")
    ] = False,
) -> None:
    """Change a score, excuse somebody, or give or drop a test. Without options, show what is changed."""
    from grader import adjust_command

    of_score = {"score": score, "add": add, "times": times, "excused": excuse, "more_time": more_time}
    values = {**of_score, "comment": comment, "give": give, "reason": reason}
    typed = {key: value for key, value in values.items() if value is not None}
    student, test = _single_name("--student", students), _single_name("--test", tests)
    _refuse_misplaced([*of_score, "comment"], typed, student, test)
    adjust_command.run(adjust_command.AdjustRequest(folder, init, student, test, typed, clear), say)


def _single_name(option: str, names: Optional[list[str]]) -> str:
    """The one name that was given; "" for none. Raises UsageError for several."""
    if names and len(names) > 1:
        raise UsageError(
            f"{option} stands there {len(names)} times; nothing was changed.",
            next_step="Type the command once for each of them.",
        )
    return names[0] if names else ""


def _refuse_misplaced(
    about_student: Collection[str], typed: Collection[str], student: str, test: str
) -> None:
    """Raise UsageError for what is said of a student and is about tests, or the other way round."""
    misplaced = [key for key in typed if key in about_student and test and not student]
    misplaced += [key for key in typed if key == "give" and student and not test]
    if misplaced:
        raise UsageError(
            f"{', '.join(misplaced)} cannot be said of a {'test' if test else 'student'}.",
            next_step="A test: --give all or --give drop. A student: --score, --add, --times, --excuse, --more-time.",
        )
