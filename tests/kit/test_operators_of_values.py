"""Operators on what stands outside of functions, and on values that are computed and lost."""

from __future__ import annotations

import pytest

from grader.operators import Text, edits, outside_values, scopes
from grader.records import Chunk, StudentSource
from grader.repair.program import Program

from .test_operators import function, results

FILE = """import numpy as np

activation = lambda a: np.maximum(a, 0)
power = 1
made = np.zeros(3)
still_open = ...


def activation_of(x, a=power):
    return activation(x) ** a


class Cell:
    '''A cell.'''

    kind = "relu"
    weights: float = 0.5
    made = activation(1)

    def forward(self, x):
        return x * self.weights
"""


def of_values(source):
    """The programs that edits of values outside of functions make."""
    text = Text(source)
    return {edit.applied(source) for scope, _ in outside_values(text) for _, edit in edits(scope)}


def test_values_outside_of_functions_are_changed():
    programs = of_values(FILE)
    for right, wrong in (
        ("np.tanh(a)", "np.maximum(a, 0)"),
        ("power = 2", "power = 1"),
        ("kind = 'tanh'", 'kind = "relu"'),
        ("weights: float = 1.0", "weights: float = 0.5"),
    ):
        assert FILE.replace(wrong, right) in programs


def test_what_is_called_when_it_is_made_is_left_alone():
    names = {(scope.function.name, top.lineno) for scope, top in outside_values(Text(FILE))}
    assert names == {("activation", 3), ("power", 4), ("<values>", 13)}
    assert all("np.zeros(3)" in program and "activation(1)" in program for program in of_values(FILE))
    assert not any(
        "return activation\n\n" in program for program in of_values(FILE)
    )  # there is nothing to return


def test_of_one_name_the_last_value_counts():
    twice = "f = lambda a: a + 1\nf = lambda a: a + 2\n"
    assert [top.lineno for _, top in outside_values(Text(twice))] == [2]
    assert [*outside_values(Text(f"{twice}def f(a):\n    return a\n"))] == []


def test_an_exercise_reaches_the_values_that_it_uses():
    program = Program(StudentSource("s", (Chunk(FILE),)))
    assert [place.name for place in program.reach(["activation_of"])] == [
        "activation_of",
        "power",
        "activation",
    ]
    methods = [place.scope.function.name for place in program.reach(["Cell"])]
    assert methods == ["forward", "<values>", "activation"]


def test_the_default_of_an_argument_is_changed():
    assert function("return x", "x, n=2") in results(function("return x", "x, n=1"))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("0.5 * (1 + np.tanh(x))", "0.5 * (1 + np.tanh(x * 0.5))"),
        ("(1 + np.tanh(x + w)) / 2", "(1 + np.tanh((x + w) / 2)) / 2"),
    ],
)
def test_a_number_belongs_there_twice(wrong, right):
    assert function(f"return {right}") in results(function(f"return {wrong}"))


def test_a_value_that_was_overwritten_stands_where_it_was_wanted():
    body = "y = np.dot(x, w)\ny = np.add({}, np.dot(v, w))\nreturn y"
    wrong = function(body.format("b"))
    assert function(body.format("y")) in results(wrong)
    read = wrong.replace("y = np.add", "z = y\n    y = np.add")
    assert "lost_for_operand" not in operators(read)
    assert "lost_for_operand" in operators(wrong)


def test_what_is_carried_nowhere_is_added():
    body = "h = b\nfor t in range(3):\n    y, h = np.dot({}, w)\nreturn y, h"
    wrong = function(body.format("x[t]"))
    assert function(body.format("x[t] + h")) in results(wrong)
    assert "carried_nowhere" not in operators(function(body.format("x[t] + h")))


@pytest.mark.parametrize("value", ["np.dot(x, w)", "np.dot(\n        x,\n        w,\n    )"])
def test_what_is_carried_on_is_told_where_its_statement_begins(value):
    text = Text(function(f"y = b\nfor t in range(3):\n    h = {value} + y\nreturn h"))
    lines = {edit.line for scope in scopes(text) for _, edit in edits(scope) if edit.operator == "carry"}
    assert lines == {6}


def test_a_loop_ends_where_each_sample_does():
    body = "if v is None:\n    v = [2, 2]\nfor n in range(3):\n    for t in {}:\n        x[n, t] = 0"
    wrong = function(body.format("range(5)"), "x, v")
    assert function(body.format("range(v[n])"), "x, v") in results(wrong)
    assert "by_counter" not in operators(f"{wrong}    return v[0]\n")


def test_what_a_call_is_given_twice_is_another_name_once():
    body = "left, right = x, w\nreturn np.add({}[0], right[0])"
    assert function(body.format("left")) in results(function(body.format("right")))


def test_a_helper_that_nothing_calls_is_asked_with_what_it_takes():
    helper = "def turned(x, v):\n    return x\n"
    body = "flip = lambda a: {}\nreturn flip(x)"
    wrong = function(body.format("a[:, ::-1]"), before=helper)
    assert function(body.format("turned(a, v)"), before=helper) in results(wrong)


def operators(source):
    """The operators that have an edit of a program."""
    return {edit.operator for scope in scopes(Text(source)) for _, edit in edits(scope)}
