"""The processes of a run: a worker, the warm process or the suite's may die, and what main loads."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from grader.assignments import Limits
from grader.run import pool
from grader.run.path import Options, grade

from . import course_factory as factory
from . import grading
from .locked import needs_jail
from .test_architecture import loaded_by
from .test_grade import CLASS

engine, course = grading.engine, grading.course

SCALER = factory.SOLUTION[factory.SOLUTION.index("class Scaler") :]

HEAD = "import os\nimport numpy as np\nimport torch\nfrom torch import nn\n\n\n"


@needs_jail
def test_the_only_worker_may_die_on_the_last_submission(course):
    """Whoever comes before it has a result, and the run ends."""
    submissions = [factory.submission("bea", factory.RIGHT), factory.submission("cy", CLASS["kills twice"])]
    results = grade(*course, submissions, None, Options(workers=1))
    assert [result.status for result in results] == ["graded", "not_graded"]
    assert "died twice" in results[1].message


@needs_jail
@pytest.mark.slow
def test_a_worker_that_is_stuck_is_replaced_and_stops_nobody(course, monkeypatch):
    """The fault is the grader's: whom it was busy with is not graded, and has no zero."""
    monkeypatch.setattr(Limits, "judge_seconds", 5.0)
    stuck = "def scale(x, factor):\n    return 'stuck'\n"
    submissions = [factory.submission("al", stuck), factory.submission("bea", factory.RIGHT)]
    results = grade(*course, submissions, None, Options(workers=1))
    assert [result.status for result in results] == ["not_graded", "graded"]
    assert results[0].score is None


def loaded_by_grading(folder: Path) -> set[str]:
    """What the main process of `grader grade` has loaded when it has graded one right and one wrong submission."""
    course, assignment = factory.make_course(folder / "course")
    class_ = factory.hand_in(folder / "class", assignment, {"ann": factory.RIGHT, "ben": factory.WRONG})
    arguments = [
        "grader",
        "grade",
        class_,
        "-a",
        assignment.name,
        "--course",
        course.root,
        "--out",
        folder / "out",
    ]
    return loaded_by(
        f"sys.argv = {[*map(str, arguments)]!r}\n"
        "import contextlib, io\n"
        "from grader import cli\n"
        "with contextlib.redirect_stdout(io.StringIO()) as written, contextlib.suppress(SystemExit):\n"
        "    cli.main()\n"
        "assert 'ben' in written.getvalue(), written.getvalue()"
    )


@needs_jail
def test_the_main_process_of_a_run_loads_neither_numpy_nor_torch(tmp_path):
    loaded = loaded_by_grading(tmp_path)
    assert {"grader.run.path", "grader.run.pool", "grader.subject.keeper"} <= loaded, "it has graded"
    assert not loaded & {"numpy", "torch", "pytest"}


@needs_jail
def test_a_program_with_threads_may_grade(course):
    """As a notebook server does: nothing is forked from it, and its own process stays light."""
    over, results = threading.Event(), []
    waiting = threading.Thread(target=over.wait)
    grading = threading.Thread(
        target=lambda: results.extend(grade(*course, [factory.submission("bea", factory.RIGHT)]))
    )
    waiting.start()
    try:
        grading.start()
        grading.join()
    finally:
        over.set()
        waiting.join()
    assert [result.status for result in results] == ["graded"]


@needs_jail
def test_the_warm_process_may_die_and_another_takes_its_place(course, monkeypatch):
    """Whoever kills it from outside costs nobody a result."""
    submissions = [factory.submission(f"s{number}", factory.RIGHT) for number in range(6)]
    launched, killed = [], []

    def launch(*confinement):
        launched.append(real(*confinement))
        return launched[-1]

    real = pool.Keeper.launch
    monkeypatch.setattr(pool.Keeper, "launch", launch)

    def kill(result):
        if not killed:
            killed.append(launched[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    results = grade(*course, submissions, None, Options(workers=2), kill)
    assert len(launched) == 2
    assert {result.status for result in results} == {"graded"}


@needs_jail
def test_the_process_of_the_suite_may_die_and_another_takes_its_place(course, monkeypatch):
    """Its workers end with it; nobody loses a result."""
    submissions = [factory.submission(f"s{number}", factory.RIGHT) for number in range(6)]
    processes, killed, begin = [], [], pool.SuiteProcess
    monkeypatch.setattr(pool, "SuiteProcess", lambda *order: processes.append(begin(*order)) or processes[-1])

    def kill(result):
        if not killed:
            killed.append(processes[0]._process.pid)
            os.kill(killed[0], signal.SIGKILL)

    results = grade(*course, submissions, None, Options(workers=2), kill)
    assert len(processes) == 2
    assert {result.status for result in results} == {"graded"}
