"""The search for the line by itself: examples that every change helps, and proofs that are written here."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from grader.records import Chunk, StudentSource, TestResult
from grader.repair import search
from grader.repair.order import Hints, candidates
from grader.repair.program import Program
from grader.repair.search import PROOFS, Search, Target
from grader.repair.trials import ChosenQuestions, _gain, _spread, agreement
from grader.subject import operations as ops

SOURCE = """\
import numpy as np


def scale(x, factor):
    return x - factor


def shift(x, by):
    return np.tanh(x) * by
"""
POINTS = {"scales": 4.0, "scales_twice": 3.0, "shifts": 2.0, "holds": 1.0}


def results(*passed: str) -> tuple[TestResult, ...]:
    return tuple(
        TestResult(
            name,
            name,
            "g",
            points if name in passed else 0.0,
            points,
            "passed" if name in passed else "failed",
        )
        for name, points in POINTS.items()
    )


class AllHelp:
    """Examples on which each change turns one of two parts right."""

    is_at_an_end = False

    def choose(self, questions):
        return lambda: ChosenQuestions(((("question", ()), (False, False)),), ())

    def gains(self, group, chosen):
        return [1] * len(group)

    def repeats(self, candidate, chosen):
        return True


class Proofs:
    """Which tests pass with a change: `passing` is asked with the changed source. Counts how often it was run."""

    def __init__(self, passing) -> None:
        self.passing, self.runs = passing, 0

    def __call__(self, source, is_enough):
        self.runs += 1
        passed = self.passing(source.chunks[0].source)
        if passed is None:
            return None
        tests = results(*passed)
        self.ended = [test.name for number, test in enumerate(tests) if is_enough(number, test)]
        return [] if self.ended else tests


def repairs(proofs, *exercises: str, **options):
    source = StudentSource("s.py", (Chunk(SOURCE),))
    searching = Search(Program(source), results("holds"), AllHelp(), proofs, 1000, **options)
    return searching.repairs([Target(exercise, (), Hints()) for exercise in exercises])


def test_a_change_that_gains_points_is_told_with_its_line():
    (repair,) = repairs(Proofs(lambda text: ["holds", "scales"]), "scale")
    assert (repair.exercise, repair.line, repair.points) == ("scale", 5, 4.0)


def test_a_change_that_costs_a_test_is_not_told_whatever_it_gains():
    proofs = Proofs(lambda text: ["scales", "scales_twice", "shifts"])
    assert repairs(proofs, "scale") == []
    assert 1 < proofs.runs <= PROOFS, "and others are tried"


@pytest.mark.parametrize(("share", "gained", "message"), [(0.5, 1, 0), (0.5, 2, 1), (0.4, 1, 1)])
def test_a_small_gain_is_told_where_every_example_is_right_with_it(monkeypatch, share, gained, message):
    monkeypatch.setattr(search, "LEAST", share)
    monkeypatch.setattr(AllHelp, "gains", lambda self, group, chosen: [gained] * len(group))
    assert len(repairs(Proofs(lambda text: ["holds", "scales"]), "scale")) == message  # 4 of 9 points


@pytest.mark.parametrize(
    ("gained", "passed", "message"),
    [
        (2, ["holds", "scales", "scales_twice", "shifts"], 1),
        (2, ["holds", "scales", "scales_twice"], 0),  # something else is wrong as well
        (
            1,
            ["holds", "scales", "scales_twice", "shifts"],
            0,
        ),  # not all examples are right: it is not even proved
    ],
)
def test_only_what_gives_everything_back_counts_where_that_is_wanted(monkeypatch, gained, passed, message):
    monkeypatch.setattr(AllHelp, "gains", lambda self, group, chosen: [gained] * len(group))
    proofs = Proofs(lambda text: passed)
    assert len(repairs(proofs, "scale", whole=True)) == message
    assert bool(proofs.runs) == (gained == 2)


class NothingShows:
    """Examples that are all answered rightly, and that only changes of the last line leave so."""

    def choose(self, questions):
        return lambda: ChosenQuestions((), (("question", ()),))

    def stay(self, group, chosen):
        return [candidate.edit.line == 9 for candidate in group]


def test_where_no_example_shows_it_only_what_leaves_them_right_is_proved():
    proved = []

    def passing(text):
        proved.append(text)
        return ["holds", "shifts"] if "return np.tanh(x) * by" not in text else ["holds"]

    source = StudentSource("s.py", (Chunk(SOURCE),))
    searching = Search(Program(source), results("holds"), NothingShows(), Proofs(passing), 1000)
    (repair,) = searching.repairs([Target("shift", (), Hints(), ("scale",))])
    assert (repair.line, len(proved)) == (9, 1)
    proved.clear()
    searching = Search(
        Program(source), results("holds"), NothingShows(), Proofs(lambda text: ["holds"]), 1000
    )
    assert searching.repairs([Target("shift", (), Hints())]) == []


def test_after_a_change_that_hangs_on_the_suite_none_is_tried():
    proofs = Proofs(lambda text: None)
    assert repairs(proofs, "scale", "shift") == []
    assert proofs.runs == 1


def test_of_two_changes_that_help_as_much_the_smaller_is_told(monkeypatch):
    source = StudentSource(
        "s.py", (Chunk(SOURCE.replace("return x - factor", "y = x - factor\n    return y - factor")),)
    )

    helping: list[int] = []

    def gains(self, group, chosen):
        helping.extend(len(candidate.edit.replacements) for candidate in group if " + " in candidate.text)
        return [int(" + " in candidate.text) for candidate in group]

    monkeypatch.setattr(AllHelp, "gains", gains)
    proofs = Proofs(lambda text: ["holds", "scales", "scales_twice", "shifts"])
    (repair,) = Search(Program(source), results("holds"), AllHelp(), proofs, 1000).repairs(
        [Target("scale", (), Hints())]
    )
    assert proofs.runs == 1
    assert max(helping) == 2, "the sign of both"
    assert repair.diff.count(" + ") == 1
    assert repair.more == ()


def test_the_line_that_is_worth_most_comes_first():
    gains = {"scale": ["holds", "shifts"], "shift": ["holds", "scales", "scales_twice"]}
    untouched = "def scale(x, factor):\n    return x - factor\n"
    proofs = Proofs(lambda text: gains["shift" if untouched in text else "scale"])
    assert [(repair.exercise, repair.points) for repair in repairs(proofs, "scale", "shift")] == [
        ("shift", 7.0),
        ("scale", 2.0),
    ]


def test_a_proof_ends_at_the_first_test_that_passed_before():
    proofs = Proofs(lambda text: ("scale", "shift"))
    assert repairs(proofs, "scale") == []
    assert proofs.ended == ["holds"]


def test_the_changes_that_may_be_tried_are_those_of_all_exercises_together():
    class Counting(AllHelp):
        tried = 0

        def gains(self, group, chosen):
            Counting.tried += len(group)
            return [0] * len(group)

    source = StudentSource("s.py", (Chunk(SOURCE),))
    search = Search(Program(source), results("holds"), Counting(), Proofs(lambda text: []), 30)
    assert search.repairs([Target(exercise, (), Hints()) for exercise in ("scale", "shift")]) == []
    assert Counting.tried == 30


def test_what_is_alike_to_one_way_of_a_mistake_comes_before_what_has_words_of_several():
    source = "def f(x, state, ends=None):\n    return x @ state\n"
    changes = [
        ("if state is None:\n    state = zeros(x.shape)", ""),
        ("def f(x, state=None, ends=None):", "def f(x, state, ends=None):"),
    ]
    first = next(candidates(Program(StudentSource("s.py", (Chunk(source),))).reach(["f"]), Hints.of(changes)))
    assert "def f(x, state=None, ends=None)" in first.text


def test_a_list_is_as_good_as_a_tuple():
    value = np.array([1.0, 2.0])
    assert agreement([ops.Value([value, value])], [ops.Value((value, value))]) == (True, True, True)


@pytest.mark.parametrize(
    ("gradient", "expected", "agrees"),
    [(None, 0.0, True), (0.0, None, True), (None, 1.0, False), (1.0, None, False), (0.0, 1.0, False)],
)
def test_a_gradient_that_is_missing_is_as_good_as_one_that_is_zero(gradient, expected, agrees):
    value, other = (
        ops.Value(1.0, parameter_gradients={"w": None if number is None else np.full(3, number)})
        for number in (gradient, expected)
    )
    assert agreement([value], [other]) == (True, True, agrees)


def test_a_part_of_a_gradient_that_is_missing_is_as_good_as_one_that_is_zero():
    number, zero = np.ones(2), np.zeros(2)
    state, gradient = ops.Value(1.0, input_gradients=((number, zero),)), ((number, None),)
    assert agreement([ops.Value(1.0, input_gradients=gradient)], [state]) == (True, True, True)
    assert agreement([ops.Value(1.0, input_gradients=(None,))], [state]) == (True, True, False)


def test_a_result_that_is_missing_is_not_as_good_as_one_that_is_zero():
    assert agreement([ops.Value(None)], [ops.Value(np.zeros(3))]) == (False, True)


def test_arguments_that_stand_as_in_the_reference_are_not_exchanged_first():
    source = "def f(x, h):\n    return h - x\n"
    places = Program(StudentSource("s.py", (Chunk(source),))).reach(["f"])
    for heads, first in (((("f", "f", ("x", "h")),), False), ((("f", "f", ("h", "x")),), True)):
        order = [candidate.text for candidate in candidates(places, Hints.of([], heads=heads))]
        by_head = next(n for n, text in enumerate(order) if "def f(h, x)" in text)
        by_body = next(n for n, text in enumerate(order) if "x - h" in text and "def f(x, h)" in text)
        assert (by_head < by_body) == first


@pytest.mark.parametrize(
    ("before", "after", "gain"),
    [
        ([(False, False)], [(True, False)], 1),
        ([(False,), (True,)], [(True,), (True,)], 1),
        ([(False, True)], [(True, False)], None),
        ([(False,), (True,)], [(True,), (False,)], None),
    ],
)
def test_a_part_that_turns_wrong_undoes_every_gain(before, after, gain):
    assert _gain(before, after) == gain


def test_plain_calls_are_tried_before_all_other_modes():
    """What goes wrong in float32 alone may be what the suite never asks: the reference itself may give float64."""
    modes = ["float32", "call", "float32", "call", "twice"]
    questions = [(SimpleNamespace(mode=mode), ()) for mode in modes]
    assert _spread(questions, range(len(modes)), 3) == [1, 3, 0]
    assert _spread(questions, [0, 2], 3) == [0, 2]


TWO_RESULTS = """\
import numpy as np


def walk(x, h):
    seen = x * h
    h = h + x
    return np.tanh(seen), h


def both(x, h):
    seen, h = walk(x, h)
    return np.stack((seen, seen[::-1])), h


def other(x):
    return x
"""


def test_lines_of_a_helper_are_suspected_for_its_own_results():
    expected = (ops.Value((np.ones(2), np.zeros(2))),)
    chosen = ChosenQuestions(((("question", expected), (False, True, True)),), ())
    places = Program(StudentSource("s.py", (Chunk(TWO_RESULTS),))).reach(("both",))
    lines = search._suspects("both", places, chosen)
    assert lines == {("", 5), ("", 7), ("", 11), ("", 12)}


def test_changes_in_suspected_lines_do_not_keep_the_others_waiting():
    places = Program(StudentSource("s.py", (Chunk(SOURCE),))).reach(("scale",))
    plain = [*candidates(places, Hints())]
    firsts, suspected = plain[:2], plain[::-1]
    order = [*search._in_turn(firsts, iter(suspected), iter(plain))]
    edits = [candidate.edit for candidate in order]
    assert len(edits) == len({*edits}) == len(plain) - len(firsts)
    assert edits[:6] == [plain[place].edit for place in (-1, -2, 2, -3, -4, 3)]
