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

from grader import full_answers
from grader.assignments import Assignment, Course
from grader.errors import UsageError
from grader.problems import Problem
from grader.records import Result, Submission
from grader.run import answer_store, digests, sources
from grader.run import store as stores
from grader.run.earlier_results import EarlierResults
from grader.run.shared import SharedParts

if TYPE_CHECKING:
    from grader.run.session import Failure
    from grader.run.trusted import WarmStart
    from grader.subject.confinement import Confinement

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

#: Changes that are tried of one submission to find the line. A number and no time: every machine finds the same.
MOST_CHANGES = 900

OnResult = Callable[[Result], None]
OnKept = Callable[[EarlierResults], None]
OnCaution = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How to grade: workers (default: one per processor), missing jail layers to accept, whether to start anew,
    whether to look for the mistakes of what fails (with the table of mistakes.py, or without; there for several at
    once too, or for one alone), and for the line in which one change is enough (None: for one submission alone); and
    what is known of earlier answers (`full_answers`).
    """

    workers: int | None = None
    allow_unsafe: tuple[str, ...] = ()
    fresh: bool = False
    diagnose: bool = True
    table: bool = True
    several: bool = True
    lines: bool | None = None
    answers_before: str = ""

    def changes(self, count: int) -> int:
        """How many changes are tried to find the line, in a run of so many submissions."""
        is_on = count == 1 if self.lines is None else self.lines
        return MOST_CHANGES if is_on and self.diagnose else 0


class Machines(Protocol):
    """Machines that grade instead of this one (`grader.dask_cluster`)."""

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
    warm: WarmStart | None = None,
    on_caution: OnCaution = lambda text: None,
    elsewhere: Machines | None = None,
) -> list[Result]:
    """Grade `submissions`; results are in their order, and written to `out` unless it is None.

    Whoever has a result in `out` and is not among `submissions` keeps it; `on_kept` is told who that is. `warm` is
    what was launched while the submissions were read; it serves this run alone. `on_caution` is
    told what is no reason to stop, and for the instructor to know. With `elsewhere`, nothing is run on this machine.

    Raises JailError when there is no sandbox here, CourseError when the course is at fault (SuiteError: its hidden
    suite), UsageError when `out` cannot be used, or for no layer or number in the options. Whatever goes wrong with
    one submission ends as its result.
    """
    options = options or Options()
    _check(options)
    suite, engine = digests.suite_digest(course, assignment), digests.engine_digest()
    store = stores.ClassFolder(out, assignment.name, suite, assignment.max_score) if out is not None else None
    changes = options.changes(len(submissions))
    stamp = f"{', '.join(sorted(options.allow_unsafe)) or 'full'} {changes}"
    keys = [digests.key(submission, suite, engine, stamp) for submission in submissions]
    if store is not None:
        on_kept(store.earlier_results({submission.student for submission in submissions}))
    run = _Run(assignment, submissions, keys, suite, store, on_result)
    pending = run.settle(options.fresh)
    if pending and elsewhere is None:
        _grade_pending(
            Pending(course, assignment, submissions, pending, options, run.keep),
            (suite, engine),
            warm,
            on_caution,
        )
    elif pending and elsewhere is not None:
        _grade_elsewhere(Pending(course, assignment, submissions, pending, options, run.keep), elsewhere)
    return run.finish(options, on_caution)


@dataclass(frozen=True)
class Pending:
    """What is still to be graded: the submissions at `places`. `keep` takes each result with its place."""

    course: Course
    assignment: Assignment
    submissions: Sequence[Submission]
    places: Sequence[int]
    options: Options
    keep: Callable[[int, Result], None]

    @property
    def changes(self) -> int:
        """How many changes of each are tried to find the line."""
        return self.options.changes(len(self.submissions))

    def keep_all(self, graded: Iterable[tuple[int, Result | Failure]]) -> None:
        """Keep each result as it comes; what the machinery could not grade is that, and no score."""
        from grader.run.session import Failure

        for place, result in graded:
            if isinstance(result, Failure):
                result = not_graded(self.submissions[place], self.assignment, result.message)
            self.keep(place, result)


def _grade_elsewhere(pending: Pending, elsewhere: Machines) -> None:
    numbered = [(place, pending.submissions[place]) for place in pending.places]
    pending.keep_all(
        elsewhere.results(pending.course, pending.assignment, numbered, pending.options, pending.changes)
    )


class _Run:
    """The results of a run by the place of their submission; each is written to the store as soon as it is known."""

    def __init__(
        self,
        assignment: Assignment,
        submissions: Sequence[Submission],
        keys: Sequence[str],
        suite: str,
        store: stores.ClassFolder | None,
        on_result: OnResult,
    ) -> None:
        self._assignment, self._submissions, self._keys, self._suite = assignment, submissions, keys, suite
        self._store, self._on_result = store, on_result
        self._results: dict[int, Result] = {}
        self._shared = SharedParts()

    def keep(self, index: int, result: Result) -> None:
        """Take a result that was graded in this run."""
        result = self._shared.result(replace(result, key=self._keys[index], suite=self._suite))
        self._results[index] = result
        if self._store is not None:
            self._store.save(result)
            self._store.keep_source(result, sources.graded(self._submissions[index], result))
        self._on_result(result)

    def settle(self, fresh: bool) -> list[int]:
        """Take what an earlier run knows, and what could not be read; the places of the others are to be graded."""
        store, pending = self._store, []
        for index, submission in enumerate(self._submissions):
            earlier = store.stored(submission.student, self._keys[index]) if store and not fresh else None
            if store is not None and earlier is not None:
                self._results[index] = earlier = self._shared.result(earlier)
                store.keep_source(earlier, sources.graded(submission, earlier))
                self._on_result(earlier)
            elif submission.fault:
                self.keep(index, not_graded(submission, self._assignment, submission.problem))
            elif submission.problem:
                self.keep(index, unreadable(submission, self._assignment))
            else:
                pending.append(index)
        return pending

    def finish(self, options: Options, on_caution: OnCaution) -> list[Result]:
        """Write results.json; the results in the order of the submissions."""
        ordered = [self._results[index] for index in range(len(self._submissions))]
        if self._store is not None:
            if most := self._assignment.full_answers:
                alone = len(ordered) == 1
                if caution := self._store.count_answers(ordered, most, options.answers_before, alone):
                    on_caution(caution)
            self._store.finish(ordered)
        return ordered


def _check(options: Options) -> None:
    """Raise UsageError for a layer that there is not, or for answers before this run that are no number."""
    from grader.subject.jail import LAYERS

    full_answers.earlier_answers(options.answers_before or "0", full_answers.today())
    unknown = [name for name in options.allow_unsafe if name not in LAYERS]
    if unknown:
        raise UsageError(
            f"The sandbox has no layer {', '.join(map(repr, unknown))} that can be left out.",
            next_step=f"Layers: {', '.join(LAYERS)}.",
        )


def _grade_pending(
    pending: Pending, digests_of: tuple[str, str], warm: WarmStart | None, on_caution: OnCaution
) -> None:
    from grader.run.pool import Pool, confinement_for, may_hang

    course, assignment, options = pending.course, pending.assignment, pending.options
    # What has to be waited for comes first: begun last, it would be waited for while all others are done.
    places = sorted(pending.places, key=lambda place: not may_hang(pending.submissions[place]))
    chosen = [pending.submissions[place] for place in places]
    most_time = max(submission.more_time for submission in chosen)
    confinement = confinement_for(confine(course, assignment, options.allow_unsafe, most_time), chosen)
    kept_answers = answer_store.place(course, assignment, *digests_of, confinement.readable, confinement.skip)
    if kept_answers.caution and options.diagnose:
        on_caution(kept_answers.caution)
    count = min(options.workers or len(os.sched_getaffinity(0)), len(places))
    pool = Pool(
        *(course, assignment, confinement, count, options.diagnose, warm, kept_answers, pending.changes),
        table=options.table,
        several=options.several,
    )
    try:
        pending.keep_all(pool.results(zip(places, chosen, strict=True)))
    finally:
        pool.close()


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
    """The result of a submission that cannot be read, or that is none: no points, and why."""
    return Result(
        student=submission.student,
        file=submission.file,
        sha256=submission.sha256,
        status="not_attempted" if submission.absent else "unreadable",
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
