"""The hints of `grader check`, the guide that holds them, and the lines that a student may paste."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader.check import guide, hints, paste
from grader.check.command import check
from grader.errors import CourseError

from .checking import NAMES, SCREENS
from .handouts import REFERENCE, STAGES, folder
from .loading import ROOT, load_module

# Lines to paste


@pytest.mark.parametrize("name", NAMES)
def test_the_lines_of_every_check_run_by_themselves(name, monkeypatch):
    source = (ROOT / "assignments" / name / f"test_{name}.py").read_text(encoding="utf-8")
    monkeypatch.setitem(sys.modules, name, load_module(ROOT / "solutions" / name / f"{name}.py"))
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            code = paste.lines(source, node.name, node.end_lineno, name)
            assert any("print(" in line for line in code), node.name
            helpers = (ast.FunctionDef, ast.ClassDef)  # may check what they are given
            lines = [
                ast.unparse(statement)
                for statement in ast.parse("\n".join(code)).body
                if not isinstance(statement, helpers)
            ]
            assert not any("check_" in line or "assert" in line for line in lines), lines
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec("\n".join(code), {})
            assert printed.getvalue().strip(), node.name


def test_the_lines_show_what_the_check_saw(tmp_path):
    work = folder(tmp_path, STAGES["wrong"])
    screen = (SCREENS / "wrong.txt").read_text(encoding="utf-8")
    code = [line[6:] for line in screen.splitlines() if line.startswith("      ") and "Stuck" not in line]
    (work / "try.py").write_text("\n".join(code[: code.index("print(outputs)") + 1]))
    done = subprocess.run([sys.executable, "try.py"], cwd=work, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert "[0.76159416 0.        ]" in done.stdout


def test_lines_of_a_check_that_is_not_there_are_none():
    assert paste.lines("def test_a():\n    pass\n", "test_b", 1, "birnn") == []
    assert paste.lines("def test_a(:\n", "test_a", 1, "birnn") == []


# Hints


def test_the_ladder_is_climbed_and_remembered(tmp_path):
    ladder = ("look", "idea", "formula")
    assert hints.climb(tmp_path, "a", ladder) == ("look",)
    assert hints.climb(tmp_path, "b", ladder) == ("look",)
    assert hints.climb(tmp_path, "a", ladder) == ("look", "idea")
    assert hints.climb(tmp_path, "a", ladder) == ladder
    assert hints.climb(tmp_path, "a", ladder) == ladder
    assert json.loads((tmp_path / hints.KEPT).read_text()) == {"a": 3, "b": 1}


def test_where_hints_cannot_be_remembered_in_the_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(hints.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / ".grader").write_text("a file, so no folder can be made")
    assert hints.climb(tmp_path / "work", "a", ("look", "idea")) == ("look",)
    assert hints.climb(tmp_path / "work", "a", ("look", "idea")) == ("look", "idea")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / ".grader").write_text("")
    monkeypatch.setattr(hints.tempfile, "gettempdir", lambda: str(tmp_path / "work" / ".grader"))
    assert hints.climb(tmp_path / "other", "a", ("look", "idea")) == ("look", "idea"), (
        "all, rather than always one"
    )


@pytest.mark.parametrize("text", ["", "[", "[]", '{"a": "x"}', '{"a": -4}', '{"a": true}', "\udcff"])
def test_a_damaged_memory_of_hints_begins_again(text, tmp_path):
    (tmp_path / ".grader").mkdir()
    (tmp_path / hints.KEPT).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert hints.climb(tmp_path, "a", ("look", "idea")) == ("look",)


def test_hints_as_they_are_read(tmp_path, capsys):
    work = folder(tmp_path, STAGES["wrong"])
    lines = []
    for _ in range(4):
        assert not check(work, hint=True)
        lines.append(capsys.readouterr().out)
    assert [text.count("Hint ") for text in lines] == [1, 2, 3, 3]
    assert "Hint 1 of 3: Write your backward half" in lines[0]
    assert "That was the last hint" in lines[3]
    (work / "birnn.py").write_text(REFERENCE, encoding="utf-8")
    assert check(work, hint=True)
    assert "nothing to hint at" in capsys.readouterr().out
    (work / "birnn.py").write_text(STAGES["syntax_error"], encoding="utf-8")
    assert not check(work, hint=True)
    assert "Hints begin once the file can be loaded" in capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_every_check_has_a_ladder_that_gives_no_line_away(name):
    """`grader build` refuses lines of the reference; here: no rung is code, and none says the same as another."""
    read = guide.read(ROOT / "assignments" / name / guide.NAME)
    rungs = [hint for entry in read.checks.values() for hint in entry.hints]
    assert all(len(entry.hints) == 3 for entry in read.checks.values())
    assert len(set(rungs)) == len(rungs)
    for hint in rungs:
        assert not re.search(r"\bnp\.|torch\.\w|self\.\w| @ |\w\(\w+\.|[-+*]=|concat|stack\(", hint), hint


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[checks.test_a]", "[checks.test_b]", "there is no visible check test_b"),
        ('group = "g"', 'group = "h"', "names the group 'h'"),
        ('exercise = "f"', 'exercise = "e"', "names the exercise 'e'"),
        ('hints = ["x"]', "hints = []", "has an empty hint, or none"),
        ('hints = ["x"]', 'hint = ["x"]', "an entry is not as it must be"),
        ('hints = ["x"]', 'hints = ["x"]\nmore = 1', "has the key more"),
        ("[checks.test_a]", "[points]\ng = 1\n[checks.test_a]", "expected nothing but checks"),
        ("[checks.test_a]", "[checks.test_a", "not valid TOML"),
    ],
)
def test_what_is_wrong_with_a_guide_is_told_to_its_author(old, new, message):
    text = '# For authors.\n[checks.test_a]\ngroup = "g"\nexercise = "f"\nhints = ["x"]\n'
    arguments = (Path("checks.toml"), {"g": 2.0}, ["f"], ["test_a"])
    assert guide.shipped(text, *arguments).count("[points]\ng = 2\n") == 1
    assert "For authors" not in guide.shipped(text, *arguments)
    with pytest.raises(CourseError, match=message):
        guide.shipped(text.replace(old, new), *arguments)
    with pytest.raises(CourseError, match="nothing is said about the check test_z"):
        guide.shipped(text, *arguments[:3], ["test_a", "test_z"])


def test_a_hint_fits_what_went_wrong(tmp_path, capsys):
    """A ladder of hints is about the answer; where none came, what kept it from coming is said, and nothing else."""
    work = folder(tmp_path, STAGES["raises"])
    check(work, hint=True)
    output = " ".join(capsys.readouterr().out.split())
    assert "name 'step' is not defined" in output
    assert "The hints of this check are about the answer, and none came" in output
    assert "Next: Go to line" in output
    assert "Hint 1" not in output
    (work / "birnn.py").write_text(STAGES["untouched"], encoding="utf-8")
    check(work, hint=True)
    output = " ".join(capsys.readouterr().out.split())
    assert "`birnn_forward` is still to be written" in output
    assert "there is none to look at yet" in output
    assert "Next: Begin with `birnn_forward`" in output
    assert not (work / ".grader").exists()
