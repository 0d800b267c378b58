"""Of the ways to ask about an example, the reference answers the calls first, and the others where no call shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.assignments import find_course, load
from grader.diagnose.counterexample import Counterexamples
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
