"""The arithmetic by which sets of mistakes are chosen: numbers of wrong programs are of any size, or none at all."""

from __future__ import annotations

import numpy as np
import pytest

from grader.diagnose.sets import distances
from grader.diagnose.traces import Trace

PAIRS = np.array([[0, 1], [0, 2], [1, 2]])

pytestmark = pytest.mark.filterwarnings("error")


def test_the_set_that_moves_numbers_to_the_others_is_nearest():
    moved = np.array([[1.0, 0.0], [0.0, 2.0], [5.0, 5.0]])
    near = distances(np.zeros(2), np.array([1.0, 2.0]), moved, PAIRS)
    assert near[0] == 0
    assert (near[1:] > 0).all()


def test_without_numbers_all_sets_are_as_near():
    assert distances(np.zeros(0), np.zeros(0), np.zeros((3, 0)), PAIRS).tolist() == [0, 0, 0]


def test_numbers_as_large_as_floats_go_are_far():
    largest = np.finfo(float).max
    moved = np.array([[largest], [largest], [0.0]])
    assert (distances(np.array([largest]), np.array([-largest]), moved, PAIRS) == 1).all()


def test_answers_with_the_largest_numbers_are_alike_where_they_are_the_same():
    traces = [
        Trace(np.array([0]), numbers, {}, numbers)
        for numbers in (np.array([1e308, np.inf]), np.array([1e308, np.inf]), np.array([1.0, np.inf]))
    ]
    assert traces[0].alike == traces[1].alike != traces[2].alike
