"""harness.py: course code in the child. What it may ask, whose fault it is when it fails, and what students read."""

from __future__ import annotations

import textwrap

import numpy as np
import pytest

from grader.bundle import bundle_course
from grader.diagnose import deviations
from grader.errors import CourseError, SuiteError
from grader.release import contents
from grader.run import digests
from grader.run.path import Options, grade
from grader.secrets import find_leaks, in_harness, secrets
from grader.subject import operations as ops
from grader.subject.harness import PAGE, Harness, read
from grader.subject.host import Host
from grader.subject.proxy import Module
from grader.subject.reference import ReferenceSubject
from grader.subject.subjects import LocalSubject, StudentRaised
from grader.subject.watched import CALLS
from grader.suite.bench import Bench
from grader.validate.basics import harness_tells_nothing

from .course_factory import submission
from .harnessed import HARNESS, RIGHT, SUITE, course_with, results_of

pytestmark = pytest.mark.usefixtures("warm_zygotes")


def test_a_right_file_gets_everything_and_each_test_asks_what_it_should(tmp_path):
    (result,) = results_of(tmp_path, RIGHT)
    assert (result.score, result.status) == (10.0, "graded")


#: (what stands in harness.py, the line that is named, what is said of it)
FAULTS = {
    "no Python": ("def counted(student, x, step):\n    return (\n", 2, "is no Python"),
    "no student": ("\ndef counted(x, step):\n    return x\n", 2, "first argument of counted must be student"),
    "hidden import": ("import math\nfrom cases import X\n" + HARNESS, 2, "it imports cases"),
    "relative import": ("from . import cases\n" + HARNESS, 1, "it imports ."),
    "nothing": ("import math\n", 1, "defines no function"),
    "small class": (HARNESS + "\n\nclass scaled:\n    pass\n", 36, "class scaled must begin with a capital"),
    "raises when loaded": ("TABLE = {}\nONE = TABLE['one']\n" + HARNESS, 2, "KeyError: 'one'"),
    "raises on the reference": (
        HARNESS.replace("return total\n\n\ndef", "return [][1]\n\n\ndef"),
        8,
        "IndexError",
    ),
    "asks for what is not there": (HARNESS.replace("student.Counter", "student.Abacus"), 6, "Abacus"),
    "asks a method that is not there": (HARNESS.replace("counter.add(x)", "counter.plus(x)", 1), 7, "plus"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_harness_is_the_courses_error_with_file_and_line(tmp_path, name):
    harness, line, words = FAULTS[name]
    course, assignment = course_with(tmp_path, harness)
    with pytest.raises(CourseError) as caught:
        grade(course, assignment, [submission("s", RIGHT)])
    assert f"harness.py, line {line}" in str(caught.value)
    assert words in str(caught.value)
    assert caught.value.exit_status == 2
    assert caught.value.next_step


def test_what_cannot_be_loaded_in_the_jail_alone_is_the_courses_error_too(tmp_path):
    """The trusted side can read this file, and would never notice."""
    (tmp_path / "table.txt").write_text("1")
    course, assignment = course_with(
        tmp_path / "c", f"TABLE = open({str(tmp_path / 'table.txt')!r}).read()\n" + HARNESS
    )
    with pytest.raises(CourseError, match=r"harness\.py, line 1: it cannot be loaded: PermissionError"):
        grade(course, assignment, [submission("s", RIGHT)])


def test_a_function_that_nobody_defines_is_the_courses_error(tmp_path):
    course, assignment = course_with(tmp_path, suite=SUITE.replace("student.counted", "student.kounted"))
    with pytest.raises(SuiteError, match=r"test_counted.*neither .* nor .*harness\.py defines it"):
        grade(course, assignment, [submission("s", RIGHT)])


def test_a_harness_that_the_submission_breaks_is_the_submissions_matter(tmp_path):
    """It is loaded after the file, in the same process: whoever spoils numpy there spoils it for themselves."""
    spoilt = "import numpy as np, builtins\nreal = builtins.__build_class__\n" + RIGHT
    spoilt += (
        "\ndef refuse(*a, **k):\n    raise MemoryError('none left')\nbuiltins.__build_class__ = refuse\n"
    )
    spoiling, other = results_of(tmp_path, spoilt, RIGHT)
    assert (spoiling.score, spoiling.status) == (0.0, "graded")
    assert other.score == 10.0


ARGUMENTS = {
    "an object": ("student.counted(object(), 2.0)", "calls student.counted with a object"),
    "a function": ("student.counted(np.tanh, 2.0)", "calls student.counted with a ufunc"),
    "in a dict": (
        "student.counted({'x': [len]}, 2.0)",
        "calls student.counted with a builtin_function_or_method",
    ),
    "an array of objects": ("student.counted(np.array([None]), 2.0)", "with an array of object"),
    "a set": ("student.counted({1}, 2.0)", "calls student.counted with a set"),
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_an_argument_that_cannot_be_sent_names_the_test_the_page_and_what_to_do(tmp_path, name):
    call, words = ARGUMENTS[name]
    course, assignment = course_with(tmp_path, suite=SUITE.replace("student.counted(X, 2.0)", call))
    with pytest.raises(SuiteError) as caught:
        grade(course, assignment, [submission("s", RIGHT)])
    assert "test_counted" in caught.value.message
    assert words in caught.value.message
    assert "harness.py" in caught.value.next_step
    assert PAGE in caught.value.next_step


def test_an_answer_that_is_no_plain_data_names_the_test_the_page_and_what_to_do(tmp_path):
    harness = HARNESS.replace("    return total\n\n\ndef", "    return counter\n\n\ndef")
    course, assignment = course_with(tmp_path, harness)
    with pytest.raises(SuiteError, match=r"test_counted.*it compares the result with a Counter") as caught:
        grade(course, assignment, [submission("s", RIGHT)])
    assert PAGE in caught.value.next_step


def test_an_answer_that_is_handed_back_names_the_test_too(tmp_path):
    harness = HARNESS + "\n\ndef made(student):\n    return student.Counter(1.0)\n"
    suite = SUITE.replace("student.doubled(X)", "student.counted(student.made(), 1.0)")
    course, assignment = course_with(tmp_path, harness, suite)
    with pytest.raises(SuiteError, match=r"test_doubled.*hands a Counter back") as caught:
        grade(course, assignment, [submission("s", RIGHT)])
    assert PAGE in caught.value.next_step


def test_what_a_function_is_about_is_the_last_exercise_that_it_uses():
    source = """
        def forward(student, x):
            return student.forward(x)[0]

        def both(student, x):
            return _through(student, x)

        def any_of_them(student, x):
            return [thing for thing in vars(student)]

        def by_name(student, x):
            return getattr(student, "Cell")(x)

        def _through(student, x):
            out, cache = student.forward(x)
            return student.backward(out, cache)
    """
    exercises = ("Cell", "forward", "backward")
    harness = Harness("harness.py", textwrap.dedent(source), exercises, ())
    about = {name: function.exercises for name, function in harness.functions.items()}
    assert about == {
        "forward": ("forward",),
        "both": ("backward", "forward"),
        "any_of_them": ("backward", "forward", "Cell"),
        "by_name": ("Cell",),
    }


def test_a_harness_may_stand_between_the_suite_and_a_function_of_the_same_name():
    source = "def make(student, x):\n    return student.make(x)['out']\n"
    harness = Harness("harness.py", source, ("make",), ())
    module = Module(ReferenceSubject("answer", "def make(x):\n    return {'out': x + 1}\n", source), harness)
    assert module.make(2) == 3


def test_a_class_of_the_harness_has_weights_and_gradients():
    source = """
        import torch

        class Wrapped(torch.nn.Module):
            def __init__(self, student, size):
                super().__init__()
                self.inner = student.Cell(size)
                (self.only,) = self.inner.parameters()

            def forward(self, x):
                return self.inner(x)["out"]
    """
    student = """
        import torch

        class Cell(torch.nn.Module):
            def __init__(self, size):
                super().__init__()
                self.any_name = torch.nn.Parameter(torch.ones(size))

            def forward(self, x):
                return {"out": x * self.any_name}
    """
    harness = Harness("harness.py", textwrap.dedent(source), ("Cell",), ("torch",))
    module = Module(LocalSubject("answer", textwrap.dedent(student), harness.source), harness)
    wrapped = module.Wrapped(3).load({"only": np.array([1.0, 2.0, 3.0])})
    x = np.array([[1.0, 1.0, 2.0]])
    assert wrapped(x).tolist() == [[1.0, 2.0, 6.0]]
    gradients = wrapped.gradients(x, cotangents=(np.ones((1, 3)),))
    assert gradients.inputs[0].tolist() == [[1.0, 2.0, 3.0]]
    assert gradients.parameters["only"].tolist() == [1.0, 1.0, 2.0]


def test_arguments_that_student_code_changes_are_seen_through_the_harness():
    source = "def run(student, x, n):\n    return student.make(x, n)\n"
    harness = Harness("harness.py", source, ("make",), ())
    module = Module(LocalSubject("answer", "def make(x, n):\n    x += n\n    return x\n", source), harness)
    observed = module.run.observe(np.zeros(2), 1.0)
    assert observed.changed == ("argument 1",)


def test_calls_of_the_harness_are_not_watched_and_those_of_the_student_are():
    source = (
        "import torch\n\ndef run(student, x):\n    torch.diag(torch.ones(2))\n    return student.make(x)\n"
    )
    CALLS.watch("torch.diag")
    student = "import torch\n\ndef make(x):\n    return {}\n"
    plain, calling = (Host("answer", harness=source) for _ in range(2))
    plain.load([(student.format("x"), "")])
    calling.load([(student.format("torch.diag(torch.ones(3))"), "")])
    call = ops.Call("run", (1.0,), about=("make",))
    assert [answer.watched for answer in plain.run((call,))] == [()]
    assert [answer.watched for answer in calling.run((call,))] == [("torch.diag",)]


def test_a_harness_changes_nothing_in_the_file_under_test():
    source = "def run(student):\n    student.make = len\n"
    harness = Harness("harness.py", source, ("make",), ())
    module = Module(LocalSubject("answer", "def make(): return 1\n", source), harness)
    with pytest.raises(StudentRaised, match="must not change"):
        module.run()


def test_it_is_part_of_digest_and_bundle_and_is_never_released(tmp_path):
    course, assignment = course_with(tmp_path / "course")
    before = digests.suite_digest(course, assignment)
    path = f"tests/hidden/{assignment.name}/harness.py"
    assert path in bundle_course(course, [assignment.name], tmp_path / "bundle.zip")
    released = contents(assignment)
    assert not [name for name in released if "harness" in name]
    assert list(find_leaks(secrets(assignment), {"x.py": HARNESS}))
    (assignment.hidden / "harness.py").write_text(HARNESS + "\n# changed\n")
    assert digests.suite_digest(course, assignment) != before


def test_a_line_of_the_solution_in_it_is_found(tmp_path):
    _, assignment = course_with(tmp_path / "clean")
    assert in_harness(assignment) == []
    harness = HARNESS + "\n\ndef answer(student, self, x):\n    self.total = self.total + self.step * x\n"
    _, assignment = course_with(tmp_path / "telling", harness)
    assert [secret.line for secret in in_harness(assignment)] == ["self.total = self.total + self.step * x"]
    (proof,) = harness_tells_nothing(assignment)
    assert "harness.py: submissions can read it" in proof.problems[0]


def test_the_bench_reads_it_for_the_reference_and_the_student(tmp_path):
    _, assignment = course_with(tmp_path)
    bench = Bench(assignment)
    assert read(assignment) == bench.harness
    for module in (bench.student, bench.reference):
        assert module.counted(2.0, 3.0) == 6.0
        assert module.Scaled(3.0)(2.0) == 6.0


def test_a_counterexample_that_cannot_be_written_out_is_a_note_for_the_instructor(tmp_path):
    course, assignment = course_with(tmp_path)
    (assignment.hidden / "examples.py").write_text(
        "from grader.diagnose import Example\n\n\ndef examples(exercise):\n"
        "    yield Example('doubled', {'x': 2.0})\n"
    )
    wrong = RIGHT.replace("self.step * x", "self.step + x")
    (result,) = grade(course, assignment, [submission("s", wrong)], options=Options(workers=1))
    assert result.score == 4.0
    assert "what doubled of harness.py does cannot be shown in the student's own names" in result.fault
    assert 'lines="' in result.fault


@pytest.mark.parametrize(
    ("want", "have", "text"),
    [
        ({"loss": 0.5}, {"loss": 0.25}, "loss is off by 0.25"),
        ({"loss": 0.5}, {"loss": None}, "loss: expected 0.5, got None (is a return missing?)"),
        ({"calls": 2}, {"calls": 1}, "calls: expected 2, got 1"),
        ({"calls": 2}, {"calls": 123456789}, "calls: expected 2, got an int"),
        ({"name": "b"}, {"name": "whatever was seen"}, "name: expected 'b', got another text"),
        (
            {"mask": np.array([True, False])},
            {"mask": np.array([True, True])},
            "mask is off in 1 of 2 entries",
        ),
        ({"n": np.array([3, 4])}, {"n": np.array([3, 5])}, "n is off in 1 of 2 entries, by up to 1"),
        ({"n": None}, {"n": np.zeros(2)}, "n: expected None, got one array of shape (2,)"),
    ],
)
def test_counterexamples_show_plain_values_of_every_kind(want, have, text):
    _, _, (deviation,) = deviations.compared(want, have, "call")
    assert deviation.text.startswith(text)


def test_what_is_wrong_in_a_container_of_an_answer_is_said():
    names = (dict.fromkeys(["a", "b['x']"], 1.0), {"": None})
    _, _, (deviation,) = deviations.compared(*names, "call", "b has no entry 'x'")
    assert deviation.text == "b has no entry 'x'"
