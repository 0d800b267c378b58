"""What `grader grade` does around the main path: whose results are asked for, what is printed, what is typed next.

It decides about no score. Nobody leaves results.json without being named: who stays from an earlier run is said, and
who is taken out was named by --drop.
"""

from __future__ import annotations

import shlex
import sys
import time
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader import adjusted, adjustments, assignments, clusters, preview, summary, withheld
from grader.assignments import Assignment, Course
from grader.errors import UsageError
from grader.handouts import handout
from grader.messages.page import feedback
from grader.records import Result, Submission
from grader.run.digests import suite_digest
from grader.run.earlier import EarlierResults, students_with_results
from grader.run.path import Machines, Options, grade
from grader.run.store import GradedClass, Store, read_of
from grader.run.trusted import WarmStart, rehearse_early
from grader.submissions import read_submission, read_submissions
from grader.text import alike, clean, counted, near

NOT_GRADED, LOW_SCORE, INTERRUPTED = 1, 3, 130
NO_NAME = "student"  # what a file is called by whose place says nothing


@dataclass(frozen=True)
class Request:
    """What was typed. `out_named`: the folder for results was named, and is not the default."""

    course: Course
    assignment: str
    submissions: Path
    out: Path
    out_named: bool = True
    options: Options = field(default_factory=Options)
    only: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    student: str = ""
    gradebook: str | None = None
    against: Path | None = None  # --preview
    fail_under: float | None = None
    cluster: str = ""  # the address of a Dask scheduler whose workers grade


@dataclass
class Progress:
    """How far a run is, for what is said when it is interrupted."""

    done: int = 0
    of: int = 0


def run(request: Request, say: Callable[[str], None], warm: WarmStart | None = None) -> int:
    """Carry out the command; gives the exit status. `say` writes a line to standard error. For `warm` see `grade`."""
    progress = Progress()
    try:
        return _run(request, progress, warm, say)
    except KeyboardInterrupt:
        say(f"\n{interrupted(request, progress, sys.argv[1:])}")
        return INTERRUPTED


def _run(request: Request, progress: Progress, warm: WarmStart | None, say: Callable[[str], None]) -> int:
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
    submissions = _submissions(request, assignment, say)
    submissions = _with_their_time(before.path.parent if before else request.out, assignment, submissions)
    if before is not None:
        results, _ = _grade(request, assignment, submissions, None, progress, warm, say)
        _preview(request, assignment, before, results)
        return _status(results, say)
    _refuse_a_stranger(request, assignment, submissions)
    _drop(request, assignment, submissions)
    results, stays = _grade(request, assignment, submissions, request.out, progress, warm, say)
    _show(request, assignment, results, stays, time.monotonic() - begun)
    if request.gradebook is not None:
        _write_gradebook(request.gradebook, request, assignment, results)
    return _status(results, say, request.fail_under)


def _grade(
    request: Request,
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
    from grader.cluster import Cluster

    cluster = Cluster(address, say)
    cluster.check()
    return cluster


def _show(
    request: Request, assignment: Assignment, results: Sequence[Result], stays: EarlierResults, seconds: float
) -> None:
    """Print the page of one student or the table of many, where it is written, and who else is in there."""
    console = summary.output()
    results, _ = clusters.named(request.out, results)
    results = withheld.marked(request.out, results)
    if len(results) == 1:
        print(feedback(results[0]), end="\n\n")
    else:
        console.print(summary.table(results, console))
        console.print()
        console.print(summary.closing(results, seconds), markup=False)
    console.print(f"Written to {request.out / 'results.json'}", markup=False)
    if decided := adjustments.load(request.out).names:
        console.print(
            f"{request.out / adjustments.FILE} adjusts {decided}: report and export apply it.", markup=False
        )
    for line in summary.others(results, stays, suite_digest(request.course, assignment)):
        console.print(line, markup=False, soft_wrap=True)
    new = request.student and results[0].student not in stays.students
    if new and (like := alike(results[0].student, sorted(stays.students))):
        console.print(f"  names like it that were there before: {', '.join(like)}", markup=False)


def _write_gradebook(url: str, request: Request, assignment: Assignment, results: Sequence[Result]) -> None:
    from grader.nbgrader_plugin import gradebook

    written = gradebook.write(results, url, assignment.name, assignment.groups, request.submissions)
    summary.output().print(written.sentence, markup=False)


def _preview(request: Request, assignment: Assignment, last: GradedClass, results: Sequence[Result]) -> None:
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


def _submissions(request: Request, assignment: Assignment, say: Callable[[str], None]) -> list[Submission]:
    """What is to be graded. Raises UsageError for a name in --only that nobody has."""
    hand_out = handout(request.course, assignment)
    if request.student:
        name = clean(request.student, 120)
        if not name:
            raise UsageError("--student has no letters in it.", next_step="Name the student: --student NAME")
        if request.only:
            raise UsageError(
                "--student says whose all of it is, so there is nobody to choose with --only.",
                next_step="Leave one of them out.",
            )
        return [read_submission(request.submissions, name, assignment.name, hand_out)]
    submissions = read_submissions(request.submissions, assignment.name, hand_out, say)
    if not request.only:
        return submissions
    by_name = {submission.student: submission for submission in submissions}
    chosen = {_named(name, by_name, request, assignment) for name in request.only}
    return [submission for submission in submissions if submission.student in chosen]


def _with_their_time(
    folder: Path, assignment: Assignment, submissions: Sequence[Submission]
) -> list[Submission]:
    """The submissions with the time that adjustments.toml in `folder` gives.

    Raises CourseError when it is about somebody unknown.
    """
    decided = adjustments.load(folder)
    if not decided.students:
        return list(submissions)
    present = {submission.student for submission in submissions}
    decided.refuse_unknown_students(present | students_with_results(folder, assignment.name))
    return decided.with_time(submissions)


def _named(name: str, by_name: Collection[str], request: Request, assignment: Assignment) -> str:
    """The student of `by_name` who is meant: exactly, or by the same letters in another encoding."""
    if name in by_name:
        return name
    composed = unicodedata.normalize("NFC", name)
    same = [name for name in by_name if unicodedata.normalize("NFC", name) == composed]
    if len(same) == 1:
        return same[0]
    earlier = students_with_results(request.out, assignment.name)
    earlier_result = f"; {request.out} holds a result from an earlier run" if name in earlier else ""
    raise UsageError(
        f"{clean(str(request.submissions), 300)} has no student {clean(name, 60)!r}{earlier_result}.",
        next_step=near(name, by_name),
    )


def _refuse_a_stranger(request: Request, assignment: Assignment, submissions: Sequence[Submission]) -> None:
    """A hand-in alone must not become somebody new beside the student whose it is.

    Raises UsageError where nothing says whose it is, and where a single file would get into a class's results by the
    default of --out alone.
    """
    path = request.submissions
    if request.student or request.only or len(submissions) != 1:
        return
    (submission,) = submissions
    earlier = students_with_results(request.out, assignment.name)
    if not earlier or submission.student in earlier:
        return
    if submission.student == NO_NAME:
        why = f"nothing says whose {clean(path.name, 80)} is"
    elif not submission.file and not submission.chunks:
        problem = clean(submission.problem, 200).rstrip(".")
        why = f"what is in {clean(path.name, 80)} says nothing of whose it is ({problem})"
    elif path.is_file() and not request.out_named:
        why = f"{clean(path.name, 80)} is read as that of {clean(submission.student, 60)!r}, who is none of them"
    else:
        return
    count = counted(len(earlier), "student")
    raise UsageError(
        f"{request.out} holds the results of {count}, and {why}. Nothing was graded.",
        next_step=f"If it is one of theirs: --student NAME\n{near(submission.student, sorted(earlier))}\n"
        f"If it is none of theirs: --out FOLDER",
    )


def _drop(request: Request, assignment: Assignment, submissions: Sequence[Submission]) -> None:
    """Take out whom --drop names. Raises UsageError for a name without a result, and for one who is in this run."""
    if not request.drop:
        return
    names = students_with_results(request.out, assignment.name)
    for name in request.drop:
        if name not in names:
            raise UsageError(
                f"{request.out} has no result of {clean(name, 60)!r} to drop.",
                next_step=near(name, sorted(names)),
            )
        if name in {submission.student for submission in submissions}:
            raise UsageError(
                f"{clean(name, 60)} is in {clean(str(request.submissions), 300)}, and would be graded again.",
                next_step="Take the files out of there first, or leave out --drop.",
            )
    suite = suite_digest(request.course, assignment)
    Store(request.out, assignment.name, suite, assignment.max_score).drop(request.drop)


def interrupted(request: Request, progress: Progress, typed: Sequence[str]) -> str:
    """What to say after Ctrl-C: how many results are there, and what to type to go on."""
    again = shlex.join(["grader", *(word for word in typed if word != "--fresh")])
    if request.against is not None:
        return "Stopped. Nothing was written."
    if progress.of == 0:
        return f"Stopped before anything was graded. To begin again: {again}"
    place = request.out / "submissions"
    sentence = f"Stopped: {progress.done} of {progress.of} are graded, and kept in {place}."
    if (request.out / "results.json").is_file() and progress.done < progress.of:
        sentence += f" {request.out / 'results.json'} is as it was before."
    return f"{sentence}\nTo go on where it was: {clean(again, 2000)}"
