"""`nbgrader autograde` where the fault is ours: nothing is graded wrongly, and it is told what to type."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.course_factory import RIGHT, WRONG
from tests.kit.nbgrader_session import run
from tests.kit.processes import GUARD
from tests.kit.test_nbgrader import GRADES, in_gradebook, rows

from . import nbgrader_taught
from .nbgrader_taught import FULL, Taught, as_bytes, make, plain

taught = nbgrader_taught.taught


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Taught:
    """Another course, with an assignment generated and nothing handed in."""
    course = make(tmp_path_factory.mktemp("second"))
    statuses, output = run(course.folder, ["generate_assignment", course.name])
    assert statuses == [0], output
    return course


def test_a_fault_of_ours_leaves_the_submission_ungraded(second: Taught) -> None:
    taught = second
    taught.hand_in("ada", plain(RIGHT))
    taught.leave(
        "eve", {"A (1).ipynb": as_bytes(plain(RIGHT))}
    )  # nbgrader saves 0 for it before we are asked
    suite = next(taught.assignment.hidden.glob("test_*.py"))
    whole = suite.read_text(encoding="utf-8")
    suite.write_text(
        whole.replace("reference.scale(X, factor)", "reference.scale(X, factor) + 1"), encoding="utf-8"
    )
    statuses, output = run(taught.folder, ["autograde", taught.name])
    assert statuses == [1]
    assert "SuiteError" in output
    database = taught.folder / "gradebook.db"
    for student in ("ada", "eve"):
        assert in_gradebook(database, taught.name)[student] == {"numpy": None, "torch": None}
    assert all(row[3] for row in rows(database, GRADES, taught.name)), "they are waiting for a grade"
    assert not (taught.folder / "autograded" / "ada" / taught.name).exists()
    # Put right, it is graded by the same command.
    suite.write_text(whole, encoding="utf-8")
    statuses, output = run(taught.folder, ["autograde", taught.name])
    assert statuses == [0], output
    assert [in_gradebook(database, taught.name)[student] for student in ("ada", "eve")] == [FULL, FULL]


def test_nobody_is_graded_where_our_preprocessor_is_not_configured(second: Taught) -> None:
    """With nbgrader's own Execute, cells that only look like tests must not give full marks."""
    second.hand_in("bo", plain(WRONG))
    steps = [
        f"--Autograde.autograde_preprocessors=nbgrader.preprocessors.{s}"
        for s in ("Execute", "SaveAutoGrades")
    ]
    statuses, output = run(second.folder, ["autograde", second.name, "--student", "bo", *steps])
    assert statuses == [1], output
    assert "partial credit cannot be greater than maximum points" in output
    assert in_gradebook(second.folder / "gradebook.db", second.name)["bo"] == {"numpy": None, "torch": None}


def test_init_overwrites_no_changed_configuration_and_no_course(taught: Taught) -> None:
    config = taught.folder / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + "c.Exchange.timezone = 'CET'\n", encoding="utf-8")
    for folder, message in (
        (taught.folder, "says something else"),
        (taught.course.root, "part of the course"),
    ):
        command = [
            sys.executable,
            "-m",
            "grader",
            "nbgrader",
            "init",
            str(folder),
            "--course",
            str(taught.course.root),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=GUARD)
        assert done.returncode == 2
        assert message in done.stderr
        assert "Traceback" not in done.stderr
    assert "CET" in config.read_text(encoding="utf-8")


def test_without_nbgrader_the_next_command_is_told(tmp_path: Path) -> None:
    code = "import sys; sys.modules['nbgrader'] = None; from grader.cli import main; main()"
    command = [sys.executable, "-c", code, "nbgrader", "init", str(tmp_path / "new")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=GUARD, cwd=Path(__file__).parent)
    assert done.returncode == 2
    assert "pip install 'rnn-grader[nbgrader]'" in done.stderr
    assert not (tmp_path / "new").exists()
