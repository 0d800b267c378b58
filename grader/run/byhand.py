"""`pytest tests/hidden/<a>` by hand: pytest runs and reports the tests, and they are judged as `grade` judges them.

With `--submission FILE` the suite is rehearsed, the jail is built and the Judge is made as for a worker; only the loop
over the tests is pytest's, so that -k, -x, prints and debuggers work. Without it the reference is the student.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.assignments import Assignment, Course, find_course, load
from grader.errors import GraderError, SuiteError, UsageError
from grader.handouts import handout
from grader.records import Result, Submission, TestResult
from grader.run.path import confine
from grader.run.pool import confinement_for
from grader.run.session import Order, opened
from grader.subject.keeper import Keeper
from grader.subject.subjects import LocalSubject
from grader.submissions import read_submissions
from grader.suite import compare
from grader.suite.bench import EXCEPTION, Bench, Suite
from grader.suite.fixtures import BENCHES
from grader.suite.recorder import Recorder
from grader.text import clean


class ReferenceBench(Bench):
    """The reference as the student: what is asked of it is encoded as in grading, or refused as there."""

    def __init__(self, course: Path, name: str) -> None:
        super().__init__(load(find_course(course), name))
        self._recorder = Recorder(LocalSubject(name, self.source, self.assignment.harness_source))
        self.student.attach(self._recorder)
        self._node: Any = None
        self._number = -1

    def begin(self, node: pytest.Item) -> None:
        """Begin `node` once, whichever of its fixtures asks first."""
        if node is not self._node:
            self._node = node
            self._number += 1
            self.start_item(self._number)
            self.forgive_dtype(False)
            compare.on_reference.set(True)
            self._recorder.plan.start_item()


class SubmissionBench(Bench):
    """A bench whose tests are begun by whoever runs them: the suite while it rehearses, then a HandRun."""

    on_begin: Callable[[pytest.Item], None] | None = None

    def begin(self, node: pytest.Item) -> None:
        """Begin `node`, if it is pytest that runs it."""
        if self.on_begin is not None:
            self.on_begin(node)


class HandRun:
    """One assignment's suite and one submission, between pytest's start and its end.

    Raises UsageError for a submission that cannot be read or loaded, and what else `grade` raises.
    """

    def __init__(
        self,
        course: Path,
        name: str,
        submission: Path,
        items: Sequence[pytest.Item],
        config: pytest.Config,
    ) -> None:
        the_course = find_course(course)
        assignment = load(the_course, name)
        self._submission = _read(submission, the_course, assignment)
        closing = contextlib.ExitStack()
        config.add_cleanup(closing.close)
        confinement = confinement_for(confine(the_course, assignment, ()), [self._submission])
        keeper = closing.enter_context(contextlib.closing(Keeper.launch(confinement)))
        self.bench = config.stash[BENCHES][name] = SubmissionBench(assignment)
        self._suite = Suite(self.bench, list(items))  # type: ignore[arg-type]
        with _without_interruption(items):
            self._suite.rehearse()
        keeper.wait()
        planned, unplanned = (closing.enter_context(contextlib.closing(keeper.clone())) for _ in range(2))
        order = Order(the_course, assignment, confinement.stamp, diagnose=False)
        self._judge = closing.enter_context(opened(self._suite, order, planned, unplanned))
        self._subject = closing.enter_context(contextlib.closing(self._judge.open(self._submission)))
        loaded = self._judge.load(self._subject, self._submission)
        if isinstance(loaded, Result):
            raise UsageError(f"{submission}: {loaded.message}")
        self._loaded = loaded
        self.notes = loaded.notes
        if self._submission.other is not None:
            files = self._submission.other.file, self._submission.file
            self.notes += (
                f"{files[0]} was handed in as well: `grade` grades both, by hand it is {files[1]} alone",
            )
        self.bench.student.attach(self._subject)
        self.bench.on_begin = self._begin
        self._begun: pytest.Item | None = None
        self._results: dict[pytest.Item, TestResult] = {}

    def _begin(self, item: pytest.Item) -> None:
        if item is not self._begun:
            self._begun = item
            item.stash[EXCEPTION] = None
            self._suite.begin(self._suite.items.index(item), self._subject)  # type: ignore[arg-type]

    def judged(self, item: pytest.Item, when: str, report: pytest.TestReport) -> pytest.TestReport:
        """A test's report, failed where the verdict is not pytest's: a watched name gave the answer."""
        report.sections = [
            (clean(name), clean(text, 20_000, multiline=True)) for name, text in report.sections
        ]
        if when == "call" or (when == "setup" and not report.passed):
            # A test that is itself at fault has no result; pytest shows where.
            with contextlib.suppress(SuiteError):
                error = item.stash.get(EXCEPTION, None)
                result = self._suite.result(item, error, self._submission.source)  # type: ignore[arg-type]
                self._results[item] = result
                if report.passed and result.outcome != "passed":
                    report.outcome, report.longrepr = "failed", result.message
        return report

    def summary(self) -> Iterator[str]:
        """What `grade` would say of the submission, in sentences, once all tests have run."""
        results = [self._results[item] for item in self._suite.items if item in self._results]
        if len(results) < len(self._suite.items):
            yield (
                f"{len(results)} of {len(self._suite.items)} tests were judged; points are counted when all are,"
                " since some count only with others."
            )
            return
        counted = self._suite.counted(results)
        for counted_result, without in zip(counted, results, strict=True):
            if counted_result.outcome != without.outcome:
                yield f"{counted_result.name} passed, but does not count: {counted_result.message}"
        try:
            result = self._judge.finish(self._subject, self._submission, self._loaded, counted)
        except GraderError as error:
            yield str(error)
            return
        yield from result.notes[len(self._loaded.notes) :]
        yield f"{result.status}: {result.score:g} of {result.max_score:g} points, as `grader grade` counts them"


@contextlib.contextmanager
def _without_interruption(items: Sequence[pytest.Item]) -> Iterator[None]:
    """While the suite is rehearsed on the reference nobody waits in a debugger, and nothing is printed."""
    before, sys.breakpointhook = sys.breakpointhook, lambda *args, **kwargs: None
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        sys.breakpointhook = before
        for item in items:
            item._report_sections.clear()


def _read(path: Path, course: Course, assignment: Assignment) -> Submission:
    """The one submission at `path`. Raises UsageError when there is none, or several, or it cannot be read."""
    several = read_submissions(path, assignment.name, handout(course, assignment))
    if len(several) != 1:
        raise UsageError(f"{path} holds {len(several)} submissions; --submission takes one file.")
    if several[0].problem:
        raise UsageError(f"{path}: {several[0].problem}")
    return several[0]
