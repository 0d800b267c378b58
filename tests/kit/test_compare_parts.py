"""Comparing answers of several parts, and of kinds other than floating-point numbers."""

from __future__ import annotations

import numpy as np
import pytest

from grader.diagnose import deviations
from grader.diagnose.examples import Example
from grader.diagnose.paste import _loss, code
from grader.diagnose.show import _inside
from grader.subject import operations as ops
from grader.suite import Difference, assert_close, assert_dtype_kept, assert_shape
from grader.suite.compare import carried_forward

X = np.arange(24, dtype=np.float64).reshape(2, 4, 3) / 7


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_the_dtype_counts_where_the_numbers_are_the_same(value):
    """Zeros of another dtype are equal to the last bit, and still not what the exercise asks for."""
    with pytest.raises(Difference, match="must keep the dtype of the input"):
        assert_close(np.full((2, 3), value), np.full((2, 3), value, np.float32))


def test_a_list_is_as_good_as_a_tuple():
    assert_close([X, X[0]], (X, X[0]))
    assert_shape([X, X[0]], [(2, 4, 3), (4, 3)])


def test_names_that_do_not_fit_are_numbered():
    with pytest.raises(Difference, match=r"^state\[1\] has shape"):
        assert_close((X, X), (X, X[0]), what="state")


def test_tuples_in_tuples_are_compared_part_by_part():
    """As an LSTM's outputs, (h, c)."""
    expected = (X, (X[0], X[1]))
    assert_close((X, [X[0], X[1]]), expected, what="outputs, state")
    for answer, message in [
        ((X, X), "Expected 2 things back"),
        ((X, (X[0], X[0])), "state[1] is off in 12 of 12"),
        ((X, (X[0],)), "got 1."),
    ]:
        with pytest.raises(Difference) as caught:
            assert_close(answer, expected, what="outputs, state")
        assert message in str(caught.value)


@pytest.mark.parametrize("what", ["loss, (h,)", "loss, (h)"])
def test_a_tuple_of_one_is_named_as_python_writes_it(what):
    expected = (np.float32(2), (X,))
    assert_close((np.float32(2), [X]), expected, what=what)
    for answer, message in [
        ((np.float32(2), X), "Expected a tuple of one, (h,); got one array of shape (2, 4, 3)."),
        ((np.float32(2), (X, X)), "Expected a tuple of one, (h,); got 2."),
        ((np.float32(2), (X[0],)), "h has shape (4, 3); expected (2, 4, 3)."),
    ]:
        with pytest.raises(Difference) as caught:
            assert_close(answer, expected, what=what)
        assert str(caught.value) == message


def test_a_tuple_of_one_keeps_its_dtype():
    assert_dtype_kept([(lambda: (X, (X,)), (X, (X,)))], what="outputs, (h,)")
    with pytest.raises(Difference, match=r"^h (is|has|should|must)"):
        assert_dtype_kept([(lambda: (X, (X.astype(np.float32),)), (X, (X,)))], what="outputs, (h,)")


def test_the_lines_to_paste_add_up_a_tuple_of_one():
    """As in the counterexample of a language model that returns loss, (h,)."""
    lines = _loss("model(x)", "loss, (h,)")
    names = {"model": lambda x: (X, (X[0],)), "x": None}
    exec("\n".join(lines), names)
    assert names["loss"] == X.sum() + X[0].sum()


def test_nothing_is_broadcast_into_fitting():
    for answer in (X[:1], X[:, :1], X[..., None], X.reshape(2, 3, 4), np.float64(1), X[None]):
        with pytest.raises(Difference, match="shape"):
            assert_close(answer, np.ones_like(X))


def test_nan_and_infinity_never_pass():
    for bad in (np.nan, np.inf, -np.inf):
        with pytest.raises(Difference, match=r"NaN|infinite"):
            assert_close(np.full(3, bad), np.zeros(3))
        with pytest.raises(Difference):
            assert_close((np.zeros(3), np.full(3, bad)), (np.zeros(3), np.zeros(3)), what="a, b")


def test_integers_and_truths_are_compared_exactly():
    assert_close(np.array([True, False]), np.array([True, False]))
    assert_close(np.array([1, 2]), np.array([1, 2]))
    for answer, expected in [
        (np.array([True, True]), np.array([True, False])),
        (np.array([0], np.int8), np.array([-128], np.int8)),
        (np.array([0], np.uint8), np.array([255], np.uint8)),
        (np.array([1, 2]), np.array([1, 3])),
    ]:
        with pytest.raises(Difference):
            assert_close(answer, expected)


def test_numbers_of_python_are_compared_within_the_tolerance():
    assert_close(0.1 + 0.2, 0.3)
    assert_close(3, 3)
    assert_close(None, None)
    for answer, expected in [(0.31, 0.3), (float("nan"), 0.3), (3, 3.0), (None, 0.3), (0.3, None)]:
        with pytest.raises(Difference):
            assert_close(answer, expected)


def test_empty_arrays_need_the_right_shape_only():
    assert_close(np.zeros((0, 3)), np.zeros((0, 3)))
    with pytest.raises(Difference, match="shape"):
        assert_close(np.zeros((3, 0)), np.zeros((0, 3)))


def test_an_earlier_mistake_is_carried_forward_only_when_it_explains_the_answer():
    carried_forward.set(False)
    assert_close(X, X, carried=lambda: pytest.fail("not asked for when the answer is right"))
    assert not carried_forward.get()
    for alternative in (None, X + 2, X[0]):
        with pytest.raises(Difference):
            assert_close(X + 1, X, carried=lambda alternative=alternative: alternative)
        assert not carried_forward.get()
    assert_close(X + 1, X, carried=lambda: X + 1)
    assert carried_forward.get()
    carried_forward.set(False)


ROWS = {"rows[0]": 1, "rows[1]": 2}


@pytest.mark.parametrize(
    ("expected", "answer", "text"),
    [
        (ROWS, (1,), "rows: expected 2 entries, got 1"),
        (ROWS, {1, 2}, "rows: expected 2 entries, got a set"),
        ({"counts['a']": 1}, {"a": 1, "b": 2}, "counts: expected 1 entry, got 2"),
        ({"counts['a']": 1}, {"b": 2}, "counts: has no entry 'a'"),
        (
            {"outputs": 1, "last": 2},
            (1,),
            "expected 2 things back (outputs, last), got one thing in a list or tuple",
        ),
    ],
)
def test_a_list_or_dict_of_other_entries_is_told_as_such(expected, answer, text):
    _, _, (deviation,) = deviations.compared(expected, {"": answer}, "call")
    assert deviation.text == text


PAIRS = ((1.0, 2.0), (3.0, 4.0))


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ([1.0, 2.0, 3.0, 4.0], "Expected 2 things back ((h, c), (k, d)); got 4."),
        (
            [1.0, 2.0],
            "Expected 2 things back (h, c); got a float. Expected 2 things back (k, d); got a float.",
        ),
    ],
)
def test_two_groups_are_two_things(answer, text):
    """Their names begin and end with a bracket, as those of one group do."""
    what = "(h, c), (k, d)"
    with pytest.raises(Difference) as raised:
        assert_close(answer, PAIRS, what=what)
    assert str(raised.value) == text
    example = Example("step", {"x": 1.0}, what=what)
    assert _inside(example, ops.Value(PAIRS), ops.Value(answer)) == text.rstrip(".").replace(
        "Expected", "expected"
    )


def test_so_is_a_list_in_a_graded_test():
    with pytest.raises(Difference, match=r"^the list: expected 2 entries; got 1\.$"):
        assert_close([1], [1, 2], what="the list")


def test_a_whole_number_for_a_truth_is_shown():
    _, _, (deviation,) = deviations.compared({"valid": False}, {"valid": 0}, "call")
    assert deviation.text == "valid: expected False, got 0 (an int)"


def test_lines_to_paste_import_numpy_only_where_it_is_used():
    assert code(Example("count", {"text": "a b"}, what="n"), "call") == "text = 'a b'\nprint(count(text))"
    assert code(Example("total", {"x": np.ones(1)}, what="n"), "call").startswith("import numpy as np\n")
