"""What the tests of `grader check` share: runners, and what a look at a file comes to, as a report and as text."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from grader.assignments import find_course
from grader.check import folder as folders
from grader.check import screen
from grader.check.process import CAN_FORK, Runner
from grader.check.session import look

from .handouts import STAGES, folder
from .loading import ROOT

NAMES = find_course(ROOT).names()
SCREENS = Path(__file__).parent / "screens"


@pytest.fixture(scope="module")
def runner():
    """A warm process that looks at files, one for all tests of a module."""
    with Runner(["numpy", "torch"], warm=True) as runner:
        yield runner


@pytest.fixture(
    scope="module",
    params=[False, pytest.param(True, marks=pytest.mark.skipif(not CAN_FORK, reason="no fork"))],
)
def either(request):
    """A runner of each kind: a process for each look, as on Windows and macOS, and one that forks."""
    with Runner(["numpy", "torch"], warm=True, fork=request.param) as runner:
        yield runner


@pytest.fixture
def report_of(tmp_path, runner):
    """The report on a source (or a stage's name) in a hand-out's folder."""

    def see(source, limit=20.0, **options):
        handout = folder(tmp_path, STAGES.get(source, source), **options)
        return look(folders.find(handout), runner, limit)

    return see


def text_of(report, **options):
    """A report as its screen is printed."""
    out = Console(file=io.StringIO(), width=100, highlight=False, markup=False, emoji=False, **options)
    screen.show(report, out, 1.0)
    return out.file.getvalue()


def outcomes(report):
    """How each check of a report came out, in order."""
    return [check.outcome for check in report.outcomes]
