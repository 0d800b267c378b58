"""harness.py: course code in the child. What it may ask, whose fault it is when it fails, and what students read."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import numpy as np
import pytest

from grader.assignments import load
from grader.bundle import bundle_course
from grader.diagnose import deviations
from grader.errors import CourseError, SuiteError
from grader.messages import explain, forms
from grader.problems import Explanation
from grader.records import Chunk, StudentSource
from grader.release import contents
from grader.run import digests
from grader.run.path import Options, grade
from grader.secrets import find, in_harness, secrets
from grader.subject import operations as ops
from grader.subject.harness import PAGE, Harness, read
from grader.subject.host import Host
from grader.subject.proxy import Module
from grader.subject.reference import ReferenceSubject
from grader.subject.subjects import LocalSubject, StudentRaised
from grader.subject.watched import CALLS
from grader.suite.bench import Bench
from grader.validate.basics import harness_tells_nothing

from .course_factory import make_course, submission

pytestmark = pytest.mark.usefixtures("warm_zygotes")

SOLUTION = '''\
# Counting is worth {points of counting} points.
import numpy as np


class Counter:
    """Counts in steps."""

    def __init__(self, step):
        self.step = step
        self.total = 0.0

    def add(self, x):
        ### BEGIN SOLUTION: add so many steps
        self.total = self.total + self.step * x
        return self.total, [self.total]
        ### END SOLUTION


def doubled(counter, x):
    """Add twice."""
    ### BEGIN SOLUTION: ask the counter twice
    counter.add(x)
    return counter.add(x)[0]
    ### END SOLUTION
'''

HARNESS = '''\
import numpy as np


def counted(student, x, step):
    """What a counter counts."""
    counter = student.Counter(step)
    total, trace = counter.add(x)
    return total


def doubled(student, x):
    """What becomes of a counter of the course's own."""
    return student.doubled(_Counter(), x)


class _Counter:
    def __init__(self):
        self.total = 1.0

    def add(self, x):
        self.total *= x
        return self.total, []


class Scaled:
    """A counter as something that is called."""

    def __init__(self, student, step):
        self.counter = student.Counter(step)

    def __call__(self, x):
        total, _ = self.counter.add(x)
        return total
'''

SUITE = '''\
"""The hidden suite."""

import numpy as np

from grader.suite import assert_close, generator, points

X = generator("tiny").normal(size=(2, 3))
X.flags.writeable = False


@points(6, group="counting")
def test_counted(student, reference):
    """So many steps are counted."""
    assert_close(student.counted(X, 2.0), reference.counted(X, 2.0))


@points(4, group="counting")
def test_doubled(student, reference):
    """Any counter is asked twice."""
    assert_close(student.doubled(X), reference.doubled(X))
'''


def course_with(root: Path, harness: str = HARNESS, suite: str = SUITE, solution: str = SOLUTION):
    """A course whose exercises are a class and a function that takes an object."""
    course, assignment = make_course(root, suite=suite, solution=solution, points="counting = 10")
    toml = assignment.hidden / "assignment.toml"
    toml.write_text(toml.read_text().replace('["scale", "Scaler"]', '["Counter", "doubled"]'))
    (assignment.hidden / "harness.py").write_text(harness)
    (assignment.solution.parent / "checks.toml").unlink()
    shutil.rmtree(assignment.solution.parent / "alternatives")
    return course, load(course, assignment.name)


def results_of(root: Path, *sources: str, **parts: str):
    course, assignment = course_with(root, **parts)
    return grade(course, assignment, [submission(f"s{i}", source) for i, source in enumerate(sources)])


RIGHT = SOLUTION.replace("### BEGIN SOLUTION", "# ").replace("### END SOLUTION", "")


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


def seen(source: str, student: str, function: str, *arguments) -> Explanation:
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
    problem = seen(source, "import numpy as np\n\ndef make(n):\n    return np.zeros((n, 3))\n", "shape_of", 4)
    assert explain.one_line(problem).startswith(
        "`make` gives an array of shape (4, 3), and should give (4, 2)"
    )
    assert problem.where == "line 3"


@pytest.mark.parametrize("filling", ["0.123", "(12345, 3)", "secret", "x 1 2 3", "123456", "a\n(3, 4)"])
def test_what_a_submission_could_write_into_such_a_sentence_is_not_shown(filling):
    assert not forms.fit((filling,), (Chunk("x = 1\n"),))
    assert forms.fit(("(3, 4)", "x", "float32"), (Chunk("x = 1\n"),))


def test_a_sentence_that_stands_nowhere_in_the_harness_is_not_shown():
    source = "def made(student, n):\n    return student.make(n)\n"
    student = "def make(n):\n    raise ValueError(f'the input is {n}')\n"
    assert "the input is 4" not in explain.one_line(seen(source, student, "made", 4))


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
    assert seen(source, student, "run", 1).about == "Cell.step"


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
    problem = seen(source, student, "run", 1)
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
    assert seen(source, student, "run", 1).about == "Cell.step"


def test_a_name_that_the_child_says_is_missing_must_be_one_that_the_harness_asks_for():
    harness = Harness("harness.py", "def run(student):\n    return student.make()\n", ("make",), ())
    missing = ops.Raised("Missing", "", "call", lines=(2,), missing="x_is_0_25")
    assert harness.seen("run", missing).asked == "make"


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
    assert list(find(secrets(assignment), {"x.py": HARNESS}))
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
