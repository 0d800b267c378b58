"""Whatever is started in a student's folder: nothing in it stands in for a library, or reaches the terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .locked import needs_jail
from .processes import GUARD, environment_without

ROOT = Path(__file__).resolve().parents[2]
STANDING_IN = (
    "numpy",
    "torch",
    "typer",
    "rich",
    "msgpack",
    "json",
    "nbformat",
    "jupytext",
    "tomli",
    "_pytest",
)
ESCAPES = "\x1b[2J\x1b]0;owned\x07\u202e"
SUBMISSION = f"""\
import numpy as np
def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    raise ValueError({ESCAPES!r} + "PASSED")
class {"N" * 50}(Exception):
    pass
class RNNCell:
    def __init__(self, *sizes):
        raise type({ESCAPES!r}, (Exception,), {{}})({ESCAPES!r})
"""


@pytest.fixture
def folder(tmp_path):
    """A hand-in with a module for every library that the grader uses; each leaves a mark when it is imported."""
    for name in STANDING_IN:
        (tmp_path / f"{name}.py").write_text(
            "open('imported', 'w').close()\nraise SystemExit('not the library')\n"
        )
    (tmp_path / "rnn_cell.py").write_text(SUBMISSION, encoding="utf-8")
    return tmp_path


def typed(folder, *arguments):
    """(exit status, what was said) of a command typed in that folder."""
    environment = environment_without("PYTEST", "PYTHON")
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        timeout=GUARD,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("-m", "grader", "--help"), 0),
        (("-m", "grader", "grade", ".", "--assignment", "rnn_cells", "--out", "x", "--course", str(ROOT)), 2),
        (("-m", "grader", "export", "nowhere", "--format", "csv"), 2),
        (("-c", "from grader.safe_path import leave_current_folder as l; l(); import numpy, torch"), 0),
        ((str(Path(sys.executable).parent / "grader"), "--help"), 0),
    ],
    ids=["help", "grade", "export", "by hand", "console script"],
)
def test_a_command_imports_nothing_of_the_folder_it_is_typed_in(folder, arguments, status):
    ended_with, output = typed(folder, *arguments)
    assert ended_with == status, output
    assert not (folder / "imported").exists()


def test_the_modules_would_stand_in_otherwise(folder):
    status, output = typed(folder, "-c", "import numpy")
    assert (status, "not the library" in output) == (1, True)
    assert (folder / "imported").exists()


@needs_jail
def test_by_hand_in_the_students_folder(folder):
    suite = str(ROOT / "tests" / "hidden" / "rnn_cell")
    (folder / "_pytest.py").unlink()  # pytest itself is looked up before anybody can help it
    (folder / "json.py").unlink()
    options = (
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        "adds_the_bias or registers",
        "--showlocals",
        "-rA",
        "--color=no",
    )
    status, output = typed(folder, "-m", "pytest", suite, "--submission", "rnn_cell.py", *options)
    assert status == 1, output
    assert "2 failed" in output
    assert "ValueError: PASSED" in output
    assert not {"\x1b", "\x07", "\u202e"} & {*output}
    assert not (folder / "imported").exists()
