"""The grid of differences on a student's page: which entries are off, sample by sample."""

from __future__ import annotations

import pytest

from grader.records import Counterexample
from grader.report.grid import grids


def over_time(expected, answer, x=None):
    x = [[[0.0] for _ in sample] for sample in expected] if x is None else x
    return example({"x": x}, {"outputs": expected}, {"outputs": answer})


def example(inputs, expected, answer):
    return Counterexample("f", "", inputs, "", expected, answer, ())


def test_a_grid_for_each_sample():
    first, second = grids(over_time([[[1.0], [2.0]], [[3.0], [4.0]]], [[[1.0], [2.0]], [[3.0], [4.5]]]))
    assert (first.differing, second.differing) == (0, 1)
    assert (first.sample, second.sample) == (0, 1)
    assert (second.rows[1][0].got, second.rows[1][0].expected) == ("4.5000", "4.0000")


def test_rounding_is_no_difference_and_a_small_difference_is_one():
    (grid,) = grids(over_time([[[0.1234, 0.5], [0.0, 0.0]]], [[[0.1235, 0.6], [-0.0, 0.0]]]))
    assert [cell.differs for row in grid.rows for cell in row] == [False, True, False, False]
    (grid,) = grids(over_time([[[0.1234567, 0.5], [0.0, 0.0]]], [[[0.1234867, 0.5], [0.0, 0.0]]]))
    assert grid.rows[0][0].got == "0.1234867"
    assert grid.differing == 1
    assert "-0" not in "".join(cell.got for row in grid.rows for cell in row)


def test_numbers_that_json_has_not_are_shown_as_words():
    (grid,) = grids(over_time([[[0.5], [0.5]]], [[["nan"], [0.5]]]))
    assert (grid.rows[0][0].got, grid.rows[0][0].expected) == ("nan", "0.5000")


@pytest.mark.parametrize(
    "wrong",
    [
        over_time([[[1.0], [2.0]]], [[[1.0], [2.0]]]),  # nothing differs
        over_time([[[1.0]]], [[[2.0]]]),  # one step
        over_time([[[1.0], [2.0]]], [[[1.0, 2.0]]]),  # another shape
        over_time([[[1.0], [2.0]]], [[[1.0], [2.0, 3.0]]]),  # no shape
        over_time([[[1.0], [2.0]]], "a text"),
        over_time([[[1.0], [2.0]]], [[[1.0], [3.0]]], x=[[0.0], [1.0]]),  # the input is not over time
        example({}, {"outputs": [[[1.0], [2.0]]]}, {"outputs": [[[1.0], [3.0]]]}),
        example({"x": [[[0.0]]]}, {}, {}),
        example({"x": [[[0.0]]]}, {"a": 1}, "It raised."),
    ],
)
def test_what_is_not_over_time_has_no_grid(wrong):
    assert grids(wrong) == []


def test_a_large_grid_is_cut_and_says_so():
    expected = [[[0.0] * 20 for _ in range(30)]]
    answer = [[[1.0] * 20 for _ in range(30)]]
    (grid,) = grids(over_time(expected, answer))
    assert (len(grid.rows), len(grid.rows[0])) == (24, 12)
    assert grid.cut == "6 more steps and 8 more features"
