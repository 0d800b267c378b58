"""The bench behind `pytest tests/hidden/<a>`: tests one by one as pytest runs them, no plan, no results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.assignments import Assignment, Course
from grader.errors import UsageError
from grader.handouts import handout
from grader.messages import explain, passed
from grader.messages.loaded import passed_over, refused
from grader.records import Submission
from grader.subject.jailed import JailedSubject, Patience
from grader.subject.keeper import Confinement, Keeper
from grader.subject.proxy import SubjectLost
from grader.submissions import read_submissions
from grader.suite import compare
from grader.suite.bench import Bench
from grader.suite.points import option_of
from grader.text import clean


class HandBench(Bench):
    """A bench that starts its own jail when a submission is named. Raises UsageError for one that cannot be read."""

    def __init__(self, course: Course, assignment: Assignment, submission: Path | None) -> None:
        read = _read(submission, course, assignment) if submission is not None else None
        super().__init__(assignment)
        self._keeper: Keeper | None = None
        self._jailed: JailedSubject | None = None
        self._node: Any = None
        self._number = -1
        self.notes: tuple[str, ...] = ()  # on what was passed over while the submission was loaded
        if read is not None:
            self._jail(course, assignment, read)

    def _jail(self, course: Course, assignment: Assignment, read: Submission) -> None:
        assignment.check_preload()
        confinement = Confinement.checked(
            assignment.name,
            secrets=[course.root / "solutions", course.root / "tests" / "hidden"],
            preload=assignment.preload,
            given=tuple(assignment.given_sources.items()),
            harness=assignment.harness_source,
            watch=assignment.watch.calls,
            memory_bytes=assignment.limits.memory_mb << 20,
            cpu_seconds=int(assignment.limits.total_seconds) * 100,
        )
        self._keeper = Keeper.launch(confinement)
        self._keeper.wait()
        limits = assignment.limits
        patience = Patience(limits.call_seconds, 100 * limits.total_seconds, limits.statement_seconds)
        self._jailed = JailedSubject(self._keeper, read.source, patience)
        try:
            loaded = self._jailed.load()
        except SubjectLost as lost:
            raise UsageError(
                f"{read.file}: while it was being loaded: {explain.explain_lost(lost)}"
            ) from None
        failure = refused(loaded)
        if failure is not None:
            raise UsageError(f"{read.file}: line {failure.frames[0].line}: {clean(failure.text, 200)}")
        self.notes = passed.notes(passed_over(self._jailed.loading, read.source.files), loaded.more)
        self.student.attach(self._jailed)

    def begin(self, node: pytest.Item) -> None:
        """Start `node` once, whichever of its fixtures asks first."""
        if node is not self._node:
            self._node = node
            self._number += 1
            self.start_item(self._number)
            self.forgive_dtype(_forgives_dtype(node))
            compare.on_reference.set(self._jailed is None)
            if self._jailed is not None:
                self._jailed.start_item(self._number)

    def close(self) -> None:
        """End the jail."""
        if self._jailed is not None:
            self._jailed.close()
        if self._keeper is not None:
            self._keeper.close()


def _forgives_dtype(node: Any) -> bool:
    """As in grading, but known by the file alone: another test of it charges for the dtype, and `node` does not."""
    beside = vars(node.getparent(pytest.Module).obj).values()
    marks = [mark for value in beside for mark in getattr(value, "pytestmark", ()) if mark.name == "points"]
    return option_of(node, "about") != "dtype" and any(mark.kwargs.get("about") == "dtype" for mark in marks)


def _read(path: Path, course: Course, assignment: Assignment) -> Submission:
    """The one submission at `path`. Raises UsageError when there is none, or several, or it cannot be read."""
    several = read_submissions(path, assignment.name, handout(course, assignment))
    if len(several) != 1:
        raise UsageError(f"{path} holds {len(several)} submissions; --submission takes one file.")
    if several[0].problem:
        raise UsageError(f"{path}: {several[0].problem}")
    return several[0]
