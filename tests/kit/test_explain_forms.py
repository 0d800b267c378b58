"""Which texts of exceptions a student is shown: those of known forms, and no text that the submission chose."""

from __future__ import annotations

import random
import re
import string

import pytest

from grader.messages import explain
from grader.records import Chunk, StudentSource
from grader.subject import operations as ops
from grader.subject.subjects import StudentRaised

from .explaining import ENCODED, FORMS, HERE, SECRET, bare_message


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in FORMS.items() for text in texts])
def test_known_forms_are_shown(kind, text):
    sentence = text.replace(", with gufunc signature (n?,k),(k,m?)->(n?,m?)", "").rstrip(". ")
    assert bare_message(kind, text, frames=[HERE]) == (
        f"Using `rnn_forward` raised {kind}: {sentence}, at line 5: return hiden."
    )


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (
            "RecursionError",
            "maximum recursion depth exceeded in comparison",
            "maximum recursion depth exceeded",
        ),
        (
            "ImportError",
            "cannot import name 'hidden' from 'numpy' (/a/b.py)",
            "cannot import name 'hidden' from 'numpy'",
        ),
        (
            "RuntimeError",
            "one of the variables needed for gradient computation has been modified by an inplace operation: "
            "[torch.FloatTensor [2]], which is output 0",
            "one of the variables needed for gradient computation has been modified by an inplace operation",
        ),
    ],
)
def test_the_end_of_a_long_text_is_cut_off(kind, text, expected):
    assert bare_message(kind, text) == f"Using `rnn_forward` raised {kind}: {expected}."


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"x is {SECRET}",
        "5 4 3 1 2",
        f"name '{ENCODED}' is not defined",
        f"local variable 'hidden' {ENCODED}",
        f"local variable 'hidden' referenced before assignment {ENCODED}",
        f"too many indices for array {ENCODED}",
        "too many indices for array: 1234 5678 9012",
        f"all the input array {ENCODED} must match exactly {ENCODED}",
        f"stack expects a non-empty TensorList {ENCODED}",
        f"only integer {ENCODED}",
        f"'{ENCODED}' object is not callable",
        f"'{ENCODED}' object has no attribute 'hidden'",
        f"module '{ENCODED}' has no attribute 'hidden'",
        f"No module named '{ENCODED}'",
        f"cannot import name 'hidden' from '{ENCODED}'",
        f"rnn_forward() missing 1 required positional argument: '{ENCODED}'",
        f"{ENCODED}() takes 2 positional arguments but 3 were given",
        f"got: {ENCODED} != {ENCODED}",
        f"expected m1 and m2 to have the same dtype, but got: {ENCODED} != double",
        f"argument '{ENCODED}' must be Tensor, not Tensor",
        f"argument 'input' must be {ENCODED}, not Tensor",
        "mat1 and mat2 shapes cannot be multiplied (42311x3 and 4x3)",
        "operands could not be broadcast together with shapes (42311,) (4,)",
        "index 42311 is out of bounds for axis 0 with size 2",
        "division by zero\n0.4231",
        "division by zero ",
    ],
)
def test_texts_of_the_students_choosing_are_not(text):
    message = bare_message("ValueError", text, frames=[HERE])
    assert message == "Using `rnn_forward` raised ValueError, at line 5: return hiden."


def test_a_known_form_with_many_digits_is_not_shown():
    """Sizes have few digits; enough of them would be a hidden number."""
    form = "operands could not be broadcast together with shapes {} {}"
    assert "(1234,567)" in bare_message("ValueError", form.format("(1234,567)", "(8901,2)"))
    assert bare_message("ValueError", form.format("(1234,567)", "(8901,23)")) == bare_message(
        "ValueError", ""
    )


def test_texts_close_to_known_forms_are_not():
    """A letter, a word or a number put anywhere into a known form must not come through."""
    draw = random.Random(3)
    for texts in FORMS.values():
        for text in texts:
            for _ in range(30):
                at = draw.randrange(len(text) + 1)
                word = "".join(draw.choices(string.ascii_lowercase, k=8))
                message = bare_message("ValueError", text[:at] + word + text[at:])
                assert word not in message, message


@pytest.mark.parametrize(
    "text",
    [
        "operands could not be broadcast together with shapes " + "(1234,5678) " * 4,
        "operands could not be broadcast together with shapes (1,2,3,4,5) (1,2)",
        "could not broadcast input array from shape (12,34,56,78,90,12,34) into shape (1,2)",
        "operands could not be broadcast together with shapes (111122223333) (4,)",
        "f() missing 9 required positional arguments: " + ", ".join(["'x'"] * 8) + ", and 'x'",
        "maximum recursion depth exceeded " + "x" * 300,
    ],
)
def test_a_text_of_a_known_form_with_room_for_numbers_is_not_shown(text):
    kind = "RecursionError" if "recursion" in text else "ValueError"
    message = bare_message(kind, text)
    assert not re.search(r"\d{2}|'x'|xx", message.replace("line 12", "")), message


def test_three_shapes_of_four_axes_are_shown():
    text = "operands could not be broadcast together with shapes (2,3,4,5) (1,2) (3,) "
    assert "(2,3,4,5) (1,2) (3,)" in bare_message("ValueError", text)


def test_a_message_is_bounded_whatever_the_child_says():
    raised = ops.Raised("ValueError", "x" * 20_000, "call", (), (("x", (1, 2)),) * 50)
    assert (
        len(explain.message(StudentRaised(raised, "f"), StudentSource("a.py", (Chunk("x\n" * 1000),)))) <= 600
    )
