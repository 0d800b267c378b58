"""One submission, one suite, one jail: the verdict. Runs in a worker, on the trusted side."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import PurePath

from grader.records import Result, Submission, TestResult
from grader.subject import operations as ops
from grader.subject.jailed import JailedSubject, Patience
from grader.subject.keeper import Keeper
from grader.subject.proxy import SubjectLost
from grader.suite import explain
from grader.suite.bench import Suite


def judge(suite: Suite, keeper: Keeper, submission: Submission, jail: str = "full") -> Result:
    """Grade one submission that can be read. Raises GraderError when the machinery is at fault."""
    begun = time.perf_counter()
    limits = suite.bench.assignment.limits
    patience = Patience(limits.call_seconds, limits.total_seconds)
    subject = JailedSubject(keeper, submission.chunks, patience, suite.plan)
    try:
        status, message, notes, tests = _grade(suite, subject, submission)
    finally:
        subject.close()
    return Result(
        student=submission.student,
        file=submission.file,
        sha256=submission.sha256,
        status=status,
        score=round(sum(test.points for test in tests), 6),
        max_score=suite.bench.assignment.max_score,
        seconds=round(time.perf_counter() - begun, 6),
        tests=tuple(tests),
        message=message,
        notes=(*submission.notes, *notes),
        jail=jail,
    )


def _grade(
    suite: Suite, subject: JailedSubject, submission: Submission
) -> tuple[str, str, list[str], list[TestResult]]:
    file = PurePath(submission.file).name
    try:
        loaded = subject.load()
    except SubjectLost as lost:
        message = f"While `{file}` was being loaded: {explain.explain_lost(lost)}"
        return lost.kind, message, [], suite.none(message)
    if loaded.failures and not submission.is_notebook:
        message = _unreadable(loaded.failures[0], submission)
        return "unreadable", message, [], suite.none(message)
    notes = [_cell_note(failure, submission) for failure in loaded.failures]
    tests = suite.run(subject, file, submission.chunks)
    status, message = _status(suite, subject, tests)
    return status, message, notes, tests


def _status(suite: Suite, subject: JailedSubject, tests: Sequence[TestResult]) -> tuple[str, str]:
    kinds = [lost.kind for lost in subject.losses]
    if "timeout" in kinds:
        return "timeout", explain.explain_lost(
            next(loss for loss in subject.losses if loss.kind == "timeout")
        )
    if "crashed" in kinds:
        return "crashed", explain.explain_lost(subject.losses[0])
    if not any(test.outcome == "passed" for test in tests) and suite.unwritten == len(tests):
        return (
            "not_attempted",
            "Nothing has been filled in yet: every exercise still raises NotImplementedError.",
        )
    return "graded", ""


def _unreadable(failure: ops.Raised, submission: Submission) -> str:
    file = PurePath(submission.file).name
    raised = explain.exception(failure, submission.chunks)
    where = ""
    if failure.frames:
        place, text = explain.place(failure.frames[-1], submission.chunks)
        where = f" at {place}: {text}" if place else ""
    if failure.kind in ("SystemExit", "KeyboardInterrupt"):
        return f"`{file}` ends the program while it is being loaded ({failure.kind}){where}"
    return f"`{file}` cannot be loaded: it raised {raised}{where}"


def _cell_note(failure: ops.Raised, submission: Submission) -> str:
    raised = explain.exception(failure, submission.chunks)
    place, text = explain.place(failure.frames[-1], submission.chunks) if failure.frames else ("", "")
    return f"{place or 'A cell'} raised {raised}{f': {text}' if text else ''}. The cells after it were still run."
