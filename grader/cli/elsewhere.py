"""Commands for grading on other machines and in other systems: `bundle …`, `nbgrader …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from grader.cli.common import CoursePath, course_of, say
from grader.errors import JailError, MachineryError

if TYPE_CHECKING:
    from grader.assignments import Assignment, Course
    from grader.bundle import Shipment

bundles = typer.Typer(
    help="Bundles for machines that grade. They hold references and hidden suites: keep them private."
)
BundlePath = Annotated[Path, typer.Option("--to", metavar="FILE.zip", help="Where it is written.")]
AsKept = Annotated[
    bool,
    typer.Option(
        "--as-kept", help="Compute nothing: take along of the answers of mistakes what your runs have kept."
    ),
]


def bundle_course(
    to: BundlePath,
    names: Annotated[Optional[list[str]], typer.Argument(metavar="[A]...", help="Default: all.")] = None,
    as_kept: AsKept = False,
    course: CoursePath = None,
) -> None:
    """Write a bundle for CI and containers. It is a small course that grades by itself, and never for students."""
    from grader.bundle import bundle_course as write

    _say_bundle(to, write(course_of(course), names or (), to, _shipment(as_kept)))


def bundle_gradescope(
    assignment: Annotated[str, typer.Argument(metavar="A", help="Which assignment.", show_default=False)],
    to: BundlePath,
    allow_unsafe: Annotated[
        Optional[list[str]], typer.Option(metavar="LAYER", help="As for `grader grade`, on Gradescope.")
    ] = None,
    as_kept: AsKept = False,
    course: CoursePath = None,
) -> None:
    """Write an autograder zip to upload to Gradescope. Never for students."""
    from grader.assignments import load
    from grader.bundle import bundle_gradescope as write

    the_course = course_of(course)
    layers = tuple(allow_unsafe or ())
    _say_bundle(to, write(the_course, load(the_course, assignment), to, layers, _shipment(as_kept)))


def prepare(
    names: Annotated[Optional[list[str]], typer.Argument(metavar="[A]...", help="Default: all.")] = None,
    course: CoursePath = None,
) -> None:
    """Compute ahead what known mistakes answer.

    Type it on the machine that grades, once after each change of a suite: the first wrong file is then named sooner.
    """
    from grader.assignments import load
    from grader.run import ahead

    the_course = course_of(course)
    for name in names or the_course.names():
        computed = ahead.prepare(the_course, load(the_course, name))
        print(f"{name}: {'computed and kept in tests/hidden/.answers' if computed else 'was there already'}")


def _shipment(as_kept: bool) -> Shipment:
    """Where the answers of mistakes in a bundle come from: computed, where that can be done on this machine."""
    from grader import bundle
    from grader.run import ahead

    def computed(course: Course, assignment: Assignment) -> tuple[str, bytes]:
        try:
            return ahead.shipment(course, assignment)
        except (JailError, MachineryError) as error:
            say(f"{assignment.name}: what known mistakes answer could not be computed ahead. {error}")
            return bundle.kept_answers(course, assignment)

    return bundle.kept_answers if as_kept else computed


def _say_bundle(to: Path, paths: list[str]) -> None:
    print(f"{to}: {len(paths)} files, references and hidden suites among them: keep it from students.")


nbgrader = typer.Typer(
    name="nbgrader",
    help="Courses of nbgrader that are graded here.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def nbgrader_init(
    folder: Annotated[Path, typer.Argument(metavar="COURSE", help="The folder to make.", show_default=False)],
    assignment: Annotated[
        Optional[list[str]], typer.Option("--assignment", "-a", metavar="A", help="Default: all.")
    ] = None,
    exchange: Annotated[
        Optional[Path], typer.Option(metavar="DIR", help="The folder nbgrader releases to and collects from.")
    ] = None,
    course: CoursePath = None,
) -> None:
    """Make an nbgrader course whose `nbgrader autograde` grades in this grader's jail."""
    from grader.nbgrader_plugin.course import init

    the_course = course_of(course)
    for path in init(the_course, folder, assignment or (), exchange):
        print(path)
    first = (assignment or the_course.names())[0]
    print(f"Now type: cd {folder} && nbgrader generate_assignment {first}")
