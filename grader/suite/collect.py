"""Collects a hidden suite once, with pytest, and hands it over ready to run.

The flags leave out what pytest would spend time and memory on for every failing test: tracebacks, captured
output, kept reports. `pytest tests/hidden/<a>` by hand keeps pytest's defaults.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from grader.assignments import Assignment, Course
from grader.errors import SuiteError
from grader.suite.bench import Bench, Suite
from grader.suite.fixtures import BENCHES

_NOT_NEEDED = (
    *("terminal", "cacheprovider", "capture", "logging", "faulthandler", "warnings", "unraisableexception"),
    *("threadexception", "junitxml", "doctest", "stepwise", "debugging", "pastebin", "nose", "recwarn"),
)


def with_suite(course: Course, assignment: Assignment, work: Callable[[Suite], None]) -> None:
    """Collect the assignment's suite and call `work` with it, inside pytest's session.

    Raises SuiteError when the suite cannot be collected, and whatever `work` raises.
    """
    _forget_imports(course.root / "tests" / "hidden")
    loop = _Loop(assignment, work)
    flags = [flag for name in _NOT_NEEDED for flag in ("-p", f"no:{name}")]
    with _surroundings():
        pytest.main(
            [
                *flags,
                *("-p", "grader.suite.fixtures"),
                *("--assert=plain", "--override-ini=addopts=", f"--rootdir={course.root}"),
                *("--confcutdir", str(course.root)),
                str(assignment.hidden),
            ],
            plugins=[loop],
        )
    if loop.error is not None:
        raise loop.error
    if not loop.ran:
        raise SuiteError(
            f"{assignment.hidden}: the hidden suite could not be collected."
            + "".join(f"\n{problem}" for problem in loop.problems),
            next_step=f"pytest {assignment.hidden}",
        )


@contextmanager
def _surroundings() -> Iterator[None]:
    """What a suite is collected in: no plugins and options of the caller's, and no bytecode beside a course's files.

    Put back at the end: the caller may be somebody's program, or go on to run pytest itself.
    """
    names = ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS", "PYTEST_PLUGINS")
    removed = {name: os.environ.pop(name, None) for name in names}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = writes
        for name, value in removed.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _forget_imports(folder: Path) -> None:
    """Forget modules from a folder of suites: inputs are drawn when they are imported, from the seed of that time.

    Whoever imported one before, in this process, may not have set the seed of the course.
    """
    beneath = os.path.join(folder, "")
    for name, module in list(sys.modules.items()):  # torch brings two thousand: a Path of each takes 50 ms
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and file.startswith(beneath):
            del sys.modules[name]


class _Loop:
    """Takes the place of pytest's own loop over the items."""

    def __init__(self, assignment: Assignment, work: Callable[[Suite], None]) -> None:
        self._assignment, self._work = assignment, work
        self.error: BaseException | None = None
        self.ran = False
        self.problems: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problems.append(str(report.longrepr).strip()[-1500:])

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.problems or not session.items:
            return True
        try:
            bench = Bench(self._assignment)
            session.config.stash[BENCHES] = {self._assignment.name: bench}
            items: list[Any] = list(session.items)
            suite = Suite(bench, items)
            suite.rehearse()
            self.ran = True
            self._work(suite)
        # pytest would print any other exception as its own internal error and hide it from the grader.
        except BaseException as error:
            self.error = error
        return True
