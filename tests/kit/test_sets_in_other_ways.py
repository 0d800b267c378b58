"""Mistakes that others hide: found as another one, or beside an exception, on programs that are made of numbers."""

from __future__ import annotations

import dataclasses

import pytest

from grader.diagnose import sets
from grader.diagnose.other_sets import OtherSets
from grader.diagnose.searches import SEARCHES
from grader.diagnose.sets import Sets
from grader.diagnose.tries import Tries
from grader.diagnose.ways import WAYS, Ways
from grader.subject import operations as ops
from tests.kit.test_sets_of_made_programs import MadeSubmission, Program, World

MOST = 16  # answers: too few to add anything


class Raising(World):
    """Programs of which some sets raise; `raises` says in which question, and with which words."""

    def __init__(self, questions: int, does, raises, **more) -> None:
        super().__init__(questions, does, **more)
        self.raises = raises

    def program(self, edits):
        self.made.append(frozenset(edit.place for edit in edits))
        return RaisingProgram(self, edits)

    def answer(self, number: int, edits):
        names = frozenset(edit.place for edit in edits)
        words = self.raises.get((number, names))
        if words is not None:
            return ops.Raised("ValueError", words, "call", ())
        return ops.Value(self.numbers(number, edits))


class RaisingProgram(Program):
    def answers(self, number, session, draws=0):
        return [(self.world.answer(number, self.edits),)]


class RaisingSubmission(MadeSubmission):
    def answers(self, number):
        return [(self.world.answer(number, self.edits),)]


def named_for(world: Raising, *names: str, most: float = 1500):
    searched = Sets(
        world.effects, world.program, RaisingSubmission(world, names), [*world.variants.values()], most=most
    )
    return [sorted(edit.place for edit in edits) for edits in searched.explanations()]


@pytest.fixture(autouse=True)
def no_pairs(monkeypatch):
    """Sets grow: not all pairs of a small table are tried."""
    monkeypatch.setattr(sets, "MOST_PAIRS", 0)


def test_what_another_hides_may_be_any_that_was_alike_where_it_was_found():
    """`b` and `a` are alike in question 0 only: in question 1 `c` hides either."""
    world = World(3, {"a": {0: 1.0, 1: 5.0, 2: 1.0}, "b": {0: 1.0, 1: 6.0, 2: 2.0}, "c": {1: 50.0}})
    a, b, c = world.variants.values()
    exchanges = Ways(world.effects, [a, b, c], [0, 1], ())
    assert exchanges.others(2, (a, c)) == [(a, c)]
    assert exchanges.looser(2, (a, c)) == [(b, c)]


def test_nothing_takes_the_place_of_a_mistake_because_both_do_not_show():
    world = World(3, {"a": {0: 1.0}, "b": {1: 6.0}, "x": {2: 3.0}})
    a, b, x = world.variants.values()
    assert Ways(world.effects, [a, b, x], [0, 1], ()).looser(2, (a, b)) == []


def test_a_set_of_one_question_is_in_no_other_ways():
    world = World(2, {"a": {0: 1.0}, "b": {0: 1.0, 1: 2.0}})
    a, b = world.variants.values()
    assert Ways(world.effects, [a, b], [0], ()).looser(1, (a,)) == []


def test_two_are_exchanged_at_once_before_anything_is_added():
    """After two questions it is `a` and `c`; that it is `b` and `d` shows in the third one, where each alone is far."""
    does = {
        "a": {0: 1.0, 1: 5.0, 2: 0.3},
        "b": {0: 1.0, 1: 6.0, 2: 0.4},
        "c": {1: 50.0, 2: 0.7},
        "d": {1: 50.0, 2: 0.9},
        **{f"x{place}": {2: 10.0 + place} for place in range(1, 9)},
    }
    world = Raising(3, does, {}, at_most={1: 50.0}, together={(2, frozenset("bd")): 77.0})
    assert named_for(world, "b", "d", most=MOST) == [["b", "d"]]


def test_what_changes_numbers_alone_raises_beside_another():
    """`a` alone explains question 0. In the others it raises, but only beside `c`, of which nothing is seen alone."""
    does = {"a": {0: 1.0, 1: 2.0, 2: 3.0}, "b": {1: 4.0}, "c": {}}
    both = frozenset("ac")
    world = Raising(3, does, {(1, both): "size 3", (2, both): "size 4"})
    assert named_for(world, "a", "c") == [["a", "c"]]


def test_where_most_is_an_exception_these_are_asked_about_when_numbers_lead_nowhere(monkeypatch):
    """Of `a` nothing is seen in questions 0 to 2, where much is tried in vain, and it raises in the others."""
    monkeypatch.setattr(sets, "SEARCHES", {"first": dataclasses.replace(SEARCHES["first"], more=3000)})
    both, raising = frozenset("ab"), (3, 4, 5)
    others = {f"x{place}": {number: 0.1 * place + number for number in range(3)} for place in range(1, 40)}
    does = {"a": dict.fromkeys(raising, 2.0), "b": {0: 0.3, 1: 0.4, 2: 0.5}, **others}
    together = {(number, both): 90.0 + 7 * number for number in range(3)}
    raises = {(number, names): "size 3" for number in raising for names in (frozenset("a"), both)}
    assert named_for(Raising(6, does, raises, together=together), *both) == [["a", "b"]]


@pytest.mark.parametrize(("searches", "expected"), [(["brief", "first"], [["a", "b"]]), (["first"], [])])
def test_no_question_uses_up_what_may_be_asked_before_others_were_looked_at(monkeypatch, searches, expected):
    """In question 0, where fewer show, nothing is seen of `b` alone; in question 1 a pair is soon found."""
    monkeypatch.setattr(
        sets, "SEARCHES", {name: dataclasses.replace(SEARCHES[name], more=200) for name in searches}
    )
    others = {f"x{place}": {0: 3.0 + 0.1 * place, 1: 9.0 + 0.1 * place} for place in range(1, 60)}
    does = {"a": {0: 1.0, 1: 1.5}, "b": {1: 2.0}, "c": {1: 40.0}, **others}
    world = Raising(2, does, {}, together={(0, frozenset("ab")): 30.0})
    assert named_for(world, "a", "b") == expected


def test_a_set_is_left_with_the_mistakes_that_it_needs():
    """`x` shows in question 0 alone; beside `a` and `b` nothing is seen of it."""
    world = World(2, {"x": {0: 1.0}, "a": {0: 2.0, 1: 1.0}, "b": {0: 2.0, 1: 2.0}}, at_most={0: 2.0})
    submitted = MadeSubmission(world, ["a", "b"])
    tries = Tries(world.effects, world.program, submitted)
    others = OtherSets(tries, submitted, [*world.variants.values()])
    assert others.least(world.named("x", "a", "b")) == world.named("a", "b")


def test_of_one_exception_everywhere_nothing_is_said_that_others_raise_too(monkeypatch):
    """`a` raises in question 0; in the others only `a` beside `c`, or beside `d`, of which nothing is seen alone."""
    monkeypatch.setattr(sets, "SEARCHES", {"first": SEARCHES["first"]})
    does = {"a": {0: 1.0, 1: 2.0, 2: 3.0}, "b": {1: 4.0}, "c": {}, "d": {}}
    raises = {(number, frozenset(both)): "size 3" for number in (1, 2) for both in ("ac", "ad")}
    raises |= {(0, frozenset(names)): "size 3" for names in ("a", "ac", "ad")}
    assert named_for(Raising(3, does, raises), "a", "d") == []


def test_a_question_that_is_answered_rightly_is_asked_as_well(monkeypatch):
    """What grew for questions 0 and 1 is wrong in question 2 alone, where `a` and `b` undo each other."""
    monkeypatch.setattr(sets, "SEARCHES", {"first": SEARCHES["first"]})
    does = {"a": {0: 1.0, 2: 3.0}, "b": {1: 4.0, 2: -3.0}, "x": {0: 1.0, 2: 5.0}, "y": {1: 4.0, 2: 7.0}}
    world = Raising(4, does, {(3, frozenset("ab")): "no"})
    searched = Sets(world.effects, world.program, RaisingSubmission(world, ("a", "b")), world.named("x", "y"))
    searched._fitted = [0, 1]
    assert searched._sets_with_any_more(2, [world.named("x", "y")]) == []


def test_a_set_of_many_that_each_stand_for_many_is_exchanged_one_after_the_other():
    """All together would be 60 to the fifth sets."""
    names = [f"{letter}{place}" for letter in "abcde" for place in range(60)]
    does = {name: {"abcde".index(name[0]): 1.0, 5: 1.0 + place} for place, name in enumerate(names)}
    world = World(6, {**does, "x": {0: 5.0}})
    several = world.named("a0", "b0", "c0", "d0", "e0")
    others = Ways(world.effects, [*world.variants.values()], [0, 1, 2, 3, 4], ()).looser(5, several)
    assert len(others) == WAYS
    assert others[0] == world.named("a0", "b0", "c0", "d0", "e1")
