"""The command line: arguments, exit statuses, what is printed. Everything heavy is imported inside a command."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from grader import __version__
from grader.errors import GraderError, UsageError

if TYPE_CHECKING:
    from grader.assignments import Course
    from grader.subject.keeper import Keeper

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

EXIT_NOT_GRADED = 1


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
    out: Annotated[
        Optional[Path],
        typer.Option(metavar="DIR", help="Where results.json is written.", show_default="results"),
    ] = None,
    course: CoursePath = None,
    workers: Annotated[
        Optional[int], typer.Option("--workers", "-j", min=1, help="Processes; default: one per processor.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Grade again what is graded already.")] = False,
    gradebook: Annotated[
        Optional[str],
        typer.Option(metavar="URL", help="Write the scores into this gradebook of nbgrader too."),
    ] = None,
    fail_under: Annotated[
        Optional[float], typer.Option(metavar="PERCENT", min=0, max=100, help="Exit with 3 below this score.")
    ] = None,
    preview: Annotated[
        Optional[Path],
        typer.Option(metavar="DIR", help="Write nothing; say who would gain or lose against the run in DIR."),
    ] = None,
    only: Annotated[
        Optional[list[str]],
        typer.Option(metavar="STUDENT", help="Grade this one again, and nobody else; may be repeated."),
    ] = None,
    student: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="All of SUBMISSIONS is what this one handed in.", show_default=False
        ),
    ] = "",
    drop: Annotated[
        Optional[list[str]],
        typer.Option(
            metavar="STUDENT", help="Take the earlier result of this one out of DIR; may be repeated."
        ),
    ] = None,
    allow_unsafe: Annotated[
        Optional[list[str]],
        typer.Option(
            metavar="LAYER", help="Grade without this layer of the jail (landlock, seccomp, descriptors)."
        ),
    ] = None,
) -> None:
    """Grade one submission or a folder of them. Whoever has a result in DIR and is not among them keeps it."""
    with _warm_process() as keeper:
        from grader import grade_command
        from grader.run.path import Options

        request = grade_command.Request(
            course=_course(course),
            assignment=assignment,
            submissions=submissions,
            out=out or Path("results"),
            out_named=out is not None,
            options=Options(workers, tuple(allow_unsafe or ()), fresh),
            only=tuple(only or ()),
            drop=tuple(drop or ()),
            student=student,
            gradebook=gradebook,
            against=preview,
            fail_under=fail_under,
        )
        status = grade_command.run(request, _say, keeper)
    if status:
        raise typer.Exit(status)


@contextlib.contextmanager
def _warm_process() -> Iterator[Keeper | None]:
    """A process that loads torch while this one imports and reads; None where there is no sandbox anyway."""
    if not sys.platform.startswith("linux"):
        yield None
        return
    from grader.subject.keeper import Keeper

    with contextlib.closing(Keeper.launch()) as keeper:
        yield keeper


ResultsFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Where grade wrote results.json.", show_default=False)
]


@app.command()
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
        _say(caution)
    site = write_site(graded, to, for_students=for_students)
    print(f"{site.students} page{'s' * (site.students != 1)} of students written to {site.folder}")
    print(f"Open: {site.start}" if site.start else f"Whose is which: {site.listed}")


@app.command()
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
        place, left_out, student, roster, column, url=to or "", say=_say, incomplete=missing.append
    )
    graded = read(folder)
    for caution in graded.cautions:
        _say(caution)
    written = exports.export(graded, format_, options)
    if place is not None:
        if written is not None:
            exports.write(written, place)
            _say(f"Written to {place}")
    elif written is not None:
        sys.stdout.write(written if isinstance(written, str) else written.decode("utf-8"))
    for text in missing:
        _say(text)
    if missing:
        raise typer.Exit(EXIT_NOT_GRADED)


@app.command()
def check(
    path: Annotated[
        Optional[Path],
        typer.Argument(
            metavar="[PATH]", help="Your file or its folder; default: this folder.", show_default=False
        ),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Look again at every save; Ctrl-C ends it.")] = False,
    hint: Annotated[
        bool, typer.Option("--hint", help="Give the next hint on what to put right first.")
    ] = False,
    limit: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.1, help="How long one check may take.")
    ] = 10.0,
) -> None:
    """Try the visible checks on your own work."""
    from grader.check.command import check as check_all

    if not check_all(path, watch=watch, hint=hint, limit=limit):
        raise typer.Exit(EXIT_NOT_GRADED)


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


bundles = typer.Typer(help="Private bundles for machines that grade: engine, references, hidden suites.")
app.add_typer(bundles, name="bundle", no_args_is_help=True)
BundlePath = Annotated[Path, typer.Option("--to", metavar="FILE.zip", help="Where it is written.")]


@bundles.command("course")
def bundle_course(
    to: BundlePath,
    names: Annotated[Optional[list[str]], typer.Argument(metavar="[A]...", help="Default: all.")] = None,
    course: CoursePath = None,
) -> None:
    """The bundle for CI and for containers: a small course that grades by itself. Never for students."""
    from grader.bundle import bundle_course as write

    _say_bundle(to, write(_course(course), names or (), to))


@bundles.command("gradescope")
def bundle_gradescope(
    assignment: Annotated[str, typer.Argument(metavar="A", help="Which assignment.", show_default=False)],
    to: BundlePath,
    allow_unsafe: Annotated[
        Optional[list[str]], typer.Option(metavar="LAYER", help="As for `grader grade`, on Gradescope.")
    ] = None,
    course: CoursePath = None,
) -> None:
    """An autograder zip to upload to Gradescope."""
    from grader.assignments import load
    from grader.bundle import bundle_gradescope as write

    found = _course(course)
    _say_bundle(to, write(found, load(found, assignment), to, tuple(allow_unsafe or ())))


def _say_bundle(to: Path, paths: list[str]) -> None:
    print(f"{to}: {len(paths)} files, references and hidden suites among them: keep it from students.")


@app.command()
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
    for entry in release_one(assignments.load(_course(course), name), to):
        print(entry)
    print(f"Written to {to}")


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


nbgrader = typer.Typer(
    name="nbgrader",
    help="Courses of nbgrader that are graded here.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(nbgrader)


@nbgrader.command("init")
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

    found = _course(course)
    for path in init(found, folder, assignment or (), exchange):
        print(path)
    first = (assignment or found.names())[0]
    print(f"Now type: cd {folder} && nbgrader generate_assignment {first}")


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
