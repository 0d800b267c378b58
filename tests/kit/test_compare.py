"""Comparing answers: what is close enough, and every message that students read, word for word."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.diagnose import deviations
from grader.subject.operations import Opaque, Parameter
from grader.suite import Difference, assert_close, assert_shape, tolerance
from grader.suite.compare import difference, lost_precision
from grader.suite.differences import axes, lost_dtype

X = np.arange(24, dtype=np.float64).reshape(2, 4, 3) / 7


def off(at, by=0.5, array=X):
    """`array`, wrong at some place."""
    wrong = array.copy()
    wrong[at] += by
    return wrong


def test_an_answer_is_close_to_itself_and_to_its_rounding():
    for dtype in (np.float64, np.float32, np.float16):
        array = X.astype(dtype)
        assert_close(array, array.copy())
        assert_close(np.nextafter(array, dtype(9)), array)
    assert_close(X.astype(np.float32).cumsum(1), X.cumsum(1).astype(np.float32), length=4)


@pytest.fixture(autouse=True)
def named_axes():
    """The names that a course of sequences gives to the axes of its arrays."""
    token = axes.set({3: ("sample", "time step", "feature")})
    yield
    axes.reset(token)


def test_where_an_answer_is_off_is_said_with_the_names_of_the_course():
    wrong = off((1, 2, 0))
    axes.set({3: ("station", "day", "reading")})
    assert "(only at day 2)" in (difference(wrong, X) or "").__str__()
    axes.set({})
    assert "2 of" not in str(difference(wrong, X))
    assert " at [1, 2, 0]" in str(difference(wrong, X))
    assert "day" not in str(difference(wrong, X))


def test_tolerance_grows_with_the_length_and_shrinks_with_precision():
    assert tolerance("float64") < tolerance("float32") < tolerance("float16") < 0.01
    assert tolerance("float32", 100) == pytest.approx(10 * tolerance("float32"))
    assert tolerance("float32", 0) == tolerance("float32", 1)
    assert tolerance("int64") == 0


@pytest.mark.parametrize(
    ("dtype", "slack", "roundings"),
    [("float16", 4e-3, 4), ("float32", 2.4e-5, 201), ("float64", 2e-10, 900_720)],
)
def test_the_slack_of_each_dtype(dtype, slack, roundings):
    """Pinned: whoever moves one of these moves what passes for right in every suite."""
    assert tolerance(dtype) == slack
    assert round(slack / np.finfo(dtype).eps) == roundings


def test_numbers_of_half_precision_are_as_exact_as_that_and_others_are_not():
    """What was computed in float16 and turned back is seen by its numbers; a mistake of its size is none of them."""
    for dtype in ("float32", "float64"):
        right = np.tanh(X - 1).astype(dtype)
        halved = right.astype(np.float16)
        assert difference(halved.astype(dtype), right, any_dtype=True) is None
        assert difference(halved, right, any_dtype=True) is None
        assert "only as exact as float16" in str(lost_precision(halved.astype(dtype), right, "h_next"))
        assert "h_next is float16 (half precision), but" in str(
            lost_dtype("h_next", halved.dtype, right.dtype)
        )
        assert difference(right + halved * dtype_of(dtype, 5e-4), right, any_dtype=True) is not None
        assert difference(off((0, 0, 0), 0.1, halved).astype(dtype), right, any_dtype=True) is not None
        assert lost_precision(right + dtype_of(dtype, 5e-4), right, "h_next") is None
    single = np.tanh(X - 1).astype(np.float32).astype(np.float64)
    assert "only as exact as float32" in str(lost_precision(single, np.tanh(X - 1), "h_next"))


def dtype_of(dtype, number):
    return np.dtype(dtype).type(number)


def test_zeros_and_a_lone_number_are_no_sign_of_half_precision():
    """Any program gives these."""
    near = np.full((2, 2), 5e-4)
    assert difference(np.zeros((2, 2)), near, any_dtype=True) is not None
    assert difference(np.array([0.5]), np.array([0.5005]), any_dtype=True) is not None


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_limit_is_where_it_says(dtype):
    expected = np.zeros(3, dtype)
    limit = tolerance(dtype)
    assert_close(np.full(3, 0.9 * limit, dtype), expected)
    with pytest.raises(Difference):
        assert_close(np.full(3, 1.1 * limit, dtype), expected)
    assert_close(1000 + np.full(3, 900 * limit, dtype), 1000 + expected)


MESSAGES = [
    (None, X, "outputs should be an array of shape (2, 4, 3); got None (is a return missing?)."),
    ((X, X), X, "outputs should be an array of shape (2, 4, 3); got 2 things."),
    (3, X, "outputs should be an array of shape (2, 4, 3); got an int."),
    ("3", X, "outputs should be an array of shape (2, 4, 3); got a str."),
    ({}, X, "outputs should be an array of shape (2, 4, 3); got a dict."),
    (
        Opaque("a generator"),
        X,
        "outputs should be an array of shape (2, 4, 3); got a generator (does it yield where it should return?).",
    ),
    (
        Opaque("x = 0.1234"),
        X,
        "outputs should be an array of shape (2, 4, 3); got something that is no array.",
    ),
    (X[0], X, "outputs has shape (4, 3); expected (2, 4, 3)."),
    (X[0, 0], X, "outputs has shape (3,); expected (2, 4, 3)."),
    (np.array(1.0), X, "outputs has shape (); expected (2, 4, 3)."),
    (np.zeros((12345, 2)), X, "outputs has shape of very large size; expected (2, 4, 3)."),
    (np.zeros((1, 2, 3, 4, 5)), X, "outputs has shape with 5 axes; expected (2, 4, 3)."),
    (
        X.astype(np.float32),
        X,
        "outputs is float32, but the inputs are float64: the result must keep the dtype of the input.",
    ),
    (off((0, 0, 0), np.nan), X, "outputs holds NaN values."),
    (off((0, 0, 0), np.inf), X, "outputs holds infinite values."),
    (
        off((1, 2, 0)),
        X,
        "outputs is off in 1 of 24 entries (only at time step 2): by up to 0.5 at [1, 2, 0], where 7e-10 is allowed.",
    ),
    (
        off((slice(None), slice(2, None), 0), array=X * 0),
        X * 0,
        "outputs is off in 4 of 24 entries (from time step 2 on): by up to 0.5 at [0, 2, 0], where 2e-10 is allowed.",
    ),
    (
        off((slice(None), [0, 2], 0), array=X * 0),
        X * 0,
        "outputs is off in 4 of 24 entries (at time steps 0, 2): by up to 0.5 at [0, 0, 0], where 2e-10 is allowed.",
    ),
    (
        X * 0 + 1,
        X * 0,
        "outputs is off in 24 of 24 entries: by up to 1 at [0, 0, 0], where 2e-10 is allowed.",
    ),
    (
        X[0] * 0 + 1,
        X[0] * 0,
        "outputs is off in 12 of 12 entries: by up to 1 at [0, 0], where 2e-10 is allowed.",
    ),
    (np.array(2.0), np.array(1.0), "outputs is off in 1 of 1 entries: by up to 1, where 2e-10 is allowed."),
    (4, 3, "outputs is not what was expected."),
    (True, 1, "outputs should be a whole number; got a bool."),
]


@pytest.mark.parametrize(
    ("answer", "expected", "message"), MESSAGES, ids=[text[8:50] for *_, text in MESSAGES]
)
def test_what_differs_is_said_in_these_words(answer, expected, message):
    with pytest.raises(Difference) as caught:
        assert_close(answer, expected, what="outputs")
    assert str(caught.value) == message


SEVERAL = [
    (X, "Expected 2 things back (outputs, hidden); got one array of shape (2, 4, 3)."),
    (np.array(1.0), "Expected 2 things back (outputs, hidden); got a single number."),
    (None, "Expected 2 things back (outputs, hidden); got None (is a return missing?)."),
    ((X,), "Expected 2 things back (outputs, hidden); got 1."),
    ((X, X[0], X), "Expected 2 things back (outputs, hidden); got 3."),
    ((X, X), "hidden has shape (2, 4, 3); expected (4, 3)."),
    ((X[0], X), "outputs has shape (4, 3); expected (2, 4, 3). hidden has shape (2, 4, 3); expected (4, 3)."),
    ((None, X[0]), "outputs should be an array of shape (2, 4, 3); got None (is a return missing?)."),
]


@pytest.mark.parametrize(("answer", "message"), SEVERAL)
def test_what_differs_in_a_tuple_is_said_of_its_part(answer, message):
    with pytest.raises(Difference) as caught:
        assert_close(answer, (X, X[0]), what="outputs, hidden")
    assert str(caught.value) == message
    if "off" not in message:
        with pytest.raises(Difference) as caught:
            assert_shape(answer, ((2, 4, 3), (4, 3)), what="outputs, hidden")
        assert message.startswith(str(caught.value)), "a shape check says the same, at least the first thing"


@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3), st.sampled_from(["zeros", "noise", "shift"]))
def test_messages_show_no_value_of_an_answer(seed, scale, kind):
    """Two digits of the largest difference, one of the limit, sizes and places: nothing else with digits."""
    draw = np.random.default_rng(seed)
    expected = draw.normal(size=(2, 3, 4)) * scale
    answer = {"zeros": expected * 0, "noise": draw.normal(size=(2, 3, 4)), "shift": expected + 0.25}[kind]
    wrong = difference(answer, expected, "outputs")
    assert wrong is not None
    message = str(wrong)
    pattern = (
        r"outputs is off in \d+ of 24 entries(?: \([\w ,…]+\))?: by up to (?P<most>[\d.e+-]+)"
        r" at \[\d, \d, \d\], where \de-\d\d is allowed\."
    )
    match = re.fullmatch(pattern, message)
    assert match, message
    assert len(match["most"].split("e")[0].replace(".", "").lstrip("0")) <= 2


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (
            "an array of complex128",
            "h should be an array of plain numbers, of float64 for example; got an array of complex128.",
        ),
        (
            "a tensor of torch.bfloat16 (torch.strided)",
            "h should be an array of plain numbers, of float64 for example; got a tensor of torch.bfloat16.",
        ),
        (
            "an array of shape (9000, 9000), too large to send",
            "h should be an array of shape (2, 3); got an array that is far too large.",
        ),
        ("a set", "h should be an array of shape (2, 3); got a set."),
        ("0.4231", "h should be an array of shape (2, 3); got something that is no array."),
    ],
)
def test_a_dtype_that_cannot_be_sent_is_told_against_a_dtype_and_a_shape_against_a_shape(sent, message):
    with pytest.raises(Difference) as caught:
        assert_shape(Opaque(sent), (2, 3), what="h")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("registered", "message"),
    [
        (None, "w is not a tensor, expected a tensor of shape (2, 3)"),
        (Parameter(3, True), "w is not a tensor, expected a tensor of shape (2, 3)"),
        (
            Parameter(Opaque("a tensor of torch.bfloat16 (torch.strided)"), True),
            "w is a tensor of torch.bfloat16, expected a tensor of float32",
        ),
        (Parameter(np.ones((3, 2), np.float32), True), "w has shape (3, 2), expected (2, 3)"),
        (
            Parameter(np.ones((2, 3)), True),
            "w is float64, expected float32, as PyTorch makes parameters",
        ),
    ],
)
def test_a_parameter_is_told_against_a_tensor_of_the_same_kind(registered, message):
    expected = {"w": Parameter(np.ones((2, 3), np.float32), True)}
    _, _, (deviation,) = deviations.parameters(expected, {"w": registered})
    assert deviation.text == message
