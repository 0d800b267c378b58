"""What the command line refuses, in words and with its exit status."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from grader.export._places import refuse_needed, write
from grader.subject import jail
from tests.kit.processes import fresh

from . import commanding
from .commanding import ROOT

course, folder = commanding.course, commanding.folder


WRONG_USAGE = {
    "no such assignment": (["grade", "{folder}", "-a", "tiny_kit", "--course", "{course}"], "{name}"),
    "a folder for a name": (["grade", "{folder}", "-a", "../x", "--course", "{course}"], "../x"),
    "an empty name": (
        ["grade", "{folder}", "-a", "", "--course", "{course}"],
        "What follows -a is empty. Is it a",
    ),
    "an empty path": (
        ["grade", "", "-a", "{name}", "--course", "{course}"],
        "An argument is empty. Is it a variable",
    ),
    "an empty folder": (["grade", "{folder}", "-a", "{name}", "--out", ""], "What follows --out is empty"),
    "an empty folder behind a sign": (
        ["grade", "{folder}", "-a", "{name}", "--out="],
        "What follows --out is empty",
    ),
    "nobody": (["grade", "{folder}", "-a", "{name}", "--student", ""], "What follows --student is empty"),
    "an empty file to check": (["check", ""], "grader check --help"),
    "no submissions": (["grade", "{empty}/nowhere", "-a", "{name}", "--course", "{course}"], "No such file"),
    "no course": (["grade", "{folder}", "-a", "{name}", "--course", "{empty}"], "No course at"),
    "a course that is a file": (
        ["grade", "{folder}", "-a", "{name}", "--course", "{file}"],
        "is not a folder",
    ),
    "a course that is not there": (["build", "--course", "{empty}/x"], "is not a folder"),
    "no assignment": (["grade", "{folder}"], "--assignment"),
    "no arguments": (["grade"], ""),
    "an unknown command": (["grad"], "grad"),
    "an unknown option": (["grade", "{folder}", "--speed"], "--speed"),
    "a number that is none": (["grade", "{folder}", "-a", "x", "--fail-under", "many"], "--fail-under"),
    "a percentage beyond": (["grade", "{folder}", "-a", "x", "--fail-under", "101"], "--fail-under"),
    "no workers": (["grade", "{folder}", "-a", "x", "--workers", "0"], "--workers"),
    "out is a file": (
        ["grade", "{folder}", "-a", "{name}", "--course", "{course}", "--out", "{file}"],
        "cannot be written",
    ),
    "out is of another assignment": (
        ["grade", "{folder}", "-a", "{name}", "--course", "{course}", "--out", "{other}"],
        "holds the results of 'another'",
    ),
    "an unknown assignment to build": (["build", "nowhere", "--course", "{course}"], "nowhere"),
    "an unknown assignment to validate": (["validate", "nowhere", "--course", "{course}"], "nowhere"),
    "a name that is none": (["new", "two words", "--course", "{course}"], "two words"),
    "a name that is taken": (["new", "{name}", "--course", "{course}"], "exists already"),
}


@pytest.mark.parametrize(("arguments", "message"), WRONG_USAGE.values(), ids=WRONG_USAGE)
def test_wrong_usage_is_told_in_words(typed, course, folder, tmp_path, arguments, message):
    (tmp_path / "file").write_text("x")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "results.json").write_text('{"assignment": "another"}')
    (tmp_path / "empty").mkdir()
    places = {
        "folder": folder,
        "course": course[0].root,
        "name": course[1].name,
        "empty": tmp_path / "empty",
        "file": tmp_path / "file",
        "other": tmp_path / "other",
    }
    status, output, err = typed(*(argument.format(**places) for argument in arguments))
    assert status == 2
    assert message.format(**places) in err
    assert "Traceback" not in output + err
    assert err.strip()


def test_no_course_above_here(tmp_path):
    ended = fresh("build", cwd=tmp_path, PYTHONPATH=str(ROOT))
    assert ended.returncode == 2
    assert "No course at" in ended.stderr
    assert "--course PATH" in ended.stderr


def test_a_missing_layer_is_refused_before_anything_starts(typed, course, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(jail, "missing", lambda layers: ["landlock"])
    arguments = ["grade", folder, "-a", course[1].name, "--out", tmp_path / "out", "--course", course[0].root]
    status, _, err = typed(*arguments)
    assert status == 1
    assert "This machine lacks a layer of the sandbox: landlock." in err
    assert "--allow-unsafe landlock" in err
    assert "Traceback" not in err


def test_another_system_is_refused(typed, course, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    arguments = ["grade", folder, "-a", course[1].name, "--out", tmp_path / "out", "--course", course[0].root]
    status, _, err = typed(*arguments)
    assert status == 1
    assert "no sandbox for win32: grading needs Linux (WSL2 and containers will do)" in err


def test_a_layer_that_there_is_none_of_is_refused(typed, folder, course, tmp_path):
    status, _, err = typed(
        *("grade", folder, "-a", course[1].name, "--course", course[0].root, "--out", tmp_path / "out"),
        *("--allow-unsafe", "foo"),
    )
    assert status == 2
    assert err == (
        "grader: The sandbox has no layer 'foo' that can be left out.\n"
        "Layers: landlock, seccomp, descriptors.\n"
    )
    assert not (tmp_path / "out").exists()


# Streams that are not there, or full


def test_a_full_standard_output_is_said_without_a_traceback():
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "grader", "--version"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr == (
        "grader: a file or standard output could not be written (No space left on device). "
        "Make room, and type the same again.\n"
    )


def test_closed_streams_are_opened_on_nothing():
    """Else the next file would be one of them, and whoever prints would write into it."""
    code = (
        "import os; from grader.startup import open_standard_streams; open_standard_streams();"
        "file = os.open('.', os.O_RDONLY); assert file > 2, file; os.write(1, b'x'); os.write(2, b'x')"
    )
    words = 'exec "$@" 0<&- 1>&- 2>&-'
    done = subprocess.run(["sh", "-c", words, "sh", sys.executable, "-c", code], cwd=ROOT)
    assert done.returncode == 0


@pytest.mark.parametrize("place", ["a file", "in a file"])
def test_a_place_that_no_folder_can_be_made_at_is_a_sentence(tmp_path, place):
    (tmp_path / "file").touch()
    named = tmp_path / "file" if place == "a file" else tmp_path / "file" / "course"
    ended = fresh("nbgrader", "init", named)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert str(named) in ended.stderr
    assert "Name another place" in ended.stderr


@pytest.mark.parametrize("command", ["check", "grade ada.py -a rnn"])
def test_a_current_folder_that_was_deleted_is_said(tmp_path, command):
    """Who downloads the hand-out anew is still in the folder of before."""
    words = f'mkdir gone && cd gone && rmdir ../gone && exec "$0" -m grader {command}'
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["sh", "-c", words, sys.executable], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.endswith(
        "The folder that you are in is not there any more.\nGo into it anew: cd FOLDER\n"
    )


def test_a_link_to_itself_is_a_place_like_any_other(tmp_path):
    """To look where it leads raised what is no OSError."""
    (tmp_path / "loop").symlink_to("loop")
    refuse_needed(tmp_path / "loop", tmp_path / "loop", tmp_path)
    write("text", tmp_path / "loop")
    assert (tmp_path / "loop").read_text() == "text"
