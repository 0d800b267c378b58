"""The command line: arguments, exit statuses, what is printed. Everything heavy is imported inside a command."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from grader import __version__
from grader.errors import GraderError, UsageError

if TYPE_CHECKING:
    from grader.assignments import Course
    from grader.records import Result

app = typer.Typer(
    name="grader",
    help="Grades recurrent-network exercises: in a jail, in milliseconds, and says which mistake it is.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

CoursePath = Annotated[
    Optional[Path],
    typer.Option("--course", metavar="PATH", help="The course; default: the nearest folder with solutions/."),
]

EXIT_NOT_GRADED, EXIT_LOW_SCORE = 1, 3


@app.callback(invoke_without_command=True)
def version(
    version: Annotated[bool, typer.Option("--version", help="Show the version and end.")] = False,
) -> None:
    if version:
        print(f"grader {__version__}")
        raise typer.Exit


@app.command()
def grade(
    submissions: Annotated[
        Path,
        typer.Argument(
            metavar="SUBMISSIONS",
            help="A file, a folder of students, an LMS download or a zip.",
            show_default=False,
        ),
    ],
    assignment: Annotated[str, typer.Option("--assignment", "-a", metavar="A", help="Which assignment.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where results.json is written.")] = Path(
        "results"
    ),
    course: CoursePath = None,
    workers: Annotated[
        Optional[int], typer.Option("--workers", "-j", min=1, help="Processes; default: one per processor.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Grade again what is graded already.")] = False,
    fail_under: Annotated[
        Optional[float], typer.Option(metavar="PERCENT", min=0, max=100, help="Exit with 3 below this score.")
    ] = None,
    allow_unsafe: Annotated[
        Optional[list[str]],
        typer.Option(metavar="LAYER", help="Grade without this layer of the jail (landlock, seccomp)."),
    ] = None,
) -> None:
    """Grade one submission or a folder of them."""
    from grader import assignments, summary
    from grader.feedback import feedback
    from grader.grade import Options
    from grader.grade import grade as grade_all
    from grader.submissions import read_submissions
    from grader.text import clean

    begun = time.monotonic()
    found = _course(course)
    chosen = assignments.load(found, assignment)
    read = read_submissions(submissions, chosen.name)
    options = Options(workers, tuple(allow_unsafe or ()), fresh)
    with summary.progress(len(read)) as bar:
        task = bar.add_task("", total=len(read))

        def shown(result: Result) -> None:
            bar.update(task, advance=1, description=clean(result.student, 30), refresh=True)

        results = grade_all(found, chosen, read, out, options, shown)
    console = summary.output()
    if len(results) == 1:
        print(feedback(results[0]), end="\n\n")
    else:
        console.print(summary.table(results, console))
        console.print()
        console.print(summary.closing(results, time.monotonic() - begun), markup=False)
    console.print(f"Written to {out / 'results.json'}", markup=False)
    missed = [result for result in results if result.status == "not_graded"]
    if missed:
        names = ", ".join(clean(result.student, 60) for result in missed[:5])
        _say(
            f"{len(missed)} could not be graded ({names}): the grader failed, not the students. Run it again."
        )
        raise typer.Exit(EXIT_NOT_GRADED)
    if fail_under is not None and any(
        result.score is not None and 100 * result.score < fail_under * result.max_score for result in results
    ):
        raise typer.Exit(EXIT_LOW_SCORE)


@app.command()
def build(
    names: Annotated[Optional[list[str]], typer.Argument(metavar="[A]...", help="Default: all.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail when they differ.")] = False,
    course: CoursePath = None,
) -> None:
    """Generate assignments/ from solutions/."""
    from grader.build import build as build_all

    found = _course(course)
    differing = build_all(found, names or found.names(), check=check)
    for path in differing:
        print(path.relative_to(found.root) if path.is_relative_to(found.root) else path)
    if check and differing:
        raise GraderError("assignments/ is not what solutions/ gives.", next_step="Type: grader build")
    print(
        f"{'differ' if check else 'written'}: {len(differing)}" if differing else "assignments/ is up to date"
    )


@app.command()
def validate(
    names: Annotated[Optional[list[str]], typer.Argument(metavar="[A]...", help="Default: all.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out pairs of mistakes, and mutants of the reference.")
    ] = False,
    course: CoursePath = None,
) -> None:
    """Prove the suites: references pass, skeletons score nothing, every mistake and mutant is caught and named."""
    from grader.validate import show
    from grader.validate import validate as validate_all

    found = _course(course)
    proofs = validate_all(found, names or found.names(), quick=quick)
    if not show(proofs):
        raise typer.Exit(EXIT_NOT_GRADED)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="A Python name, such as gru_cell.")],
    course: CoursePath = None,
) -> None:
    """Make the folders of a new assignment: a small working exercise to start from."""
    from grader.new import new_assignment

    found = _course(course)
    for path in new_assignment(found, name):
        print(path.relative_to(found.root))
    print(f"Now write it, then type: grader build && grader validate {name}")


def _course(path: Path | None) -> Course:
    from grader.assignments import find_course

    if path is not None and not path.is_dir():
        raise UsageError(f"--course {path} is not a folder.")
    return find_course(path)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def main() -> None:
    """Run the command line; an error of ours becomes its sentences and its exit status, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # names of students in a terminal that lacks their letters
    try:
        app()
    except GraderError as error:
        _say(f"grader: {error}")
        sys.exit(error.exit_status)
