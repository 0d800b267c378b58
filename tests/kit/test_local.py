"""Sets of mistakes that answer one question each, and what is made of them, on programs that are made of numbers."""

from __future__ import annotations

import dataclasses

import pytest

from grader.diagnose import sets
from grader.diagnose.local import RUN, LocalSets
from grader.diagnose.searches import SEARCHES
from grader.diagnose.tries import Tries
from tests.kit.test_sets_in_other_ways import Raising, RaisingSubmission
from tests.kit.test_sets_of_made_programs import MadeSubmission, World
from tests.kit.test_sets_of_made_programs import search as search  # the fixture


def best_of(world: World, *names: str, most: float = 1500, submission=None):
    """The sets and the questions that they answer, by name."""
    submission = submission or MadeSubmission(world, names)
    tries = Tries(world.effects, world.program, submission, most)
    local = LocalSets(tries, [*world.variants.values()], (), submission.wrong).best()
    return {"".join(sorted(edit.place for edit in each.edits)): list(each.answered) for each in local}


def test_two_that_show_in_one_question_and_one_of_another_are_put_together():
    world = World(
        3, {"a": {0: 1.0, 2: 1.0}, "b": {0: 2.0, 2: 2.0}, "c": {1: 5.0, 2: 5.0}, "x": {0: 9.0, 1: 9.0}}
    )
    assert best_of(world, "a", "b", "c") == {"abc": [0, 1, 2], "ab": [0]}


def test_a_set_that_answers_more_comes_first_and_spares_its_questions_a_search():
    world = World(
        3, {"a": {0: 1.0, 1: 1.0, 2: 3.0}, "b": {0: 2.0, 1: 2.0, 2: 4.0}, "x": {0: 9.0}, "y": {1: 9.0}}
    )
    assert best_of(world, "a", "b") == {"ab": [0, 1, 2]}
    assert [ids for ids in world.made if len(ids) > 1] == [{"a", "b"}, {"a", "x"}, {"b", "x"}]


def test_what_answers_one_question_by_chance_comes_last():
    world = World(
        3,
        {"a": {1: 1.0, 2: 3.0}, "b": {1: 2.0, 2: 4.0}, "c": {0: 5.0}, "d": {0: 1.0}, "e": {0: 4.0}},
    )
    first, *_, last = best_of(world, "a", "b", "c").items()
    assert (first, last) == (("abc", [0, 1, 2]), ("de", [0]))


def test_two_in_the_way_that_the_other_question_needs_are_put_together():
    """`a` and `a2` are one mistake, alike in question 0; in question 1 only `a2` leaves alone what `b` does."""
    world = World(2, {"a": {0: 1.0, 1: 4.0}, "a2": {0: 1.0}, "b": {1: 2.0}, "c": {1: 3.0}})
    world.variants["a2"] = dataclasses.replace(world.variants["a"], place="a2")
    assert best_of(world, "a2", "b", "c")["a2bc"] == [0, 1]


def test_two_ways_of_one_mistake_are_never_put_together():
    world = World(2, {"a": {0: 1.0}, "a2": {1: 2.0}, "b": {0: 4.0}})
    world.variants["a2"] = dataclasses.replace(world.variants["a"], place="a2")
    assert all(name != "aa2" for name in best_of(world, "a", "a2"))


def test_exceptions_are_no_questions_of_it():
    world = Raising(2, {"a": {1: 1.0}, "b": {1: 2.0}}, {(0, frozenset("ab")): "no"})
    assert best_of(world, submission=RaisingSubmission(world, ("a", "b"))) == {"ab": [1]}


def test_no_more_is_asked_than_may_be():
    """Thirty mistakes are 435 pairs: of each question only those are run that should come nearest."""
    many = {f"m{place:02}": {0: 1.0 + place, 1: 2.0 + place} for place in range(30)}
    world = World(2, many, together={(0, frozenset(("m00", "m29"))): 777.0})
    submission = MadeSubmission(world, ("m00", "m29"))
    tries = Tries(world.effects, world.program, submission, 1500)
    LocalSets(tries, [*world.variants.values()], (), [0]).best()
    assert 0 < tries.cost <= RUN
    short = Tries(world.effects, world.program, submission, 3)
    LocalSets(short, [*world.variants.values()], (), [0, 1]).best()
    assert short.cost == 3


def test_what_one_mistake_hides_from_the_search_is_found_in_another_question(search, monkeypatch):
    """`x` answers question 0 alone as `a` and `b` do together, and nothing leads on from it."""
    world = World(
        3,
        {
            "a": {0: 1.0, 1: 1.0, 2: 7.0},
            "b": {0: 2.0, 1: 2.0, 2: 7.0},
            "c": {1: 5.0, 2: 7.0},
            "x": {0: 3.0, 1: 40.0, 2: 70.0},
        },
        together={(2, frozenset("abc")): 5.0},
    )
    monkeypatch.setattr(sets, "SEARCHES", {"brief": SEARCHES["brief"], "local": SEARCHES["local"]})
    assert search(world, "a", "b", "c") == [["a", "b", "c"]]


@pytest.mark.parametrize("names", ["ab", "abc", "bcd"])
def test_local_sets_alone_name_what_is_wrong(search, monkeypatch, names):
    world = World(
        4,
        {"a": {0: 1.0, 3: 1.0}, "b": {0: 2.5, 1: 1.5}, "c": {1: 4.0, 2: 2.0}, "d": {2: 5.5, 3: 8.0}},
    )
    monkeypatch.setattr(sets, "SEARCHES", {"local": SEARCHES["local"], "first": SEARCHES["brief"]})
    assert search(world, *names) == [sorted(names)]
