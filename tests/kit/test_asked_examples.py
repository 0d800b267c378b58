"""Of the ways to ask about an example, the reference answers the calls first, and the others where no call shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.assignments import find_course, load
from grader.diagnose.counterexample import Counterexamples
from grader.subject import wire
from grader.subject.subjects import LocalSubject

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["rnn_cell_forward", "RNNCell"])
def asking(request, monkeypatch):
    """The counterexamples of an exercise, and all batches that the reference has answered so far."""
    assignment = load(find_course(ROOT), "rnn_cell")
    batches = []
    answered = LocalSubject.ask

    def ask(subject, batch):
        batches.append(batch)
        return answered(subject, batch)

    monkeypatch.setattr(LocalSubject, "ask", ask)
    source = assignment.solution.read_text(encoding="utf-8")
    return request.param, Counterexamples(assignment, source), batches


def no_answer(batches):
    return [None] * len(batches)


def test_where_a_call_shows_it_only_calls_are_answered(asking):
    exercise, examples, batches = asking
    assert examples.find(exercise, no_answer, None) is not None
    calls = len(batches)
    everything = examples.questions(exercise)
    assert calls == len([question for question, _ in everything if question.mode == "call"])
    assert len(batches) >= len(everything) > calls, "and nothing is answered twice"
    assert len({id(batch) for batch in batches}) == len(batches)


def test_where_calls_are_right_the_other_ways_are_asked(asking):
    exercise, examples, _ = asking
    right = {id(question.batch): answers for question, answers in examples.questions(exercise)}
    modes = {id(question.batch): question.mode for question, _ in examples.questions(exercise)}

    def right_in_calls(batches):
        return [right[id(batch)] if modes[id(batch)] == "call" else None for batch in batches]

    example = examples.find(exercise, right_in_calls, None)
    assert example is not None
    assert examples.find(exercise, lambda batches: [right[id(batch)] for batch in batches], None) is None


def test_an_example_stands_before_the_next_one_in_all_its_ways(asking):
    exercise, examples, _ = asking
    numbers = [question.number for question, _ in examples.questions(exercise)]
    assert numbers == sorted(numbers)
    firsts = [question.mode for question, _ in examples.questions(exercise)][:2]
    assert firsts == ["call", "twice"]


class StoreInMemory(dict):
    """A store in memory."""

    put = dict.__setitem__


def test_what_the_reference_answers_is_found_again(asking):
    exercise, examples, batches = asking
    expected = examples.questions(exercise)
    store, course = StoreInMemory(), load(find_course(ROOT), "rnn_cell")
    source = course.solution.read_text(encoding="utf-8")
    Counterexamples(course, source, store=store).questions(exercise)
    asked = len(batches)
    again = Counterexamples(course, source, store=store).questions(exercise)
    assert len(batches) == asked, "the reference was asked again"
    assert [question.mode for question, _ in again] == [question.mode for question, _ in expected]
    for (_, restored), (_, computed) in zip(again, expected, strict=True):
        assert wire.encode(list(restored)) == wire.encode(list(computed))

    Counterexamples(course, source + "\nOTHER = 1\n", store=store).questions(exercise)
    assert len(batches) > asked, "another reference has answers of its own"


def test_what_is_damaged_is_computed_again(asking):
    exercise, _, batches = asking
    store, course = StoreInMemory(), load(find_course(ROOT), "rnn_cell")
    source = course.solution.read_text(encoding="utf-8")
    expected = Counterexamples(course, source, store=store).questions(exercise)
    asked = len(batches)
    damaged = StoreInMemory(dict.fromkeys(store, b"\xc1"))
    again = Counterexamples(course, source, store=damaged).questions(exercise)
    assert len(batches) > asked
    assert len(again) == len(expected)
