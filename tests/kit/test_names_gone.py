"""What is said of a name that was there and is not any more, or is another thing, when the code is asked."""

from __future__ import annotations

import dataclasses

import pytest

from grader.messages.advice import next_step
from grader.problems import Problem
from grader.records import Chunk, PassedOver

from . import explaining
from .faulty_code import message_about, raised
from .storing import RESULT

nobody_types = explaining.nobody_types


def test_a_name_that_is_deleted_again_is_not_said_to_be_not_run():
    """It was: "it gets its value at line 1, which is not run when it is graded"."""
    answer, chunks = raised(("scale = 1\n{}['x'] if 0 else 0\ndel scale", "return scale"))
    assert explaining.explain.cause(answer, chunks) == "`del` takes it away again at line 8."


@pytest.mark.parametrize(
    ("top", "line", "cause"),
    [
        ("sum = 0", "return sum([1])", "`sum` is given to something else at line 6."),
        ("for list in [1, 2]: pass", "return list(x)", "`list` is given to something else at line 6."),
        ("total = 0", "return total(x)", "Round brackets call something."),
        ("sum = 0", "return h.shape()", "Round brackets call something."),
    ],
)
def test_a_name_of_pythons_own_that_is_given_to_something_else(top, line, cause):
    assert cause in message_about((top, line))


def test_a_definition_that_could_not_be_made_is_told_with_its_place():
    cells = [Chunk("class RNN(nn.Module):\n    pass\n", "cell 1"), Chunk("from torch import nn\n", "cell 2")]
    problem = explaining.problem("Missing", "", chunks=cells, exercise="RNN")
    assert problem.said == "`rnn.py` defines no `RNN`"
    assert problem.cause == "It stands at cell 1, line 1, where it could not be made: the notes say why."
    assert (problem.label, problem.number) == ("cell 1", 1)


@pytest.mark.parametrize(
    ("line", "step"),
    [
        (1, "Do what the note on cell 1, line 1 says. Then run all from the top once."),
        (4, "Move what stands at cell 1, line 1 to the top level of the file, not indented."),
    ],
)
def test_and_its_author_is_sent_to_the_note_on_it(line, step):
    test = dataclasses.replace(RESULT.tests[0], problem=Problem("missing", "RNN", "", "cell 1", 1))
    failed = PassedOver("raised", "cell 1", line, "class RNN(nn.Module):")
    result = dataclasses.replace(RESULT, tests=(test,), passed_over=(failed,))
    assert next_step(result) == step


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("def step(x):\n    return x\n\n\nstep = 3\n", "given to something else (line 5)"),
        (
            "def step(x):\n    return x\n\n\nstep = step(1)\n",
            "given to an object that was made of it (line 5)",
        ),
        ("def step(x):\n    return x\n\n\nstep = [step, 1]\n", "given to something else (line 5)"),
        ("step = 3\n\n\ndef step(x):\n    return x\n", ""),
        ("def step(x):\n    return x\n\n\nstep = lambda x: x\n", ""),
        ("def step(x):\n    return x\n\n\nstep = np.vectorize(step)\n", ""),
    ],
)
def test_a_function_whose_name_is_given_to_something_else(source, cause):
    """It was: "Round brackets call something", and to look at a line that there was not."""
    problem = explaining.problem(
        "TypeError", "'int' object is not callable", chunks=[Chunk(source, "")], exercise="step"
    )
    assert (cause in problem.cause) if cause else ("given to" not in problem.cause)


@pytest.mark.parametrize(
    ("line", "cause", "place"),
    [
        ("del step", "`del` takes it away again (line 5): leave it there.", 5),
        ("globals().pop('step')", "It is taken away again (line 5): leave it there.", 5),
        ("del globals()['step']", "It is taken away again (line 5): leave it there.", 5),
        ("globals().clear()", "It is taken away again (line 5): leave it there.", 5),
        (
            "for name in [*globals()]: globals().pop(name)",
            "It is taken away again (line 5): leave it there.",
            5,
        ),
        ("delattr(sys.modules[__name__], 'step')", "It is taken away again (line 5): leave it there.", 5),
        ("step = 3", "This name is given to something else (line 5): give that another one.", 5),
        (
            "other.remove('step')",
            "It stands at line 1, but is not there any more when all of the file has run.",
            0,
        ),
        (
            "globals().pop('other')",
            "It stands at line 1, but is not there any more when all of the file has run.",
            0,
        ),
    ],
)
def test_a_definition_that_is_taken_away_again_is_no_definition_that_failed(line, cause, place):
    """It was: "where it could not be made: the notes say why", with no note, and to give it its name."""
    source = f"def step(x):\n    return x\n\n\n{line}\n"
    problem = explaining.problem("Missing", "", chunks=[Chunk(source, "")], exercise="step")
    assert (problem.kind, problem.cause, problem.number) == ("gone", cause, place)
    test = dataclasses.replace(RESULT.tests[0], problem=problem.facts)
    step = next_step(dataclasses.replace(RESULT, tests=(test,)))
    assert step == (
        "Leave `step` alone at line 5: it is to stay what you made it."
        if place
        else "Look for what takes `step` away again further down, or in what is called there."
    )


def test_a_helper_that_is_taken_away_by_hand():
    answer, chunks = raised(("scale = 1\n{}['x'] if 0 else 0\nglobals().pop('scale')", "return scale"))
    assert explaining.explain.cause(answer, chunks) == "It is taken away again at line 8."


@pytest.mark.parametrize(
    ("top", "cause"),
    [
        ("import numpy as np\nnp = 3", "`np` is given to something else at line 7."),
        ("import numpy as np\nfor np in [1]: pass", "`np` is given to something else at line 7."),
    ],
)
def test_the_name_of_a_module_that_is_given_to_something_else(top, cause):
    """It was told as an attribute that an int does not have, with no word of where the name got that."""
    answer, chunks = raised((top, "return np.tanh(x)"))
    assert explaining.explain.cause(answer, chunks) == cause
