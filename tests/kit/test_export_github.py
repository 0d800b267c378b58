"""Annotations and job summaries for GitHub: what is shown, and that no text of students is a command."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from . import exporting
from . import graded_factory as factory
from .exporting import GOLDEN

exported, runner = exporting.exported, exporting.runner

COMMAND = re.compile(
    r"::(error|notice) (?:(?:title|file|line)=(?:[^,:%\r\n]|%25|%0D|%0A|%3A|%2C)*,?)*"
    r"::(?:[^%\r\n]|%25|%0D|%0A)*"
)


def test_github_gets_annotations_with_file_and_line(exported):
    lines = exported("github").text.splitlines()
    assert [line for line in lines if not COMMAND.fullmatch(line)] == []
    assert any("title=The backward outputs are still in reversed time order" in line for line in lines)
    (emil,) = [line for line in lines if "emil" in line and line.startswith("::error")]
    assert "file=emil/birnn.py,line=11" in emil


def test_where_nothing_was_handed_in_no_file_is_pointed_at(exported):
    empty = replace(factory.unreadable("ada", "rnn.py was not handed in."), file="")
    (error,) = [line for line in exported("github", [empty]).text.splitlines() if line.startswith("::error")]
    assert error == "::error title=unreadable::rnn.py was not handed in."


def test_no_more_annotations_than_are_shown(exported):
    lines = exported("github", factory.crowd(50)).text.splitlines()
    assert sum(line.startswith("::error") for line in lines) == 10
    assert sum(line.startswith("::notice") for line in lines) == 10
    assert re.search(r"and \d+ more: see the summary", lines[-1])


def test_text_of_students_is_no_command(exported):
    for line in exported("github", factory.hostile()[:-2]).text.splitlines():
        assert COMMAND.fullmatch(line), line


def test_the_pattern_of_commands_tells_them_from_others():
    assert not COMMAND.fullmatch("::error file=a,b::x")
    assert not COMMAND.fullmatch("::set-output name=a::b")
    assert not COMMAND.fullmatch("::error file=a::100%")


@pytest.mark.parametrize("student", ["ben_okafor", "emil", ""])
def test_the_job_summary_is_appended_to_what_is_there(exported, golden, tmp_path, monkeypatch, student):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert exported("github", student=student).said == []
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n## ")
    golden.check(GOLDEN / f"github_{student or 'class'}.md", text.removeprefix("before\n"))


def test_no_text_of_students_is_markdown(exported, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "all.md"))
    exported("github", factory.hostile()[:-2])
    for place, result in enumerate(factory.hostile()[:-2]):
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / f"{place}.md"))
        exported("github", factory.hostile()[:-2], student=result.student)
    for path in tmp_path.glob("*.md"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("    "):  # code is shown as it is
                assert not re.search(r"<(?!br>|/?code>)|javascript:|https?:|\]\(|\{\{", line), line


def test_a_summary_that_is_too_large_is_cut(exported, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "s.md"))
    monkeypatch.setattr("grader.export.github.LARGEST", 5000)
    exported("github", factory.crowd(200))
    assert 4000 < (tmp_path / "s.md").stat().st_size < 5100
    assert (tmp_path / "s.md").read_text(encoding="utf-8").endswith("… and more\n")
