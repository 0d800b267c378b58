"""Which lines go into wrong results alone."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from grader.repair.influence import suspects
from grader.repair.trials import ChosenQuestions
from grader.subject import operations as ops

BODY = """\
def f(x, w, lengths):
    h = x[0]
    c, d = x[1], x[2]
    kept = []
    for t, row in enumerate(x):
        h = h + row
        c, d = c * 2, d + h
        if t < lengths:
            kept.append(c)
        self.rest[t] = d
    return h, np.stack(kept), self.rest
"""


def of(text, wrong, right):
    (definition,) = ast.parse(text).body
    return {*suspects(definition, wrong, right).lines}


@pytest.mark.parametrize(
    ("wrong", "right", "lines"),
    [
        ([1], [0, 2], {3, 4, 7, 9, 11}),  # a line with a part of each is one of them
        ([2], [0, 1], {3, 7, 10, 11}),
        ([0], [1, 2], {11}),  # all else of it goes into the third result as well
        ([0, 1], [], set()),
        ([], [0], set()),
    ],
)
def test_lines_of_wrong_results_alone(wrong, right, lines):
    assert of(BODY, wrong, right) == lines


@pytest.mark.parametrize("result", ["return g(x)", "return both", "return a", "pass"])
def test_what_the_text_does_not_tell_is_not_said(result):
    assert of(f"def f(x):\n    a = x\n    b = a\n    {result}\n", [0], [1]) == set()


def test_what_is_unpacked_is_any_of_the_results():
    text = "def f(x):\n    a = x + 1\n    b = x + 2\n    return (a, *b)\n"
    assert of(text, [0], [1, 2]) == {2}
    assert of(text, [2], [0, 1]) == {4}


def test_walrus_loops_and_functions_within_are_followed():
    text = """\
def f(x):
    def g(a):
        return a + u
    u = 1
    while (n := x.pop()) > 0:
        y = n
    return g(x), y
"""
    assert of(text, [0], [1]) == {2, 3, 4, 7}


@pytest.mark.parametrize(
    ("body", "helpers"),
    [
        # What a helper gives to a wrong name alone, and to one that a right result needs.
        ("a, b = g(x)\nreturn b, a", {"g": ({1}, {0})}),
        ("a, b = self.g(x)\nc, d = self.g(x * 2)\nreturn b + d, a + c", {"self.g": ({1}, {0})}),
        ("a, b = g(x)\nc, d = g(x * 2)\nreturn b, d", {"g": (set(), {1})}),  # of two calls one is right
        ("if x:\n    return g(x)\na = 1\nreturn a, x", {"g": ({0}, {1})}),
        ("a, *b, c = g(x)\nreturn a, c", {"g": ({0}, set())}),  # how many `b` are is not known
        ("return 1, x", {}),
    ],
)
def test_helpers_are_asked_for_their_own_results(body, helpers):
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    (definition,) = ast.parse(f"def f(self, x):\n{lines}\n").body
    assert suspects(definition, [0], [1]).helpers == helpers


def test_a_result_that_is_handed_on_goes_into_all():
    text = "def f(x):\n    if x:\n        return g(x)\n    a = x + 1\n    b = x + 2\n    return [a, b]\n"
    assert of(text, [0], [1]) == {4}
    assert of(text, [1], [0]) == {5}


def test_an_exception_tells_nothing_of_single_results():
    expected = (ops.Value((np.ones(2), np.zeros(2))),)
    failing = (
        (("question", expected), (False, False, False)),  # it raised, or gave something else altogether
        (("question", expected), (True, False, True)),
    )
    assert ChosenQuestions(failing, ()).wrong_and_right() == ({1}, {0})
    assert ChosenQuestions(failing[:1], ()).wrong_and_right() == (set(), set())


def test_a_result_that_is_wrong_once_is_wrong():
    values = (np.ones(2), np.zeros(2), {"a": 1})
    expected = (ops.Value(None), ops.Value(values))
    # The parts of both answers, each with whether its arguments were changed.
    failing = (
        (("question", expected), (True, True, True, True, False, True)),
        (("question", expected), (True, True, False, True, True, True)),
    )
    assert ChosenQuestions(failing, ()).wrong_and_right() == ({0, 2}, {1})
    assert ChosenQuestions((), ()).wrong_and_right() == (set(), set())
