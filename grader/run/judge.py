"""One submission, one suite, one jail: the verdict. Runs in a worker, on the trusted side."""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.attempt import Attempts
from grader.diagnose.counterexample import Counterexamples
from grader.diagnose.search import Diagnoser, Findings
from grader.errors import GraderError, KilledError, SuiteError
from grader.messages import explain, lookup, not_run, watched
from grader.messages import loading as loaded_source
from grader.messages.wording import Wording
from grader.problems import ExplainedProblem, Problem
from grader.records import (
    Counterexample,
    PassedOver,
    Result,
    StudentSource,
    Submission,
    TestResult,
)
from grader.repair.lines import Lines
from grader.run.answer_store import Answers
from grader.run.naming import diagnoses_of
from grader.run.two_files import better_result
from grader.subject import operations as ops
from grader.subject.jailed import JailedSubject
from grader.subject.keeper import Keeper
from grader.subject.patience import Patience
from grader.subject.subjects import StudentRaised, SubjectLost
from grader.submissions.syntax_errors import refusal
from grader.suite.bench import IsEnough, Suite

OnVerdict = Callable[[Result], None]


@dataclass(frozen=True)
class LoadNotes:
    """What was passed over while a submission was loaded, as data and in sentences."""

    passed_over: tuple[PassedOver, ...] = ()
    notes: tuple[str, ...] = ()


class Judge:
    """A suite, a jail, and the mistakes that can be named: made once per worker, asked for every submission."""

    def __init__(
        self,
        suite: Suite,
        keeper: Keeper,
        unplanned: Keeper,
        jail: str = "full",
        diagnose: bool = True,
        answers: Answers | None = None,
        changes: int = 0,
        *,
        table: bool = True,
        several: bool = True,
    ) -> None:
        """`keeper` has been given the suite's plan; `unplanned`, for what is shown to students, never was.

        `changes` is how many may be tried of a submission, to find the line in which one is enough.
        """
        self._suite, self._jail, self._diagnose = suite, jail, diagnose
        self._keeper, self._unplanned = keeper, unplanned
        assignment, source, limits = suite.bench.assignment, suite.bench.source, suite.bench.assignment.limits
        self._patience = Patience(limits.call_seconds, limits.total_seconds, limits.statement_seconds)
        self._attempts = Attempts(assignment, suite.plan)
        self._no_naming = ""
        try:
            self._diagnoser = Diagnoser(assignment, source, suite.plan, answers, table=table, several=several)
            self._counterexamples = Counterexamples(assignment, source, suite.bench.harness, answers)
            self._lines = Lines(
                *(assignment, source, self._counterexamples, self._diagnoser.variants, unplanned, changes)
            )
        except GraderError:  # what is written in the course is told before anybody is graded
            raise
        except Exception as error:
            self._no_naming = _fault(error, "looked for")

    def judge(self, submission: Submission, on_verdict: OnVerdict = lambda result: None) -> Result:
        """Grade one submission that can be read. Raises GraderError when the machinery is at fault.

        `on_verdict` is given the result before the mistakes are looked for: no point can be lost from then on.
        """
        if submission.other is None:
            return self._judge(submission, on_verdict)
        first = self._judge(submission, lambda verdict: None)
        second = self._judge(submission.other, lambda verdict: on_verdict(better_result(first, verdict)))
        return better_result(first, second)

    def open(self, submission: Submission) -> JailedSubject:
        """The submission as the suite's subject: in the jail, with the suite's plan. Close it at the end."""
        patience = self._patience.times(submission.more_time)
        return JailedSubject(self._keeper, submission.source, patience, self._suite.plan)

    def load(self, subject: JailedSubject, submission: Submission) -> LoadNotes | Result:
        """Load the source; the result of a submission that cannot be loaded. Raises KilledError."""
        return _load(self._suite, subject, submission)

    def finish(
        self, subject: JailedSubject, submission: Submission, load: LoadNotes, tests: Sequence[TestResult]
    ) -> Result:
        """The verdict, from the results of all tests. Raises KilledError."""
        return _finish(self._suite, subject, submission, load, tests)

    def _judge(self, submission: Submission, on_verdict: OnVerdict) -> Result:
        begun = time.perf_counter()
        self._suite.wording = Wording()
        with contextlib.closing(self.open(submission)) as subject:
            loaded = self.load(subject, submission)
            if isinstance(loaded, Result):
                result = loaded
            else:
                tests = self._suite.run(subject, submission.source)
                result = self.finish(subject, submission, loaded, tests)
            if result.status == "graded":
                result = self._with_message(result, submission, subject)
            lost = result.status in ("graded", "timeout", "crashed") and result.score != result.max_score
            if lost and self._diagnose:
                result = self._named(replace(result, jail=self._jail), subject, submission, on_verdict)
        return replace(result, seconds=round(time.perf_counter() - begun, 6), jail=self._jail)

    def _with_message(self, result: Result, submission: Submission, subject: JailedSubject) -> Result:
        """The result with where work stands that is not run; or, where no test passed, maybe that of no attempt."""
        if submission.misplaced and result.lost:
            return replace(result, message=submission.misplaced[0][:1].upper() + submission.misplaced[0][1:])
        if any(test.outcome == "passed" for test in result.tests):
            return result
        why = self._attempts.why_not_attempted(submission, subject.transcript())
        return replace(result, status="not_attempted", message=why) if why else result

    def _named(
        self, result: Result, subject: JailedSubject, submission: Submission, on_verdict: OnVerdict
    ) -> Result:
        """The result with its mistakes named and shown; what is known already is told before each of these steps.

        Whatever is wrong there (a mistake's edit, an example, a part of ours) is for the instructor to know, and no
        reason to take away a known score, or the names of mistakes when only showing them fails.
        """
        on_verdict(verdict := result)
        if self._no_naming:
            return replace(result, fault=self._no_naming)
        transcript, texts = subject.transcript(), [chunk.source for chunk in submission.source.files]
        # Where one small change gives all points back, there are not several mistakes to look for, which is dear.
        for several in (False, True) if self._lines.budget else (True,):
            try:
                findings = self._diagnoser.examine(transcript, texts, several=several)
                diagnoses = diagnoses_of(findings, self._suite, submission.source)
            except Exception as error:
                return replace(verdict, fault=_fault(error, "looked for"))
            result = replace(verdict, diagnoses=diagnoses, unexplained=findings.unexplained)
            if diagnoses:
                on_verdict(result)
            result = self._with_counterexamples(result, subject, submission, findings.failing)
            if self._lines.budget:  # else nothing follows
                on_verdict(result)
            result = self._traced(result, subject, submission, findings, on_verdict)
            if result.repairs or not findings.left_out:
                break
        return result

    def _traced(
        self,
        result: Result,
        subject: JailedSubject,
        submission: Submission,
        findings: Findings,
        on_verdict: OnVerdict,
    ) -> Result:
        """The result with the lines in which one change is enough."""
        about = (result, submission.source, subject.loading, findings, self._tests_of)
        try:
            return replace(result, repairs=self._lines.find(*about, goes_on=lambda: on_verdict(result)))
        except Exception as error:  # as in `_named`
            return replace(result, fault=result.fault or _fault(error, "traced to a line"))

    def _tests_of(self, source: StudentSource, is_enough: IsEnough) -> list[TestResult] | None:
        """The results of all tests for a changed program, in a child of its own.

        None when it hangs or dies; none of them when one is enough, or is at fault itself with such an answer.
        """
        subject = JailedSubject(self._keeper, source, self._patience, self._suite.plan)
        with contextlib.closing(subject):
            try:
                subject.load()
            except SubjectLost:
                return None
            try:
                tests = self._suite.run(subject, source, is_enough)
            except SuiteError:
                return []
            return None if subject.losses else tests

    def _with_counterexamples(
        self, result: Result, subject: JailedSubject, submission: Submission, failing: Sequence[str]
    ) -> Result:
        """The result with a counterexample for each failing exercise that has one."""

        def explained(raised: ops.Raised, function: str, weights: Mapping[str, Any]) -> ExplainedProblem:
            error = StudentRaised.of(raised, function, weights, self._suite.bench.harness)
            return explain.problem(error, submission.source)

        examples_or_none: list[Counterexample | None] = []
        fault = ""
        try:
            subject.close()  # what is alive could be looked at from the next child
            # What is answered here is shown, so it is asked in a process that never held a hidden input.
            again = JailedSubject(self._unplanned, submission.source, self._patience, loading=subject.loading)
            with contextlib.closing(again) as unplanned:
                for exercise in failing:
                    # Where the machine ended its process there is nothing to show; the score stands.
                    with contextlib.suppress(SubjectLost):
                        examples_or_none.append(
                            self._counterexamples.find(exercise, unplanned.ask_all, explained)
                        )
        except Exception as error:  # as in `_named`; the examples found before it stay
            fault = _fault(error, "shown")
        examples = tuple(example for example in examples_or_none if example is not None)
        return replace(result, counterexamples=examples, fault=fault or result.fault)


def _fault(error: Exception, failed: str) -> str:
    message = str(error) if isinstance(error, GraderError) else traceback.format_exc(limit=-3).strip()
    return f"Its mistakes could not be {failed}: {message}"


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
        late=submission.late,
        members=submission.members,
        fault=suite.wording.fault,
    )


def _load(suite: Suite, subject: JailedSubject, submission: Submission) -> LoadNotes | Result:
    source = submission.source
    try:
        loaded = subject.load()
    except SubjectLost as lost:
        _refuse_killed(subject, submission)
        place = subject.loading.place
        at = f", at {lookup.where(*place)}" if place else ""
        why = suite.wording.of(explain.explain_lost, lost, source.files, plain="it did not end.")
        message = f"While `{source.name}` was being loaded{at}: {why}"
        result = _result(suite, submission, lost.kind, message, suite.results_without_a_test(message))
        label, number = place or ("", 0)
        return replace(result, problem=Problem("unloaded", label=label, number=number))
    refused = loaded_source.refused(loaded)
    if refused is not None:
        plainly = f"Python cannot read `{source.name}`."
        message = suite.wording.of(_does_not_compile, refused, source, plain=plainly)
        result = _result(suite, submission, "unreadable", message, suite.results_without_a_test(message))
        first = refused.frames[-1]
        return replace(result, problem=Problem("unloaded", label=first.label, number=first.line))
    passed_over = suite.wording.of(loaded_source.passed_over, subject.loading, source.files, plain=())
    return LoadNotes(passed_over, suite.wording.of(not_run.notes, passed_over, loaded.more, plain=()))


def _finish(
    suite: Suite, subject: JailedSubject, submission: Submission, load: LoadNotes, tests: Sequence[TestResult]
) -> Result:
    _refuse_killed(subject, submission)
    status, message, problem = _status(suite, subject, submission.source)
    watch = suite.bench.assignment.watch
    called = suite.wording.of(watched.notes, suite.watched, watch.rule, watch.costs, plain=[])
    notes = (*load.notes, *called)
    result = _result(suite, submission, status, message, tests, notes)
    return replace(result, passed_over=load.passed_over, problem=problem)


def _refuse_killed(subject: JailedSubject, submission: Submission) -> None:
    """Raise KilledError when the machine ended the submission's process: whatever was found, it may be the cause."""
    killed = [lost for lost in subject.losses if lost.kind == "killed"]
    if killed:
        request = f" while it was asked for `{killed[0].asked}`" if killed[0].asked else ""
        raise KilledError(
            f"the process of {submission.student} was killed from outside, twice{request} ({killed[0].detail}). "
            "Most often the machine has too little memory.",
            next_step="Grade again with fewer at a time: --workers 1. Nothing was kept.",
        )


def _status(suite: Suite, subject: JailedSubject, source: StudentSource) -> tuple[str, str, Problem | None]:
    """The status of a submission that was run, why, and what that is about: a timeout comes before a crash."""
    for kind in ("timeout", "crashed"):
        for lost in subject.losses:
            if lost.kind == kind:
                why = suite.wording.of(explain.explain_lost, lost, source.files, plain="No answer came.")
                return kind, why, Problem(lost.kind, lost.asked)
    return "graded", "", None


def _does_not_compile(failure: ops.Raised, source: StudentSource) -> str:
    place, text = explain.place(failure.frames[-1], source.files)
    return refusal(source.name, place, text, failure.text)
