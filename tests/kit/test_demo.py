"""`.ci/demo` ends with commands that exist, and with the exit status of `grade`; nothing is installed here."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from grader.cli import app

ROOT = Path(__file__).resolve().parents[2]


def _demo(folder: Path, status: int) -> subprocess.CompletedProcess[str]:
    """Run the demo in an environment whose Python does nothing, and ends `-m grader` with `status`."""
    programs = folder / "an environment" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "pip"):
        program = programs / name
        program.write_text(f'#!/bin/sh\n[ "$2" = grader ] && exit {status}\nexit 0\n')
        program.chmod(0o755)
    command = ["bash", str(ROOT / ".ci" / "demo"), "rnn"]
    environment = {**os.environ, "VENV": str(programs.parent)}
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60)


def test_the_demo_ends_with_what_to_type_next(tmp_path: Path) -> None:
    ended = _demo(tmp_path, 0)
    assert ended.returncode == 0, ended.stderr
    commands = [shlex.split(line) for line in ended.stderr.partition("Type:\n")[2].splitlines()]
    enter, activate, *graders = commands
    assert enter == ["cd", str(ROOT)]
    assert activate == ["source", str(tmp_path / "an environment" / "bin" / "activate")]
    assert [words[:2] for words in graders] == [["grader", "report"], ["grader", "grade"]]
    assert graders[0][2] == "results/demo-rnn", "it is what the demo has graded"
    for _, name, *arguments in graders:
        options = {
            option for parameter in get_command(app).commands[name].params for option in parameter.opts
        }  # type: ignore[attr-defined]
        assert {word for word in arguments if word.startswith("--")} <= options
    roster = ROOT / graders[0][graders[0].index("--roster") + 1]
    assert roster.is_file()


@pytest.mark.parametrize("status", [1, 2])
def test_a_demo_that_did_not_grade_names_no_next_step(tmp_path: Path, status: int) -> None:
    ended = _demo(tmp_path, status)
    assert ended.returncode == status
    assert "grader report" not in ended.stderr
