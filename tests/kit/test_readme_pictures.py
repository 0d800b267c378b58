"""The pictures of README.md: they are there, small, told in words, and the script that takes them works."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys

import pytest

from grader.assignments import find_course

from .loading import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", README)
SCRIPT = ROOT / "solutions" / "figures" / "screenshots.py"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
needs_chromium = pytest.mark.skipif(
    not any(map(shutil.which, BROWSERS)), reason="no Chromium here: install the package chromium"
)


def size(path):
    """Width and height of a PNG."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", data[16:24])


def test_every_picture_is_there_and_every_one_there_is_shown():
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs" / "pictures").iterdir()}
    assert {path for _, path in SHOWN} == there
    assert len(there) >= 3


@pytest.mark.parametrize(("words", "path"), SHOWN)
def test_a_picture_is_small_and_told_in_words(words, path):
    assert len(words.split()) >= 10
    assert (ROOT / path).stat().st_size < 200_000
    assert min(size(ROOT / path)) > 500


def test_the_reading_order_is_that_of_the_course():
    rows = re.findall(r"^\| (\d) \| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", README, re.MULTILINE)
    names = find_course(ROOT).names()
    assert [(int(number), name) for number, name, *_ in rows] == list(enumerate(names, 1))


@pytest.mark.slow
@needs_chromium
def test_the_script_takes_them(tmp_path):
    """Of a small class that is graded already, into another folder."""
    graded = ROOT / "tests" / "kit" / "graded_class"
    command = [sys.executable, str(SCRIPT), "--graded", str(graded), "--to", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    taken = {path.name: size(path) for path in tmp_path.iterdir()}
    assert taken == {path.name: size(path) for path in (ROOT / "docs" / "pictures").iterdir()}
    assert "check.png: " in done.stdout


@needs_chromium
def test_somebody_who_is_not_there_is_said(tmp_path):
    graded = ROOT / "tests" / "kit" / "graded_class"
    command = [
        sys.executable,
        str(SCRIPT),
        "--graded",
        str(graded),
        "--student",
        "nobody",
        "--to",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Nobody is called nobody in" in done.stderr
    assert "Traceback" not in done.stderr
