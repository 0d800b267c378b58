"""The main path: submissions in, results out. Read it from top to bottom.

1. Submissions that cannot be read get their result at once; those graded before, with the same bytes, suite and
   engine, keep theirs.
2. The sandbox is probed, and the warm process loads numpy and torch. This one never does.
3. Workers are forked from it, one per processor; each collects the suite, rehearses it on the reference and grades.
4. Every result is written as it comes; results.json is written at the end, and keeps whoever is not in this run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from grader import withheld
from grader.assignments import Assignment, Course
from grader.errors import UsageError
from grader.problems import Problem
from grader.records import Result, Submission
from grader.run import answers, digests, sources
from grader.run import store as stores
from grader.run.kept import Kept
from grader.run.shared import Shared

if TYPE_CHECKING:
    from grader.run.session import Failure
    from grader.subject.confinement import Confinement
    from grader.subject.keeper import Keeper

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

#: Changes that are tried of one submission to find the line. A number and no time: every machine finds the same.
MOST_CHANGES = 900

OnResult = Callable[[Result], None]
OnKept = Callable[[Kept], None]
OnCaution = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How to grade: workers (default: one per processor), missing jail layers to accept, whether to start anew,
    whether to look for the mistakes of what fails (with the table of mistakes.py, or without), and for the line in
    which one change is enough (None: for one submission alone); and what is known of earlier answers (`withheld`).
    """

    workers: int | None = None
    allow_unsafe: tuple[str, ...] = ()
    fresh: bool = False
    diagnose: bool = True
    table: bool = True
    lines: bool | None = None
    answers_before: str = ""

    def changes(self, count: int) -> int:
        """How many changes are tried to find the line, in a run of so many submissions."""
        wanted = count == 1 if self.lines is None else self.lines
        return MOST_CHANGES if wanted and self.diagnose else 0


class Elsewhere(Protocol):
    """Machines that grade instead of this one (`grader.cluster`)."""

    def results(
        self,
        course: Course,
        assignment: Assignment,
        submissions: Sequence[tuple[int, Submission]],
        options: Options,
        changes: int,
    ) -> Iterator[tuple[int, Result | Failure]]:
        """Each of the numbered submissions as it is graded; raises as `Pool.results`."""


def grade(
    course: Course,
    assignment: Assignment,
    submissions: Sequence[Submission],
    out: Path | None = None,
    options: Options | None = None,
    on_result: OnResult = lambda result: None,
    on_kept: OnKept = lambda kept: None,
    keeper: Keeper | None = None,
    on_caution: OnCaution = lambda text: None,
    elsewhere: Elsewhere | None = None,
) -> list[Result]:
    """Grade `submissions`; results are in their order, and written to `out` unless it is None.

    Whoever has a result in `out` and is not among `submissions` keeps it; `on_kept` is told who that is. `keeper` is
    that of a warm process that was launched while the submissions were read; it serves this run alone. `on_caution` is
    told what is no reason to stop, and for the instructor to know. With `elsewhere`, nothing is run on this machine.

    Raises JailError when there is no sandbox here, CourseError when the course is at fault (SuiteError: its hidden
    suite), UsageError when `out` cannot be used or there is no layer of an allowed name, or no number
    of `answers_before`. Whatever goes wrong with one submission ends as its result.
    """
    options = options or Options()
    _check_layers(options.allow_unsafe)
    withheld.before(options.answers_before or "0", withheld.today())  # what is no number is told at once
    suite, engine = digests.suite_digest(course, assignment), digests.engine_digest()
    store = stores.Store(out, assignment.name, suite, assignment.max_score) if out is not None else None
    stamp = ", ".join(sorted(options.allow_unsafe)) or "full"
    changes = options.changes(len(submissions))
    keys = [digests.key(submission, suite, engine, f"{stamp} {changes}") for submission in submissions]
    if store is not None:
        on_kept(store.kept({submission.student for submission in submissions}))
    results: dict[int, Result] = {}
    shared = Shared()

    def keep(index: int, result: Result) -> None:
        results[index] = result = shared.result(replace(result, key=keys[index], suite=suite))
        if store is not None:
            store.save(result)
            store.keep_source(result, sources.graded(submissions[index], result))
        on_result(result)

    pending = []
    for index, submission in enumerate(submissions):
        earlier = store.known(submission.student, keys[index]) if store and not options.fresh else None
        if store is not None and earlier is not None:
            results[index] = earlier = shared.result(earlier)
            store.keep_source(earlier, sources.graded(submission, earlier))
            on_result(earlier)
        elif submission.fault:
            keep(index, not_graded(submission, assignment, submission.problem))
        elif submission.problem:
            keep(index, unreadable(submission, assignment))
        else:
            pending.append(index)
    if pending:
        if elsewhere is None:
            _grade_pending(
                course, assignment, submissions, pending, options, keep, (suite, engine), keeper, on_caution
            )
        else:
            numbered = [(index, submissions[index]) for index in pending]
            graded = elsewhere.results(course, assignment, numbered, options, changes)
            _keep_all(graded, assignment, submissions, keep)
    ordered = [results[index] for index in range(len(submissions))]
    if store is not None:
        if assignment.full_answers:
            alone = len(submissions) == 1
            if caution := store.tell(ordered, assignment.full_answers, options.answers_before, alone):
                on_caution(caution)
        store.finish(ordered)
    return ordered


def _check_layers(names: Sequence[str]) -> None:
    from grader.subject.jail import LAYERS

    unknown = [name for name in names if name not in LAYERS]
    if unknown:
        raise UsageError(
            f"The sandbox has no layer {', '.join(map(repr, unknown))} that can be left out.",
            next_step=f"Layers: {', '.join(LAYERS)}.",
        )


def _grade_pending(
    course: Course,
    assignment: Assignment,
    submissions: Sequence[Submission],
    pending: Sequence[int],
    options: Options,
    keep: Callable[[int, Result], None],
    digests_of: tuple[str, str],
    keeper: Keeper | None,
    on_caution: OnCaution,
) -> None:
    from grader.run.pool import Pool, confinement_for

    chosen = [submissions[index] for index in pending]
    most_time = max(submission.more_time for submission in chosen)
    confinement = confinement_for(confine(course, assignment, options.allow_unsafe, most_time), chosen)
    kept_answers = answers.place(course, assignment, *digests_of, confinement.readable, confinement.skip)
    if kept_answers.caution and options.diagnose:
        on_caution(kept_answers.caution)
    count = min(options.workers or len(os.sched_getaffinity(0)), len(pending))
    changes = options.changes(len(submissions))
    pool = Pool(
        *(course, assignment, confinement, count, options.diagnose, keeper, kept_answers, changes),
        table=options.table,
    )
    try:
        _keep_all(pool.results(zip(pending, chosen, strict=True)), assignment, submissions, keep)
    finally:
        pool.close()


def _keep_all(
    graded: Iterable[tuple[int, Result | Failure]],
    assignment: Assignment,
    submissions: Sequence[Submission],
    keep: Callable[[int, Result], None],
) -> None:
    """Keep each result as it comes; what the machinery could not grade is that, and no score."""
    from grader.run.session import Failure

    for index, result in graded:
        if isinstance(result, Failure):
            result = not_graded(submissions[index], assignment, result.message)
        keep(index, result)


def confine(
    course: Course, assignment: Assignment, allow_unsafe: Sequence[str], most_time: float = 1.0
) -> Confinement:
    """The jail for an assignment's submissions on this machine. Raises JailError when there is none.

    `most_time`: what the limits are multiplied by for whoever is given most.
    """
    from grader.subject.confinement import Confinement
    from grader.subject.harness import read as read_harness

    assignment.check_preload()
    read_harness(assignment)
    limits = assignment.limits
    return Confinement.checked(
        assignment.name,
        secrets=[course.root / "solutions", course.root / "tests" / "hidden"],
        allow_unsafe=allow_unsafe,
        preload=assignment.preload,
        given=tuple(assignment.given_sources.items()),
        harness=assignment.harness_source,
        watch=assignment.watch.calls,
        memory_bytes=limits.memory_mb << 20,
        # Loading and grading have so many seconds each.
        cpu_seconds=2 * int(limits.total_seconds * most_time) + 2,
    )


def unreadable(submission: Submission, assignment: Assignment) -> Result:
    """The result of a submission that cannot be read: no points, and why."""
    return Result(
        student=submission.student,
        file=submission.file,
        sha256=submission.sha256,
        status="unreadable",
        score=0.0,
        max_score=assignment.max_score,
        seconds=0.0,
        message=submission.problem,
        notes=submission.notes,
        late=submission.late,
        members=submission.members,
        problem=Problem("unloaded", number=submission.line),
    )


def not_graded(submission: Submission, assignment: Assignment, why: str) -> Result:
    """The result when the machinery failed: no score at all."""
    return replace(
        unreadable(submission, assignment), status="not_graded", score=None, message=f"Not graded: {why}"
    )
