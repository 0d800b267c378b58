"""The checks that hidden suites share: what they let pass, and what they say, which is never the submission's word."""

from __future__ import annotations

import numpy as np
import pytest

from grader.subject.operations import Opaque, Parameter
from grader.subject.proxy import ObservedCall
from grader.suite import (
    Difference,
    assert_alive,
    assert_changed,
    assert_good_start,
    assert_registered,
    assert_unchanged,
    both,
)
from grader.suite.checks import argument_named

from ..hidden.shared.padding import assert_zero_on_padding

HOSTILE = "0.4231 \x1b[31m"
FINE = np.array([[0.5, -0.25], [1.0, 2.0]])
REAL = np.array([[True, False], [True, True]])


def message_of(check, *arguments, **options):
    with pytest.raises(Difference) as caught:
        check(*arguments, **options)
    assert HOSTILE not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("answer", [(1, 2), [FINE, None]])
def test_two_things_pass_as_they_are(answer):
    assert both(answer, "a, b") is answer


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        (None, "got None (is a return missing?)."),
        (FINE, "got one array of shape (2, 2)."),
        ((1, 2, 3), "got 3."),
        (HOSTILE, "got a str."),
        (Opaque(HOSTILE), "got something that is no array."),
        ({"a": 1, "b": 2}, "got a dict."),
    ],
)
def test_anything_but_two_things_is_told(answer, count):
    assert message_of(both, answer, "outputs, hidden") == f"Expected 2 things back (outputs, hidden); {count}"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (None, "h should be an array of shape (2, 2); got None (is a return missing?)."),
        (FINE[:1], "h has shape (1, 2); expected (2, 2)."),
        (FINE.astype(int), "h should hold floating-point numbers, but its dtype is int64."),
        (FINE * np.nan, "h holds NaN values."),
        (FINE * np.inf, "h holds infinite values."),
        (np.ones((2, 2)), "h is the same number everywhere."),
    ],
)
def test_a_dead_answer_is_told(answer, message):
    assert message_of(assert_alive, answer, (2, 2), what="h") == message


def test_a_lone_number_is_alive_unless_it_is_zero():
    assert_alive(np.array([[0.3]]), (1, 1), what="h")
    assert "same number" in message_of(assert_alive, np.zeros((1, 1)), (1, 1), what="h")


def test_weights_that_change_nothing_are_told():
    assert_changed(FINE, FINE + 0.1, what="outputs", by="w_output")
    message = message_of(assert_changed, FINE, FINE + 1e-6, what="outputs", by="w_output")
    assert message == "outputs did not change when another w_output was loaded."


def test_what_is_wrong_on_padding_is_told():
    outputs = np.where(REAL[..., None], FINE[..., None], 0)
    assert_zero_on_padding(outputs, REAL, what="outputs")
    assert message_of(assert_zero_on_padding, outputs + 1, REAL, what="outputs") == (
        "outputs is not zero on some steps that are padding."
    )
    one_step_forgotten = outputs.copy()
    one_step_forgotten[tuple(np.argwhere(REAL)[0])] = 0
    for zeros in (outputs * 0, one_step_forgotten):
        assert message_of(assert_zero_on_padding, zeros, REAL, what="outputs") == (
            "outputs is zero on some steps that are no padding."
        )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("argument 1", "x"),
        ("argument 3", "weights"),
        ("argument 3[1]", "weights[1]"),
        ("weights", "weights"),
        ("argument 4", None),
        ("argument 0", None),
        ("argument 1\n", None),
        ("argument 1[0] " + HOSTILE, None),
        (HOSTILE, None),
        ("", None),
    ],
)
def test_arguments_have_the_names_of_the_exercise(path, name):
    assert argument_named(path, ("x", "h0", "weights")) == name


def test_changed_arguments_are_told():
    assert_unchanged(ObservedCall(None, ()), "x, h0")
    assert message_of(assert_unchanged, ObservedCall(None, ("argument 2", "argument 1")), "x, h0") == (
        "The call changed h0 and x in place."
    )
    assert message_of(assert_unchanged, ObservedCall(None, (HOSTILE,)), "x, h0") == (
        "The call changed an argument in place."
    )


SHAPES = {"w": (2, 2), "b": (2,)}
REGISTERED = {"w": Parameter(FINE, True), "b": Parameter(FINE[0], True)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"b": None}, "Not registered: b."),
        ({HOSTILE: Parameter(FINE, True)}, "1 more registered than the hand-out asks for."),
        ({"w": Parameter(FINE[:1], True)}, "parameter w has shape (1, 2); expected (2, 2)."),
        ({"w": Parameter(None, True)}, "parameter w should be an array of shape (2, 2); got None"),
        ({"b": Parameter(FINE[0], False)}, "parameter b is not trained (requires_grad is False)."),
    ],
)
def test_parameters_that_differ_from_those_asked_for_are_told(change, message):
    assert_registered(REGISTERED, SHAPES)
    changed = {name: value for name, value in {**REGISTERED, **change}.items() if value is not None}
    assert message_of(assert_registered, changed, SHAPES).startswith(message)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.full((2, 2), 50.0), "starts with numbers that are huge or not finite."),
        (FINE * np.nan, "starts with numbers that are huge or not finite."),
        (np.zeros((2, 2)), "starts as the same number everywhere"),
        (np.array([[1e-30, 0.0], [0.5, 0.1]]), "starts with leftovers of memory"),
        (np.array([[1, 2], [3, 4]]), "Not registered: w."),
        (np.zeros(0), "parameter w has no entries: its shape is (0,)."),
        (Opaque(HOSTILE), "Not registered: w."),
    ],
)
def test_first_weights_that_nobody_would_begin_with_are_told(value, message):
    assert_good_start(REGISTERED, ["w"])
    assert message in message_of(assert_good_start, {"w": Parameter(value, True)}, ["w"])
    assert message_of(assert_good_start, {}, ["w", "b"]) == "Not registered: w, b."
