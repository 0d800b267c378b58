"""What students read about an exception: known forms help, and no text of their choosing is ever repeated."""

from __future__ import annotations

import random
import re
import string
from dataclasses import replace

import numpy as np
import pytest

from grader.messages import explain, forms, lookup
from grader.records import Chunk, StudentSource
from grader.subject import operations as ops
from grader.subject.subjects import StudentRaised, SubjectLost

SOURCE = """\
import numpy as np

def rnn_forward(x, h0, w_input):
    hidden = x @ w_input
    return hiden
"""
CHUNKS = [Chunk(SOURCE)]
CELLS = [Chunk("import numpy as np", "cell 1"), Chunk("\ndef f(x):\n    return x @ x\n", "cell 3")]


def problem(kind, text="", *, stage="call", frames=(), chunks=CHUNKS, exercise="rnn_forward", weights=None):
    raised = ops.Raised(kind, text, stage, tuple(frames))
    return explain.problem(StudentRaised(raised, exercise, weights), StudentSource("rnn.py", tuple(chunks)))


def told(kind, text="", **more) -> str:
    """The message without the likely cause."""
    return explain.one_line(replace(problem(kind, text, **more), cause=""))


HERE = ops.Frame("", 5, "rnn_forward")

FORMS = {
    "NameError": ["name 'hiden' is not defined"],
    "UnboundLocalError": [
        "local variable 'hidden' referenced before assignment",
        "cannot access local variable 'hidden' where it is not associated with a value",
    ],
    "ValueError": [
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
        "(n?,k),(k,m?)->(n?,m?) (size 2 is different from 3)",
        "shapes (2,3) and (4,3) not aligned: 3 (dim 1) != 4 (dim 0)",
        "operands could not be broadcast together with shapes (2,3) (4,) ",
        "all input arrays must have the same shape",
        "need at least one array to stack",
        "not enough values to unpack (expected 2, got 1)",
        "too many values to unpack (expected 2)",
        "cannot reshape array of size 3 into shape (2,2)",
        "could not broadcast input array from shape (2,3) into shape (3,)",
        "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()",
    ],
    "RuntimeError": [
        "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x3)",
        "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1",
        "expected m1 and m2 to have the same dtype, but got: float != double",
        "stack expects each tensor to be equal size, but got [2] at entry 0 and [3] at entry 1",
        "Sizes of tensors must match except in dimension 0. Expected size 3 but got size 2 for tensor number 1 "
        "in the list.",
        "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
    ],
    "TypeError": [
        "rnn_forward() missing 2 required positional arguments: 'h0' and 'w_input'",
        "rnn_forward() got an unexpected keyword argument 'h0'",
        "rnn_forward() takes 2 positional arguments but 3 were given",
        "unsupported operand type(s) for +: 'Tensor' and 'NoneType'",
        "'NoneType' object is not subscriptable",
        "linear(): argument 'input' (position 1) must be Tensor, not numpy.ndarray",
    ],
    "AttributeError": [
        "'Tensor' object has no attribute 'hidden'",
        "module 'numpy' has no attribute 'hidden'",
    ],
    "IndexError": [
        "index 5 is out of bounds for axis 0 with size 2",
        "too many indices for array: array is 1-dimensional, but 2 were indexed",
        "list index out of range",
    ],
    "ZeroDivisionError": ["division by zero"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in FORMS.items() for text in texts])
def test_known_forms_are_shown(kind, text):
    sentence = text.replace(", with gufunc signature (n?,k),(k,m?)->(n?,m?)", "").rstrip(". ")
    assert told(kind, text, frames=[HERE]) == (
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
    assert told(kind, text) == f"Using `rnn_forward` raised {kind}: {expected}."


SECRET = "0.4231"
ENCODED = "qbswzkxv"


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
    message = told("ValueError", text, frames=[HERE])
    assert message == "Using `rnn_forward` raised ValueError, at line 5: return hiden."


def test_a_known_form_with_many_digits_is_not_shown():
    """Sizes have few digits; enough of them would be a hidden number."""
    form = "operands could not be broadcast together with shapes {} {}"
    assert "(1234,567)" in told("ValueError", form.format("(1234,567)", "(8901,2)"))
    assert told("ValueError", form.format("(1234,567)", "(8901,23)")) == told("ValueError", "")


def test_texts_close_to_known_forms_are_not():
    """A letter, a word or a number put anywhere into a known form must not come through."""
    draw = random.Random(3)
    for texts in FORMS.values():
        for text in texts:
            for _ in range(30):
                at = draw.randrange(len(text) + 1)
                word = "".join(draw.choices(string.ascii_lowercase, k=8))
                message = told("ValueError", text[:at] + word + text[at:])
                assert word not in message, message


def test_a_class_of_exception_is_named_when_the_file_or_python_has_it():
    assert "raised KeyError: 'x'." in told("KeyError", "'x'")
    assert "raised KeyError." in told("KeyError", "'no_word_of_the_file'")
    assert "raised an exception." in told(ENCODED)
    assert f"raised {ENCODED}." in told(ENCODED, chunks=[Chunk(f"class {ENCODED}(Exception): pass")])
    assert "raised an exception." in told("a b\x1b[31m")


def test_what_the_jail_forbids_is_explained():
    closed = "graded without files, network and other programs"
    for kind in ("PermissionError", "URLError", "gaierror", "ConnectionRefusedError", "TimeoutError"):
        message = explain.one_line(problem(kind, f"[Errno 1] {SECRET}"))
        assert message.startswith(f"Using `rnn_forward` raised {kind}. Your code is {closed}"), message
    assert closed in explain.one_line(problem("RuntimeError", "can't start new thread"))
    assert SECRET not in explain.one_line(problem("RuntimeError", f"can't start new thread {SECRET}"))


def test_the_stage_is_told():
    assert told("KeyError", stage="backward").startswith("Backpropagating through `rnn_forward` raised")
    assert told("KeyError", stage="construct").startswith("Making `rnn_forward` raised")


def test_what_is_missing_is_told_with_a_near_name():
    assert told("Missing") == "`rnn.py` defines no `rnn_forward`."
    near = Chunk("def rnn_foward(x): pass")
    within = Chunk("def main():\n    def rnn_forward(x):\n        pass\n")
    deleted = [*CHUNKS, Chunk("\ndel rnn_forward\n", "cell 2")]
    assert explain.one_line(problem("Missing", "", chunks=deleted)).endswith(
        "`del` takes it away again (cell 2, line 2): leave it there."
    )
    assert explain.one_line(problem("Missing", "", chunks=[within])).endswith(
        "It stands inside `main` (line 2), where nothing else can use it: move it out of there."
    )
    assert explain.one_line(problem("Missing", "rnn_foward", chunks=[near])).endswith(
        "There is `rnn_foward`: is it meant to be this one?"
    )
    assert ENCODED not in told("Missing", ENCODED)
    assert told("NotImplementedError", "secret") == "`rnn_forward` is still to be written."
    assert told("NotImplementedError", frames=[HERE]) == "`rnn_forward` is still to be written (line 5)."


@pytest.mark.parametrize("last", ["Cell = Cell(3)", "cell = Cell(3)\nCell = cell"])
def test_a_name_that_was_given_to_an_object_is_told(last):
    source = "class Cell:\n    def __init__(self, size):\n        pass\n"
    more = {"stage": "construct", "frames": [ops.Frame("", 3, "__init__")], "exercise": "Cell"}
    sentence = explain.one_line(problem("TypeError", "x", chunks=[Chunk(source + last + "\n")], **more))
    assert "This name is given to an object that was made of it (line" in sentence
    for right in ("cell = Cell(3)", "Cell = cell(3)", "Cell = decorate(Cell)", "a[0] = Cell(3)\nCell = b[0]"):
        assert lookup.taken("Cell", [Chunk(source + right)]) == ""


def test_weights_are_told_by_the_names_of_the_suite_only():
    weights = {"cell.w_input": np.zeros((2, 3))}
    assert told("NoSuchWeight", "cell.w_input", weights=weights, exercise="RNN") == (
        "`RNN` has no weight called `cell.w_input`."
    )
    assert ENCODED not in told("NoSuchWeight", ENCODED, weights=weights)
    assert told("WeightShape", "cell.w_input (3, 2) (2, 3)", weights=weights, exercise="RNN") == (
        "The weight `cell.w_input` of `RNN` has shape (3, 2); expected (2, 3)."
    )
    for text in (f"cell.w_input {ENCODED}", "cell.w_input (42311, 2) (2, 3)", f"{ENCODED} (3, 2)", ""):
        message = told("WeightShape", text, weights=weights)
        assert ENCODED not in message
        assert "42311" not in message


def test_the_line_comes_from_the_file():
    cell = ops.Frame("cell 3", 3, "f")
    assert told("KeyError", frames=[HERE, cell], chunks=CELLS).endswith("at cell 3, line 3: return x @ x.")
    for place in (ops.Frame(ENCODED, 1, "f"), ops.Frame("cell 3", 99, "f"), ops.Frame("cell 3", 0, ENCODED)):
        assert told("KeyError", frames=[place], chunks=CELLS) == "Using `rnn_forward` raised KeyError."


def test_a_line_cannot_disturb_a_terminal():
    hostile = [Chunk("x = '\x1b[31m\u202e" + "y" * 500 + "'\n")]
    message = told("KeyError", frames=[ops.Frame("", 1, "f")], chunks=hostile)
    assert "\x1b" not in message
    assert "\u202e" not in message
    assert len(message) < 250


def lost(kind, detail, exercise):
    loss = SubjectLost(kind, detail)
    loss.asked = exercise
    return loss


@pytest.mark.parametrize(
    ("lost", "message"),
    [
        (
            lost("timeout", "", "RNN"),
            "`RNN` gave no answer in time: is there an endless loop, or one that takes very long?",
        ),
        (
            lost("timeout", "earlier tests of RNN had to be ended", "RNN"),
            "No answer came in time (earlier tests of RNN had to be ended):"
            " is there an endless loop, or one that takes very long?",
        ),
        (
            lost("crashed", "an abort", "RNN"),
            "`RNN` ended the program instead of answering (an abort).",
        ),
        (
            lost("crashed", "ending itself", "RNN"),
            "`RNN` ended the program instead of answering: does it call os._exit()?",
        ),
        (
            SubjectLost("timeout"),
            "No answer came in time: is there an endless loop, or one that takes very long?",
        ),
        (
            SubjectLost("timeout", "its time was used up by earlier tests"),
            "No answer came in time (its time was used up by earlier tests):"
            " is there an endless loop, or one that takes very long?",
        ),
        (SubjectLost("crashed"), "The program ended instead of answering."),
        (
            SubjectLost("crashed", "a segmentation fault"),
            "The program ended instead of answering (a segmentation fault).",
        ),
    ],
)
def test_lost_processes(lost, message):
    assert explain.explain_lost(lost) == message


def test_patterns_hold_no_wildcard():
    """Except for a `rest`, which is cut off: a wildcard would carry whatever a submission writes into it."""
    for form in forms.FORMS:
        spelled = re.sub(r"\(\?P<rest>[^)]*\)", "", form.pattern).replace(forms._NAMES, "")
        assert not re.search(r"(?<!\\)\.[*+{?]|\\S[*+]|\\w[*+](?![^(]*\))", spelled), spelled
        # A word of the submission's own choosing stands in a group, where it is looked up.
        outside = re.sub(r"\((?!\?)[^()]*\)", "", spelled)
        assert not re.search(r"(?<!\\)(?:\\\\)*\\w[*+{]", outside), spelled


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def RNN():\n    while True:\n        pass\n", ": does the `while` loop at line 2 ever end?"),
        ("import time\ndef RNN():\n    time.sleep(9)\n", ": does time.sleep() at line 3 need to be there?"),
        (
            "def RNN():\n    while 1:\n        pass\n    while 2:\n        pass\n",
            ": what at line 2 or line 4 may never end?",
        ),
        (
            "def RNN():\n    for x in range(9):\n        pass\ndef other():\n    while True:\n        pass\n",
            ": does the `while` loop at line 5 ever end?",
        ),
        ("def RNN(:\n", ": is there an endless loop, or one that takes very long?"),
    ],
)
def test_what_took_too_long_is_looked_for_in_the_source(source, message):
    assert explain.explain_lost(lost("timeout", "", "RNN"), [Chunk(source)]) == (
        f"`RNN` gave no answer in time{message}"
    )


TWO = """\
import torch

def reverse(x):
    raise NotImplementedError("your turn")

class BiRNN(torch.nn.Module):
    def run(self, x):
        return reverse(x)

    def forward(self, x):
        return self.run(x)
"""


def test_what_is_unwritten_is_the_function_whose_line_raises_and_who_calls_it():
    frames = [ops.Frame("", 11, "forward"), ops.Frame("", 8, "run"), ops.Frame("", 4, "reverse")]
    unwritten = problem("NotImplementedError", frames=frames, exercise="BiRNN", chunks=[Chunk(TWO)])
    assert explain.one_line(unwritten) == "`reverse` is still to be written (line 4); `BiRNN.run` calls it."
    assert (unwritten.kind, unwritten.about) == ("unwritten", "reverse")
    only = problem("NotImplementedError", frames=frames[-1:], exercise="BiRNN", chunks=[Chunk(TWO)])
    assert explain.one_line(only) == "`reverse` is still to be written (line 4); `BiRNN` calls it."


def test_a_helper_that_raises_is_named():
    frames = [ops.Frame("", 11, "forward"), ops.Frame("", 8, "run")]
    message = explain.one_line(problem("KeyError", frames=frames, exercise="BiRNN", chunks=[Chunk(TWO)]))
    assert message == "Using `BiRNN` raised KeyError, in `BiRNN.run`, at line 8: return reverse(x)."


def test_a_module_without_forward_is_not_unwritten():
    text = 'Module [RNNCell] is missing the required "forward" function'
    chunks = [Chunk("class RNNCell(nn.Module):\n    def foward(self, x):\n        return x\n")]
    explained = problem("NotImplementedError", text, exercise="RNNCell", chunks=chunks)
    assert explained.said == "`RNNCell` has no method `forward`"
    assert explained.cause == "There is `foward`: is it meant to be this one?"
    assert explained.kind == "raised"


def test_the_line_of_a_recursion_is_the_one_that_goes_round():
    around = [ops.Frame("", 4, "rnn_forward")] * 9
    frames = [*around, ops.Frame("", 3, "rnn_forward")]
    assert ", at line 4: hidden = x @ w_input." in told("RecursionError", frames=frames)


def test_a_weight_under_another_name_or_never_made_is_pointed_at():
    weights = {"w_output": np.zeros((2, 3)), "cell.w_input": np.zeros((2, 3))}
    source = "class RNN(nn.Module):\n    def __init__(self):\n        self.w_out = 1\n        self.cell = RNNCell\n"
    chunks = [Chunk(source)]
    missing = problem("NoSuchWeight", "w_output", exercise="RNN", weights=weights, chunks=chunks)
    assert explain.one_line(missing) == (
        "`RNN` has no weight called `w_output`. There is `self.w_out`: is it meant to be this one?"
    )
    unmade = problem("NoSuchWeight", "cell.w_input", exercise="RNN", weights=weights, chunks=chunks)
    assert explain.one_line(unmade).endswith("`self.cell` is `RNNCell` itself (line 4): is it never made?")


@pytest.mark.parametrize(
    "piece", ["name 'a", "(1, ", "'a' object ", "got (a, ", "[1] ", "matmul: Input operand 1 "]
)
def test_long_texts_cost_no_more_than_short_ones(piece):
    """A text that is longer than any form is not looked at."""
    assert forms.shown(piece * 100_000, CHUNKS) == ""


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
    message = told(kind, text)
    assert not re.search(r"\d{2}|'x'|xx", message.replace("line 12", "")), message


def test_three_shapes_of_four_axes_are_shown():
    text = "operands could not be broadcast together with shapes (2,3,4,5) (1,2) (3,) "
    assert "(2,3,4,5) (1,2) (3,)" in told("ValueError", text)


def test_a_message_is_bounded_whatever_the_child_says():
    raised = ops.Raised("ValueError", "x" * 20_000, "call", (), (("x", (1, 2)),) * 50)
    assert (
        len(explain.message(StudentRaised(raised, "f"), StudentSource("a.py", (Chunk("x\n" * 1000),)))) <= 600
    )


def test_a_name_whose_statement_was_passed_over_is_not_called_misspelt():
    chunks = [Chunk("import tensorflow as tf\nt = 1\ndef f(x):\n    return tf.tanh(x)\n")]
    raised = ops.Raised("NameError", "name 'tf' is not defined", "call", (ops.Frame("", 4, "f"),))
    assert explain.cause(raised, chunks) == "It gets its value at line 1, which is not run when it is graded."


@pytest.mark.parametrize("mark", ["\x0c", "\x0b", "\x1c", "\x85", "\u2028"])
def test_the_line_that_is_shown_is_the_one_that_python_means(mark):
    """Editors put form feeds between parts of a file, and copied comments hold odd line breaks: no line ends there."""
    source = SOURCE.replace("import numpy as np\n", f"import numpy as np  # here{mark}and here\n")
    chunks = [Chunk(source)]
    assert lookup.text("", 5, chunks) == "return hiden"
    (definition,) = lookup.definitions(chunks)
    assert definition.head == "def rnn_forward(x, h0, w_input):"
    message = told("NameError", FORMS["NameError"][0], frames=[HERE], chunks=chunks)
    assert message == told("NameError", FORMS["NameError"][0], frames=[HERE])
