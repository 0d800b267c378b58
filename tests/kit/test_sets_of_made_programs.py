"""The search for sets, on programs that are made of numbers: what each mistake does to each question is written here.

A question is answered by one array, and a mistake adds something to all of its numbers.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from grader.diagnose import sets, tries
from grader.diagnose.additions import Additions
from grader.diagnose.effects import Effects
from grader.diagnose.match import Session, same_answers
from grader.diagnose.mistakes import Mistake, Variant
from grader.diagnose.repeated import change
from grader.diagnose.scopes import scopes
from grader.diagnose.sets import Sets
from grader.diagnose.traces import Layout
from grader.diagnose.tries import Enough, Tries
from grader.diagnose.unread import unread
from grader.subject import operations as ops

WIDE = 6  # numbers in an answer


def question(number: int) -> Session:
    """A question of its own sort."""
    call = ops.Call("f", (np.ones(number + 1),))
    return Session("f", ((number, 0),), ((call,),), (True,))


def variant(name: str) -> Variant:
    return Variant(Mistake(name, title=name, hint=name, edits={}), "f", name, ())


class World:
    """`does` says of each mistake what it adds, by question; `at_most` bounds what a question's numbers add up to.

    `together` is what some mistakes come to in a question, whatever each does alone.
    """

    def __init__(self, questions: int, does: dict[str, dict[int, float]], at_most=None, together=None):
        self.sessions = [question(number) for number in range(questions)]
        self.variants = {name: variant(name) for name in does}
        self.does, self.at_most, self.together = does, at_most or {}, together or {}
        self.made: list[frozenset[str]] = []
        self.effects = Effects(self.sessions, self.program)

    def numbers(self, number: int, edits) -> np.ndarray:
        names = frozenset(edit.place for edit in edits)
        added = sum((self.does[name].get(number, 0.0) for name in names), 0.0)
        total = self.together.get((number, names), added)
        return np.arange(WIDE) + min(total, self.at_most.get(number, np.inf))

    def program(self, edits) -> Program:
        self.made.append(frozenset(edit.place for edit in edits))
        return Program(self, edits)

    def named(self, *names: str):
        return tuple(self.variants[name] for name in names)


class Program:
    drawn = False

    def __init__(self, world: World, edits) -> None:
        self.world, self.edits = world, edits

    def answers(self, number, session, draws=0):
        return [(ops.Value(self.world.numbers(number, self.edits)),)]

    def fits(self, number, session, answers, *, exactly=False):
        return all(map(same_answers, answers, self.answers(number, session)))


class MadeSubmission:
    """A submission that made these mistakes, and adds `beside` to every answer."""

    def __init__(self, world: World, names, beside: float = 0.0) -> None:
        self.world, self.beside = world, beside
        self.edits = world.named(*names)
        self.numbers = list(range(len(world.sessions)))
        self.wrong = [number for number in self.numbers if not self.fits(Program(world, ()), number)]

    def answers(self, number):
        return [(ops.Value(self.world.numbers(number, self.edits) + self.beside),)]

    def fits(self, edited, number):
        return edited.fits(number, self.world.sessions[number], self.answers(number))

    def misfit(self, edited):
        return next((number for number in self.numbers if not self.fits(edited, number)), None)


@pytest.fixture
def search(monkeypatch):
    """The sets that are named for the submission with some mistakes, by growing them alone."""
    monkeypatch.setattr(sets, "MOST_PAIRS", 0)

    def search(world: World, *names: str):
        searched = Sets(
            world.effects, world.program, MadeSubmission(world, names), [*world.variants.values()]
        )
        return [sorted(edit.place for edit in edits) for edits in searched.explanations()]

    return search


def test_two_that_show_in_different_questions_are_found(search):
    world = World(3, {"a": {0: 1.0}, "b": {1: 2.0}, "c": {0: 3.0, 2: 1.0}})
    assert search(world, "a", "b") == [["a", "b"]]


def test_what_shows_where_the_submission_is_right_is_never_put_together(search):
    world = World(3, {"a": {0: 1.0}, "b": {0: 2.0, 1: 4.0}, "c": {0: 1.0, 2: 1.0}})
    assert search(world, "a", "b") == [["a", "b"]]
    assert not [ids for ids in world.made if "c" in ids and len(ids) > 1]


def test_of_two_that_answer_a_question_alike_the_other_one_is_tried_where_another_question_parts_them():
    """Alone `b` and `c` do the same in the first question; beside `a` only `c`, the later one, answers it."""
    world = World(
        2,
        {"a": {0: 1.0}, "b": {0: 2.0, 1: 3.0}, "c": {0: 2.0, 1: 4.0}},
        together={(0, frozenset("ac")): 5.5},
    )
    tries = Tries(world.effects, world.program, MadeSubmission(world, "ac"))
    (start, *candidates) = world.variants.values()
    assert Additions(tries, 0, candidates).to([(start,)], "little beside") == []
    sets = Additions(tries, 0, candidates, others=(1,)).to([(start,)], "little beside")
    assert sets == [world.named("a", "c")]


def test_a_question_that_was_passed_over_is_answered_by_another_way_that_is_alike_alone(search):
    """Nothing shows in question 2 alone; the second way of `b` does there beside `a`, and the first one does not."""
    world = World(
        3, {"a": {0: 1.0}, "b": {1: 2.0}, "b2": {1: 2.0}}, together={(2, frozenset({"a", "b2"})): 7.0}
    )
    world.variants["b2"] = Variant(world.variants["b"].mistake, "f", "b2", ())
    assert search(world, "a", "b2") == [["a", "b2"]]


def test_other_ways_are_tried_also_where_all_answers_were_spent():
    """In question 3 much is tried in vain beside the first way of `b`."""
    both, others = frozenset({"a", "b2"}), {f"x{place}": {3: 0.1 * place} for place in range(1, 9)}
    does = {"a": {0: 1.0}, "b": {1: 2.0}, "b2": {1: 2.0}, **others}
    world = World(4, does, together={(2, both): 7.0, (3, both): 3.0})
    world.variants["b2"] = Variant(world.variants["b"].mistake, "f", "b2", ())
    submitted = MadeSubmission(world, ["a", "b2"])
    searched = Sets(world.effects, world.program, submitted, [*world.variants.values()], most=6)
    assert searched.explanations() == [world.named("a", "b2")]


def test_one_mistake_more_is_tried_beside_a_set_before_sets_without_one_of_its_mistakes(search):
    """Beside `a` nothing is seen of `c` in question 0, and in question 1 something else than either does alone."""
    others = {f"x{place}": {0: 4.0, 1: 0.1 * place} for place in range(1, 9)}
    both = frozenset({"a", "c"})
    world = World(
        2,
        {"a": {0: 1.0, 1: 5.0}, "c": {0: -3.0, 1: 2.0}, **others},
        together={(0, both): 1.0, (1, both): 0.75},
    )
    assert search(world, "a", "c") == [["a", "c"]]
    assert all("a" in names for names in world.made[: world.made.index(both)] if len(names) > 1)


def test_where_a_mistake_shows():
    world = World(2, {"a": {0: 1.0}})
    (a,) = world.named("a")
    assert [world.effects.shows(number, a) for number in (0, 1)] == [True, False]


def test_what_was_explained_before_is_not_given_up(search):
    """Beside `a` eight others answer the second question as well as `b` does, and spoil the first."""
    others = {f"d{n}": {0: -1.0 - n, 1: 10.0 + n} for n in range(8)}
    elsewhere = {f"e{n}": {1: 30.0 + n} for n in range(3)}
    world = World(
        2,
        {"a": {0: 9.0}, **others, **elsewhere, "b": {0: 1.0, 1: 1.0}},
        at_most={0: 9.0},
        together={(1, frozenset(["a", name])): 1.0 for name in others},
    )
    assert search(world, "a", "b") == [["a", "b"]]


def test_a_mistake_that_is_not_needed_is_left_out(search):
    """`x` explains the first question by itself, and nothing beside: the two that explain the second do so together."""
    elsewhere = {f"e{n}": {1: 30.0 + n} for n in range(3)}  # so that fewer show in the first question
    does = {"x": {0: 1.0}, "a": {0: 0.5, 1: 1.0}, "b": {0: 0.5, 1: 2.0}, **elsewhere}
    world = World(2, does, at_most={0: 1.0})
    assert search(world, "a", "b") == [["a", "b"]]


def test_what_grew_first_is_left_out_when_it_became_idle(search):
    """`x` alone explains the first question. `b` does not show there, but makes `a` do what `x` does."""
    elsewhere = {
        f"e{n}": {1: 30.0 + n, 2: 60.0 + n} for n in range(3)
    }  # so that fewer show in the first question
    does = {"x": {0: 1.0}, "a": {0: 0.5, 1: 1.0}, "b": {2: 2.0}, **elsewhere}
    world = World(3, does, at_most={0: 1.0}, together={(0, frozenset("ab")): 1.0})
    assert search(world, "a", "b") == [["a", "b"]]


def test_a_set_that_only_comes_near_explains_nothing():
    world = World(1, {"a": {0: 1.0}, "b": {0: 2.0}})
    near = Tries(world.effects, world.program, MadeSubmission(world, ["a", "b"], beside=1e-3))
    assert near.submission(0).is_near(near.trace(0, world.named("a", "b")), tries.NEAR)
    assert not near.fits(0, world.named("a", "b"))
    assert Tries(world.effects, world.program, MadeSubmission(world, ["a", "b"])).fits(
        0, world.named("a", "b")
    )


@pytest.mark.parametrize("at_once", [0, tries.AT_ONCE], ids=["one by one", "at once"])
def test_sets_that_are_held_against_a_submission_at_once_fit_as_each_alone(at_once, monkeypatch):
    monkeypatch.setattr(tries, "AT_ONCE", at_once)
    does = {"a": {0: 1.0}, "b": {0: 2.0}, "c": {0: 1.0 + 1e-5}, "d": {0: 1.005}, "e": {0: np.nan}}
    world = World(1, does)
    every = [world.named(*names) for count in (1, 2) for names in itertools.combinations("abcde", count)]
    for wrong in ("ab", "bc", "a", "ae"):
        mine, anew = (Tries(world.effects, world.program, MadeSubmission(world, [*wrong])) for _ in range(2))
        fitting = mine.fitting(0, every)
        assert fitting == [edits for edits in every if anew.fits(0, edits)]
        assert world.named(*wrong) in fitting


def test_how_far_a_set_is_off_is_the_same_when_it_is_asked_again():
    world = World(1, {"a": {0: 1.0}, "b": {0: 2.0}})
    mine = Tries(world.effects, world.program, MadeSubmission(world, ["a", "b"]))
    for edits in (world.named("a"), world.named("b"), world.named("a", "b")):
        trace = mine.trace(0, edits)
        assert trace is not None
        for reshaped in (False, True, False):
            assert mine.apart(0, trace, reshaped=reshaped) == trace.apart(
                mine.submission(0), reshaped=reshaped
            )


def test_so_many_answers_are_computed_and_no_more():
    world = World(3, {"a": {0: 1.0}, "b": {0: 2.0}})
    tries = Tries(world.effects, world.program, MadeSubmission(world, ["a"]), most=2)
    for number in (0, 1, 1):
        tries.trace(number, world.named("a", "b"))
    with pytest.raises(Enough):
        tries.trace(2, world.named("a", "b"))
    assert tries.trace(2, world.named("a")) is not None, "single ones are kept for all"


@pytest.mark.parametrize(("dtype", "near"), [("float64", False), ("float32", True)])
def test_precision_that_was_lost_shows_where_all_is_double(dtype, near):
    right = np.linspace(0, 1, 5).astype(dtype)
    layout = Layout(question(0), [(ops.Value(right),)])
    assert layout.trace([(ops.Value((right + 1e-6).astype(dtype)),)]).is_near(layout.reference) == near


def twice(*answers):
    """One object, asked the same question twice, and what it answers."""
    make, ask = ops.Make(1, "F"), ops.Invoke(1, (np.ones(2),))
    session = Session("F", ((0, 0), (0, 1)), ((make, ask), (ask,)), (True, True))
    return session, [(ops.Value(None), answers[0]), (answers[1],)]


def test_what_the_reference_draws_as_well_is_no_change():
    zeros, other = ops.Value(np.zeros(2)), ops.Value(np.ones(2))
    session, changing = twice(zeros, other)
    _, steady = twice(zeros, zeros)
    assert change([session], [0], lambda number: changing, lambda number: steady)
    assert not change([session], [0], lambda number: changing, lambda number: changing)
    assert not change([session], [0], lambda number: steady, lambda number: steady)


def test_what_comes_after_an_exception_is_no_change():
    raised = ops.Raised("ValueError", "one", "call", ())
    session, answers = twice(raised, ops.Value(np.ones(2)))
    assert not change([session], [0], lambda number: answers, lambda number: twice(*[ops.Value(1.0)] * 2)[1])


def test_a_part_has_some_questions_and_not_all():
    """Two of the questions may be answered alike by chance; all of them are no part."""
    of_the_part = [
        Session("f", ((n, 0),), ((ops.Call("f", (np.ones(2), letter)),),), (True,))
        for n, letter in enumerate("aabbb")
    ]
    left_out = [Session("f", ((n, 0),), ((ops.Call("f", (np.ones(2),)),),), (True,)) for n in range(5, 7)]
    call = dict(enumerate([*of_the_part, *left_out]))
    assert scopes({"x": False, "h": True}, call) == {"with `h`": [0, 1, 2, 3, 4]}
    assert scopes({"x": False, "h": True}, {n: call[n] for n in range(5)}) == {}


def test_of_what_is_decorated_nothing_is_said():
    body = "def step(x, h):\n    return x\n"
    assert unread([body], "step") == {1}
    assert unread([f"@handing_on\n{body}"], "step") == frozenset()
