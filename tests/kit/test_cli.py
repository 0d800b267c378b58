"""The command line: what is printed, exit statuses, and that bad input never ends in a traceback."""

from __future__ import annotations

import json
import os
import pty
import sys

import pytest

from grader import __version__
from grader.subject import jail
from tests.kit.processes import fresh

from . import commanding
from .commanding import ROOT

course, folder, graded, grading = commanding.course, commanding.folder, commanding.graded, commanding.grading


COMMANDS = ["grade", "report", "export", "check", "build", "validate", "bundle", "prepare", "release", "new"]


def test_help_names_every_command_without_escapes():
    ended = fresh("--help")
    assert ended.returncode == 0
    for command in COMMANDS:
        assert f"  {command}" in ended.stdout
    assert "\x1b" not in ended.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command(typed, command):
    status, output, err = typed(command, "--help")
    assert status == 0
    assert output.startswith("Usage: ")
    assert f"{command} [OPTIONS]" in output
    assert err == ""


def test_the_version_is_printed_and_nothing_else(typed):
    assert typed("--version")[:2] == (0, f"grader {__version__}\n")


def test_the_table_has_a_row_for_each_student_with_score_and_reason(grading):
    status, output, err = grading(s2=2.5)
    assert status == 0
    lines = [line for line in output.splitlines() if line.strip()]
    assert lines[0].split() == ["student", "score", "status", "why"]
    rows = {line.split("  ")[0].strip(): line for line in lines[1:]}
    assert "2.5 / 10" in rows["s2"]
    assert "is off" in rows["s2"]
    assert "unreadable" in rows["broken"]
    assert any("李小明" in line and "10 / 10" in line for line in lines)
    assert "ann [red]x[bold]" in output, "markup of a student is text"
    assert "7 submissions: 6 graded, 1 unreadable; mean" in output
    assert output.rstrip().endswith("results.json")
    order = [name for line in lines for name in ("s2", "s10") if line.startswith(f"{name} ")]
    assert order == ["s2", "s10"]
    assert err == ""


def test_no_escapes_where_no_terminal_is(grading):
    _, output, err = grading(s2=2.5)
    assert "\x1b" not in output + err


def test_exit_status_0_whatever_the_scores(grading):
    assert grading(s2=0.0)[0] == 0


def test_exit_status_1_when_something_could_not_be_graded(grading):
    status, output, err = grading(s2=None, s10=None)
    assert status == 1
    assert "2 could not be graded (s2, s10): the grader failed, not the students" in err
    assert "–" in output
    assert grading()[0] == 0, "the next run grades them"


@pytest.mark.parametrize(("percent", "status"), [("25", 0), ("25.1", 3), ("100", 3), ("0", 0)])
def test_exit_status_3_below_a_score(typed, graded, course, folder, tmp_path, percent, status):
    graded[0].update(s2=2.5)
    file = folder / "s2" / f"{course[1].name}.py"
    arguments = ["grade", file, "-a", course[1].name, "--out", tmp_path / "out", "--course", course[0].root]
    graded[0][file.stem] = 2.5
    assert typed(*arguments, "--fail-under", percent)[0] == status


def test_what_cannot_be_graded_is_no_low_score(grading):
    assert grading("--fail-under", "100", s2=None)[0] == 1


def test_a_second_run_grades_nothing_and_fresh_grades_all(grading, graded):
    assert [grading()[0], grading()[0], grading("--fresh")[0]] == [0, 0, 0]
    assert [len(call) for call in graded[1]] == [6, 6], "the second run had nothing to grade"


def test_results_json_has_everybody_with_a_status(grading, tmp_path):
    grading(s2=None)
    document = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert document["schema"] == "grader/results/v1"
    assert len(document["submissions"]) == 7
    assert {entry["status"] for entry in document["submissions"]} == {"graded", "unreadable", "not_graded"}


def in_terminal(command, environment) -> str:
    """What a command writes to a terminal."""
    pid, descriptor = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [sys.executable, "-m", "grader", *command], environment)
    screen = b""
    while True:
        try:
            piece = os.read(descriptor, 4096)
        except OSError:
            break
        if not piece:
            break
        screen += piece
    os.waitpid(pid, 0)
    os.close(descriptor)
    return screen.decode()


@pytest.fixture(scope="module")
def finished(course, folder, tmp_path_factory):
    """One real run of the command, start to end."""
    missing = jail.missing(jail.probe())
    if missing:
        pytest.skip(f"this machine lacks {', '.join(missing)}")
    results = tmp_path_factory.mktemp("finished") / "out"
    command = [
        "grade",
        str(folder),
        "-a",
        course[1].name,
        "--out",
        str(results),
        "--course",
        str(course[0].root),
    ]
    return command, fresh(*command), results


def test_a_class_is_graded_by_the_real_command(finished):
    _, ended, results = finished
    assert ended.returncode == 0, ended.stderr
    assert "7 submissions: 6 graded, 1 unreadable" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr
    assert "\x1b" not in ended.stdout + ended.stderr
    document = json.loads((results / "results.json").read_text(encoding="utf-8"))
    assert {entry["student"]: entry["score"] for entry in document["submissions"]}["s2"] == 4.0


def test_colours_in_a_terminal_unless_they_are_not_wanted(finished):
    """Nothing is graded here: the results are there already."""
    command, _, _ = finished
    inherited = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    environment = {**inherited, "TERM": "xterm-256color", "COLUMNS": "100", "PYTHONPATH": str(ROOT)}
    coloured = in_terminal(command, environment)
    assert "\x1b[3" in coloured
    assert "李小明" in coloured
    plain = in_terminal(command, {**environment, "NO_COLOR": "1"})
    assert "\x1b[3" not in plain
    assert "s10" in plain


def test_a_terminal_without_the_letters_of_a_name(finished):
    command, _, _ = finished
    ended = fresh(*command, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ended.returncode == 0, ended.stderr
    assert "??? " in ended.stdout


def test_build_new_and_validate_from_the_command_line(typed, tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "tests" / "hidden").mkdir(parents=True)
    (tmp_path / "tests" / "hidden" / "course.toml").write_text('seed = "abc"')
    status, output, _ = typed("new", "leaky_sum", "--course", tmp_path)
    assert status == 0
    assert "tests/hidden/leaky_sum/assignment.toml" in output
    assert "grader build && grader validate leaky_sum" in output
    status, output, err = typed("build", "--check", "--course", tmp_path)
    assert status == 1
    assert "Type: grader build" in err
    assert typed("build", "--course", tmp_path)[0] == 0
    assert typed("build", "--check", "--course", tmp_path)[:2] == (0, "assignments/ is up to date\n")
