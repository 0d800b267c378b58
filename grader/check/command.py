"""What `grader check` does with its options: one look, a look with a hint, or a look at every save."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.check import folder, hints, screen, words
from grader.check.report import Report
from grader.check.session import look, open_runner
from grader.check.watch import watch as watch_folder
from grader.errors import GraderError, UsageError
from grader.text import clean


class Interrupted(GraderError):
    """Ctrl-C came before the checks were done."""

    exit_status = 130


def check(path: Path | None, *, watch: bool = False, hint: bool = False, limit: float = 10.0) -> bool:
    """Carry out the command; whether every visible check passes.

    Raises the errors of `folder` and `session`, and Interrupted.
    """
    if watch and hint:
        raise UsageError(
            "--watch and --hint do not go together.",
            next_step="Leave --watch running, and in a second terminal type: grader check --hint",
        )
    exercise = folder.find(path)
    out = screen.console()
    if watch:
        _watch(exercise, out, limit)
        return True
    try:
        report = _once(exercise, out, limit)
    except KeyboardInterrupt:
        raise Interrupted(
            "Stopped before the checks were done. Your files are as they were.",
            next_step="To look again, type: grader check",
        ) from None
    if hint:
        _hint(report, exercise, out)
    else:
        screen.show(report, out, limit)
    return report.all_right


def _once(exercise: folder.Exercise, out: Console, limit: float) -> Report:
    with open_runner(exercise) as runner:
        if not out.is_terminal:
            return look(exercise, runner, limit)
        with out.status(f"Trying the visible checks of {exercise.name} …"):
            return look(exercise, runner, limit)


def _hint(report: Report, exercise: folder.Exercise, out: Console) -> None:
    """What is to be put right first, and the next hint on it."""
    first = report.first
    entry = report.guide.checks.get(first.name) if first is not None else None
    if first is None or report.problem or (not first.name and report.loading):
        if not report.all_right:
            screen.show(report, out)
        screen.say(words.no_hints(report), out)
        return
    if entry is None or not words.has_hints(first, report):
        screen.show_hints(first, report, (), 0, out)
        return
    ladder = hints.climb(exercise.folder, first.name, entry.hints)
    screen.show_hints(first, report, ladder, len(entry.hints), out)


def _watch(exercise: folder.Exercise, out: Console, limit: float) -> None:
    last: list[Report] = []

    def show(report: Report | UsageError) -> None:
        last[:] = [report] if isinstance(report, Report) else []
        if out.is_terminal:
            out.clear()
        else:
            out.print(Text("-" * 40))
        if isinstance(report, UsageError):
            screen.say(clean(str(report), 600, multiline=True), out)
        else:
            screen.show(report, out, limit)
        out.print(
            Text(f"\n{time.strftime('%H:%M:%S')}  Waiting for the next save. Ctrl-C ends this.", style="dim")
        )
        out.file.flush()

    with open_runner(exercise, warm=True) as runner:
        try:
            watch_folder(exercise, runner, show, limit)
        except KeyboardInterrupt:
            screen.say(f"\n{words.ended(last[0] if last else None)}", out)
