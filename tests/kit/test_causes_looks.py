"""Which place a likely cause is told of, and what to look at next."""

from __future__ import annotations

import re

import pytest

from grader.messages import explain
from grader.records import StudentSource
from grader.subject.subjects import StudentRaised

from . import explaining
from .faulty_code import CELL, NOTHING, message_about, raised

nobody_types = explaining.nobody_types


HELPED = "def helper(a, b):\n    return a @ b\n"


def test_a_helper_of_the_students_own_is_the_place():
    answer, chunks = raised((HELPED, "return helper(x, h)"))
    assert [frame.function for frame in answer.frames] == ["f", "helper"]
    message = explain.message(StudentRaised(answer, "f"), StudentSource("faulty.py", tuple(chunks)))
    assert "at line 7: return a @ b. Shapes there: a (2, 3), b (2, 4)." in message


@pytest.mark.parametrize(
    "fault",
    [
        "return {}['state']",
        "return 1 / 0",
        "return int('three')",
        "exec('1 / 0')",
        "return {bytearray(1): 1}",
    ],
)
def test_where_no_cause_is_known_none_is_invented(fault):
    answer, chunks = raised(fault)
    assert explain.cause(answer, chunks) == ""
    assert re.search(r" raised (\w+)[^.]*, at line \d+: .*\.$", message_about(fault))


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("hidden = x\n    return hiden", "Is `hidden` meant?"),
        ("return zqxj", "Where should it get its value?"),
        (CELL.format(first="super().__init__()", second="self.gain = 1"), "There is `self.gain`"),
    ],
)
def test_names_that_nothing_defines(fault, message):
    if "class" in fault:
        fault = (fault, "return gain")
    assert message in message_about(fault)


@pytest.mark.parametrize(
    ("exercise", "message"),
    [
        ("return Cell().gian", "Is `self.gain` meant?"),
        ("return Cell().zqxj", "Nothing in the class sets it: should `__init__` do so?"),
    ],
)
def test_attributes_that_nothing_sets(exercise, message):
    top = CELL.format(first="super().__init__()", second="self.gain = 1")
    assert message in message_about((top, exercise))


def test_what_a_class_has_from_its_parent_is_set_up_there():
    """A call of a module that never called its parent's `__init__` asks for an attribute that nobody has heard of."""
    top = CELL.format(first="pass", second="pass")
    assert "Does `__init__` begin with `super().__init__()`?" in message_about((top, "return Cell()(X)"))


SIGNATURES = [
    # (what stands above f, the line of f, what is said)
    (
        NOTHING,
        "return nothing(x, h)",
        "It is defined as `def nothing(x):` (line 6): which arguments does it get here?",
    ),
    (
        NOTHING,
        "return nothing()",
        "It is defined as `def nothing(x):` (line 6): which arguments does it get here?",
    ),
    (
        "class Cell(nn.Module):\n    def forward(x):\n        return x\n",
        "return Cell()(X)",
        "`def forward(x):` (line 7): which argument of a method is the object itself?",
    ),
    (
        "class Cell(nn.Module):\n    def __int__(self, i, h):\n        super().__init__()\n",
        "return Cell(2, 3)",
        "The class `Cell` (line 6) defines no `__init__`. There is `__int__`: is it meant to be this one?",
    ),
    (
        "class Cell(nn.Module):\n    def forward(x):\n        return x.shape\n",
        "return Cell()()",
        "`def forward(x):` (line 7): which argument of a method is the object itself?",
    ),
    (
        "class Cell:\n    def _init_(self, n):\n        pass\n",
        "return Cell(2)",
        "The class `Cell` (line 6) defines no `__init__`. There is `_init_`: is it meant to be this one?",
    ),
    (
        CELL.format(first="super().__init__()", second="pass"),
        "return Cell(2, 3)",
        "It is defined as `def __init__(self):` (line 7): which arguments does it get here?",
    ),
    (
        "class Cell:\n    def forward(self, x):\n        return x\n",
        "return Cell()(X)",
        "`class Cell:` (line 6) names no parent class: what makes it a module of PyTorch?",
    ),
    (
        "class Cell:\n    def forward(self, x):\n        return x\n",
        "return Cell().parameters()",
        "`class Cell:` (line 6) names no parent class: what makes it a module of PyTorch?",
    ),
    (
        "class RNNCell(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.w_input = 1\n",
        "return RNNCell().w_inptu",
        "Is `self.w_input` meant?",
    ),
]


@pytest.mark.parametrize(("top", "line", "message"), SIGNATURES, ids=[line for _, line, _ in SIGNATURES])
def test_the_students_own_functions_and_classes_come_before_the_librarys(top, line, message):
    answer, chunks = raised((top, line))
    assert explain.cause(answer, chunks) == message


def test_what_to_look_at_next_fits_the_exception():
    """Shapes where shapes differ, dtypes where dtypes clash, a name where one is misspelt."""
    looks = {
        "return x @ w.T": "Just before line 11, print the shapes of what goes into it.",
        "return X @ W.float()": "Just before line 11, print the dtype of each array that goes into it.",
        "return hiden": "Go to line 11: which name stands there, and where is it to get its value?",
        "return open('w.npz')": "Go to line 11: can the exercise do without it?",
        "return f(x, h, w, lengths)": "Go to line 11: what is called there, and when does that ever stop?",
    }
    for fault, advice in looks.items():
        answer, chunks = raised(fault)
        told_problem = explain.problem(
            StudentRaised(answer, "f"), StudentSource("faulty.py", tuple(chunks))
        ).to_json()
        assert told_problem["next"].startswith(advice), told_problem
        assert told_problem["where"] == "line 11"


def test_where_no_line_of_ones_own_was_reached_none_is_spoken_of():
    """It was "Just before the line that fails, print what goes into it", of a function that was never entered."""
    step = explaining.problem("TypeError", "unhashable type: 'numpy.ndarray'").next
    assert step == "Compare your `class` and `def` lines with those of the hand-out: which one differs?"
    inside = explaining.problem("TypeError", "unhashable type: 'numpy.ndarray'", frames=[explaining.HERE])
    assert inside.next.startswith("Just before line 5, print what goes into it.")
