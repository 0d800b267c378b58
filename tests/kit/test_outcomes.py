"""Tests are not run again where they are answered the same: when that is so, and that the results are no others."""

from __future__ import annotations

import sys

import pytest

from grader.records import StudentSource
from grader.subject import wire
from grader.subject.subjects import LocalSubject
from grader.suite import outcomes
from grader.suite.collect import with_suite
from grader.suite.inputs import use_course_seed
from grader.suite.outcomes import Outcome, Outcomes

from . import course_factory as factory

#: Asks a second time only where the first answer is right.
SUITE = '''\
"""The hidden suite."""

import numpy as np

from grader.suite import assert_close, points

X = np.arange(6.0).reshape(2, 3)
X.flags.writeable = False
RUNS = []


@points(6, group="numpy")
def test_scale(student, reference):
    """Every number is multiplied, also by three."""
    RUNS.append("scale")
    assert_close(student.scale(X, 2.0), reference.scale(X, 2.0))
    assert_close(student.scale(X, 3.0), reference.scale(X, 3.0))


@points(4, group="torch")
def test_scaler(student, reference):
    """The weight multiplies."""
    RUNS.append("Scaler")
    got = student.Scaler(3)(X)
    if got[0, 1] > 100:
        student.scale(X, 4.0)
    assert_close(got, reference.Scaler(3)(X))
'''


class Ahead(LocalSubject):
    """A submission in this process that answers the suite's plan, as a jailed one does; notes what is waited for."""

    def __init__(self, suite, source):
        super().__init__("ahead", source)
        self.suite, self.waited = suite, []
        self.start_item(-1)

    def start_item(self, number):
        self.item, self.asked, self.planned = number, 0, True

    def answer(self, item, index):
        self.waited.append((item, index))
        return wire.encode(self.host.run(self.suite.plan.batches[item][index]))

    @property
    def as_planned(self):
        return self.asked if self.planned else None

    def ask(self, batch):
        self.planned &= self.suite.plan.holds(self.item, self.asked, batch)
        self.asked += 1
        return wire.decode_answers(wire.encode(self.host.run(batch)))


@pytest.fixture
def run_inside(tmp_path, monkeypatch):
    """Run `work` with a rehearsed suite, and a function that gives results, what was run, and what was waited for."""
    monkeypatch.setattr(sys, "path", list(sys.path))

    def inside(work):
        _, assignment = course = factory.make_course(tmp_path / "course", suite=SUITE)

        def collected(suite):
            suite.rehearse()
            runs = suite.items[0].module.RUNS

            def graded(source):
                runs.clear()
                subject = Ahead(suite, source)
                results = suite.run(subject, StudentSource("ahead.py", ()))
                return results, list(runs), subject.waited

            work(graded)

        with_suite(*course, collected)
        assert assignment.exercises

    yield inside
    use_course_seed("")


def test_the_same_answers_are_judged_once(run_inside):
    def work(graded):
        first, ran, _ = graded(factory.RIGHT)
        again, ran_again, _ = graded(factory.RIGHT.replace("x * factor", "factor * x"))
        assert ran == ["scale", "Scaler"]
        assert ran_again == []
        assert again == first
        assert [test.outcome for test in again] == ["passed", "passed"]

    run_inside(work)


def test_other_answers_are_judged_anew(run_inside):
    def work(graded):
        graded(factory.RIGHT)
        wrong, ran, _ = graded(factory.WRONG)
        assert ran == ["scale"]
        assert wrong[0].outcome == "failed"
        assert wrong[1].outcome == "passed"
        again, ran, _ = graded(factory.WRONG.replace("x + factor", "factor + x"))
        assert ran == []
        assert again == wrong

    run_inside(work)


def test_no_more_is_waited_for_than_the_test_would_ask(run_inside):
    def work(graded):
        graded(factory.WRONG)  # the first answer is wrong, so the second is not looked at
        _, ran, waited = graded(factory.WRONG)
        assert ran == []
        assert waited == [(0, 0), (1, 0)]

    run_inside(work)


def test_what_is_raised_is_told_in_the_words_of_each_file(run_inside):
    def work(graded):
        raises = factory.RIGHT.replace("return x * factor", "raise ValueError(x)")
        for _ in range(2):
            results, ran, _ = graded(raises)
            assert ran[0] == "scale"
            assert results[0].outcome == "error"

    run_inside(work)


def test_what_was_asked_beside_the_plan_is_asked_again(run_inside):
    def work(graded):
        for _ in range(2):
            results, ran, _ = graded(factory.RIGHT.replace("x * self.weight", "x * self.weight + 1000"))
            assert ran[-1] == "Scaler"
            assert results[1].outcome == "failed"

    run_inside(work)


def test_a_way_is_followed_answer_by_answer():
    remembered, answers = Outcomes(), [b"one", b"two"]
    failed = Outcome(AssertionError("off"), carried_forward=True)
    remembered.keep(3, 2, answers.__getitem__, failed)
    assert remembered.find(3, answers.__getitem__) is failed
    assert remembered.find(3, [b"one", b"other"].__getitem__) is None
    assert remembered.find(3, [b"on", b"etwo"].__getitem__) is None, "the border between two answers counts"
    assert remembered.find(2, answers.__getitem__) is None
    assert remembered.find(3, lambda number: None) is None, "a lost answer is judged by the test itself"


def test_a_remembered_exception_holds_no_frames():
    remembered = Outcomes()
    try:
        raise AssertionError("off") from ValueError("why")
    except AssertionError as error:
        remembered.keep(0, 0, lambda number: b"", Outcome(error))
    error = remembered.find(0, lambda number: b"").error
    assert error.__traceback__ is None
    assert error.__cause__ is None
    assert error.__context__ is None


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(outcomes, "MOST", 10)
    remembered = Outcomes()
    for number in range(100):
        remembered.keep(0, 1, lambda _, number=number: b"%d" % number, Outcome())
        assert len(remembered._known) <= 11
    assert remembered.find(0, lambda _: b"99") is not None
