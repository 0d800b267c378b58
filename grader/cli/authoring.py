"""Commands for those who write a course: `build`, `validate`, `release`, `new`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from grader.cli.common import EXIT_NOT_GRADED, CoursePath, course_of
from grader.errors import GraderError


def build(
    names: Annotated[Optional[list[str]], typer.Argument(metavar="[A]...", help="Default: all.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail when they differ.")] = False,
    course: CoursePath = None,
) -> None:
    """Generate assignments/ from solutions/."""
    from grader.build import build as build_all

    the_course = course_of(course)
    differing = build_all(the_course, names or the_course.names(), check=check)
    for path in differing:
        print(path.relative_to(the_course.root) if path.is_relative_to(the_course.root) else path)
    if check and differing:
        raise GraderError("assignments/ is not what solutions/ gives.", next_step="Type: grader build")
    print(
        f"{'differ' if check else 'written'}: {len(differing)}" if differing else "assignments/ is up to date"
    )


def validate(
    names: Annotated[Optional[list[str]], typer.Argument(metavar="[A]...", help="Default: all.")] = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Leave out several mistakes at once, and mutants of the reference."),
    ] = False,
    triples: Annotated[
        bool,
        typer.Option("--triples", help="Try three mistakes at once for every mistake, and not for a sample."),
    ] = False,
    without_table: Annotated[
        bool,
        typer.Option("--without-table", help="Count as well what is named where mistakes.py is taken away."),
    ] = False,
    styles: Annotated[
        Optional[list[str]],
        typer.Option(
            "--as",
            metavar="STYLE",
            help="Prove nothing; count the mistakes that a suite written like other courses' lets through. Repeatable.",
        ),
    ] = None,
    course: CoursePath = None,
) -> None:
    """Prove what the suites claim.

    References and alternatives get full marks, skeletons nothing; every mistake and mutant loses points, and mistakes
    are named. Exit status 1 where a claim does not hold.
    """
    the_course = course_of(course)
    if styles:
        from grader.validate.styles import let_through
        from grader.validate.styles import show as show_styles

        show_styles(list(let_through(the_course, names or the_course.names(), styles)))
        return
    from grader.validate import show
    from grader.validate import validate as validate_all

    options = {"quick": quick, "triples": triples, "without_table": without_table}
    proofs = validate_all(the_course, names or the_course.names(), **options)
    if not show(proofs):
        raise typer.Exit(EXIT_NOT_GRADED)


def release(
    name: Annotated[str, typer.Argument(metavar="A", help="The assignment.")],
    to: Annotated[
        Optional[Path], typer.Option(metavar="FILE.zip", help="Default: A.zip.", show_default=False)
    ] = None,
    course: CoursePath = None,
) -> None:
    """Make the zip that students get: the hand-out and nothing else."""
    from grader import assignments
    from grader.release import release as release_one

    to = to or Path(f"{name}.zip")
    for entry in release_one(assignments.load(course_of(course), name), to):
        print(entry)
    print(f"Written to {to}")


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A Python name, such as gru_cell.")],
    course: CoursePath = None,
) -> None:
    """Make the folders of a new assignment. They hold a small exercise that works at once, to be rewritten."""
    from grader.new import new_assignment

    the_course = course_of(course)
    for path in new_assignment(the_course, name):
        print(path.relative_to(the_course.root))
    print(f"Now write it, then type: grader build && grader validate {name}")
