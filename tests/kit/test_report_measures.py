"""The numbers of a class: how scores are spread, how hard tests are, which mistakes are made most."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from grader.problems import Problem
from grader.report import measures

from . import graded_factory as factory


def test_the_distribution_counts_everyone_once():
    values = [0.0, 0.99, 1.0, 5.0, 9.999, 10.0, 7 * 0.1 * 10]
    bins = measures.distribution(values, 10.0)
    assert [bar.count for bar in bins] == [2, 1, 0, 0, 0, 1, 0, 1, 0, 2]
    assert (bins[0].low, bins[-1].high) == (0.0, 10.0)
    assert measures.distribution(values, 0.0) == []


def test_the_spread_of_scores():
    values = [0.0, 2.0, 4.0, 5.0, 9.0]
    spread = measures.spread(values)
    assert (spread.lower, spread.median, spread.upper) == tuple(np.percentile(values, [25, 50, 75]))
    assert (spread.mean, spread.deviation) == (pytest.approx(np.mean(values)), pytest.approx(np.std(values)))
    assert measures.spread([3.0]) == measures.Spread(3.0, 3.0, 3.0, 3.0, 0.0)
    assert measures.spread([]) is None


def test_points_by_group_are_over_those_who_were_tested():
    class_ = [
        factory.result("a"),
        factory.result("b", ("test_order", "test_shapes[one]")),
        factory.unreadable("c", "No."),
    ]
    assert measures.groups(class_) == [
        measures.GroupMeasure("shapes", 1.875, 2.5),
        measures.GroupMeasure("numerics", 2.0, 4.0),
        measures.GroupMeasure("lengths", 3.5, 3.5),
    ]


def test_difficulty_and_discrimination_are_those_of_the_formulas():
    class_ = [
        factory.result("a"),
        factory.result("b", ("test_lengths",)),
        factory.result("c", ("test_order", "test_lengths")),
        factory.result("d", ("test_shapes[one]", "test_order")),
        factory.not_graded("e"),
        factory.unreadable("f", "x"),
    ]
    shapes, order, lengths = measures.tests(class_)
    assert [(test.passing, test.of) for test in (shapes, order, lengths)] == [(3, 4), (2, 4), (2, 4)]
    assert (shapes.points, shapes.name, order.share) == (2.5, "test_shapes", 0.5)
    item = np.array([1, 1, 1, 0.5])
    rest = np.array([7.5, 4, 0, 3.5])
    assert shapes.discrimination == pytest.approx(np.corrcoef(item, rest)[0, 1])
    assert order.discrimination == pytest.approx(np.corrcoef([1, 1, 0, 0], [6, 2.5, 2.5, 4.75])[0, 1])


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("graded", True),
        ("timeout", True),
        ("crashed", True),
        ("unreadable", False),
        ("not_attempted", False),
        ("not_graded", False),
    ],
)
def test_difficulty_is_over_everyone_whose_tests_were_run(status, counts):
    """Who hung or crashed failed tests like others; who never began or could not be loaded says nothing of a test."""
    score = None if status == "not_graded" else 6.0
    other = replace(factory.result("b", ("test_lengths",)), status=status, score=score)
    class_ = [factory.result("a"), other]
    assert {test.of for test in measures.tests(class_)} == {2 if counts else 1}
    assert measures.tested(class_) == (class_ if counts else class_[:1])


def test_a_test_does_not_correlate_with_itself():
    """With the test left in the total, two unrelated halves would seem to discriminate."""
    item, rest = [1, 1, 0, 0], [1, 0, 1, 0]
    assert measures.item_rest_correlation(item, rest) == pytest.approx(0)


@pytest.mark.parametrize("item", [[1, 1, 1, 1], [0, 0, 0, 0], [1, 0]])
def test_no_spread_is_no_discrimination(item):
    assert measures.item_rest_correlation(item, [3, 2, 1, 0][: len(item)]) is None
    assert measures.item_rest_correlation([3, 2, 1, 0][: len(item)], item) is None


def test_tests_that_measure_nothing_are_remarked_on():
    everyone = [factory.result(name) for name in "abcd"]
    assert {test.remark for test in measures.tests(everyone)} == {"everyone passes"}
    names = [name for name, *_ in factory.SUITE]
    nobody = [factory.result(name, names) for name in "abcd"]
    assert {test.remark for test in measures.tests(nobody)} == {"nobody passes"}
    odd = [factory.result(name, ("test_lengths",)) for name in "ab"]
    odd += [factory.result(name, ("test_order", "test_shapes[main]")) for name in "cd"]
    assert "look at this test" in measures.tests(odd)[2].remark


def test_mistakes_are_ranked_and_nobody_counts_twice():
    other = replace(factory.REVERSED, id="other", title="Another", certainty="one of")
    again = replace(factory.REVERSED, functions=("BiRNN",))
    class_ = [
        factory.wrong("a", diagnoses=(factory.REVERSED, again)),
        factory.wrong("b", diagnoses=(other, replace(factory.REVERSED, certainty="one of"))),
        factory.wrong("c", diagnoses=(factory.REVERSED,)),
        factory.wrong("d", diagnoses=()),
        factory.result("e"),
    ]
    first, second = measures.mistakes(class_)
    assert first.diagnosis.id == "backward_not_realigned"
    assert first.functions == ("birnn_forward", "BiRNN")
    assert [result.student for result in first.made] == ["a", "c"]
    assert [result.student for result in first.perhaps] == ["b"]
    assert ([*second.made], [result.student for result in second.perhaps]) == ([], ["b"])
    assert [result.student for result in measures.unnamed(class_)] == ["d"]


@pytest.mark.parametrize(
    ("status", "kind", "listed"),
    [
        ("graded", "", True),
        ("graded", "raised", True),
        ("graded", "unwritten", False),
        ("graded", "missing", False),
        ("timeout", "", False),
        ("crashed", "", False),
        ("unreadable", "", False),
        ("not_attempted", "", False),
    ],
)
def test_no_known_mistake_is_said_only_of_answers_that_are_wrong(status, kind, listed):
    result = factory.result("ann", ("test_order", "test_lengths"), status=status)
    problem = Problem(kind, "BiRNN") if kind else None
    tests = tuple(replace(test, problem=problem if test.message else None) for test in result.tests)
    assert measures.unnamed([replace(result, tests=tests)]) == (
        [replace(result, tests=tests)] if listed else []
    )


def test_who_has_written_half_of_it_wrongly_is_listed():
    result = factory.result("ann", ("test_order", "test_lengths"))
    first, *others = (test for test in result.tests if test.outcome == "failed")
    unwritten = replace(first, problem=Problem("unwritten", "BiRNN"))
    passed = [test for test in result.tests if test.outcome == "passed"]
    half = replace(result, tests=(unwritten, *others, *passed))
    assert measures.unnamed([half]) == [half]


def test_a_test_is_measured_over_those_whom_it_judged():
    """Beside results of an earlier version of the suite, which had no such test."""
    old = factory.result("old")
    old = replace(old, tests=old.tests[:3], suite="another")
    class_ = [factory.result("a", ("test_lengths",)), factory.result("b"), old]
    shapes, _, lengths = measures.tests(class_)
    assert (shapes.of, lengths.of, lengths.passing) == (3, 2, 1)
