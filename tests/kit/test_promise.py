"""Whether a search leads on, by what the sets answered that were run, on programs that are made of numbers."""

from __future__ import annotations

import itertools

import pytest

from grader.diagnose import promise, sets
from grader.diagnose.promise import Promise
from grader.diagnose.sets import Sets
from grader.diagnose.tries import Tries
from tests.kit.test_peeled import HALF, Rows
from tests.kit.test_sets_of_made_programs import MadeSubmission, World


@pytest.fixture(autouse=True)
def little(monkeypatch):
    monkeypatch.setattr(promise, "SPENT", 1)


def leads_on(world: World, submitted: MadeSubmission, *run: str) -> bool:
    """Whether anything leads on after some sets were run on question 0."""
    tries = Tries(world.effects, world.program, submitted)
    for names in run:
        tries.trace(0, world.named(*names))
    return Promise(tries, [*world.variants.values()]).leads_on()


def test_a_set_that_comes_nearer_than_each_alone_leads_on():
    """The submission adds 0.9: `a` and `b` come to 0.7, `a` and `c` beyond it."""
    world = World(1, {"a": {0: 0.4}, "b": {0: 0.3}, "c": {0: 5.0}})
    submitted = MadeSubmission(world, [], beside=0.9)
    assert leads_on(world, submitted, "ab")
    assert not leads_on(world, submitted, "ac")


def test_a_set_that_gives_more_of_what_is_wrong_leads_on():
    """`a` and `b` give half of what is wrong, and the other half is further off than anything alone."""
    world = Rows(1, {"a": {0: 0.4}, "b": {0: 0.3}, "c": {0: 0.1}})
    world.together[0, frozenset("ab")] = HALF * 5.0 - (1.0 - HALF) * 9.0
    world.together[0, frozenset("ac")] = HALF * 4.0 - (1.0 - HALF) * 9.0
    submitted = MadeSubmission(world, [], beside=5.0)
    assert leads_on(world, submitted, "ab")
    assert not leads_on(world, submitted, "ac")


def test_where_little_was_run_nothing_is_judged(monkeypatch):
    world = World(1, {"a": {0: 0.4}, "c": {0: 5.0}})
    submitted = MadeSubmission(world, [], beside=0.9)
    assert not leads_on(world, submitted, "ac")
    monkeypatch.setattr(promise, "SPENT", 2)
    assert leads_on(world, submitted, "ac")


def last_search(monkeypatch, does: dict[str, dict[int, float]]) -> str:
    """The last search that is begun for a submission which adds 5 to every answer."""
    monkeypatch.setattr(sets, "MOST_PAIRS", 0)
    world = World(2, does)
    search = Sets(
        world.effects, world.program, MadeSubmission(world, [], beside=5.0), [*world.variants.values()]
    )
    assert search.explanations() == []
    return search._search


AWAY = {name: {0: -1.0 - place, 1: -2.0 - place} for place, name in enumerate("pqrs")}


def test_a_search_in_vain_ends_after_the_first(monkeypatch):
    assert last_search(monkeypatch, AWAY) == "first"


def test_one_that_leads_on_goes_through_all(monkeypatch):
    near = {"a": {0: 2.0, 1: 2.0}, "b": {0: 2.9, 1: 2.9}}
    assert last_search(monkeypatch, {**AWAY, **near}) == "beside"


def test_so_does_one_that_answered_a_question(monkeypatch):
    answers = {"a": {0: 5.0, 1: -3.0}}
    assert last_search(monkeypatch, {**AWAY, **answers}) == "beside"


def test_the_same_answers_lead_to_the_same_judgement_in_any_order():
    world = World(1, {"a": {0: 0.4}, "b": {0: 0.3}, "c": {0: 5.0}})
    submitted = MadeSubmission(world, [], beside=0.9)
    for run in itertools.permutations(("ab", "ac", "bc")):
        assert leads_on(world, submitted, *run)
