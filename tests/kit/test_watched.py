"""What an exercise asks to write oneself: calling the library's own is noted, and may cost a group's points."""

from __future__ import annotations

import sys
import types

import pytest

from grader import assignments
from grader.check import folder, guide, session
from grader.errors import CourseError
from grader.run.path import Options, grade
from grader.subject.watched import WatchedCalls

from . import course_factory as factory
from .loading import ROOT
from .locked import skip_without_jail

WATCH = """
[watch]
calls = ["torch.mul", "torch.nn.Bilinear", "torch.ops.aten.mul", "torch.not_in_this_version"]
costs = ["torch"]
rule = "Multiply yourself: that is the exercise."
"""
SCALER = factory.SOLUTION[factory.SOLUTION.index("class Scaler") :]
CLASS = {
    "writes it": factory.RIGHT,
    "calls it": factory.RIGHT.replace("return x * self.weight", "return torch.mul(x, self.weight)"),
    "calls a variant": factory.RIGHT.replace(
        "return x * self.weight", "return torch.ops.aten.mul.Tensor(x, self.weight)"
    ),
    "tries it at load": factory.RIGHT + "\n\nprint(torch.mul(torch.ones(2), 2))\n",
    "calls it in numpy": factory.RIGHT.replace(
        "return x * factor", "return torch.mul(torch.from_numpy(x.copy()), factor).numpy()"
    ),
    "calls it for nothing": factory.WRONG.replace(
        "return x + factor", "return torch.mul(torch.ones(1), 2) and x"
    ),
}


@pytest.fixture
def library(monkeypatch):
    """A library of its own, so that torch stays as it is for other tests."""
    library = types.ModuleType("watched_library")
    exec(
        "class Layer:\n"
        "    def forward(self, x):\n        return helper(x)\n"
        "class Plain:\n"
        "    def __init__(self, x=0):\n        self.x = x\n"
        "class Variants:\n"
        "    def __call__(self, x):\n        return x\n"
        "    def other(self, x):\n        return -x\n"
        "def helper(x):\n    return x + 1\n"
        "def fails():\n    raise ValueError\n"
        "variants = Variants()\nnumber = 3\n",
        library.__dict__,
    )
    monkeypatch.setitem(sys.modules, "watched_library", library)
    return library


def test_calls_are_noted_once_and_only_the_outermost(library):
    watched = WatchedCalls()
    for name in ("Layer", "Plain", "variants", "helper", "fails", "number", "gone", "gone.deeper.still"):
        watched.watch(f"watched_library.{name}")
    assert library.Layer().forward(1) == 2
    assert library.Layer().forward(2) == 3
    assert watched.take() == ("watched_library.Layer",)
    assert watched.take() == ()
    assert library.helper(1) == 2
    assert library.Plain(5).x == 5
    assert library.variants.other(1) == -1
    with pytest.raises(ValueError):
        library.fails()
    assert library.helper(1) == 2
    assert watched.take() == tuple(
        f"watched_library.{name}" for name in ("helper", "Plain", "variants", "fails")
    )
    assert library.number == 3


def test_a_subclass_that_calls_its_parent_is_noted(library):
    watched = WatchedCalls()
    watched.watch("watched_library.Layer")
    own = type("Own", (library.Layer,), {"forward": lambda self, x: library.Layer.forward(self, x) * 2})
    assert own().forward(1) == 4
    assert watched.take() == ("watched_library.Layer",)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    skip_without_jail()
    course, assignment = factory.make_course(tmp_path_factory.mktemp("watch") / "course")
    toml = assignment.hidden / "assignment.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + WATCH, encoding="utf-8")
    assignment = assignments.load(course, assignment.name)
    submissions = [factory.submission(name, source) for name, source in CLASS.items()]
    graded = grade(course, assignment, submissions, options=Options(workers=1))
    return {result.student: result for result in graded}


@pytest.mark.parametrize("student", ["writes it", "tries it at load"])
def test_whoever_writes_it_hears_nothing(results, student):
    assert (results[student].score, results[student].notes) == (10.0, ())


@pytest.mark.parametrize(("student", "name"), [("calls it", "mul"), ("calls a variant", "ops.aten.mul")])
def test_the_groups_that_it_costs(results, student, name):
    result = results[student]
    assert (result.status, result.score) == ("graded", 6.0)
    (lost,) = [test for test in result.tests if test.outcome != "passed"]
    assert (
        lost.message
        == f"`torch.{name}` was called to get this answer. Multiply yourself: that is the exercise."
    )
    assert result.notes == (
        f"`Scaler` calls `torch.{name}`. Multiply yourself: that is the exercise. "
        "Tests of torch that it answered do not count.",
    )


def test_other_groups_keep_their_points_and_wrong_answers_their_message(results):
    assert results["calls it in numpy"].score == 10.0
    assert results["calls it in numpy"].notes[0].startswith("`scale` calls `torch.mul`.")
    wrong = results["calls it for nothing"]
    assert wrong.score == 4.0
    assert not any("torch.mul" in test.message for test in wrong.tests)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('calls = "torch.mul"', "watch.calls is 'torch.mul'; expected a list of module names"),
        ('calls = ["mul"]', "expected a list of full names"),
        ('costs = ["nothing"]', "watch.costs is ['nothing']; expected a list of groups of [points]"),
        ("rule = 3", "watch.rule is 3; expected a text"),
        ("cost = []", "the key watch.cost is not known. Did you mean costs?"),
    ],
)
def test_a_wrong_table_is_named(tmp_path, line, message):
    course, assignment = factory.make_course(tmp_path / "course")
    toml = assignment.hidden / "assignment.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + f"[watch]\n{line}\n", encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        assignments.load(course, assignment.name)
    assert message in str(caught.value)


CHECKS = """\
from compare import by_torch
from product import product, total


def test_product():
    \"\"\"Numbers are multiplied.\"\"\"
    assert product(2.0, 3.0) == by_torch(2.0, 3.0)


def test_total():
    \"\"\"Numbers are added.\"\"\"
    assert total(2.0, 3.0) == 5.0
"""
GUIDE = """\
[points]
numerics = 3
sums = 1
[grading]
given = ["compare"]
watch = ["torch.mul", "torch.nn.Bilinear", "torch.not_in_this_version", "no_such_library.mul"]
rule = "Multiply yourself: that is the exercise."
{costs}
[checks.test_product]
group = "numerics"
exercise = "product"
hints = ["How?"]
[checks.test_total]
group = "sums"
exercise = "total"
hints = ["How?"]
"""
PRODUCT = """\
import torch

print(torch.mul(torch.ones(2), 2))


def product(x, y):
    return {product}


def total(x, y):
    return x + y
"""
CALLED = "`product` calls `torch.mul`. Multiply yourself: that is the exercise."


@pytest.mark.parametrize(
    ("product", "costs", "outcomes", "message"),
    [
        ("x * y", "", ["passed", "passed"], []),
        ("float(torch.mul(torch.tensor(x), y))", "", ["passed", "passed"], [CALLED]),
        (
            "float(torch.mul(torch.tensor(x), y))",
            'costs = ["numerics"]',
            ["failed", "passed"],
            [f"{CALLED} Tests of numerics that it answered do not count."],
        ),
        ("float(torch.mul(torch.tensor(x), y))", 'costs = ["sums"]', ["passed", "passed"], None),
    ],
)
def test_check_says_what_grading_will_say(tmp_path, product, costs, outcomes, message):
    """Calls of the checks, and of modules that come with the hand-out, are nobody's; nor are those of loading."""
    for name, text in (
        ("product.py", PRODUCT.format(product=product)),
        ("test_product.py", CHECKS),
        ("checks.toml", GUIDE.format(costs=costs)),
        (
            "compare.py",
            "import torch\n\ndef by_torch(x, y):\n    return float(torch.mul(torch.tensor(x), y))\n",
        ),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    exercise = folder.find(tmp_path)
    with session.open_runner(exercise) as runner:
        report = session.look(exercise, runner)
    assert [outcome.outcome for outcome in report.outcomes] == outcomes
    notes = [note for note in report.notes if "calls" in note]
    assert notes == message if message is not None else len(notes) == 1
    if outcomes[0] == "failed":
        assert "`torch.mul` was called to get this answer. Multiply yourself" in report.outcomes[0].text


def test_what_is_watched_is_handed_out_for_check():
    course = assignments.find_course(ROOT)
    for name in course.names():
        assignment = assignments.load(course, name)
        grading = guide.read(assignment.handout / guide.NAME).grading
        assert (grading.watch, grading.rule, grading.costs) == (
            tuple(assignment.watch.calls),
            assignment.watch.rule,
            tuple(assignment.watch.costs),
        )
