"""A suite at fault is refused with its file and line, and nobody is graded by it."""

from __future__ import annotations

import pytest

from grader.errors import SuiteError
from grader.suite.points import check_total

from . import course_factory as factory
from . import local_subject
from .local_subject import graded

collected = local_subject.collected


REFUSED = [
    (
        "points that do not add up",
        factory.SUITE,
        "numpy = 7\ntorch = 4",
        r"the tests of group 'numpy' are worth 6 points, but assignment\.toml promises 7",
    ),
    (
        "a group that is not promised",
        factory.SUITE,
        "numpy = 6",
        r"the tests of group 'torch' are worth 4 points, but assignment\.toml promises 0",
    ),
    (
        "a test without points",
        factory.SUITE.replace('@points(4, group="torch")\n', ""),
        "numpy = 6",
        r"test_tiny_kit_\d+\.py: test_scaler has no points",
    ),
    (
        "points without a group",
        factory.SUITE.replace('@points(4, group="torch")', "@pytest.mark.points(4)"),
        "numpy = 6",
        r"test_scaler has no points",
    ),
    (
        "a test without a sentence",
        factory.SUITE.replace('    """The weight multiplies."""\n', ""),
        "",
        r"test_scaler has no docstring",
    ),
    (
        "a test that the reference fails",
        factory.SUITE.replace("reference.scale(X, factor))", "1 + reference.scale(X, factor))"),
        "",
        r"test_scale\[2\.0\]: the reference itself does not pass: the result is off",
    ),
    (
        "a test that raises",
        factory.SUITE.replace("    assert_close(student.scale", "    1 / 0\n    assert_close(student.scale"),
        "",
        r"test_scale\[2\.0\]: the reference itself does not pass: ZeroDivisionError.*test_tiny_kit_\d+\.py, line 16",
    ),
    (
        "a test that skips itself on the reference",
        factory.SUITE.replace("    weights =", "    pytest.skip('later')\n    weights ="),
        "",
        r"test_scaler: the reference itself does not pass",
    ),
    (
        "a suite that cannot be imported",
        "import no_such_module_anywhere\n" + factory.SUITE,
        "",
        r"could not be collected.*(\n.*)*no_such_module_anywhere",
    ),
    ("a suite with a syntax error", "def (", "", r"could not be collected.*(\n.*)*SyntaxError"),
    ("a suite without tests", '"""Nothing."""', "", r"could not be collected"),
]


@pytest.mark.parametrize(
    ("suite", "points", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_suite_at_fault_is_refused(collected, suite, points, message):
    with pytest.raises(SuiteError, match=message):
        collected(suite=suite, points=points)


@pytest.mark.parametrize("off", [-0.5, -0.01, 1e-6, 0.5])
def test_points_must_add_up_exactly(off):
    shares = {"one": (1.0 / 3, "a"), "two": (1.0 / 3, "a"), "three": (1.0 / 3, "a"), "other": (2.0, "b")}
    check_total(shares, {"a": 1.0, "b": 2.0}, "here")
    with pytest.raises(SuiteError, match="group 'b'"):
        check_total(shares, {"a": 1.0, "b": 2.0 + off}, "here")
    with pytest.raises(SuiteError, match="group 'c'"):
        check_total(shares, {"a": 1.0, "b": 2.0, "c": abs(off)}, "here")


def test_a_reference_that_cannot_be_loaded_is_refused(collected):
    with pytest.raises(SuiteError, match="cannot be loaded"):
        collected(solution="1 / 0")


def test_two_tests_of_one_name_are_refused(collected):
    cls = '\n\nclass TestMore:\n    @points(0, group="torch")\n    def test_scaler(self):\n        """x"""\n'
    with pytest.raises(SuiteError, match="2 tests are named test_scaler"):
        collected(suite=factory.SUITE + cls)


BLIND = factory.SUITE.replace(
    "    assert_close(student.scale(X, factor), reference.scale(X, factor))",
    "    assert student.scale(X, factor)[1][2] > -1000",
)


def test_a_bug_in_a_test_is_the_suites_fault_with_file_and_line(collected):
    def work(suite):
        with pytest.raises(
            SuiteError, match=r"is itself at fault: TypeError.*test_tiny_kit_\d+\.py, line 16"
        ):
            graded(suite, "def scale(x, factor):\n    return None")
        return graded(suite, factory.RIGHT)

    results = collected(work, suite=BLIND)
    assert all(test.outcome == "passed" for test in results), "and the next submission is not harmed"


SLOW_BLIND = '''\
import numpy as np
import pytest
from grader.suite import points

X = np.ones((2, 3))

@pytest.fixture(scope="class")
def held():
    return 1

class TestFirst:
    @points(5, group="all")
    def test_first(self, student, held):
        """first"""
        student.scale(X, 2.0)

class TestSecond:
    @points(5, group="all")
    def test_second(self, student, held):
        """second"""
        assert student.scale(X, 2.0)[1][2] > 0

    @points(5, group="all")
    def test_third(self, student, held):
        """third"""
'''


def test_after_a_bug_in_a_test_with_fixtures_the_next_submission_is_graded_as_ever(collected):
    def work(suite):
        with pytest.raises(SuiteError, match="at fault"):
            graded(suite, "def scale(x, factor):\n    return None")
        return graded(suite, factory.RIGHT)

    results = collected(work, suite=SLOW_BLIND, points="all = 15")
    assert [(test.outcome, test.message) for test in results] == [("passed", "")] * 3
