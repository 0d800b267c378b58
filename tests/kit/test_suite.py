"""The suite's engine: collecting, points, and that the fast way of running a test gives pytest's own verdicts."""

from __future__ import annotations

import os

from . import course_factory as factory
from . import local_subject
from .local_subject import graded

collected = local_subject.collected


def test_no_variable_of_pytests_reaches_the_suite(collected, monkeypatch):
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    assert collected(lambda suite: len(suite.items)) == 4
    assert os.environ["PYTEST_ADDOPTS"] == "--no-such-option", "what the caller has is put back"
    assert os.environ["PYTEST_PLUGINS"] == "no_such_plugin"
    assert "PYTEST_DISABLE_PLUGIN_AUTOLOAD" not in os.environ


def test_the_reference_gets_all_points(collected):
    results = collected(lambda suite: graded(suite, factory.RIGHT))
    assert [(test.outcome, test.points, test.group) for test in results] == [
        *[("passed", 2.0, "numpy")] * 3,
        ("passed", 4.0, "torch"),
    ]
    assert results[0].name == "test_scale[2.0]"
    assert results[0].sentence == "Every number is multiplied."


def test_a_parametrised_test_shares_its_points(collected):
    def work(suite):
        return graded(suite, "def scale(x, factor):\n    return x * (factor if factor != 3 else 0)")

    assert [test.points for test in collected(work)] == [2.0, 0.0, 2.0, 0.0]


KINDS = '''\
"""Tests of every kind of outcome, and of every way to be called."""

import numpy as np
import pytest

from grader.suite import assert_close, assert_shape, points

X = np.arange(6.0).reshape(2, 3)
LOG = []


@pytest.fixture
def own():
    """A fixture of the suite's own."""
    return X + 1


@pytest.fixture
def built(student):
    return student.scale(X, 2.0)


@pytest.fixture(scope="module")
def shared():
    LOG.append("up")
    yield len(LOG)
    LOG.append("down")


@pytest.fixture
def quiet():
    """Gives nothing, but does something."""
    LOG.append("quiet")


@points(1, group="all")
def test_direct(student, reference):
    """direct"""
    assert_close(student.scale(X, 2.0), reference.scale(X, 2.0))


@points(1, group="all")
@pytest.mark.parametrize(("factor", "plus"), [(1.0, None), (2.0, 3)], ids=["one", "two"])
def test_parameters(student, reference, factor, plus):
    """parameters"""
    assert_close(student.scale(X, factor), reference.scale(X, factor))


@points(1, group="all")
def test_own_fixture(student, reference, own):
    """own fixture"""
    assert_close(student.scale(own, 2.0), reference.scale(own, 2.0))


@points(1, group="all")
def test_fixture_that_asks(built, reference):
    """a fixture that asks the student"""
    assert_close(built, reference.scale(X, 2.0))


@points(1, group="all")
def test_shared(student, shared):
    """a fixture of the module"""
    assert shared % 2 == 1
    assert_shape(student.scale(X, 2.0), (2, 3))


@points(1, group="all")
def test_again_shared(student, shared):
    """a fixture of the module, again"""
    assert_shape(student.scale(X, 2.0), (2, 3))


@points(1, group="all")
def test_quiet(student, quiet):
    """a fixture that gives None"""
    assert LOG.pop() == "quiet"
    assert_shape(student.scale(X, 2.0), (2, 3))


@points(1, group="all")
@pytest.mark.usefixtures("quiet")
def test_marked(student):
    """a fixture by mark"""
    assert LOG.pop() == "quiet"
    assert_shape(student.scale(X, 2.0), (2, 3))


class TestClass:
    @points(1, group="all")
    def test_method(self, student, reference):
        """a method"""
        assert_close(student.scale(X, 2.0), reference.scale(X, 2.0))

    @pytest.fixture(autouse=True)
    def prepare(self):
        self.ready = True

    @points(1, group="all")
    def test_prepared(self, student):
        """a method with an autouse fixture"""
        assert self.ready
        assert_shape(student.scale(X, 2.0), (2, 3))


@points(1, group="all")
def test_request(student, request):
    """request"""
    assert_shape(student.scale(X, 2.0), (2, 3), what=request.node.name)


@points(1, group="all")
def test_drawn(student, reference, rng):
    """drawn"""
    x = rng.normal(size=(2, 2))
    assert_close(student.scale(x, 2.0), reference.scale(x, 2.0))


@points(1, group="all")
def test_fails_in_words(student):
    """fails in words"""
    if student.scale(X, 2.0) is None:
        pytest.fail("nothing came\\n\\nsecret second paragraph")


@points(1, group="all")
def test_skips(student):
    """skips"""
    if student.scale(X, 2.0) is None:
        pytest.skip("nothing to see")


@points(1, group="all")
def test_module(student, reference):
    """a module"""
    weights = {"weight": np.ones(3)}
    assert_close(student.Scaler(3).load(weights)(X), reference.Scaler(3).load(weights)(X))


@points(1, group="all")
def test_carried(student, reference):
    """carried"""
    wrong = student.scale(np.ones((1, 1)), 2.0)
    assert_shape(wrong, (1, 1))
    carried = lambda: X * wrong[0, 0]
    assert_close(student.scale(X, 2.0), reference.scale(X, 2.0), carried=carried)
'''


SUBMISSIONS = {
    "right": factory.RIGHT,
    "wrong": factory.WRONG,
    "none": "def scale(x, factor):\n    return None",
    "raises": "def scale(x, factor):\n    raise KeyError(3)",
    "skeleton": "def scale(x, factor):\n    raise NotImplementedError('your turn')",
    "missing": "",
    "consistently wrong": "def scale(x, factor):\n    return x * (factor + 1)",
    "single": "def scale(x, factor):\n    return (x * factor).astype('float32')",
}


def test_the_fast_way_gives_the_verdicts_of_pytest(collected):
    """Every kind of test, every kind of outcome, both ways; twice, so that nothing stays behind."""

    def work(suite):
        fast = {item.originalname for item in suite._direct}
        verdicts = [
            {name: graded(suite, source, direct) for name, source in SUBMISSIONS.items()}
            for direct in (True, False, True)
        ]
        return fast, verdicts

    fast, (first, through_pytest, again) = collected(work, suite=KINDS, points="all = 16")
    assert fast == {
        "test_direct",
        "test_parameters",
        "test_drawn",
        "test_fails_in_words",
        "test_skips",
        "test_module",
        "test_carried",
    }
    for name in SUBMISSIONS:
        assert first[name] == through_pytest[name], name
        assert first[name] == again[name], name
    outcomes = {name: {test.outcome for test in tests} for name, tests in first.items()}
    assert outcomes["right"] == {"passed"}
    assert outcomes["wrong"] == {"passed", "failed"}
    assert {"failed", "skipped"} <= outcomes["none"]
    assert outcomes["raises"] == outcomes["skeleton"] == outcomes["missing"] == {"error"}


def test_messages_of_every_outcome(collected):
    def work(suite):
        return {
            name: {test.sentence: test for test in graded(suite, SUBMISSIONS[name])}
            for name in ("none", "raises", "consistently wrong", "single", "skeleton")
        }

    items = collected(work, suite=KINDS, points="all = 16")
    none = items["none"]
    assert (none["skips"].outcome, none["skips"].message, none["skips"].points) == (
        "skipped",
        "nothing to see",
        0,
    )
    assert (none["fails in words"].outcome, none["fails in words"].message) == ("failed", "nothing came")
    assert items["raises"]["direct"].message == "Using `scale` raised KeyError."
    assert items["skeleton"]["direct"].message == "`scale` is still to be written."
    assert "is float32, but the inputs are float64" in items["single"]["direct"].message
    flagged = {test.sentence for test in items["consistently wrong"].values() if test.carried_forward}
    assert flagged == {"carried"}
    carried = items["consistently wrong"]["carried"]
    assert (carried.outcome, carried.points) == ("passed", 1)
    assert not any(test.carried_forward for test in none.values())
