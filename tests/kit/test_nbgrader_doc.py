"""docs/nbgrader.md: its commands, each run as written and in its order, from nothing to exported grades."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.processes import GUARD, environment_without
from tests.kit.test_nbgrader import ROOT, cell, in_gradebook

DOC = ROOT / "docs" / "nbgrader.md"
BLOCK = re.compile(r"^```sh( student)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ALTERNATIVE = ROOT / "solutions" / "birnn" / "alternatives"


def blocks() -> list[tuple[bool, list[str]]]:
    """(whether it is the students', the commands) of every block that says it is for a shell."""
    matches = BLOCK.findall(DOC.read_text(encoding="utf-8"))
    return [(bool(student), commands.splitlines()) for student, commands in matches]


def test_it_takes_ten_commands() -> None:
    own = [command for student, commands in blocks() for command in commands if not student]
    assert len(own) == 10


@pytest.mark.slow
def test_every_command_works_as_written(tmp_path: Path) -> None:
    kit, student = tmp_path / "rnn-grader", tmp_path / "student"
    for part in ("solutions", "tests/hidden", "assignments"):
        shutil.copytree(ROOT / part, kit / part, ignore=shutil.ignore_patterns("__pycache__"))
    student.mkdir()
    # nbgrader is imported by every command, and most of that is a grammar that none of them needs.
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text("import sys\nsys.modules['rfc3987_syntax'] = None\n")
    environment = {
        **environment_without("JUPYTER"),
        "HOME": str(tmp_path),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(tmp_path / "site"),
    }
    place = kit
    for is_student, commands in blocks():
        for command in commands:
            if command.startswith("cd "):
                place = (place / command.removeprefix("cd ")).resolve()
                continue
            here = student if is_student else place
            done = subprocess.run(
                command, shell=True, cwd=here, env=environment, capture_output=True, text=True, timeout=GUARD
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
            if command.startswith("nbgrader fetch_assignment"):
                solve(student / "birnn" / "birnn.ipynb")
    course = tmp_path / "rnn-course"
    (scores,) = in_gradebook(course / "gradebook.db", "birnn").values()
    assert sum(scores.values()) == 40
    (who,) = os.listdir(course / "submitted")
    row = (course / "grades.csv").read_text(encoding="utf-8").splitlines()[1].split(",")
    assert (row[0], row[3], row[-2], row[-1]) == ("birnn", who, "40.0", "40.0")
    assert "40 of 40 points" in (course / "feedback" / who / "birnn" / "birnn.html").read_text(
        encoding="utf-8"
    )
    assert list((tmp_path / "exchange" / "rnn-course" / "feedback").iterdir())


def solve(path: Path) -> None:
    """Write a right solution into a released notebook, in a cell of its own at its end."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    right = sorted(ALTERNATIVE.glob("*.py"))[0].read_text(encoding="utf-8")
    notebook["cells"].append(cell(right, id="mine"))
    path.write_text(json.dumps(notebook), encoding="utf-8")
