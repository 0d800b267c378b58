"""Answers that cannot be kept where somebody wants them: what is told, and when."""

from __future__ import annotations

import os

import pytest

from grader.run.answer_store import Answers, folder, place

from . import course_factory as factory
from . import keeping
from .locked import needs_jail
from .test_answers import saved_answers

course = keeping.course


def unusable(tmp_path, kind):
    """A folder that nothing can be kept in, and what is said of it."""
    if kind == "file":
        (tmp_path / "file").write_text("", encoding="utf-8")
        return tmp_path / "file", f"{tmp_path / 'file'} is not a folder"
    if kind == "below a file":
        (tmp_path / "file").write_text("", encoding="utf-8")
        return tmp_path / "file" / "cache", f"{tmp_path / 'file'} is not a folder"
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    return tmp_path / "link", f"the link {tmp_path / 'link'} leads nowhere"


def caution_of(course, monkeypatch, cache, skip=(), readable=()):
    monkeypatch.setenv("GRADER_CACHE", str(cache))
    return place(*course, "suite", "engine", readable, skip).caution


@pytest.mark.parametrize("kind", ["file", "below a file", "broken link"])
def test_a_named_folder_that_cannot_be_used_is_told(tmp_path, monkeypatch, kind):
    course = factory.make_course(tmp_path / "course")
    cache, why = unusable(tmp_path, kind)
    caution = caution_of(course, monkeypatch, cache)
    assert caution.startswith(f"GRADER_CACHE={cache}: nothing is kept there, because {why}. ")
    assert caution.endswith("or GRADER_CACHE=off.")
    there = place(*course, "suite", "engine", ())
    saved_answers(there, a=b"1")
    assert Answers(there).get(b"a") is None, "it is told because it is so"


def test_a_named_folder_that_others_can_write_or_submissions_can_read_is_told(tmp_path, monkeypatch):
    course = factory.make_course(tmp_path / "course")
    cache = tmp_path / "cache"
    assert caution_of(course, monkeypatch, cache) == ""
    assert not cache.exists(), "nothing is made to find out"
    own = place(*course, "suite", "engine", ()).own
    own.mkdir(parents=True)
    own.chmod(0o777)
    assert f"others than you can write {own}" in caution_of(course, monkeypatch, cache)
    own.chmod(0o700)
    assert caution_of(course, monkeypatch, cache) == ""
    with monkeypatch.context() as locked:
        locked.setattr(os, "access", lambda *_: False)
        assert f"{own} cannot be written" in caution_of(course, monkeypatch, cache)
    assert "submissions can read" in caution_of(course, monkeypatch, cache, readable=[str(tmp_path)])
    assert "submissions can read" in caution_of(course, monkeypatch, cache, skip=["landlock", "seccomp"])


def test_of_the_default_folder_and_of_none_nothing_is_told(tmp_path, monkeypatch):
    course = factory.make_course(tmp_path / "course")
    (tmp_path / "home").write_text("", encoding="utf-8")
    monkeypatch.delenv("GRADER_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert (
        place(*course, "suite", "engine", ()).own
        == folder() / "answers" / place(*course, "suite", "engine", ()).name
    )
    assert place(*course, "suite", "engine", ()).caution == ""
    assert caution_of(course, monkeypatch, "off") == ""


@needs_jail
def test_the_command_tells_it_once(tmp_path, warm):
    """On standard error, by the main process, whoever else finds out; and everybody is graded."""
    course, assignment = factory.make_course(tmp_path / "course")
    for student in ("ann", "bea", "cem"):
        path = tmp_path / "class" / student / f"{assignment.name}.py"
        path.parent.mkdir(parents=True)
        path.write_text(factory.WRONG, encoding="utf-8")
    cache, why = unusable(tmp_path, "file")
    done = warm.run(
        *(
            "grade",
            tmp_path / "class",
            "-a",
            assignment.name,
            "--course",
            course.root,
            "--out",
            tmp_path / "out",
        ),
        GRADER_CACHE=str(cache),
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("GRADER_CACHE=") == 2, "one line, and what else may be set, in it"
    assert done.stderr.count(why) == 1
