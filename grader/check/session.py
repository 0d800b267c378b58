"""THE MAIN PATH of `grader check`: one look at the student's file, from the file to a `Report`.

The file is read here and sent to the process that runs it, so a report is about the version that was read and no
other. A check that hangs or ends its process is one outcome among others; the checks after it run in a new process.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.check import folder, guide, readme
from grader.check.events import Events
from grader.check.perform import plain_checks
from grader.check.process import Runner
from grader.check.report import CheckOutcome, Report
from grader.errors import UsageError
from grader.messages import not_run, watched
from grader.text import clean

LIMIT_SECONDS = 10.0


def open_runner(exercise: folder.Exercise, warm: bool = False, **options: Any) -> Runner:
    """A runner that has loaded what the checks of this exercise import."""
    return Runner(folder.needed(_read(exercise.checks), exercise), warm, **options)


def look(
    exercise: folder.Exercise,
    runner: Runner,
    limit: float = LIMIT_SECONDS,
    stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Read the student's file and the checks as they are now, run them, and report.

    `limit` is in seconds, for loading the file and for each check. Raises UsageError when a file is gone,
    MachineryError when no process can be had, and Superseded as soon as `stop` is true.
    """
    work = folder.look(exercise)
    checks = _read(exercise.checks)
    hints = guide.read(exercise.folder / guide.NAME)
    notes = (*work.notes, *([hints.problem] if hints.problem else ()))
    files = (*work.chunks, *work.modules)
    report = Report(exercise.name, work.file, work.path, files, notes=notes, guide=hints, checks=checks)
    report = _with(report, readme=readme.read(exercise.folder), misplaced=work.misplaced)
    if work.problem:
        return _with(report, problem=work.problem)
    report = _with(report, notes=(*notes, *_to_hand_in(work, hints)))
    sentences = _sentences(checks, exercise.checks)
    # As long as grading gives a statement; longer where the student says that the machine is slow.
    seconds = hints.grading.statement_seconds * max(1.0, limit / LIMIT_SECONDS)
    run = Events(sentences, hints, (*work.chunks, *work.modules), seconds)
    while run.goes_on:
        request = {
            **_request(exercise, work, hints.grading),
            "passed": run.lost,
            "bare": run.bare,
            "statement_seconds": seconds,
            "checks": checks,
            "skip": list(run.outcomes),
            "limit": limit,
            "costs": [name for name, entry in hints.checks.items() if entry.group in hints.grading.costs],
        }
        for event in runner.run(request, limit, stop):
            run.on(event)
    return _finished(report, run, sentences, hints.grading)


def _request(exercise: folder.Exercise, work: folder.Work, grading: guide.Grading) -> dict[str, Any]:
    """What `perform.run` must know of the files and of the grading; the same for each child of one look."""
    return {
        "name": exercise.name,
        "folder": str(exercise.folder),
        "file": str(work.path),
        "chunks": [(chunk.source, chunk.label) for chunk in work.chunks],
        "modules": [(chunk.source, chunk.label) for chunk in work.modules],
        "allowed": list(grading.modules),
        "given": {},  # they lie beside the student's file, and come with its modules
        "checks_file": str(exercise.checks),
        "watch": list(grading.watch),
        "rule": grading.rule,
        "others": [str(exercise.folder / f"{name}.py") for name in grading.given],
    }


def _finished(report: Report, run: Events, sentences: dict[str, str], grading: guide.Grading) -> Report:
    """The report with what happened: the outcome of each check, or why the file did not load."""
    outcomes = tuple(
        run.outcomes.get(name) or CheckOutcome(name, sentence, "skipped")
        for name, sentence in sentences.items()
    )
    if run.loading and not run.outcomes:
        outcomes = ()
    calls = watched.notes(run.watched, grading.rule, grading.costs)
    passed_over = not_run.records(run.passed[place] for place in sorted(run.passed))
    return _with(
        report,
        outcomes=outcomes,
        loading=tuple(run.loading),
        passed_over=passed_over,
        notes=(*report.notes, *calls, *not_run.notes(passed_over)),
    )


def _sentences(source: str, file: Path) -> dict[str, str]:
    """Each check's sentence, in the order of the file. Raises UsageError when the file is not Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0)
        raise UsageError(
            f"{file.name} has been changed and is not Python any more (line {line}).",
            next_step=f"Put back {file.name} as you were given it.",
        ) from None
    sentences = {
        node.name: (ast.get_docstring(node) or node.name.replace("_", " ")).strip().split("\n\n")[0]
        for node in plain_checks(tree)
    }
    if not sentences:
        raise UsageError(
            f"{file.name} holds no check.", next_step=f"Put back {file.name} as you were given it."
        )
    return {name: " ".join(sentence.split()) for name, sentence in sentences.items()}


def _to_hand_in(work: folder.Work, hints: guide.Guide) -> list[str]:
    """A note on the files beside the student's one that it imports: they are to be handed in with it."""
    beside = [chunk.label for chunk in work.modules if chunk.label not in work.written]
    own = {label.partition("/")[0].removesuffix(".py"): label for label in beside}
    names = [name.partition(".")[0] for chunk in work.chunks for name in folder.imported(chunk.source)]
    names = [name for name in dict.fromkeys(names) if name in own and name not in hints.grading.given]
    used = [own[name].partition("/")[0] for name in names]
    if not used:
        return []
    files = ", ".join(clean(name, 60) for name in used[:3]) + (" and others" if len(used) > 3 else "")
    return [f"{work.file} imports {files}: hand {'it' if len(used) == 1 else 'them'} in together with it."]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} cannot be read: {error}.", next_step=f"Put back {path.name} as you were given it."
        ) from None


def _with(report: Report, **changes: Any) -> Report:
    return dataclasses.replace(report, **changes)
