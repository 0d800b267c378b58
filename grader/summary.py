"""A class in a terminal: a progress bar while it is graded, then one line per student."""

from __future__ import annotations

import re
import shlex
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from grader.messages.advice import why
from grader.records import Result
from grader.run.earlier_results import DOCUMENT, EarlierResults
from grader.text import clean, counted, points

_COLOURS = {
    "graded": "green",
    "not_attempted": "yellow",
    "unreadable": "yellow",
    "timeout": "magenta",
    "crashed": "magenta",
    "not_graded": "bold red",
}
MOST_PAIRS = 5
_NUMBER = re.compile(r"\s*\([\d-]+\)\Z")


def score(result: Result) -> str:
    """The points of a result and their maximum; a dash for who has no score."""
    return "–" if result.score is None else f"{points(result.score)} / {points(result.max_score)}"


def progress(total: int) -> Progress:
    """A progress bar on standard error; silent where that is no terminal. It is drawn when a result comes."""
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
    return f"{counted(len(results), 'submission')}: {', '.join(parts)}"


def closing_line(results: Sequence[Result], seconds: float) -> str:
    """The line under the table: how many of each status, the mean, the time."""
    scores = [result.score for result in results if result.score is not None]
    mean = f"mean {points(sum(scores) / len(scores))} of {points(results[0].max_score)}; " if scores else ""
    return f"{tally(results)}; {mean}{seconds:.1f} s"


def names(students: Sequence[str], most: int = 5) -> str:
    """Some students by name, and how many more there are."""
    more = f" and {len(students) - most} more" if len(students) > most else ""
    return ", ".join(clean(student, 60) for student in students[:most]) + more


def students_beside_run(results: Sequence[Result], earlier: EarlierResults, suite: str) -> list[str]:
    """Who is in results.json and not in this run, who is new in it, and what could not be read: a line for each."""
    students_here = [result.student for result in results]
    stayed = [result.student for result in earlier.results]
    new = [student for student in students_here if student not in earlier.students]
    lines = []
    if stayed:
        lines.append(f"Kept from before, not in this run: {len(stayed)} ({names(stayed)})")
    missed = [result.student for result in earlier.results if result.status == "not_graded"]
    if missed:
        lines.append(f"  not graded yet: {len(missed)} ({names(missed)})")
    outdated = [result.student for result in earlier.outdated(suite)]
    if outdated:
        lines.append(
            f"  by an earlier version of the hidden tests: {len(outdated)} ({names(outdated)}); to bring them up to"
            " date, grade the whole class"
        )
    for old, now in _same_person(results, earlier):
        lines.append(
            f"  {clean(old, 60)!r} may be {clean(now, 60)!r} of this run; to take the old result out:"
            f" --drop {shlex.quote(clean(old, 60))}"
        )
    if 0 < len(stayed) < len(students_here):
        lines.append("  to take somebody out of the results: --drop STUDENT")
    if new and earlier.students:
        lines.append(f"New in the results: {len(new)} ({names(new)})")
    for name in earlier.unread:
        fate = "was moved to results.json.broken" if name == DOCUMENT else "was left where it is"
        lines.append(f"{name} holds no results that can be read, and {fate}")
    return lines


def _same_person(results: Sequence[Result], earlier: EarlierResults) -> list[tuple[str, str]]:
    """Who stays from before and may be somebody of this run: the same letters, or the same work under a new name."""
    by_name = {_folded(result.student): result.student for result in results}
    new = [result for result in results if result.student not in earlier.students]
    by_work = {result.sha256: result.student for result in new if _is_work(result)}
    pairs = []
    for old in earlier.results:
        now = by_name.get(_folded(old.student)) or (by_work.get(old.sha256) if _is_work(old) else None)
        if now is not None:
            pairs.append((old.student, now))
    return pairs[:MOST_PAIRS]


def _is_work(result: Result) -> bool:
    """Whether its bytes say whose it is: a hand-out in which nothing is filled in is everybody's."""
    return bool(result.sha256) and result.status != "not_attempted"


def _folded(student: str) -> str:
    """A name by what it sounds like: whatever its case, and without the number that tells two of one name apart."""
    return _NUMBER.sub("", unicodedata.normalize("NFKC", student).casefold().strip())


def output() -> Console:
    """Standard output; not cut to 80 columns where it is a file or a pipe."""
    console = Console(file=sys.stdout, highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console.width = 200
    return console
