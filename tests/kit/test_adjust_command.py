"""`grader adjust`: what is typed is written into adjustments.toml, with its comments kept."""

from __future__ import annotations

import dataclasses
import re

import pytest

from grader import adjust_command, adjustments
from grader.errors import CourseError, UsageError
from grader.run.store import read

from . import adjusting, graded_factory
from .adjusting import CLASS, scores
from .graded_factory import result

adjust = adjusting.adjust


def test_comments_are_kept_and_what_it_comes_to_is_said(adjust, tmp_path):
    path = tmp_path / adjustments.FILE
    path.write_text("# our rules: see the minutes\n\n[students.ann]\nadd = 1 # for the talk\n")
    output, remarks = adjust(student="bob", values={"score": 8.0, "reason": "oral exam"})
    assert output.splitlines() == ["bob: 6 / 10 → 8 / 10"]
    assert remarks == [f"Written to {path}. To see it: grader report {tmp_path}"]
    text = path.read_text()
    assert "# our rules: see the minutes" in text
    assert "add = 1 # for the talk" in text
    assert scores(read(tmp_path)) == {"ann": 11.0, "bob": 8.0, "cem": 5.25, "dot": 0.0}
    # What is typed now takes the place of what cannot stand beside it.
    adjust(student="bob", values={"times": 0.5})
    assert scores(read(tmp_path))["bob"] == 3.0
    assert adjust(student="bob", values={"excused": True})[0] == "bob: 6 / 10 → excused\n"
    adjust(student="bob", values={"add": 1.0, "excused": False})
    assert scores(read(tmp_path))["bob"] == 7.0
    adjust(student="bob", clear=True)
    assert scores(read(tmp_path)) == {"ann": 11.0, "bob": 6.0, "cem": 5.25, "dot": 0.0}
    assert "# our rules: see the minutes" in path.read_text()


def test_more_points_than_there_are_is_a_bonus_or_a_slip(adjust, tmp_path):
    output, remarks = adjust(student="bob", values={"score": 80.0})
    assert output.splitlines() == ["bob: 6 / 10 → 80 / 10"]
    assert remarks[0].startswith("More points than there are: bob. If it is no bonus,")
    assert len(adjust(student="bob", values={"score": 10.0})[1]) == 1


def test_a_test_is_dropped_and_given_back(adjust, tmp_path):
    output, _ = adjust(test="test_order", values={"give": "drop", "reason": "ambiguous"})
    assert output.splitlines()[0] == "ann: 10 / 10 → 6 / 6"
    adjust(test="test_order", values={"give": "all"})
    assert scores(read(tmp_path))["bob"] == 10.0
    output, _ = adjust()
    assert "test_order: Everybody gets the 4 points" in output


def test_names_with_signs_in_them_are_keys(tmp_path):
    graded_factory.graded(tmp_path, [result('o"neill, j. [x]'), result("李小明")])
    for name in ('o"neill, j. [x]', "李小明"):
        adjust_command.run(
            adjust_command.AdjustRequest(tmp_path, student=name, values={"score": 1.0}), lambda text: None
        )
    assert scores(read(tmp_path)) == {'o"neill, j. [x]': 1.0, "李小明": 1.0}


@pytest.mark.parametrize(
    "request_",
    [
        {"student": "bop", "values": {"score": 1.0}},
        {"student": "bob", "values": {"score": -1.0}},
        {"student": "bob", "values": {"more_time": 0.0}},
        {"student": "bob", "clear": True},
        {"student": "bob"},
        {"test": "test_nothing", "values": {"give": "all"}},
        {"test": "test_order", "values": {"give": "some"}},
        {"student": "bob", "test": "test_order", "values": {"score": 1.0}},
        {"values": {"score": 1.0}},
        {"student": "bob", "values": {"score": 1.0}, "clear": True},
        {"student": "bob", "values": {"score": 1.0, "times": 0.9}},
        {"student": "bob", "values": {"excused": True, "add": 1.0}},
    ],
)
def test_what_is_refused_changes_nothing(adjust, tmp_path, request_):
    path = tmp_path / adjustments.FILE
    for before in (None, b"# mine\n[students.ann]\nadd = 1\n"):
        if before is not None:
            path.write_bytes(before)
        with pytest.raises((UsageError, CourseError)) as raised:
            adjust(**request_)
        assert raised.value.next_step
        assert (path.read_bytes() if path.exists() else None) == before


def test_a_file_to_begin_with_changes_nothing_until_it_is_edited(adjust, tmp_path):
    output, _ = adjust(init=True)
    path = tmp_path / adjustments.FILE
    assert str(path) in output
    assert scores(read(tmp_path)) == {"ann": 10.0, "bob": 6.0, "cem": 5.25, "dot": 0.0}
    with pytest.raises(UsageError, match="is there already"):
        adjust(init=True)
    # Each of its examples is one that works, and each key of the file is among them.
    lines = [line.removeprefix("# ") for line in path.read_text(encoding="utf-8").splitlines()]
    keys = [line for line in lines if re.match(r"\w+ = ", line)]
    heads = [line for line in lines if line.startswith("[")]
    of_tests, of_students = keys[:2], keys[2:]
    assert {line.partition(" ")[0] for line in of_students} == {
        field.name for field in dataclasses.fields(adjustments.StudentAdjustment)
    } - {"student"}
    for line in of_students:
        path.write_text("\n".join([heads[0], *of_tests, heads[1], line, ""]), encoding="utf-8")
        assert read(tmp_path).adjusted


def test_as_it_is_typed(typed, tmp_path):
    graded_factory.graded(tmp_path, CLASS)
    status, out, err = typed("adjust", tmp_path, "--student", "bob", "--score", "8", "--reason", "oral exam")
    assert (status, out) == (0, "bob: 6 / 10 → 8 / 10\n")
    assert typed("adjust", tmp_path, "--student", "bob", "--clear")[1] == "The score is as it was graded.\n"
    assert typed("adjust", tmp_path, "--test", "test_order", "--give", "drop")[0] == 0
    status, out, err = typed("adjust", tmp_path, "--test", "test_order", "--score", "8")
    assert (status, out) == (2, "")
    assert "score cannot be said of a test" in err
    assert typed("adjust", tmp_path, "--student", "nobody", "--excuse")[0] == 2
    assert typed("adjust", tmp_path / "nowhere")[0] == 2
    status, out, err = typed("adjust", tmp_path, "--student", "ann", "--student", "bob", "--score", "8")
    assert (status, out) == (2, "")
    assert "--student stands there 2 times; nothing was changed" in err


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"score": -1.0}, "--score is -1.0; expected a number that is not below 0. Nothing was changed."),
        ({"times": float("nan")}, "--times is nan; expected a number. Nothing was changed."),
        ({"more_time": 1e6}, "--more-time is 1000000.0; expected at most 100 times the limits. Nothing"),
    ],
)
def test_a_wrong_value_that_was_typed_is_not_looked_for_in_the_file(adjust, values, message):
    with pytest.raises(UsageError) as raised:
        adjust(student="bob", values=values)
    assert str(raised.value).startswith(message)
    assert "toml" not in f"{raised.value} {raised.value.next_step}"


def test_a_fault_that_stands_in_the_file_is_told_of_the_file(adjust, tmp_path):
    (tmp_path / adjustments.FILE).write_text("[students.ann]\nscore = -1\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"adjustments\.toml: students\.ann\.score is -1"):
        adjust(student="bob", values={"score": 3.0})


def test_a_file_as_editors_on_windows_save_it(adjust, tmp_path):
    path = tmp_path / adjustments.FILE
    path.write_bytes("\ufeff# mine\r\n[students.ann]\r\nscore = 9\r\n".encode())
    assert scores(read(tmp_path))["ann"] == 9.0
    adjust(student="bob", values={"score": 3.0})
    assert scores(read(tmp_path)) == {"ann": 9.0, "bob": 3.0, "cem": 5.25, "dot": 0.0}
    assert "# mine" in path.read_text(encoding="utf-8")
    path.write_bytes("[students.ann]\nscore = 9\n".encode("utf-16"))
    with pytest.raises(CourseError, match="is not UTF-8") as raised:
        read(tmp_path)
    assert raised.value.next_step == f"Save {path} as UTF-8."
