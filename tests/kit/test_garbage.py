"""While a search runs, Python looks for garbage seldom; afterwards as before."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from grader.diagnose.garbage import OBJECTS, seldom_collected


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_it_is_looked_seldom_and_then_as_before() -> None:
    gc.set_threshold(700, 10, 10)
    seen = []

    def failing() -> None:
        with seldom_collected():
            seen.append(gc.get_threshold())
            raise KeyError

    with pytest.raises(KeyError):
        failing()
    assert seen == [(OBJECTS, 10, 10)]
    assert gc.get_threshold() == (700, 10, 10)


@pytest.mark.parametrize("least", [0, OBJECTS + 1])
def test_where_it_is_looked_less_often_already_nothing_is_changed(least: int) -> None:
    gc.set_threshold(least, 10, 10)
    with seldom_collected():
        assert gc.get_threshold() == (least, 10, 10)
