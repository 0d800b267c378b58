"""Changes are made when they are asked for, in the order that all of them have; what was found out is asked once."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import pytest

from benchmarks.lines import alternatives
from grader.assignments import find_course, load
from grader.operators import Lots
from grader.records import Chunk, StudentSource
from grader.repair import order
from grader.repair.lines import Lines
from grader.repair.memory import Memory
from grader.repair.order import Hints, candidates
from grader.repair.program import Candidate, Program
from grader.repair.search import Search, Target

from .loading import ROOT
from .test_repair_search import SOURCE, AllHelp, Proofs, results

HINTS = {
    "nothing": Hints(),
    "words of the reference": Hints.of([], {"flip", "zeros", "sum", "["}),
    "a line": Hints.of([], {"tanh"}, {("cell.py", 12), ("other.py", 13)}),
    "a named mistake": Hints.of([("np.tanh(x @ w + h)", "x @ w.T + h")], {"tanh"}, {("cell.py", 14)}),
    "signs alone": Hints.of([("a + b", "a * b"), ("f(-a)", "f(a)")]),
    "turned round": Hints.of([("f(h, x)", "f(x, h)")]),
}


def all_at_once(places, hints):
    """Every change with its weight, made and sorted at once."""
    ranked = []
    for number, place in enumerate(places):
        similar = order._similar_lines(place, hints)
        for lot in place.edits.lots:
            for at, edit in place.edits.edits_of(lot):
                candidate = Candidate(place, edit)
                weight = order._speaks_for(candidate, hints) + 3 * (edit.line in similar)
                ranked.append(((-weight, lot.rank, number, at), candidate))
    return [candidate for _, candidate in sorted(ranked, key=lambda pair: pair[0])]


def as_text(candidate):
    return candidate.place.name, candidate.edit


@pytest.mark.parametrize("hints", HINTS.values(), ids=HINTS)
def test_changes_that_are_made_late_come_in_the_order_of_all(hints):
    for name, text in itertools.islice(alternatives(load(find_course(ROOT), "rnn_cell")), 3):
        source = StudentSource("cell.py", (Chunk(text, "cell.py"),))
        expected = [*map(as_text, all_at_once(Program(source).places, hints))]
        assert [*map(as_text, candidates(Program(source).places, hints))] == expected, name


def test_few_changes_are_made_while_few_are_asked_for(monkeypatch):
    created = []
    make = Lots._make
    monkeypatch.setattr(
        Lots, "_make", lambda lots, lot: (make(lots, lot), created.extend(lots._made[lot]))[0]
    )
    _, text = next(alternatives(load(find_course(ROOT), "rnn_cell")))
    waiting = candidates(Program(StudentSource("s.py", (Chunk(text),))).places, Hints())
    assert len([*itertools.islice(waiting, 40)]) == 40
    first = len(created)
    assert first + len([*waiting]) > 5 * first
    assert len(created) > 5 * first


class Counting(AllHelp):
    """Counts what it is asked; no change helps it, or each does."""

    def __init__(self, gain, *, is_at_an_end=False):
        self.gain, self.is_at_an_end = gain, is_at_an_end
        self.questions = self.tried = 0

    def choose(self, questions):
        self.questions += 1
        return super().choose(questions)

    def gains(self, group, chosen):
        self.tried += len(group)
        return [self.gain] * len(group)


def run_search(program, trials, proofs, memory):
    search = Search(program, results("holds"), trials, proofs, 60, memory=memory)
    return search.repairs([Target("scale", (), Hints())])


def test_what_was_tried_and_proved_once_is_known_the_second_time():
    program, trials, memory = Program(StudentSource("s.py", (Chunk(SOURCE),))), Counting(1), Memory()
    proofs = Proofs(lambda text: ["holds", "scales"] if "/" in text else ["holds"])
    first = run_search(program, trials, proofs, memory)
    counts = trials.questions, trials.tried, proofs.runs
    assert min(counts) > 0
    assert run_search(program, trials, proofs, memory) == first
    assert (trials.questions, trials.tried, proofs.runs) == counts
    run_search(program, trials, proofs, Memory())
    assert trials.tried > counts[1]


def test_what_may_not_have_been_tried_is_tried_again():
    program, memory = Program(StudentSource("s.py", (Chunk(SOURCE),))), Memory()
    ended, whole = Counting(0, is_at_an_end=True), Counting(0)
    for trials in (ended, whole):
        run_search(program, trials, Proofs(lambda text: []), memory)
    assert ended.tried == whole.tried > 0


def test_a_submission_is_read_once_and_its_memory_kept_while_its_results_are_the_same():
    lines = Lines.__new__(Lines)
    lines._program, lines._memory, lines._tests = SimpleNamespace(source=None), Memory(), ()
    tests = results("holds")
    program = lines._program_of(StudentSource("s.py", (Chunk(SOURCE),)), tests)
    memory = lines._memory
    assert lines._program_of(StudentSource("s.py", (Chunk(SOURCE),)), tests) is program
    assert lines._memory is memory
    lines._program_of(StudentSource("s.py", (Chunk(SOURCE),)), (*tests, *tests))
    assert lines._memory is not memory
    assert lines._program_of(StudentSource("s.py", (Chunk(SOURCE + "\n"),)), tests) is not program
