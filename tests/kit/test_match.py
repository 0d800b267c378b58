"""When two answers are the same to the diagnosis: numbers within rounding, and everything else exactly."""

from __future__ import annotations

import numpy as np
import pytest

from grader.diagnose.match import Session, same_answers, same_value
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


@pytest.mark.parametrize("answer", [X[:1], X.T, X.astype(np.float32), X.tolist(), None, (X,)])
def test_another_shape_dtype_or_kind_is_another_answer(answer):
    assert not same_value(answer, X)
    assert not same_value(answer, X, weighed=False)


def test_where_weights_are_random_only_the_kind_of_the_answer_counts():
    assert same_value(-X, X, weighed=False)
    assert not same_value(-X, X)


def raised(text: str, kind: str = "ValueError", stage: str = "call") -> ops.Raised:
    return ops.Raised(kind, text, stage)


ALIGNED = "shapes (2,3) and (4,5) not aligned: 3 (dim 1) != 4 (dim 0)"
CORE = (
    "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size {} is different from {})"
)
SUM, TENSORS = (
    "operands could not be broadcast together with shapes {} {} ",
    "The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension {}",
)


def test_exceptions_are_the_same_only_with_the_same_words():
    assert same_answers([raised(ALIGNED)], [raised(ALIGNED)])
    for other in (
        raised("cannot reshape array"),
        raised(ALIGNED, kind="TypeError"),
        raised(ALIGNED, stage="backward"),
    ):
        assert not same_answers([other], [raised(ALIGNED)])
    assert not same_answers(value(X), [raised(ALIGNED)])
    assert not same_answers([raised(ALIGNED)], value(X))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (ALIGNED, "shapes (7,1) and (9,5) not aligned: 1 (dim 1) != 9 (dim 0)"),
        (CORE.format(4, 2), CORE.format(5, 2)),  # the sizes stand behind many words
        (CORE.format(4, 2), CORE.format(2, 4)),
        (SUM.format("(3,4)", "(2,)"), SUM.format("(3,4)", "(3,)")),
        (SUM.format("(3,4)", "(2,)"), SUM.format("(4,3)", "(2,)")),
        (TENSORS.format(3, 4, 1), TENSORS.format(3, 4, 0)),
        (TENSORS.format(3, 4, 1), TENSORS.format(3, 5, 1)),
        (
            "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x3)",
            "mat1 and mat2 shapes cannot be multiplied (2x4 and 3x3)",
        ),
        (
            "index 4 is out of bounds for axis 1 with size 4",
            "index 3 is out of bounds for axis 1 with size 3",
        ),
        ("too many values to unpack (expected 2)", "too many values to unpack (expected 3)"),
    ],
)
def test_exceptions_at_other_sizes_are_other_exceptions(text, other):
    assert same_answers([raised(text)], [raised(text)])
    assert not same_answers([raised(text)], [raised(other)])


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (SUM.format("(3,4)", "(2,)"), SUM.format("(2,)", "(3,4)")),
        (TENSORS.format(3, 4, 1), TENSORS.format(4, 3, 1)),
        ("shapes (5,3) and (4,2) not aligned: 3 (dim 1) != 4 (dim 0)", CORE.format(4, 3)),
        ("unsupported operand: <object at 0x7f01a2>", "unsupported operand: <object at 0x55c0d9>"),
    ],
)
def test_what_only_the_way_of_writing_changes_in_an_exception_does_not_count(text, other):
    assert same_answers([raised(text)], [raised(other)])


def test_what_was_changed_in_place_counts():
    assert same_answers(value(X, ("argument 1",)), value(X, ("argument 1",)))
    assert not same_answers(value(X, ("argument 2",)), value(X, ("argument 1",)))
    assert not same_answers(value(X), value(X, ("argument 1",)))


def test_gradients_count_like_numbers():
    for part in ("inputs", "parameters"):
        gradients = {"inputs": ((X,), (-X,), (None,)), "parameters": ({"w": X}, {"w": -X}, {"v": X})}[part]
        right, *wrong = (value(X, **{part: gradient}) for gradient in gradients)
        assert same_answers(right, right)
        assert not any(same_answers(right, other) or same_answers(other, right) for other in wrong)


def test_fewer_answers_are_other_answers():
    assert not same_answers(value(X), [*value(X), *value(X)])
    assert not same_answers([], value(X))


def test_no_number_counts_after_weights_that_could_not_be_loaded():
    """The object still has those that it was made with, at random; before, and where all went well, numbers count."""
    places = tuple((0, number) for number in range(3))
    session = Session("Net", places, ((), (), ()), (False, True, True))
    came, failed = ops.Value(np.ones(2)), ops.Raised("WeightShape", "w (2, 3) (3, 2)", "weights")
    assert session.counted([[came], [came], [came]]) == (False, True, True)
    assert session.counted([[came], [came, failed], [came]]) == (False, False, False)
    assert session.counted([[came], [came], [failed]]) == (False, True, False)
    assert session.counted([[failed]]) == (False, False, False)
