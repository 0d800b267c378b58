"""A small course on disk, with the grading itself replaced by given scores."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.records import Result, TestResult
from grader.run import path as main_path

from . import course_factory as factory

ROOT = Path(__file__).resolve().parents[2]


STUDENTS = ["李小明", "ann [red]x[bold]", "two  words", "s10", "s2", "=1+1"]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return factory.make_course(tmp_path_factory.mktemp("cli") / "course")


@pytest.fixture(scope="module")
def folder(course, tmp_path_factory):
    sources = dict.fromkeys(STUDENTS, factory.RIGHT) | {"s2": factory.WRONG, "broken": "def ("}
    return factory.hand_in(tmp_path_factory.mktemp("class"), course[1], sources)


@pytest.fixture
def graded(monkeypatch):
    """Replaces the grading itself by given scores (None: not graded)."""
    scores: dict[str, float | None] = {}
    calls: list[list[str]] = []

    def instead(pending, *_):
        calls.append([pending.submissions[index].student for index in pending.places])
        for index in pending.places:
            submission = pending.submissions[index]
            score = scores.get(submission.student, 10.0)
            test = TestResult("t", "The [bold]t[/bold].", "g", 0.0, 10.0, "failed", "is off \x1b[31m")
            tests = (test,) if score != 10 else ()
            status = "not_graded" if score is None else "graded"
            pending.keep(
                index,
                Result(
                    submission.student, submission.file, submission.sha256, status, score, 10.0, 0.1, tests
                ),
            )

    monkeypatch.setattr(main_path, "_grade_pending", instead)
    monkeypatch.setattr(main_path.digests, "engine_digest", lambda: "one engine")
    return scores, calls


@pytest.fixture
def grading(typed, graded, course, folder, tmp_path):
    """`grader grade` on the class, with given scores and options."""

    def run(*options, **scores):
        graded[0].clear()
        graded[0].update(scores)
        arguments = [
            "grade",
            folder,
            "-a",
            course[1].name,
            "--out",
            tmp_path / "out",
            "--course",
            course[0].root,
        ]
        return typed(*arguments, *options)

    return run
