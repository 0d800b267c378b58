"""Faults in naming, in showing and in what students read take no score away."""

from __future__ import annotations

import contextlib
import sys

import pytest

from grader.grade_command import _status
from grader.messages import explain, not_run, watched
from grader.messages import loading as loaded_source
from grader.run import path as main_path
from grader.run.path import Options, confine, grade
from grader.run.session import Order, with_judge
from grader.subject.keeper import Keeper

from . import course_factory as factory
from . import grading
from .locked import needs_jail

engine, course = grading.engine, grading.course

BROKEN_EXAMPLES = """
import os
import numpy as np
from grader.diagnose.examples import Example


def examples(exercise):
    BREAK
    yield Example("scale", {"x": np.array([1.0, 2.0]), "factor": 3.0})
"""


@needs_jail
@pytest.mark.parametrize("breaks", ["raise RuntimeError('a bug')", "os._exit(3)"], ids=["raises", "dies"])
def test_a_fault_in_showing_takes_no_name_away(tmp_path, breaks):
    """What explains a submission is known before an example of it is made."""
    course, assignment = factory.make_course(tmp_path / "course")
    (assignment.hidden / "mistakes.py").write_text(factory.MISTAKES, encoding="utf-8")
    examples = assignment.hidden / "examples.py"
    examples.write_text(BROKEN_EXAMPLES.replace("BREAK", breaks), encoding="utf-8")
    squared = factory.SOLUTION.replace("return x * factor", "return x * factor * factor")
    (ann,) = grade(course, assignment, [factory.submission("ann", squared)])
    assert [diagnosis.id for diagnosis in ann.diagnoses] == ["squared"]
    assert ann.counterexamples == ()
    assert ann.fault.startswith("Its mistakes could not be shown: ")


RAISES = "def scale(x, factor):\n    return x * factors\n"

LOOPS = "def scale(x, factor):\n    while True:\n        pass\n"

PASSED_OVER = "import not_there\n\n\n" + factory.WRONG


@needs_jail
@pytest.mark.parametrize(
    ("module", "words", "source"),
    [
        (explain, "problem", RAISES),
        (explain, "one_line", RAISES),
        (explain, "explain_lost", LOOPS),
        (explain, "place", "def scale(x, factor:\n"),
        (loaded_source, "passed_over", PASSED_OVER),
        (not_run, "notes", PASSED_OVER),
        (watched, "notes", factory.WRONG),
    ],
)
def test_a_fault_in_what_students_read_takes_no_score_away(course, monkeypatch, module, words, source):
    """Points follow from numbers alone: where the words for them fail, plain ones stand there, and a note tells why."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    verdicts = []

    def fail(*arguments):
        raise RuntimeError("a bug in the words")

    def judge_twice(judge):
        verdicts.append(judge.judge(factory.submission("ann", source)))
        monkeypatch.setattr(module, words, fail)
        verdicts.append(judge.judge(factory.submission("ann", source)))

    keeper = Keeper.launch(confine(*course, ()))
    try:
        keeper.wait()
        order = Order(*course, jail="full", diagnose=True, processor=None)
        with_judge(order, keeper.clone(), keeper.clone(), judge_twice)
    finally:
        keeper.close()
    before, after = verdicts
    assert (after.status, after.score) == (before.status, before.score)
    assert [test.outcome for test in after.tests] == [test.outcome for test in before.tests]
    assert "a bug in the words" in after.fault
    assert not before.fault
    assert _status([after], lambda remark: None) == 1


@needs_jail
@pytest.mark.parametrize("breaks", ["raise RuntimeError('a bug')", "os._exit(3)"], ids=["raises", "dies"])
def test_a_fault_in_naming_takes_no_score_away(tmp_path, monkeypatch, breaks):
    """The verdict is final before the mistakes are looked for; what went wrong there is for the instructor."""
    root = tmp_path / "course"
    course, assignment = factory.make_course(root)
    examples = assignment.hidden / "examples.py"
    examples.write_text(BROKEN_EXAMPLES.replace("BREAK", breaks), encoding="utf-8")
    submissions = [factory.submission("ann", factory.WRONG), factory.submission("bea", factory.RIGHT)]
    out = tmp_path / "out"
    ann, bea = grade(course, assignment, submissions, out, Options(workers=1))
    assert (bea.status, bea.score, bea.fault) == ("graded", 10.0, "")
    assert (ann.status, ann.score) == ("graded", 4.0)
    assert ann.fault.startswith("Its mistakes could not be ")
    assert ("a bug" in ann.fault) == ("raise" in breaks)
    remarks: list[str] = []
    assert _status([ann, bea], remarks.append) == 1
    assert "Mistakes of 1 could not be looked for, or not be shown (ann). What is graded stands" in remarks[0]
    questioned: list[str] = []
    monkeypatch.setattr(
        main_path,
        "_grade_pending",
        lambda pending, *_: questioned.extend(pending.submissions[place].student for place in pending.places),
    )
    with contextlib.suppress(KeyError):  # nobody is graded here
        grade(course, assignment, submissions, out)
    assert questioned == ["ann"], "whose mistakes were not looked for is graded again, and nobody else"
