"""Mistakes against which a submission's answers speak, on programs that are made of numbers."""

from __future__ import annotations

import numpy as np
import pytest

from grader.diagnose import contradicted as contradicting
from grader.diagnose import sets
from grader.diagnose.contradicted import contradicted, contradicted_in_part
from grader.diagnose.searches import SEARCHES
from grader.diagnose.sets import Sets
from grader.diagnose.tries import Tries
from tests.kit.test_peeled import HALF, Rows
from tests.kit.test_sets_of_made_programs import MadeSubmission, World


def contradicted_names(world: World, *names: str) -> set[str]:
    """What the answers of the submission with some mistakes speak against, of answers that are wrong."""
    submitted = MadeSubmission(world, names)
    tries = Tries(world.effects, world.program, submitted)
    variants = contradicted_in_part(tries, submitted, [*world.variants.values()])
    return {variant.place for variant in variants}


def test_what_shows_where_the_submission_is_right_is_contradicted():
    world = World(2, {"a": {0: 1.0}, "b": {0: 1.0, 1: 2.0}})
    submitted = MadeSubmission(world, ["a"])
    every = [*world.variants.values()]
    assert contradicted(world.effects, submitted, every) == {*world.named("b")}


def test_what_alone_changes_numbers_that_are_right_is_contradicted():
    """Of the only answer the first half is wrong; `b` changes the other half, `c` both."""
    world = Rows(1, {"a": {0: HALF}, "b": {0: 1.0 - HALF}, "c": {0: 2.0}, "d": {0: HALF * 3.0}})
    assert contradicted_names(world, "a") == {"b", "c"}


def test_where_all_numbers_are_wrong_nothing_is_contradicted():
    world = Rows(1, {"a": {0: 1.0}, "b": {0: HALF}})
    assert contradicted_names(world, "a", "b") == set()


def test_what_is_not_contradicted_in_every_answer_that_it_changes_may_have_been_undone():
    """`b` takes back in question 0 what `a` does to its second half; in question 1 neither is contradicted."""
    does = {"a": {0: 1.0, 1: HALF}, "b": {0: HALF - 1.0, 1: HALF * 2.0}}
    assert contradicted_names(Rows(2, does), "a", "b") == set()
    assert contradicted_names(Rows(1, {name: {0: adds[0]} for name, adds in does.items()}), "a", "b") == {
        "a",
        "b",
    }


def test_so_many_answers_are_looked_at_and_no_more(monkeypatch):
    monkeypatch.setattr(contradicting, "PARTLY_RIGHT", 1)
    world = Rows(2, {"a": {0: HALF, 1: HALF}, "b": {1: 1.0}})
    assert contradicted_names(world, "a") == set()


@pytest.fixture
def sets_of_later_search(monkeypatch):
    """The sets that are run by a search which the first one leaves everything to."""
    monkeypatch.setattr(sets, "MOST_PAIRS", 0)
    monkeypatch.setattr(sets, "SEARCHES", {"first": SEARCHES["first"], "beside": SEARCHES["beside"]})

    def sets_of_later_search(world: World, submitted: MadeSubmission) -> list[frozenset[str]]:
        searched = Sets(world.effects, world.program, submitted, [*world.variants.values()])
        first = len(world.made)
        grown = searched._grown
        monkeypatch.setattr(searched, "_grown", lambda: [] if searched._search == "first" else grown())
        searched.explanations()
        return [names for names in world.made[first:] if len(names) > 1]

    return sets_of_later_search


def test_the_later_searches_leave_out_what_is_contradicted(sets_of_later_search):
    does = {"a": {0: HALF}, "b": {0: HALF * 2.0}, "c": {0: np.full(6, 2.0)}}
    world = Rows(1, does, together={(0, frozenset("ab")): HALF * 7.0})
    run = sets_of_later_search(world, MadeSubmission(world, ["a", "b"]))
    assert frozenset("ab") in run
    assert not [names for names in run if "c" in names]
