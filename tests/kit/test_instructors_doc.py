"""docs/instructors.md: the commands that need no grading are run as written (that all are there: test_docs.py)."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from grader.export import formats

from . import graded_factory as factory
from .exporting import ROSTERS

ROOT = Path(__file__).resolve().parents[2]
DOC = ROOT / "docs" / "instructors.md"
SAMPLE = ROOT / "tests" / "sample_class"
BLOCKS = re.findall(r"^```\w*\n(.*?)^```", DOC.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.startswith("grader ")]


def test_the_document_has_commands():
    assert {command.split()[1] for command in COMMANDS} == {
        *("adjust", "export", "grade", "report", "similar", "validate")
    }


def test_the_commands_work_one_after_the_other(tmp_path, monkeypatch, typed):
    shutil.copytree(factory.REAL, tmp_path / "results" / "birnn")
    shutil.copy(ROSTERS["canvas"], tmp_path / "gradebook.csv")
    shutil.copy(ROSTERS["moodle"], tmp_path / "worksheet.csv")
    for name in ("birnn", "gru"):
        shutil.copytree(SAMPLE / name, tmp_path / "tests" / "sample_class" / name)
    shutil.copy(SAMPLE / "gradebook.csv", tmp_path / "tests" / "sample_class")
    monkeypatch.chdir(tmp_path)
    for command in COMMANDS:
        if command.startswith("grader similar"):
            command += f" --course {ROOT}"
        if command.split()[1] in ("grade", "validate"):
            continue
        status, _, errors = typed(*shlex.split(command)[1:])
        strangers = re.search(
            "export.* (gradebook|worksheet).csv", command
        )  # not all of this class are on those
        assert status == (1 if strangers else 0), errors
        assert "Traceback" not in errors
    for written in (
        "results/birnn/report/index.html",
        "grades.csv",
        "birnn.csv",
        "results/birnn/for-students",
    ):
        assert (tmp_path / written).exists()


@pytest.fixture
def evening(tmp_path, sample_class):
    """The folder of the kit with the sample class in it, graded by the first command."""
    for folder in ("solutions", "tests/hidden", "tests/sample_class"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    graded = shutil.copytree(sample_class("birnn").folder, tmp_path / "results" / "birnn")
    (graded / "printed.txt").unlink()
    return tmp_path


def test_the_evening_in_ten_commands(evening, warm):
    """Each as it is written, on the sample class; what the first one finds to be graded already is not graded again."""
    section = _section("An evening in ten commands")
    commands = [line for line in section.splitlines() if line.startswith("grader ")]
    assert len(commands) == 10
    assert re.findall(r"^(\d+)\. ", section, re.MULTILINE) == [str(number) for number in range(1, 11)]
    printed = []
    for command in commands:
        done = warm.run(*shlex.split(command)[1:], cwd=evening)
        printed.append(done.stdout + done.stderr)
        assert done.returncode == 0, printed[-1]
        assert "Traceback" not in printed[-1]
    results = evening / "results" / "birnn"
    assert "32 submissions" in printed[0]
    assert "34 on the roster; 2 of them handed nothing in" in printed[1]
    assert "Kept from before, not in this run: 31" in printed[3]
    assert len(json.loads((results / "results.json").read_text(encoding="utf-8"))["submissions"]) == 32
    page = (results / "report" / "index.html").read_text(encoding="utf-8")
    for text in (
        "oral exam",
        "two days late",
        "the sentence was ambiguous",
        "Moreau, Théo",
        "nothing handed in",
    ):
        assert text in page
    assert len(list((results / "for-students").glob("*.html"))) == 32
    with (evening / "birnn.csv").open(encoding="utf-8", newline="") as file:
        scores = {row["SIS Login ID"]: row["birnn (4711)"] for row in csv.DictReader(file)}
    assert scores["ben_okafor"] == "35.00"
    assert len([login for login in scores if login]) == 32


def test_what_to_do_about_a_wrong_test_is_whole():
    commands = [command for command in COMMANDS if command in _section("When something is wrong with a test")]
    for part in (
        "--give all",
        "--give drop",
        "--preview results/birnn",
        "--out results/birnn",
        "report",
        "export",
    ):
        assert any(part in command for command in commands), part


def _section(title):
    return DOC.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_formats_in_the_table_are_those_there_are():
    named = set(re.findall(r"^\| `(\w+)` \|", _section("Exports"), re.MULTILINE))
    assert named <= set(formats())
    assert {"csv", "canvas", "moodle", "gradescope", "classroom50", "junit", "github"} <= named
