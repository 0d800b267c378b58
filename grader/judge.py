"""One submission, one suite, one jail: the verdict. Runs in a worker, on the trusted side."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from grader.diagnose.counterexample import Counterexamples
from grader.diagnose.search import Diagnoser
from grader.records import Result, Submission, TestResult
from grader.subject import operations as ops
from grader.subject.jailed import JailedSubject, Patience
from grader.subject.keeper import Keeper
from grader.subject.proxy import StudentRaised, SubjectLost
from grader.suite import explain
from grader.suite.bench import Suite


class Judge:
    """A suite, a jail, and the mistakes that can be named: made once per worker, asked for every submission."""

    def __init__(self, suite: Suite, keeper: Keeper, jail: str = "full", diagnose: bool = True) -> None:
        self._suite, self._keeper, self._jail, self._diagnose = suite, keeper, jail, diagnose
        assignment, source = suite.bench.assignment, suite.bench.source
        self._diagnoser = Diagnoser(assignment, source, suite.plan)
        self._counterexamples = Counterexamples(assignment, source)

    def judge(self, submission: Submission) -> Result:
        """Grade one submission that can be read. Raises GraderError when the machinery is at fault."""
        begun = time.perf_counter()
        limits = self._suite.bench.assignment.limits
        patience = Patience(limits.call_seconds, limits.total_seconds)
        subject = JailedSubject(self._keeper, submission.chunks, patience, self._suite.plan)
        try:
            result = _grade(self._suite, subject, submission)
            lost = result.status in ("graded", "timeout", "crashed") and result.score != result.max_score
            if lost and self._diagnose:
                result = self._diagnosed(result, subject, submission)
        finally:
            subject.close()
        return replace(result, seconds=round(time.perf_counter() - begun, 6), jail=self._jail)

    def _diagnosed(self, result: Result, subject: JailedSubject, submission: Submission) -> Result:
        def told(raised: ops.Raised, asked: str, weights: Mapping[str, Any]) -> str:
            file = PurePath(submission.file).name
            return explain.message(StudentRaised(raised, asked, weights), file, submission.chunks)

        findings = self._diagnoser.examine(subject.transcript())
        found = [self._counterexamples.find(exercise, subject.ask_all, told) for exercise in findings.failing]
        examples = tuple(example for example in found if example is not None)
        return replace(
            result,
            diagnoses=findings.diagnoses,
            counterexample=examples[0] if examples else None,
            counterexamples=examples,
        )


def _result(
    suite: Suite,
    submission: Submission,
    status: str,
    message: str,
    tests: Sequence[TestResult],
    notes: Sequence[str] = (),
) -> Result:
    return Result(
        student=submission.student,
        file=submission.file,
        sha256=submission.sha256,
        status=status,
        score=round(sum(test.points for test in tests), 6),
        max_score=suite.bench.assignment.max_score,
        seconds=0.0,
        tests=tuple(tests),
        message=message,
        notes=(*submission.notes, *notes),
    )


def _grade(suite: Suite, subject: JailedSubject, submission: Submission) -> Result:
    file = PurePath(submission.file).name
    try:
        loaded = subject.load()
    except SubjectLost as lost:
        message = f"While `{file}` was being loaded: {explain.explain_lost(lost)}"
        return _result(suite, submission, lost.kind, message, suite.none(message))
    if loaded.failures and not submission.is_notebook:
        message = _unreadable(loaded.failures[0], submission)
        return _result(suite, submission, "unreadable", message, suite.none(message))
    notes = [_cell_note(failure, submission) for failure in loaded.failures]
    tests = suite.run(subject, file, submission.chunks)
    status, message = _status(suite, subject, tests)
    return _result(suite, submission, status, message, tests, notes)


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
    return f"`{file}` cannot be loaded: it raised {raised}{where}. {explain.cause(failure, submission.chunks)}".strip()


def _cell_note(failure: ops.Raised, submission: Submission) -> str:
    raised = explain.exception(failure, submission.chunks)
    place, text = explain.place(failure.frames[-1], submission.chunks) if failure.frames else ("", "")
    cause = explain.cause(failure, submission.chunks)
    return " ".join(
        filter(
            None,
            [
                f"{place or 'A cell'} raised {raised}{f', at {text}' if text else ''}.",
                cause,
                "The cells after it were still run.",
            ],
        )
    )
