"""Every check that suites share, and every hidden test, survives every answer that the wire allows.

An exception in a test is the suite's fault, and then nobody is graded: no answer may cause one.
"""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.assignments import find_course, load
from grader.records import StudentSource
from grader.subject import operations as ops
from grader.subject.proxy import Module, ObservedCall
from grader.subject.subjects import LocalSubject, StudentRaised, SubjectLost
from grader.suite import (
    Difference,
    assert_alive,
    assert_changed,
    assert_close,
    assert_good_start,
    assert_registered,
    assert_shape,
    assert_unchanged,
    both,
)
from grader.suite.collect import with_suite
from grader.suite.compare import difference
from grader.suite.differences import describe
from grader.text import clean

from ..hidden.shared.padding import assert_zero_on_padding
from .loading import ROOT
from .odd_answers import Odd, OddSubject

RIGHT = np.linspace(-1, 1, 24).reshape(2, 3, 4)
REAL = np.array([[True, True, False], [True, False, False]])
PAIR = (RIGHT, RIGHT[:, 0])
NESTED = (RIGHT, (RIGHT[0], RIGHT[0, 0]))
PARAMETERS = {"w": ops.Parameter(RIGHT[0], True), "b": ops.Parameter(RIGHT[0, 0], True)}
SHAPES = {"w": (3, 4), "b": (4,)}

#: name -> (a right answer, the check of it)
CHECKS = {
    "both": (PAIR, lambda answer: both(answer, "outputs, hidden")),
    "close": (RIGHT, lambda answer: assert_close(answer, RIGHT, what="outputs", length=3)),
    "close, single": (RIGHT.astype("f4"), lambda answer: assert_close(answer, RIGHT.astype("f4"))),
    "close, a pair": (PAIR, lambda answer: assert_close(answer, PAIR, what="outputs, hidden")),
    "close, nested": (NESTED, lambda answer: assert_close(answer, NESTED, what="outputs, (h, c)")),
    "close, a dict": ({"a": RIGHT, 1: 2.0}, lambda answer: assert_close(answer, {"a": RIGHT, 1: 2.0})),
    "close, a number": (2.5, lambda answer: assert_close(answer, 2.5)),
    "close, integers": (np.arange(3), lambda answer: assert_close(answer, np.arange(3))),
    "close, None": (None, lambda answer: assert_close(answer, None)),
    "close, carried": (RIGHT, lambda answer: assert_close(answer, RIGHT, carried=lambda: answer)),
    "itself": (RIGHT, lambda answer: assert_close(answer, answer)),
    "expected": (RIGHT, lambda answer: assert_close(RIGHT, answer)),
    "shape": (RIGHT, lambda answer: assert_shape(answer, (2, 3, 4))),
    "shapes": (PAIR, lambda answer: assert_shape(answer, ((2, 3, 4), (2, 4)), what="outputs, hidden")),
    "alive": (RIGHT, lambda answer: assert_alive(answer, (2, 3, 4), what="outputs")),
    "alive, empty": (RIGHT[:0], lambda answer: assert_alive(answer, (0, 3, 4), what="outputs")),
    "changed": (RIGHT, lambda answer: assert_changed(answer, RIGHT, what="outputs", by="w")),
    "changed from": (RIGHT, lambda answer: assert_changed(RIGHT, answer, what="outputs", by="w")),
    "padding": (RIGHT * REAL[..., None], lambda answer: assert_zero_on_padding(answer, REAL, what="outputs")),
    "registered": (PARAMETERS, lambda answer: assert_registered(answer, SHAPES)),
    "start": (PARAMETERS, lambda answer: assert_good_start(answer, ("w", "b"))),
    "described": (RIGHT, describe),
}
#: What may come of a test, besides passing: a message for the student.
TOLD = (Difference, StudentRaised, SubjectLost)


@pytest.mark.parametrize("check", CHECKS)
@given(seed=st.integers(0, 2**32))
def test_a_check_survives_every_answer(check, seed):
    right, assertion = CHECKS[check]
    (answer,) = OddSubject(_Answers(right), Odd(seed), every=1).ask(())
    if isinstance(answer, ops.Raised):
        return
    if check in ("registered", "start") and not isinstance(answer.value, dict):
        return  # `Instance.parameters` lets nothing else through
    with np.errstate(all="raise"):  # a warning would be an error under some settings of pytest
        try:
            assertion(answer.value)
            assert_unchanged(ObservedCall(answer.value, answer.changed), "x, lengths")
        except Difference as told:
            _is_fit_to_be_shown(str(told))


class _Answers:
    def __init__(self, value):
        self.value = value

    def ask(self, batch):
        return (ops.Value(self.value),)


def _is_fit_to_be_shown(text):
    assert len(text) < 1000
    assert clean(text, 1000) == text, "nothing that disturbs a terminal"


@given(seed=st.integers(0, 2**32))
def test_the_student_object_survives_every_answer(seed):
    source = "import torch\nclass N(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    source += "        self.w = torch.nn.Parameter(torch.ones(2))\n    def forward(self, x, h=None):\n"
    source += "        return x * self.w, x\ndef f(x):\n    return x, x\n"
    student = Module(OddSubject(LocalSubject("answer", source), Odd(seed), every=1))
    x = np.ones((3, 2))
    for ask in (
        lambda: student.f(x),
        lambda: student.f.observe(x),
        lambda: student.N().load({"w": x[0]})(x),
        lambda: student.N().gradients(x, cotangents=(x, None)),
        lambda: student.N().parameters(),
    ):
        with contextlib.suppress(*TOLD):
            ask()


@pytest.mark.parametrize("name", find_course(ROOT).names())
def test_every_hidden_test_survives_every_answer(name):
    """All of a suite, on its reference, of whose answers some are odd."""

    def work(suite):
        right = LocalSubject(name, suite.bench.source)
        for seed in range(25):
            tests = suite.run(
                OddSubject(right, Odd(seed), every=1 + seed % 6), StudentSource(f"{name}.py", ())
            )
            for test in tests:
                _is_fit_to_be_shown(test.message)
            right.host.forget()

    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        course = find_course(ROOT)
        with_suite(course, load(course, name), work)


def test_an_answer_that_breaks_a_test_would_be_noticed():
    """The seeds draw empty arrays, numbers and None where a test indexes into an array."""
    drawn = [OddSubject(_Answers(RIGHT), Odd(seed), every=1).ask(())[0] for seed in range(300)]
    values = [answer.value for answer in drawn if isinstance(answer, ops.Value)]
    assert any(isinstance(value, np.ndarray) and value.size == 0 for value in values)
    assert any(value is None for value in values)
    assert any(isinstance(value, np.ndarray) and value.ndim == 0 for value in values)
    assert any(difference(value, RIGHT) is None for value in values)
