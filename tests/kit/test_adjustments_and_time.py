"""Adjustments in a preview, and more time for one student: who is graded again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader import adjustments, preview
from grader.records import Chunk, Submission
from grader.run import digests
from grader.run.store import read

from . import course_factory, graded_factory
from .adjusting import CLASS
from .locked import needs_jail


def test_a_preview_compares_percents_where_the_maximum_changed(tmp_path):
    """39.5 of 39.5 is no loss against 40 of 40."""
    before = graded_factory.graded(tmp_path, CLASS)
    after = []
    for entry in CLASS:
        tests = tuple(test for test in entry.tests if test.name != "test_order")
        after.append(replace(entry, tests=tests, score=sum(test.points for test in tests), max_score=6.0))
    changes = preview.compare(before, after, "another", 6.0)
    assert [(entry.student, round(entry.difference, 2)) for entry in changes.gaining()] == [("bob", 40.0)]
    assert [(result.student, round(result.difference, 2)) for result in changes.losing()] == [("cem", -31.67)]


def test_only_whom_more_time_concerns_has_another_key():
    handed_in = Submission(
        "bob", "bob/birnn.py", "0" * 64, (Chunk("x = 1"),), other=Submission("bob", "b.ipynb", "1" * 64, ())
    )
    decided = adjustments.Adjustments(
        adjustments.Path("x"), students={"bob": adjustments.StudentAdjustment("bob", more_time=2.0)}
    )
    (with_more,) = decided.with_time([handed_in])
    assert (with_more.more_time, with_more.other.more_time) == (2.0, 2.0)
    assert digests.key(with_more, "s", "e", "full") != digests.key(handed_in, "s", "e", "full")
    ann = replace(handed_in, student="ann")
    assert decided.with_time([ann]) == [ann]


SLOW = "import time\n" + course_factory.RIGHT.replace(
    "return x * factor", "time.sleep(0.6); return x * factor"
)


@needs_jail
@pytest.mark.slow
def test_whoever_is_given_more_time_alone_is_graded_again(typed, tmp_path):
    assert "time.sleep" in SLOW
    course, assignment = course_factory.make_course(tmp_path / "course", call_seconds=0.4, total_seconds=3.0)
    folder = course_factory.hand_in(
        tmp_path / "class", assignment, {"ann": course_factory.RIGHT, "bob": SLOW}
    )
    out = tmp_path / "out"
    command = (
        "grade",
        folder,
        "-a",
        assignment.name,
        "--course",
        course.root,
        "--out",
        out,
        "--workers",
        "1",
    )
    assert typed(*command)[0] == 0
    before = {result.student: result for result in read(out).results}
    assert (before["ann"].status, before["bob"].status) == ("graded", "timeout")
    assert typed("adjust", out, "--student", "bob", "--more-time", "5")[0] == 0
    status, output, _ = typed(*command)
    assert status == 0
    assert "adjustments.toml adjusts 1 student: report and export apply it." in " ".join(output.split())
    after = {result.student: result for result in read(out).results}
    assert (after["bob"].status, after["bob"].score) == ("graded", after["bob"].max_score)
    assert after["ann"] == before["ann"], "kept as it was"
    # And somebody unknown is an error before anything is graded.
    (out / adjustments.FILE).write_text("[students.nobody]\nmore_time = 2\n")
    status, _, output = typed(*command)
    assert status == 2
    assert "[students.nobody] is about nobody" in output
