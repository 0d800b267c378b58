"""The command line: arguments, exit statuses, what is printed. Everything heavy is imported inside a command."""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from grader import __version__, interruption
from grader.cli import authoring, checking, elsewhere, grading, results, similar
from grader.cli.common import EXIT_NOT_GRADED, say
from grader.errors import GraderError, UsageError, fault_line
from grader.startup import open_standard_streams


class Group(TyperGroup):
    """All commands. Where one is stopped and does not say so itself, it is said here what to type."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Read what was typed; typer imports half of its libraries in here."""
        with _stopped_in_words():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:
        """Carry out what was typed."""
        with _stopped_in_words():
            return super().invoke(ctx)


@contextlib.contextmanager
def _stopped_in_words() -> Iterator[None]:
    """Make a sentence and an exit status of a request to end, of which typer would say nothing."""
    try:
        yield
    except KeyboardInterrupt as stop:
        interruption.say_stopped(sys.argv[1:])
        raise typer.Exit(interruption.exit_status(stop)) from None


app = typer.Typer(
    cls=Group,
    name="grader",
    help="Grades recurrent-network exercises: runs each submission in a jail, scores it, and names the mistake.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.callback(invoke_without_command=True)
def version(
    version: Annotated[bool, typer.Option("--version", help="Show the version and end.")] = False,
) -> None:
    """Print the version and end; runs before every command."""
    if version:
        print(f"grader {__version__}")
        raise typer.Exit


#: The commands in the order of `grader --help`, each with what is typed most often.
EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    grading.grade: ("submissions -a week3 --out results/week3", "ada/week3.ipynb -a week3"),
    results.report: ("results/week3", "results/week3 --roster gradebook.csv --for-students"),
    results.export: ("results/week3 -f csv", "results/week3 -f canvas --roster gradebook.csv --to week3.csv"),
    results.adjust: (
        'results/week3 --student ada --score 35 --reason "oral exam"',
        'results/week3 --test test_shapes --give all --reason "it was ambiguous"',
    ),
    similar.similar: ("submissions -a week3 --against last_year",),
    checking.check: ("", "week3.ipynb --watch"),
    authoring.build: ("week3", "--check"),
    authoring.validate: ("week3 --quick",),
    authoring.release: ("week3 --to week3.zip",),
    authoring.new: ("week4",),
    elsewhere.prepare: ("week3",),
}

#: The commands of `bundle` and `nbgrader`, likewise.
EXAMPLES_BELOW = (
    (elsewhere.bundles, "bundle course", elsewhere.bundle_course, "week3 --to grader.zip"),
    (elsewhere.bundles, "bundle gradescope", elsewhere.bundle_gradescope, "week3 --to autograder.zip"),
    (elsewhere.nbgrader, "nbgrader init", elsewhere.nbgrader_init, "course -a week3"),
)


_MAY_BE_EMPTY = ("--comment", "--reason")  # texts of one's own


class Command(TyperCommand):
    """A command that says what is typed most often where something is missing."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments, with the first example in the error where one is missing.

        Raises UsageError for one that is empty, as `"$FOLDER"` is where a script has not set it: an empty path is the
        current folder, and nobody means that.
        """
        for before, typed in zip(["", *args], args):
            option, sign, value = typed.partition("=") if typed.startswith("--") else (before, "=", typed)
            if sign and not value and option not in _MAY_BE_EMPTY:
                place = f"what follows {option}" if option.startswith("-") else "an argument"
                raise UsageError(
                    f"{place[0].upper()}{place[1:]} is empty. Is it a variable of a script that is not set?",
                    next_step=f"How it is typed: {ctx.command_path} --help",
                )
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            # Typer has its own click or another one's, by its version: the class goes by its name.
            if type(error).__name__ == "MissingParameter" and self.epilog:
                error.message = f"Such as: {self.epilog.splitlines()[2].strip()}"  # type: ignore[attr-defined]
            raise


def _such_as(name: str, examples: Sequence[str]) -> str:
    lines = [f"grader {name} {typed}".rstrip() for typed in examples]
    return "\n  ".join(["\b\nSuch as:", *lines])  # \b: lines stay as they are


for command, examples in EXAMPLES.items():
    app.command(cls=Command, epilog=_such_as(command.__name__, examples))(command)
for group, name, command, example in EXAMPLES_BELOW:
    group.command(name.split()[1], cls=Command, epilog=_such_as(name, [example]))(command)
app.add_typer(elsewhere.bundles, name="bundle", no_args_is_help=True)
app.add_typer(elsewhere.nbgrader)


def main() -> None:
    """Run the command line; an error becomes its sentences and its exit status, never a traceback."""
    open_standard_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # names of students in a terminal that lacks their letters
    try:
        try:
            app()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except GraderError as error:
        say(f"grader: {error}")
        sys.exit(error.exit_status)
    except OSError as error:
        if error.errno == errno.ENOENT and not error.filename and not _has_folder():
            say("grader: The folder that you are in is not there any more.\nGo into it anew: cd FOLDER")
            sys.exit(UsageError.exit_status)
        if error.errno in _PLACES and error.filename:
            say(
                f"grader: {error.filename}: {error.strerror}.\nName another place, or make room for this one."
            )
            sys.exit(UsageError.exit_status)
        if error.errno not in _WRITING:
            say(_of_ours(error))
            sys.exit(EXIT_NOT_GRADED)
        _give_output_up()
        where = error.filename or "a file or standard output"
        say(f"grader: {where} could not be written ({error.strerror}). Make room, and type the same again.")
        sys.exit(EXIT_NOT_GRADED)
    except Exception as error:
        say(_of_ours(error))
        sys.exit(EXIT_NOT_GRADED)


def _of_ours(error: Exception) -> str:
    """What to say of an exception that nobody expected: a fault of the grader, whose details are put into a file."""
    details = ""
    with contextlib.suppress(OSError):
        descriptor, path = tempfile.mkstemp(prefix="grader-fault-", suffix=".txt")
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(traceback.format_exception(error))
        details = f" Its details are in {path}: please report it with them."
    again = " ".join(["grader", *map(shlex.quote, sys.argv[1:])])
    return (
        f"grader: a fault of the grader itself: {fault_line(error)}.{details}\n"
        f"What was graded before is as it was. To go on from there: {again}"
    )


#: What an error that is nobody's fault is about: a disk that is full, or whoever read the output has gone.
_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EPIPE)


#: What a place that was named may be where a command has no sentence of its own for it.
_PLACES = (
    errno.ENOTDIR,
    errno.EISDIR,
    errno.EEXIST,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENAMETOOLONG,
)


def _has_folder() -> bool:
    """Whether the current folder is there: it may have been deleted, and downloaded anew, since one went into it."""
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def _give_output_up() -> None:
    """Let what is still to be printed go nowhere, so that the interpreter ends without a complaint of its own."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.close(nothing)
