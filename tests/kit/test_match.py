"""When two answers are the same to the diagnosis: numbers within rounding, and everything else exactly."""

from __future__ import annotations

import numpy as np
import pytest

from grader.diagnose.match import same_answers, same_value
from grader.subject import operations as ops

X = np.linspace(-1.0, 1.0, 6).reshape(2, 3)


def value(array, changed=(), inputs=None, parameters=None):
    return [ops.Value(array, changed, inputs, parameters)]


@pytest.mark.parametrize(
    ("dtype", "rounding", "mistake"), [("float64", 1e-12, 1e-6), ("float32", 1e-6, 1e-2)]
)
def test_a_mistake_is_off_by_far_more_than_what_is_forgiven(dtype, rounding, mistake):
    want = X.astype(dtype)
    assert same_value(want + np.array(rounding, dtype), want)
    assert not same_value(want + np.array(mistake, dtype), want)


@pytest.mark.parametrize("got", [X[:1], X.T, X.astype(np.float32), X.tolist(), None, (X,)])
def test_another_shape_dtype_or_kind_is_another_answer(got):
    assert not same_value(got, X)
    assert not same_value(got, X, weighed=False)


def test_where_weights_are_random_only_the_kind_of_the_answer_counts():
    assert same_value(-X, X, weighed=False)
    assert not same_value(-X, X)


def test_exceptions_are_the_same_only_with_the_same_words():
    raised = ops.Raised("ValueError", "shapes (2,3) and (4,5) not aligned", "call")
    for same in (raised, ops.Raised("ValueError", "shapes (7,1) and (9,5) not aligned", "call")):
        assert same_answers([same], [raised])
    for other in (
        ops.Raised("ValueError", "cannot reshape array", "call"),
        ops.Raised("TypeError", raised.text, "call"),
        ops.Raised("ValueError", raised.text, "backward"),
    ):
        assert not same_answers([other], [raised])
    assert not same_answers(value(X), [raised])
    assert not same_answers([raised], value(X))


def test_what_was_changed_in_place_counts():
    assert same_answers(value(X, ("argument 1",)), value(X, ("argument 1",)))
    assert not same_answers(value(X, ("argument 2",)), value(X, ("argument 1",)))
    assert not same_answers(value(X), value(X, ("argument 1",)))


def test_gradients_count_like_numbers():
    for part in ("inputs", "parameters"):
        given = {"inputs": ((X,), (-X,), (None,)), "parameters": ({"w": X}, {"w": -X}, {"v": X})}[part]
        right, *wrong = (value(X, **{part: one}) for one in given)
        assert same_answers(right, right)
        assert not any(same_answers(right, other) or same_answers(other, right) for other in wrong)


def test_fewer_answers_are_other_answers():
    assert not same_answers(value(X), [*value(X), *value(X)])
    assert not same_answers([], value(X))
