"""What students read about an exception: known forms help, and no text of their choosing is ever repeated."""

from __future__ import annotations

import re

import numpy as np
import pytest

from grader.messages import explain, forms, gone, lookup
from grader.records import Chunk
from grader.subject import operations as ops
from grader.subject.subjects import SubjectLost

from .explaining import CHUNKS, ENCODED, FORMS, HERE, SECRET, SOURCE, bare_message, problem

CELLS = [Chunk("import numpy as np", "cell 1"), Chunk("\ndef f(x):\n    return x @ x\n", "cell 3")]


def test_a_class_of_exception_is_named_when_the_file_or_python_has_it():
    assert "raised KeyError: 'x'." in bare_message("KeyError", "'x'")
    assert "raised KeyError." in bare_message("KeyError", "'no_word_of_the_file'")
    assert "raised an exception." in bare_message(ENCODED)
    assert f"raised {ENCODED}." in bare_message(ENCODED, chunks=[Chunk(f"class {ENCODED}(Exception): pass")])
    assert "raised an exception." in bare_message("a b\x1b[31m")


def test_a_class_that_nobody_knows_is_told_by_those_it_is_made_from():
    """Also for the likely cause; a name of the submission's choosing is never repeated."""
    of_shapes = "operands could not be broadcast together with shapes (2,) (3,)"
    explained = problem(ENCODED, of_shapes, bases=("42311", "ValueError"))
    assert explained.said.startswith("Using `rnn_forward` raised a kind of ValueError: operands")
    assert explained.cause == problem("ValueError", of_shapes).cause != ""
    nobody = problem(ENCODED, of_shapes, bases=(ENCODED,))
    assert nobody.said.startswith("Using `rnn_forward` raised an exception: operands")


def test_what_the_jail_forbids_is_explained():
    closed = "graded without files, network and other programs"
    for kind in ("PermissionError", "URLError", "gaierror", "ConnectionRefusedError", "TimeoutError"):
        message = explain.one_line(problem(kind, f"[Errno 1] {SECRET}"))
        assert message.startswith(f"Using `rnn_forward` raised {kind}. Your code is {closed}"), message
    assert closed in explain.one_line(problem("RuntimeError", "can't start new thread"))
    assert SECRET not in explain.one_line(problem("RuntimeError", f"can't start new thread {SECRET}"))


def test_the_stage_is_told():
    assert bare_message("KeyError", stage="backward").startswith(
        "Backpropagating through `rnn_forward` raised"
    )
    assert bare_message("KeyError", stage="construct").startswith("Making `rnn_forward` raised")


def test_what_is_missing_is_told_with_a_near_name():
    assert bare_message("Missing") == "`rnn.py` defines no `rnn_forward`."
    near = Chunk("def rnn_foward(x): pass")
    within = Chunk("def main():\n    def rnn_forward(x):\n        pass\n")
    under = Chunk("if __name__ == '__main__':\n    def rnn_forward(x):\n        pass\n")
    deleted = [*CHUNKS, Chunk("\ndel rnn_forward\n", "cell 2")]
    assert explain.one_line(problem("Missing", "", chunks=deleted)).endswith(
        "`del` takes it away again (cell 2, line 2): leave it there."
    )
    assert explain.one_line(problem("Missing", "", chunks=[within])).endswith(
        "It stands inside `main` (line 2), where nothing else can use it: move it out of there."
    )
    assert explain.one_line(problem("Missing", "", chunks=[under])).endswith(
        "It stands under `if __name__ == '__main__':` (line 1), which is not run when it is graded: move it out of"
        " there."
    )
    assert problem("Missing", "", chunks=[under]).number == 2
    assert explain.one_line(problem("Missing", "rnn_foward", chunks=[near])).endswith(
        "There is `rnn_foward`: is it meant to be this one?"
    )
    assert ENCODED not in bare_message("Missing", ENCODED)
    assert bare_message("NotImplementedError", "secret") == "`rnn_forward` is still to be written."
    assert (
        bare_message("NotImplementedError", frames=[HERE]) == "`rnn_forward` is still to be written (line 5)."
    )


@pytest.mark.parametrize("last", ["Cell = Cell(3)", "cell = Cell(3)\nCell = cell"])
def test_a_name_that_was_given_to_an_object_is_told(last):
    source = "class Cell:\n    def __init__(self, size):\n        pass\n"
    more = {"stage": "construct", "frames": [ops.Frame("", 3, "__init__")], "exercise": "Cell"}
    sentence = explain.one_line(problem("TypeError", "x", chunks=[Chunk(source + last + "\n")], **more))
    assert "This name is given to an object that was made of it (line" in sentence
    for right in ("cell = Cell(3)", "Cell = cell(3)", "Cell = decorate(Cell)", "a[0] = Cell(3)\nCell = b[0]"):
        assert gone.loss("Cell", [Chunk(source + right)]) == ("", "", 0)


def test_weights_are_told_by_the_names_of_the_suite_only():
    weights = {"cell.w_input": np.zeros((2, 3))}
    assert bare_message("NoSuchWeight", "cell.w_input", weights=weights, exercise="RNN") == (
        "`RNN` has no weight called `cell.w_input`."
    )
    assert ENCODED not in bare_message("NoSuchWeight", ENCODED, weights=weights)
    assert bare_message("WeightShape", "cell.w_input (3, 2) (2, 3)", weights=weights, exercise="RNN") == (
        "The weight `cell.w_input` of `RNN` has shape (3, 2); expected (2, 3)."
    )
    for text in (f"cell.w_input {ENCODED}", "cell.w_input (42311, 2) (2, 3)", f"{ENCODED} (3, 2)", ""):
        message = bare_message("WeightShape", text, weights=weights)
        assert ENCODED not in message
        assert "42311" not in message


def test_the_line_comes_from_the_file():
    cell = ops.Frame("cell 3", 3, "f")
    assert bare_message("KeyError", frames=[HERE, cell], chunks=CELLS).endswith(
        "at cell 3, line 3: return x @ x."
    )
    for place in (ops.Frame(ENCODED, 1, "f"), ops.Frame("cell 3", 99, "f"), ops.Frame("cell 3", 0, ENCODED)):
        assert (
            bare_message("KeyError", frames=[place], chunks=CELLS) == "Using `rnn_forward` raised KeyError."
        )


def test_a_line_cannot_disturb_a_terminal():
    hostile = [Chunk("x = '\x1b[31m\u202e" + "y" * 500 + "'\n")]
    message = bare_message("KeyError", frames=[ops.Frame("", 1, "f")], chunks=hostile)
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
def test_how_a_process_was_lost_is_explained(lost, message):
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


def test_a_forward_that_stands_outside_of_its_class_is_pointed_at():
    text = 'Module [RNNCell] is missing the required "forward" function'
    cells = [
        Chunk("class RNNCell(nn.Module):\n    pass\n", "cell 2"),
        Chunk("def forward(self, x): ...\n", "cell 3"),
    ]
    explained = problem("NotImplementedError", text, exercise="RNNCell", chunks=cells)
    assert explained.cause == (
        "A function `forward` stands outside of it (cell 3, line 1): it must stand inside, indented."
    )


def test_the_line_of_a_recursion_is_the_one_that_goes_round():
    around = [ops.Frame("", 4, "rnn_forward")] * 9
    frames = [*around, ops.Frame("", 3, "rnn_forward")]
    assert ", at line 4: hidden = x @ w_input." in bare_message("RecursionError", frames=frames)


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
    assert forms.presentable(piece * 100_000, CHUNKS) == ""


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
    message = bare_message("NameError", FORMS["NameError"][0], frames=[HERE], chunks=chunks)
    assert message == bare_message("NameError", FORMS["NameError"][0], frames=[HERE])


def test_an_import_that_was_passed_over_is_not_called_missing():
    """It stands in the file: the notes say why it was not run."""
    source = "import jax.numpy as np\n\n\ndef rnn_forward(x, h0):\n    return np.tanh(x)\n"
    explained = problem("NameError", "name 'np' is not defined", frames=[HERE], chunks=[Chunk(source)])
    assert explained.cause == "It gets its value at line 1, which is not run when it is graded."
    assert explained.next.startswith("Go to line 1: why is it not run"), "the cause is not where it shows"
    missing = problem("NameError", "name 'np' is not defined", chunks=[Chunk(source.partition("\n")[2])])
    assert missing.cause == "Is its import missing at the top of the file?"


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("@dataclass\nclass Cell(nn.Module):\n    size: int\n", "a dataclass compares its fields"),
        ("class Cell(nn.Module):\n    def __eq__(self, other): ...\n", "it has an `__eq__` of its own"),
    ],
)
def test_a_module_that_has_lost_its_hash_is_told_why(head, why):
    """It was "raised TypeError." alone, for a class whose parameters nobody can ask for."""
    more = {"chunks": [Chunk(head)], "exercise": "Cell"}
    sentence = explain.one_line(problem("TypeError", "unhashable type: 'Cell'", **more))
    assert sentence.startswith("Using `Cell` raised TypeError: unhashable type: 'Cell'. `Cell` (line ")
    assert why in sentence
