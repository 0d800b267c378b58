"""Sets of mistakes by what they give of what is wrong, on programs that are made of numbers."""

from __future__ import annotations

import numpy as np
import pytest

from grader.diagnose import sets
from grader.diagnose.effects import Effects
from grader.diagnose.peeled import PeeledSet, Peeling, best, peeled_in_rounds
from grader.diagnose.searches import SEARCHES
from grader.diagnose.sets import Sets
from grader.diagnose.shares import Wrong
from grader.diagnose.traces import Layout
from grader.diagnose.tries import Tries
from grader.subject import operations as ops
from tests.kit.test_sets_of_made_programs import WIDE, MadeSubmission, Program, World, question

HALF = np.array([1.0] * (WIDE // 2) + [0.0] * (WIDE // 2))  # is added to the first half of an answer


class Rows(World):
    """Programs in which a mistake may add to some numbers of an answer alone."""

    def numbers(self, number, edits):
        names = frozenset(edit.place for edit in edits)
        added = sum((self.does[name].get(number, 0.0) for name in names), np.zeros(WIDE))
        return np.arange(WIDE) + self.together.get((number, names), added)


class LongRows(Rows):
    """The same with 60 numbers in an answer."""

    def numbers(self, number, edits):
        added = sum((self.does[edit.place].get(number, 0.0) for edit in edits), np.zeros(60))
        return np.arange(60) + added


def peeling(world: World, *names: str, most: float = 1000, opened=()) -> Peeling:
    submitted = MadeSubmission(world, names)
    effects = Effects(world.sessions, world.program, [world.named(*pair) for pair in opened])
    tries = Tries(effects, world.program, submitted, most)
    return Peeling(tries, submitted, [*world.variants.values()])


def found(world: World, *names: str, most: float = 1000, opened=()) -> list[list[str]]:
    """The sets for the submission with some mistakes, the best first."""
    every = peeling(world, *names, most=most, opened=opened).sets()
    return [sorted(edit.place for edit in peeled.edits) for peeled in every]


def traces(*arrays):
    layout = Layout(question(0), [(ops.Value(np.zeros(4)),)])
    return [layout.trace([(ops.Value(np.array(array)),)]) for array in arrays]


@pytest.mark.parametrize(
    ("answer", "share"),
    [([5.0, 6.0, 7.0, 0.0], 1.0), ([5.0, 0.0, 7.0, 9.0], 2 / 3), ([0.0, 0.0, 0.0, 0.0], 0.0)],
)
def test_a_share_is_of_the_numbers_that_are_wrong(answer, share):
    submission, right, other = traces([5.0, 6.0, 7.0, 0.0], [0.0, 0.0, 0.0, 0.0], answer)
    assert Wrong(submission, right).share(other) == pytest.approx(share)


def test_a_part_of_another_shape_counts_half_for_its_shape():
    submission, right, shape, both = traces([[1.0], [2.0]], [0.0, 0.0], [[0.0], [0.0]], [[1.0], [9.0]])
    assert Wrong(submission, right).share(shape) == 0.5
    assert Wrong(submission, right).share(both) == 0.75
    assert Wrong(submission, right).share(right) == 0.0


def test_what_is_right_has_nothing_wrong():
    submission, right = traces([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 4.0])
    assert not Wrong(submission, right)


def test_a_mistake_that_shows_alone_in_some_question_is_the_first_of_its_set():
    """In question 0 all three show; `a` alone in question 1, `a` and `b` in question 2."""
    world = Rows(3, {"a": {0: 1.0, 1: 2.0, 2: 3.0}, "b": {0: 4.0, 2: 5.0}, "c": {0: 6.0}})
    assert found(world, "a", "b", "c")[0] == ["a", "b", "c"]


def test_some_numbers_of_an_answer_lead_on():
    """No question is answered by fewer than all three, and each gives numbers more."""
    world = Rows(1, {"a": {0: HALF}, "b": {0: 1.0 - HALF}, "z": {0: HALF * 3.0 + 1.0}})
    assert found(world, "a", "b")[0] == ["a", "b"]


def test_of_those_that_answer_a_question_alike_the_one_that_keeps_what_was_given_is_taken():
    """`s` and `b` do the same in question 0, but `s` takes away what `a` gives of question 1."""
    does = {"a": {0: 1.0, 1: HALF}, "s": {0: 3.0, 1: HALF + 8.0}, "b": {0: 3.0, 1: 1.0 - HALF}}
    world = Rows(2, {**does, "other": {1: 7.0}})
    every = found(world, "a", "b")
    assert every[0] == ["a", "b"]
    assert ["a", "s"] not in every


def test_what_shows_beside_another_mistake_alone_is_tried_as_well():
    """`b` shows in no question by itself; beside `a` it does."""
    does = {"a": {0: HALF, 1: 1.0}, "b": {}, "other": {1: 7.0}}
    world = Rows(2, does, together={(0, frozenset("ab")): HALF * 5.0})
    assert found(world, "a", "b")[0] == ["a", "b"]


def test_what_shows_beside_another_alone_is_tried_where_something_else_gives_a_little_as_well():
    """`little` gives a sixth of question 1 by chance, so not nothing is found without `b`, which shows beside `a`."""
    sixth = np.array([5.0, *[0.0] * (WIDE - 1)])
    does = {"a": {0: 1.0}, "b": {}, "little": {1: sixth}}
    world = Rows(2, does, together={(1, frozenset("ab")): 5.0})
    assert found(world, "a", "b")[0] == ["a", "b"]


def test_one_number_of_many_leads_on():
    """`a` and `b` each are alone in one number of sixty; in all others the three of them add up."""
    first, second, rest = np.zeros(60), np.zeros(60), np.ones(60)
    first[0], second[1], rest[:2] = 1.0, 2.0, 0.0
    world = LongRows(1, {"a": {0: first + rest}, "b": {0: second + rest * 3.0}, "c": {0: rest * 5.0}})
    assert found(world, "a", "b", "c")[0] == ["a", "b", "c"]


def test_two_that_show_nowhere_alone_are_tried_together_where_one_opens_the_block_of_the_other():
    together = {(0, frozenset("ab")): 5.0, (0, frozenset("abc")): 5.0, (1, frozenset("abc")): 7.0}
    world = Rows(2, {"a": {}, "b": {}, "c": {1: 2.0}}, together=together)
    assert found(world, "a", "b", "c", opened=["ab"])[0] == ["a", "b", "c"]
    assert not found(world, "a", "b", "c")


def test_a_pair_that_gives_no_more_than_one_of_it_is_left_out():
    world = Rows(1, {"a": {0: 5.0}, "b": {}})
    assert found(world, "a", opened=["ab"]) == [["a"]]


def test_each_mistake_is_hidden_in_one_of_the_questions():
    """In questions 0 to 4 `a` shows alone; that it is hidden in question 5, where the most show, counts more."""
    others = {str(place): {5: 1.0 + place} for place in range(5)}
    world = Rows(6, {"a": dict.fromkeys(range(5), 1.0), **others})
    assert peeling(world, "a", "1").questions[:2] == [0, 5]


def test_where_no_more_may_be_asked_what_came_so_far_is_kept():
    world = Rows(3, {"a": {0: 1.0, 1: 2.0, 2: 3.0}, "b": {0: 4.0, 2: 5.0}, "c": {0: 6.0}})
    assert found(world, "a", "b", "c", most=0)[0] == ["a"]


def test_the_questions_that_a_set_answers_are_told():
    world = Rows(3, {"a": {0: 1.0, 1: 2.0}, "b": {0: 4.0}})
    search = peeling(world, "a", "b")
    (alone,) = [peeled for peeled in search.sets() if peeled.edits == world.named("a")]
    assert alone.whole(search.questions) == [1]


def test_what_gives_the_same_with_fewer_mistakes_comes_first():
    world = Rows(1, {"a": {0: 1.0}, "b": {0: 2.0}})
    single, two = PeeledSet(world.named("a"), (0.5,)), PeeledSet(world.named("a", "b"), (0.5,))
    more = PeeledSet(world.named("b"), (0.75,))
    assert best([two, single, more, single]) == [more, single, two]


def test_sets_grow_from_what_gives_most(monkeypatch):
    monkeypatch.setattr(sets, "MOST_PAIRS", 0)
    monkeypatch.setattr(sets, "SEARCHES", {"first": SEARCHES["peeled"]})
    world = Rows(
        4, {"a": {0: 1.0, 1: 2.0, 2: 3.0, 3: 1.0}, "b": {0: 4.0, 2: 5.0, 3: 2.0}, "c": {0: 6.0, 3: 3.0}}
    )
    searched = Sets(
        world.effects, world.program, MadeSubmission(world, ["a", "b", "c"]), [*world.variants.values()]
    )
    (named,) = searched.explanations()
    assert sorted(edit.place for edit in named) == ["a", "b", "c"]


def rounds(world: World, *names: str) -> list[tuple[list[str], list[int]]]:
    """The best set of each round, and the questions that were looked at."""
    submitted = MadeSubmission(world, names)
    effects = Effects(world.sessions, world.program)
    tries = Tries(effects, world.program, submitted, 1000)
    every = peeled_in_rounds(tries, submitted, [*world.variants.values()])
    return [(sorted(edit.place for edit in sets[0].edits), questions) for sets, questions in every]


def test_a_set_that_answers_all_questions_looked_at_is_gone_on_with_in_others():
    """What it lacks shows elsewhere; each question is of another kind, told by the mistakes that show in it."""
    does = {"a": {0: 1.0, 4: 1.0, 5: 1.0}, "c": {4: 5.0, 5: 6.0}}
    does |= {f"other {number}": {number: 7.0, 4: 7.0, 5: 7.0} for number in range(4)}
    does["a"] |= dict.fromkeys(range(4), 1.0)
    world = Rows(6, does)
    (first, looked_at), (second, others) = rounds(world, "a", "c")
    assert first == ["a"]
    assert sorted(looked_at) == [0, 1, 2, 3]
    assert second == ["a", "c"]
    assert {*others} <= {4, 5}


def test_where_it_answers_all_there_are_it_is_not():
    world = Rows(2, {"a": {0: 1.0}, "b": {0: 2.0, 1: HALF}})
    assert [first for first, _ in rounds(world, "a", "b")] == [["a", "b"]]


class GradientsProgram(Program):
    """Answers all alike, and what is asked as the gradient of its argument."""

    def answers(self, number, session, draws=0):
        return [(ops.Value(np.zeros(WIDE), input_gradients=self.world.numbers(number, self.edits)),)]


class Gradients(Rows):
    def program(self, edits):
        return GradientsProgram(self, edits)


class NoGradients(MadeSubmission):
    """Gives none: nothing that came is wrong."""

    def answers(self, number):
        return [(ops.Value(np.zeros(WIDE)),)]


def test_where_nothing_that_came_is_wrong_nothing_is_found():
    world = Gradients(2, {"a": {0: 1.0}, "b": {1: 2.0}})
    submitted = NoGradients(world, [])
    tries = Tries(Effects(world.sessions, world.program), world.program, submitted, 1000)
    search = Peeling(tries, submitted, [*world.variants.values()])
    assert submitted.wrong == [0, 1]
    assert search.questions == []
    assert search.sets() == []
