"""A class in a terminal: a progress bar while it is graded, then one line per student."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from grader.feedback import points, why
from grader.records import Result
from grader.text import clean

_COLOURS = {
    "graded": "green",
    "not_attempted": "yellow",
    "unreadable": "yellow",
    "timeout": "magenta",
    "crashed": "magenta",
    "not_graded": "bold red",
}
NARROW = 100


def score(result: Result) -> str:
    return "–" if result.score is None else f"{points(result.score)} / {points(result.max_score)}"


def progress(total: int) -> Progress:
    """A progress bar on standard error; silent where that is no terminal. It uses no thread (workers are forked)."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("[bold]Grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=console,
        disable=not console.is_terminal,
        auto_refresh=False,
        transient=True,
    )


def table(results: Sequence[Result], console: Console) -> Table:
    """The class as a table: student, score, status, and one line why."""
    rows = Table(box=None, pad_edge=False, header_style="bold")
    rows.add_column("student", overflow="fold", max_width=28)
    rows.add_column("score", justify="right", no_wrap=True)
    rows.add_column("status", no_wrap=True)
    rows.add_column("why", overflow="ellipsis", no_wrap=console.is_terminal)
    for result in results:
        colour = _COLOURS[result.status]
        rows.add_row(
            escape(clean(result.student, 60)),
            score(result),
            f"[{colour}]{result.status}[/]",
            escape(clean(why(result), 300)),
        )
    return rows


def tally(results: Sequence[Result]) -> str:
    """How many submissions there are, and how many of each status."""
    counts = Counter(result.status for result in results)
    parts = [f"{counts[status]} {status}" for status in _COLOURS if counts[status]]
    return f"{len(results)} submission{'s' * (len(results) != 1)}: {', '.join(parts)}"


def closing(results: Sequence[Result], seconds: float) -> str:
    """The line under the table: how many of each status, the mean, the time."""
    scores = [result.score for result in results if result.score is not None]
    mean = f"mean {points(sum(scores) / len(scores))} of {points(results[0].max_score)}; " if scores else ""
    return f"{tally(results)}; {mean}{seconds:.1f} s"


def output() -> Console:
    """Standard output; not cut to 80 columns where it is a file or a pipe."""
    console = Console(file=sys.stdout, highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console.width = 200
    return console
