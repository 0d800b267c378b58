"""docs/adding-an-assignment.md, followed word for word in a scratch copy of the course."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from .loading import ROOT
from .locked import needs_jail

pytestmark = needs_jail

PAGE = (ROOT / "docs" / "adding-an-assignment.md").read_text(encoding="utf-8")
#: A file to write, its name in the line before its block; or commands, with some of the lines that they print.
STEP = re.compile(r"^`([\w/.]+)`:\n\n```\w+\n(.*?)^```$|^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_the_page_adds_an_assignment(warm, tmp_path):
    for folder in ("solutions", "tests/hidden", "assignments"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    steps = list(STEP.finditer(PAGE))
    assert len(steps) == PAGE.count("\n```\n"), "every block is a step"
    for file, content, commands in (step.groups() for step in steps):
        if file is not None:
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            continue
        for command, expected in re.findall(r"^\$ grader (.*)\n((?:(?!\$ ).*\n)*)", commands, re.MULTILINE):
            done = warm.run(*command.split(), cwd=tmp_path)
            assert done.returncode == 0, f"grader {command}\n{done.stdout}\n{done.stderr}"
            printed = re.sub(r" +", " ", done.stdout)
            for line in expected.splitlines():
                assert re.sub(r" +", " ", line) in printed, f"grader {command}\n{done.stdout}"
    results = json.loads((tmp_path / "graded" / "results.json").read_text())
    (ada,) = results["submissions"]
    named = PAGE.rsplit("names the mistake: `", 1)[1].split("`")[0]
    assert [diagnosis["id"] for diagnosis in ada["diagnoses"]] == [named]
    assert ada["counterexample"]["function"] == "smoothing_forward"


def test_the_files_it_tells_of_are_those_that_are_made(tmp_path):
    table = PAGE.split("| file | is |", 1)[1].split("\n\n", 1)[0]
    files = {*re.findall(r"`((?:solutions|tests)/[\w/.]+)`", table)}
    written = {*re.findall(r"^`((?:solutions|tests)/[\w/.]+)`:$", PAGE, re.MULTILINE)}
    assert files | {"solutions/smoothing/checks.toml"} == written
