"""What is said of a submission behind a harness speaks of the student's own code."""

from __future__ import annotations

import textwrap

import pytest

from grader.messages import explain, forms
from grader.problems import ExplainedProblem
from grader.records import Chunk, StudentSource
from grader.subject import operations as ops
from grader.subject.harness import Harness
from grader.subject.proxy import Module
from grader.subject.subjects import LocalSubject, StudentRaised

from .harnessed import RIGHT, results_of

pytestmark = pytest.mark.usefixtures("warm_zygotes")


#: (what the student wrote, which test is looked at, what its message says)
MISTAKES = {
    "no class": (RIGHT.replace("class Counter", "class Kounter"), "defines no `Counter`. There is `Kounter`"),
    "no method": (RIGHT.replace("def add", "def adds"), "`Counter` (line 5) has no `add`. There is `adds`"),
    "one thing back": (
        RIGHT.replace("return self.total, [self.total]", "return None"),
        "`Counter.add` must give several things back, and gives nothing, at line 12: def add(self, x):",
    ),
    "three things back": (
        RIGHT.replace("return self.total, [self.total]", "return 1, 2, 3"),
        "`Counter.add` must give 2 things back; what it gives has more parts",
    ),
    "no argument": (
        RIGHT.replace("def add(self, x)", "def add(self)"),
        "Using `Counter.add` raised TypeError: Counter.add() takes 1 positional argument but 2 were given",
    ),
    "raises inside": (
        RIGHT.replace("self.step * x", "self.stop * x"),
        "'Counter' object has no attribute 'stop', at line 14: self.total = self.total + self.stop * x",
    ),
    "needs two": (
        RIGHT.replace("def __init__(self, step)", "def __init__(self, step, name)"),
        "Counter.__init__() missing 1 required positional argument: 'name'",
    ),
    "unwritten": (
        RIGHT.replace("self.total = self.total +", "raise NotImplementedError\n        self.total ="),
        "`Counter.add` is still to be written",
    ),
}


@pytest.fixture(scope="module")
def graded_mistakes(tmp_path_factory, warm):
    with warm.in_use():
        results = results_of(
            tmp_path_factory.mktemp("mistakes"), *(source for source, _ in MISTAKES.values())
        )
    return dict(zip(MISTAKES, results, strict=True))


@pytest.mark.parametrize("name", MISTAKES)
def test_messages_speak_of_what_the_student_wrote(graded_mistakes, name):
    (test,) = [entry for entry in graded_mistakes[name].tests if entry.name == "test_counted"]
    assert MISTAKES[name][1] in test.message
    assert "harness" not in test.message
    assert "counted" not in test.message
    assert test.outcome == "error"


def explained(source: str, student: str, function: str, *arguments) -> ExplainedProblem:
    """What is said about a call through a harness."""
    harness = Harness("harness.py", textwrap.dedent(source), ("make", "Cell"), ("numpy", "torch"))
    module = Module(LocalSubject("answer", textwrap.dedent(student), harness.source), harness)
    with pytest.raises(StudentRaised) as caught:
        getattr(module, function)(*arguments)
    return explain.problem(caught.value, StudentSource("answer.py", (Chunk(textwrap.dedent(student)),)))


def test_what_the_harness_says_itself_is_shown():
    source = """
        def shape_of(student, n):
            made = student.make(n)
            if made.shape != (n, 2):
                raise ValueError(f"`make` gives an array of shape {made.shape}, and should give {(n, 2)}")
            return made
    """
    problem = explained(
        source, "import numpy as np\n\ndef make(n):\n    return np.zeros((n, 3))\n", "shape_of", 4
    )
    assert explain.one_line(problem).startswith(
        "`make` gives an array of shape (4, 3), and should give (4, 2)"
    )
    assert problem.where == "line 3"


def test_a_method_that_is_still_to_be_written_is_not_said_to_call_itself():
    source = "def run(student, x):\n    return student.Cell().step(x)\n"
    student = "class Cell:\n    def step(self, x):\n        raise NotImplementedError\n"
    problem = explained(source, student, "run", 1)
    assert explain.one_line(problem) == "`Cell.step` is still to be written (line 3)."


@pytest.mark.parametrize("filling", ["0.123", "(12345, 3)", "secret", "x 1 2 3", "123456", "a\n(3, 4)"])
def test_what_a_submission_could_write_into_such_a_sentence_is_not_shown(filling):
    assert not forms.fit((filling,), (Chunk("x = 1\n"),))
    assert forms.fit(("(3, 4)", "x", "float32"), (Chunk("x = 1\n"),))


def test_a_sentence_that_stands_nowhere_in_the_harness_is_not_shown():
    source = "def made(student, n):\n    return student.make(n)\n"
    student = "def make(n):\n    raise ValueError(f'the input is {n}')\n"
    assert "the input is 4" not in explain.one_line(explained(source, student, "made", 4))


def test_a_method_is_named_by_its_class_wherever_the_object_went():
    source = """
        def run(student, x):
            cell = student.Cell(3).eval()
            other = cell
            for _ in range(2):
                x, _ = other.step(x)
            return x
    """
    student = "class Cell:\n    def __init__(self, n): pass\n    def eval(self): return self\n"
    student += "    def step(self, x): return None\n"
    assert explained(source, student, "run", 1).about == "Cell.step"


def test_a_method_that_gives_nothing_is_named_where_its_result_is_used():
    source = """
        def run(student, x):
            cell = _ready(student.Cell(3))
            first = cell.step(x)
            second = cell.step(x)
            return first + second.sum()

        def _ready(cell):
            return cell
    """
    student = "class Cell:\n    def __init__(self, n): pass\n    def step(self, x): self.x = x\n"
    problem = explained(source, student, "run", 1)
    assert problem.about == "Cell.step"
    assert explain.one_line(problem).startswith(
        "`Cell.step` gives nothing back (is a return missing?), at line 3"
    )


def test_a_helper_of_the_harness_is_passed_over_for_the_line_that_called_it():
    source = """
        def run(student, x):
            cell = student.Cell(3)
            return _twice(cell.step, x)

        def _twice(step, x):
            a, b = step(x)
            return a
    """
    student = "class Cell:\n    def __init__(self, n): pass\n    def step(self, x): return None\n"
    assert explained(source, student, "run", 1).about == "Cell.step"


def test_a_name_that_the_child_says_is_missing_must_be_one_that_the_harness_asks_for():
    harness = Harness("harness.py", "def run(student):\n    return student.make()\n", ("make",), ())
    missing = ops.Raised("Missing", "", "call", lines=(2,), missing="x_is_0_25")
    assert harness.seen("run", missing).asked == "make"
