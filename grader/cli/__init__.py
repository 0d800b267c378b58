"""The command line: arguments, exit statuses, what is printed. Everything heavy is imported inside a command."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from grader import __version__
from grader.cli import authoring, checking, elsewhere, grading, results
from grader.cli.common import say
from grader.errors import GraderError

app = typer.Typer(
    name="grader",
    help="Grades recurrent-network exercises: in a jail, in milliseconds, and says which mistake it is.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def version(
    version: Annotated[bool, typer.Option("--version", help="Show the version and end.")] = False,
) -> None:
    if version:
        print(f"grader {__version__}")
        raise typer.Exit


for command in (
    *(grading.grade, results.report, results.export, results.adjust, checking.check),
    *(authoring.build, authoring.validate, authoring.release, authoring.new),
):
    app.command()(command)
app.add_typer(elsewhere.bundles, name="bundle", no_args_is_help=True)
app.add_typer(elsewhere.nbgrader)


def main() -> None:
    """Run the command line; an error of ours becomes its sentences and its exit status, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # names of students in a terminal that lacks their letters
    try:
        app()
    except GraderError as error:
        say(f"grader: {error}")
        sys.exit(error.exit_status)
