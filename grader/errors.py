"""The error tree. Each error says what was found and what was expected; `next_step` is the next thing to type.

    GraderError
    ├── UsageError         the command was called wrongly                      exit status 2
    ├── CourseError        solutions/ or tests/hidden/ are not as they must be  exit status 2
    │   ├── ValueFault     a value in one of their TOML files
    │   └── SuiteError     a hidden suite is at fault (points, a bug in a test)
    ├── JailError          the sandbox cannot be built here, or broke           exit status 1
    ├── MachineryError     a part of the grader failed; never the student's     exit status 1
    └── KilledError        the machine ended a submission's process             exit status 1

What student code does wrong is no GraderError: it is an answer (`grader.subject.operations`)
and ends as an outcome in a result.
"""

from __future__ import annotations

from pathlib import PurePath


class GraderError(Exception):
    """The root. `message` says what was found and expected; `next_step` what to type or do next."""

    exit_status = 1

    def __init__(self, message: str, *, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message}\n{self.next_step}" if self.next_step else self.message


class UsageError(GraderError):
    """The command line or a path on it was wrong."""

    exit_status = 2


class CourseError(GraderError):
    """The course folder, an assignment.toml or a source under solutions/ is not as it must be."""

    exit_status = 2


class ValueFault(CourseError):
    """A value in a TOML file is not what was expected. `key` is its place, as in "students.ann.score"."""

    def __init__(
        self, message: str, *, next_step: str = "", key: str = "", found: object = None, expected: str = ""
    ) -> None:
        super().__init__(message, next_step=next_step)
        self.key, self.found, self.expected = key, found, expected


class SuiteError(CourseError):
    """A hidden suite cannot be used: points do not add up, a test is at fault, the reference fails it."""


class JailError(GraderError):
    """The sandbox, or one of its layers, is missing or could not be applied."""


class KilledError(GraderError):
    """The machine ended a submission's process, again when it was tried once more: nobody knows what it is worth."""


class MachineryError(GraderError):
    """A part of the grader failed: a worker died, the warm process went away. Never a zero for a student."""


def fault_line(error: BaseException) -> str:
    """An exception that nobody expected, in a line: what it says, and the place in the grader that raised it.

    >>> fault_line(ValueError("no"))
    'ValueError: no'
    """
    text = " ".join(str(error).split())[:200]
    line = f"{type(error).__name__}: {text}" if text else type(error).__name__
    place, trace = "", error.__traceback__
    while trace is not None:
        path = PurePath(trace.tb_frame.f_code.co_filename)
        if "grader" in path.parts[:-1] and "site-packages" not in path.parts[path.parts.index("grader") :]:
            place = f" ({path.parent.name}/{path.name}, line {trace.tb_lineno})"
        trace = trace.tb_next
    return f"{line}{place}"
