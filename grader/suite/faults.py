"""Faults of the course's own, as errors that name the file and the line: in a test, the reference, or the harness."""

from __future__ import annotations

import traceback

import pytest

from grader.assignments import Assignment
from grader.errors import CourseError, GraderError, SuiteError
from grader.subject import operations as ops
from grader.subject.harness import PAGE
from grader.subject.subjects import StudentRaised, SubjectLost


def failure_of_reference(assignment: Assignment, item: pytest.Function, error: BaseException) -> SuiteError:
    """A test that the reference does not pass, as the error of the course that it is."""
    if isinstance(error, GraderError):
        return SuiteError(f"{item.nodeid}: {error.message}", next_step=error.next_step)
    location, next_step = "", f"pytest {assignment.hidden}"
    if isinstance(error, StudentRaised):
        location, next_step = _place(assignment, error.raised, next_step)
    return SuiteError(
        f"{item.nodeid}: the reference itself does not pass: {what_was_raised(error)}{location}",
        next_step=next_step,
    )


def _place(assignment: Assignment, raised: ops.Raised, next_step: str) -> tuple[str, str]:
    """Where in the course's own code something was raised, and what to do about it."""
    if raised.frames:
        return f" ({assignment.solution}, line {raised.frames[-1].line})", next_step
    if raised.lines:
        correct = f"Correct {assignment.harness}, or the reference that it asks. See {PAGE}."
        return f" ({assignment.harness}, line {raised.lines[-1]})", correct
    if raised.kind == "Missing" and assignment.harness_source:
        return f": neither {assignment.solution} nor {assignment.harness} defines it", next_step
    return "", next_step


def failure_of_harness(assignment: Assignment, fault: ops.Raised) -> CourseError:
    """A harness that cannot be loaded, as the error of the course that it is."""
    line = f", line {fault.lines[-1]}" if fault.lines else ""
    return CourseError(
        f"{assignment.harness}{line}: it cannot be loaded: {fault.kind}: {fault.text}",
        next_step=f"Correct it. It may import numpy, torch, [preload] and given/. See {PAGE}.",
    )


def what_was_raised(error: BaseException) -> str:
    """What a test raised, with the place in the course's code where that is not the submission's answer."""
    if isinstance(error, (StudentRaised, SubjectLost, AssertionError)):
        return first_paragraph(error)
    last = traceback.extract_tb(error.__traceback__)[-1:]
    location = f" ({last[0].filename}, line {last[0].lineno})" if last else ""
    return f"{type(error).__name__}: {error}{location}"


def first_paragraph(error: BaseException) -> str:
    """The message of an exception up to the first empty line."""
    return str(getattr(error, "msg", None) or error).strip().split("\n\n")[0][:600]
