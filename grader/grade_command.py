"""What `grader grade` does around the main path: what is printed, what is typed next, and the exit status.

It decides about no score, and whom a run is about is decided in `grade_request`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader import adjustments, assignments, clusters, full_answers, preview, summary
from grader.adjustments import adjusted
from grader.assignments import Assignment
from grader.errors import UsageError
from grader.grade_request import (
    GradeRequest,
    drop_results,
    refuse_new_student,
    requested_submissions,
    with_their_time,
)
from grader.interruption import command_again, exit_status, signals_to_end
from grader.messages.page import feedback
from grader.records import Result, Submission
from grader.run.digests import suite_digest
from grader.run.earlier_results import EarlierResults
from grader.run.path import Machines, grade
from grader.run.store import GradedClass, read_of
from grader.run.trusted import WarmStart, rehearse_early
from grader.text import alike, clean

NOT_GRADED, LOW_SCORE = 1, 3


@dataclass
class Progress:
    """How far a run is, for what is said when it is interrupted."""

    done: int = 0
    of: int = 0


def run(request: GradeRequest, say: Callable[[str], None], warm: WarmStart | None = None) -> int:
    """Carry out the command; gives the exit status. `say` writes a line to standard error. For `warm` see `grade`."""
    progress = Progress()
    try:
        with signals_to_end():
            return _run(request, progress, warm, say)
    except KeyboardInterrupt as stop:
        say(f"\n{interrupted(request, progress, sys.argv[1:])}")
        return exit_status(stop)


def _run(
    request: GradeRequest, progress: Progress, warm: WarmStart | None, say: Callable[[str], None]
) -> int:
    begun = time.monotonic()
    assignment = assignments.load(request.course, request.assignment)
    rehearse_early(warm, request.course, assignment)
    before = None if request.against is None else read_of(request.against, assignment.name)
    if request.gradebook is not None:
        from grader.nbgrader_plugin import gradebook

        gradebook.check(request.gradebook)
    if before is not None and request.drop:
        raise UsageError("--preview writes nothing, so it takes nobody out.", next_step="Leave out --drop.")
    if request.cluster and request.options.workers:
        raise UsageError(
            "--workers is about this machine, and with --cluster nothing is graded here.",
            next_step="Leave one of them out; a cluster has the workers that were started for it.",
        )
    submissions = requested_submissions(request, assignment, say)
    submissions = with_their_time(before.path.parent if before else request.out, assignment, submissions)
    if before is not None:
        results, _ = _grade(request, assignment, submissions, None, progress, warm, say)
        _preview(request, assignment, before, results)
        return _status(results, say)
    refuse_new_student(request, assignment, submissions)
    drop_results(request, assignment, submissions)
    results, stays = _grade(request, assignment, submissions, request.out, progress, warm, say)
    _show(request, assignment, results, stays, time.monotonic() - begun)
    if request.gradebook is not None:
        _write_gradebook(request.gradebook, request, assignment, results)
    return _status(results, say, request.fail_under)


def _grade(
    request: GradeRequest,
    assignment: Assignment,
    submissions: Sequence[Submission],
    out: Path | None,
    progress: Progress,
    warm: WarmStart | None,
    say: Callable[[str], None],
) -> tuple[list[Result], EarlierResults]:
    """The results, with a bar while they come; and who stays in `out`, which is nobody where nothing is written."""
    stays = [EarlierResults()]
    cautions: list[str] = []
    progress.of = len(submissions)
    options = replace(request.options, fresh=request.options.fresh or bool(request.only))
    with summary.progress(len(submissions)) as bar:
        task = bar.add_task("", total=len(submissions))

        def advance(result: Result) -> None:
            progress.done += 1
            bar.update(task, advance=1, description=clean(result.student, 30), refresh=True)

        results = grade(
            *(request.course, assignment, submissions, out, options, advance, stays.append, warm),
            on_caution=cautions.append,
            elsewhere=_cluster(request.cluster, say),
        )
    for caution in cautions:  # after the bar, which would be drawn into them
        say(caution)
    return results, stays[-1]


def _cluster(address: str, say: Callable[[str], None]) -> Machines | None:
    """Who grades at this address, or None. Raises UsageError where Dask is not installed."""
    if not address:
        return None
    from grader.dask_cluster.client import DaskWorkers

    cluster = DaskWorkers(address, say)
    cluster.check()
    return cluster


def _show(
    request: GradeRequest,
    assignment: Assignment,
    results: Sequence[Result],
    stays: EarlierResults,
    seconds: float,
) -> None:
    """Print the page of one student or the table of many, where it is written, and who else is in there."""
    console = summary.output()
    results, _ = clusters.with_given_names(request.out, results)
    results = full_answers.with_totals_alone(request.out, results)
    if len(results) == 1:
        print(feedback(results[0]), end="\n\n")
    else:
        console.print(summary.table(results, console))
        console.print()
        console.print(summary.closing_line(results, seconds), markup=False)
    console.print(f"Written to {request.out / 'results.json'}", markup=False)
    if decided := adjustments.load(request.out).names:
        console.print(
            f"{request.out / adjustments.FILE} adjusts {decided}: report and export apply it.", markup=False
        )
    for line in summary.students_beside_run(results, stays, suite_digest(request.course, assignment)):
        console.print(line, markup=False, soft_wrap=True)
    new = request.student and results[0].student not in stays.students
    if new and (like := alike(results[0].student, sorted(stays.students))):
        console.print(f"  names like it that were there before: {', '.join(like)}", markup=False)


def _write_gradebook(
    url: str, request: GradeRequest, assignment: Assignment, results: Sequence[Result]
) -> None:
    from grader.nbgrader_plugin import gradebook

    written = gradebook.write(results, url, assignment.name, assignment.groups, request.submissions)
    summary.output().print(written.sentence, markup=False)


def _preview(
    request: GradeRequest, assignment: Assignment, last: GradedClass, results: Sequence[Result]
) -> None:
    suite = suite_digest(request.course, assignment)
    decided = adjustments.load(last.path.parent)
    after = adjusted.apply(decided, results, assignment.max_score, last.unadjusted)
    preview.show(preview.compare(last, after.results, suite, after.max_score), summary.output())


def _status(results: Sequence[Result], say: Callable[[str], None], fail_under: float | None = None) -> int:
    """The exit status of a run, by its own results: nobody's from before."""
    missed = [result for result in results if result.status == "not_graded"]
    if missed:
        names = summary.names([result.student for result in missed])
        say(
            f"{len(missed)} could not be graded ({names}): the grader failed, not the students. Run it again."
        )
        return NOT_GRADED
    unnamed = [result for result in results if result.fault]
    if unnamed:
        names = summary.names([result.student for result in unnamed])
        say(
            f"Mistakes of {len(unnamed)} could not be looked for, or not be shown ({names}). What is graded stands;"
            f" the same command tries again.\n{clean(unnamed[0].fault, 600)}"
        )
        return NOT_GRADED
    low = fail_under is not None and any(
        result.score is not None and 100 * result.score < fail_under * result.max_score for result in results
    )
    return LOW_SCORE if low else 0


def interrupted(request: GradeRequest, progress: Progress, typed: Sequence[str]) -> str:
    """What to say after Ctrl-C: how many results are there, and what to type to go on."""
    again = command_again(typed)
    if request.against is not None:
        return "Stopped. Nothing was written."
    if progress.of == 0:
        return f"Stopped before anything was graded. To begin again: {again}"
    place = request.out / "submissions"
    sentence = f"Stopped: {progress.done} of {progress.of} are graded, and kept in {place}."
    if (request.out / "results.json").is_file() and progress.done < progress.of:
        sentence += f" {request.out / 'results.json'} is as it was before."
    return f"{sentence}\nTo go on where it was: {clean(again, 2000)}"
