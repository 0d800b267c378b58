"""Two children side by side: the answers are those of one, in the order of the changes, whatever is lost on the way."""

import threading
from types import SimpleNamespace

import pytest

from grader.records import Chunk, StudentSource
from grader.repair import lanes
from grader.repair.lanes import AT_ONCE, COUNT, MOST_LOST, Lanes
from grader.subject import operations as ops
from grader.subject.loading import Loading

BATCHES = [(ops.Call("f", (1,)),), (ops.Call("f", (2,)),)]
SOURCE = StudentSource("s.py", (Chunk("def f(x):\n    return x\n"),))


class Child:
    """Answers with the definition that it was given last; a definition that "hangs" ends it."""

    def __init__(self, keeper, source, patience, *, loading):
        self.text, self.is_over = "as it is", False
        children.append(self)
        self.asked = 0

    def ask_all(self, messages):
        answers = []
        for message in messages:
            if isinstance(message[0], ops.Rewrite):
                self.text = message[0].text
                self.asked += 1
            if "hangs" in self.text:
                return answers + [None] * (len(messages) - len(answers))
            answers.append([ops.Value(self.text)])
        return answers

    def close(self):
        self.is_over = True


children: list[Child] = []


@pytest.fixture
def two(monkeypatch):
    children.clear()
    monkeypatch.setattr(lanes, "JailedSubject", Child)
    opened = Lanes(SimpleNamespace(), SOURCE, 1.0, Loading(SOURCE, 1.0, 1.0))
    yield opened
    opened.close()
    assert all(child.is_over for child in children)


def change(text):
    """A change, as far as a lane looks at it."""
    place = SimpleNamespace(file=SimpleNamespace(number=0))
    return SimpleNamespace(place=place, first_line=1, definition=text)


def texts(outcomes):
    """For each change what its questions were answered with; None where nothing was."""
    return [[answer and answer[0].value for answer in answers] for answers in outcomes]


@pytest.mark.parametrize("count", [0, 1, 2, 7, 40])
def test_the_answers_come_in_the_order_of_the_changes(two, count):
    names = [str(number) for number in range(count)]
    assert texts(two.try_all([change(name) for name in names], BATCHES)) == [[name] * 2 for name in names]
    assert len(children) == min(count, COUNT)


def test_a_change_that_hangs_is_the_only_one_without_answers(two):
    names = ["a", "b", "hangs", "d", "e", "f"]
    assert texts(two.try_all([change(name) for name in names], BATCHES)) == [
        [None if name == "hangs" else name] * 2 for name in names
    ]


def test_a_lane_in_which_too_many_hang_is_given_up_and_the_other_is_not(two):
    names = ["hangs", "b"] * (MOST_LOST + 2)
    names[-2] = "late"
    answers = texts(two.try_all([change(name) for name in names], BATCHES))
    assert answers[1::2] == [["b"] * 2] * (MOST_LOST + 2)
    assert answers[0::2] == [[None] * 2] * (MOST_LOST + 2)
    assert texts(two.try_all([change("c"), change("d")], BATCHES)) == [[None] * 2, ["d"] * 2]


def test_a_child_goes_on_until_it_has_been_asked_about_many(two):
    for _ in range(3):
        two.try_all([change("a")] * AT_ONCE, BATCHES)  # half of them for each child
    assert len(children) == 2 * COUNT
    assert {child.asked for child in children} == {AT_ONCE, AT_ONCE // 2}


def test_the_program_as_it_is_is_asked_in_a_child_that_never_had_a_change(two):
    two.try_all([change("a"), change("b")], BATCHES)
    assert texts([two.ask(BATCHES)()]) == [["as it is"] * 2]


def test_each_child_is_asked_its_share_of_the_questions(two, monkeypatch):
    shares = []

    def ask_all(self, messages):
        numbers = [message[0].args[0] for message in messages]
        shares.append(numbers)
        return [[ops.Value(number)] for number in numbers]

    monkeypatch.setattr(Child, "ask_all", ask_all)
    answers = two.ask([(ops.Call("f", (number,)),) for number in range(5)])()
    assert [answer[0].value for answer in answers] == [0, 1, 2, 3, 4]
    assert [0, 2, 4] in shares
    assert [1, 3] in shares


def test_children_that_were_begun_ahead_are_those_that_are_asked(two):
    two.begin()
    two.begin()
    assert texts([two.ask(BATCHES)()]) == [["as it is"] * 2]
    assert len(children) == COUNT


def test_both_children_work_at_the_same_time(two, monkeypatch):
    """Each waits for the other: one after the other they would wait for ever."""
    together = threading.Barrier(COUNT, timeout=30)
    alone = Child.ask_all

    def ask_all(self, messages):
        together.wait()
        return alone(self, messages)

    monkeypatch.setattr(Child, "ask_all", ask_all)
    assert texts(two.try_all([change("a"), change("b")], BATCHES)) == [["a"] * 2, ["b"] * 2]


def test_one_lane_at_a_time_speaks_to_the_warm_process():
    busy, most = [], []

    class Keeper:
        def fork(self):
            busy.append(1)
            most.append(len(busy))
            threading.Event().wait(0.01)
            busy.pop()

    shared = lanes._SharedKeeper(Keeper())
    threads = [threading.Thread(target=shared.fork) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 4
