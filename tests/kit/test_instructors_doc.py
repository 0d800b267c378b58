"""docs/instructors.md: every command in it is one that there is, and those that need no grading are run as written."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
import typer

from grader import cli
from grader.export import formats

from . import graded_factory as factory
from .test_export import ROSTERS

DOC = Path(__file__).resolve().parents[2] / "docs" / "instructors.md"
BLOCKS = re.findall(r"^```\w*\n(.*?)^```", DOC.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.startswith("grader ")]


def test_the_document_has_commands():
    assert {command.split()[1] for command in COMMANDS} == {"grade", "report", "adjust", "similar", "export"}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_options_are_there(command):
    _, name, *arguments = shlex.split(command)
    group = typer.main.get_command(cli.app)
    group.commands[name].make_context(name, arguments).close()  # parses, and runs nothing


def test_the_commands_work_one_after_the_other(tmp_path, monkeypatch, typed):
    shutil.copytree(factory.REAL, tmp_path / "results" / "birnn")
    shutil.copy(ROSTERS["canvas"], tmp_path / "gradebook.csv")
    shutil.copy(ROSTERS["moodle"], tmp_path / "worksheet.csv")
    shutil.copytree(
        DOC.parents[1] / "tests" / "sample_class" / "gru", tmp_path / "tests" / "sample_class" / "gru"
    )
    monkeypatch.chdir(tmp_path)
    for command in COMMANDS:
        if command.startswith("grader similar"):
            command += f" --course {DOC.parents[1]}"
        if command.startswith("grader grade"):
            continue
        status, _, errors = typed(*shlex.split(command)[1:])
        rosters = "export" in command and "--roster" in command  # not all of this class are on those lists
        assert status == (1 if rosters else 0), errors
        assert "Traceback" not in errors
    for made in ("results/birnn/report/index.html", "grades.csv", "birnn.csv", "results/birnn/for-students"):
        assert (tmp_path / made).exists()


def test_the_formats_in_the_table_are_those_there_are():
    named = set(re.findall(r"^\| `(\w+)` \|", DOC.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= set(formats())
    assert {"csv", "canvas", "moodle", "gradescope", "classroom50", "junit", "github"} <= named
