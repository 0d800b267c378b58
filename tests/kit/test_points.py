"""Conditions on points: what counts only with a right number, and where a lost dtype is forgiven."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from grader.errors import SuiteError
from grader.records import TestResult
from grader.subject.operations import Raised
from grader.subject.subjects import StudentRaised
from grader.suite import Difference, assert_close, assert_differs, assert_dtype_kept, is_alive, points
from grader.suite.compare import carried_forward, dtype_counts
from grader.suite.points import Conditions, worth


def item(name, mark, *fixtures):
    """As much of a pytest item as points look at."""
    return SimpleNamespace(
        path=Path("tests/hidden/a/test_a.py"),
        originalname=name,
        function=name,
        fixturenames=("student", *fixtures),
        get_closest_marker=lambda _: mark.mark,
    )


NUMBER = item("right", points(2, group="numerics"), "reference")
SHAPE = item("shape", points(1, group="shapes"))
LEFT = item("left", points(1, group="behaviour", needs="number"))
DTYPE = item("dtype", points(1, group="numerics", about="dtype", needs="number"), "reference")
RESPONDS = item("responds", points(1, group="parameters", gives="number"))


def results(*outcomes):
    return [TestResult(name, "", "", float(ok), 1.0, "passed" if ok else "failed") for name, ok in outcomes]


def counted(items, passed, exercises=None):
    """The points of each item when those named in `passed` pass."""
    conditions = Conditions(items, exercises or [{"f"}] * len(items))
    answer = conditions.counted(
        results(*[(item.originalname, item.originalname in passed) for item in items])
    )
    return {result.name: (result.points, result.message) for result in answer}


def test_what_needs_a_number_counts_with_one_and_not_without():
    items = [SHAPE, NUMBER, LEFT]
    assert counted(items, {"shape", "left", "right"})["left"] == (1.0, "")
    without = counted(items, {"shape", "left"})
    assert without["left"] == (0.0, "This holds, and counts once one number of `f` is right.")
    assert without["shape"] == (1.0, "")


def test_the_right_number_must_be_of_the_same_exercise():
    items = [NUMBER, LEFT, item("other", points(1, group="numerics"), "reference")]
    exercises = [{"f"}, {"g"}, {"g"}]
    assert counted(items, {"left", "right"}, exercises)["left"][0] == 0.0
    assert counted(items, {"left", "other"}, exercises)["left"][0] == 1.0


def test_a_test_that_needs_a_number_gives_none_and_one_that_says_so_gives_it():
    assert counted([NUMBER, DTYPE, LEFT], {"dtype", "left"})["left"][0] == 0.0
    assert counted([NUMBER, RESPONDS, LEFT], {"responds", "left"})["left"][0] == 1.0


def test_a_dtype_is_forgiven_where_another_test_of_all_its_exercises_charges_it():
    conditions = Conditions([NUMBER, DTYPE, LEFT, NUMBER], [{"f"}, {"f"}, {"f", "g"}, {"g"}])
    assert [conditions.forgives_dtype(number) for number in range(4)] == [True, False, False, False]


def test_what_no_test_could_give_is_the_authors_fault():
    with pytest.raises(SuiteError, match="needs a right number of g, but no test compares one"):
        Conditions([NUMBER, LEFT], [{"f"}, {"g"}])


@pytest.mark.parametrize("option", ["about", "needs", "gives"])
def test_an_unknown_option_is_the_authors_fault(option):
    with pytest.raises(SuiteError, match=f"points with {option}='numbers'"):
        worth([item("left", points(1, group="behaviour", **{option: "numbers"}))])


# Right but for the dtype

X = np.linspace(0.1, 0.9, 6).reshape(2, 3)


@pytest.fixture
def forgiving():
    token, other = dtype_counts.set(False), carried_forward.set(False)
    yield
    dtype_counts.reset(token)
    carried_forward.reset(other)


def test_right_numbers_in_another_dtype_or_precision_are_carried_forward(forgiving):
    for answer in (X.astype("f4"), X.astype("f4").astype("f8"), X.astype("f2")):
        carried_forward.set(False)
        assert_close(answer, X)
        assert carried_forward.get()
    for wrong in (X.astype("f4") + np.float32(0.001), X + 0.001, X[:1].astype("f4"), np.ones((2, 3), int)):
        with pytest.raises(Difference):
            assert_close(wrong, X)


def test_without_another_test_that_charges_it_a_dtype_is_charged_everywhere():
    for answer in (X.astype("f4"), X.astype("f4").astype("f8")):
        with pytest.raises(Difference):
            assert_close(answer, X)


def raising(kind, text):
    def call():
        raise StudentRaised(Raised(kind, text, "call"), "f")

    return call


CLASH = raising("RuntimeError", "expected m1 and m2 to have the same dtype, but got: float != double")
OTHER = raising("IndexError", "list index out of range")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: X.astype("f4"), "is float32, but the inputs are float64"),
        (lambda: X.astype("f4").astype("f8"), "only as exact as float32"),
        (CLASH, "same dtype"),
    ],
)
def test_a_lost_dtype_is_seen_also_beside_calls_that_keep_it(call, message):
    with pytest.raises((Difference, StudentRaised), match=message):
        assert_dtype_kept([(lambda: X, X), (call, X)], what="h_next")


def test_a_lost_dtype_is_seen_within_the_pair_that_an_lstm_gives():
    right = (X, (X, X))
    assert_dtype_kept([(lambda: right, right)], what="outputs, (h_last, c_last)")
    with pytest.raises(Difference, match="c_last is float32"):
        assert_dtype_kept([(lambda: (X, (X, X.astype("f4"))), right)], what="outputs, (h_last, c_last)")
    with pytest.raises(Difference, match="Expected 2 things back"):
        assert_dtype_kept([(lambda: (X, X), right)], what="outputs, (h_last, c_last)")


def test_what_is_no_matter_of_a_dtype_is_left_to_other_tests():
    assert_dtype_kept([(OTHER, X), (lambda: X + 1, X), (lambda: X.astype("f4"), "float32")], what="h_next")
    with pytest.raises(StudentRaised):
        assert_dtype_kept([(OTHER, X), (lambda: (X, X), X)], what="h_next")
    with pytest.raises(Difference, match="Expected 2 things back"):
        assert_dtype_kept([(lambda: X, (X, X))], what="outputs, hidden")


def test_an_answer_that_does_not_depend_on_something_is_seen():
    assert_differs(X, X + 0.1, what="outputs", on="x")
    for other in (X, X[:1], None):
        with pytest.raises(Difference):
            assert_differs(X, other, what="outputs", on="x")


def test_alive_is_what_assert_alive_takes():
    assert is_alive(X, (2, 3))
    assert not any(is_alive(answer, (2, 3)) for answer in (X * 0, X * np.nan, X[0], None, [[1.0]]))
