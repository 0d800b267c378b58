"""`pytest tests/hidden/<a>`: the reference passes, `--submission FILE` is graded in the jail, mistakes are told."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .locked import needs_jail
from .processes import environment_without

ROOT = Path(__file__).resolve().parents[2]
SUITE = "tests/hidden/rnn_cell"
RIGHT = ROOT / "solutions" / "rnn_cell" / "alternatives" / "loops.py"


@pytest.fixture(scope="module")
def by_hand(warm):
    """pytest as one types it: (exit status, how many passed and failed, what was said)."""

    def run(*arguments):
        environment = environment_without("PYTEST")
        options = ("-q", "-p", "no:cacheprovider", SUITE, *arguments)
        done = warm.run(*options, module="pytest", env=environment)
        counts = {
            word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", done.stdout)
        }
        return done.returncode, counts, done.stdout + done.stderr

    return run


@pytest.fixture(scope="module")
def reference(by_hand):
    return by_hand()


def test_the_reference_passes(reference):
    status, counts, output = reference
    assert status == 0, output
    assert counts["passed"] > 20
    assert set(counts) == {"passed"}


@needs_jail
def test_a_right_file_passes_everything(by_hand, reference, tmp_path):
    path = tmp_path / "rnn_cell.py"
    path.write_text(RIGHT.read_text(encoding="utf-8"), encoding="utf-8")
    status, counts, output = by_hand("--submission", path)
    assert (status, counts) == (0, reference[1]), output


@needs_jail
def test_a_wrong_file_fails_some(by_hand, reference, tmp_path):
    source = (ROOT / "solutions" / "rnn_cell" / "rnn_cell.py").read_text(encoding="utf-8")
    path = tmp_path / "rnn_cell.py"
    wrong = "\n\ndef rnn_cell_forward(x, h, w, u, b):\n    return x @ w + h @ u + b\n"
    path.write_text(source + wrong, encoding="utf-8")
    status, counts, output = by_hand("--submission", path, "--tb=line")
    assert status == 1, output
    assert counts["passed"] + counts["failed"] == reference[1]["passed"]
    assert 0 < counts["failed"] < counts["passed"]
    assert "is off in" in output


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("rnn_cell.py", b"def (", "rnn_cell.py"),
        ("rnn_cell.ipynb", b"{", "rnn_cell.ipynb"),
        ("nowhere", None, "No such file"),
    ],
)
def test_an_unreadable_file_is_told_once(by_hand, tmp_path, name, content, message):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    status, counts, output = by_hand("--submission", path)
    assert status == 2, output
    assert "grader: " in output
    assert message in output
    assert counts == {}
    assert "Traceback" not in output


@needs_jail
def test_a_file_that_does_not_compile_is_told_once(by_hand, tmp_path):
    path = tmp_path / "rnn_cell.py"
    path.write_text("x = 1\ndef f(a, a): pass\n")
    status, counts, output = by_hand("--submission", path)
    assert status == 2, output
    assert (
        output.count(
            "`rnn_cell.py` cannot be loaded, line 2: `def f(a, a): pass`: two parameters are called `a`"
        )
        == 1
    )
    assert counts == {}


@needs_jail
def test_what_is_passed_over_is_told(by_hand, tmp_path):
    path = tmp_path / "rnn_cell.py"
    right = (ROOT / "solutions" / "rnn_cell" / "rnn_cell.py").read_text()
    (tmp_path / "cells.py").write_text(right)
    path.write_text("import os\nfrom cells import RNNCell, rnn_cell_forward\n1 / 0\nos._exit(1)\n")
    status, _, output = by_hand("--submission", path)
    assert status == 0, output
    assert "grader: line 3, `1 / 0`, was passed over" in output
    assert "grader: line 4, `os._exit(1)`, was passed over" in output


def test_the_option_belongs_to_the_plugin_and_marks_are_known():
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--help"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert "--submission=FILE" in done.stdout
