"""A submission gets the same verdict by `grade`, by nbgrader and by hand: one Judge, made in one way."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GraderError, SuiteError
from grader.run.path import grade
from grader.run.standby import standby
from grader.submissions import read_submission

from . import course_factory as factory
from .locked import needs_jail
from .processes import environment_without

pytestmark = [needs_jail, pytest.mark.usefixtures("warm_zygotes")]

SUITE = '''\
"""The hidden suite: it compares, forgives a dtype once charged, withholds points, uses a fixture of its own."""

import numpy as np
import pytest

from grader.suite import assert_close, assert_dtype_kept, assert_shape, generator, points

X = generator("tiny").normal(size=(2, 3))
SINGLE = X.astype(np.float32)
X.flags.writeable = SINGLE.flags.writeable = False


@pytest.fixture(scope="module")
def weights():
    return {"weight": np.array([1.0, 2.0, 3.0])}


@points(4, group="numpy")
@pytest.mark.parametrize("factor", [2.0, 3.0])
def test_scale(student, reference, factor):
    """Every number is multiplied."""
    print("asked with", factor)
    assert_close(student.scale(X, factor), reference.scale(X, factor))


@points(1, group="numpy", about="dtype")
def test_dtype(student, reference):
    """The dtype is kept."""
    assert_dtype_kept([(lambda: student.scale(SINGLE, 2.0), reference.scale(SINGLE, 2.0))], what="the answer")


@points(1, group="numpy", needs="number")
def test_shape(student):
    """The shape is kept."""
    assert_shape(student.scale(X, 2.0), (2, 3), what="the answer")


@points(4, group="torch")
def test_scaler(student, reference, weights):
    """The weight multiplies."""
    assert_close(student.Scaler(3).load(weights)(X), reference.Scaler(3).load(weights)(X))
'''

WATCH = """
[watch]
calls = ["numpy.multiply"]
rule = "Write the product yourself."
costs = ["numpy"]
"""

SCALE = "return x * factor"
SUBMISSIONS = {
    "right": factory.RIGHT,
    "wrong": factory.WRONG,
    "wrong in one case": factory.SOLUTION.replace(SCALE, "return x * min(factor, 2.0)"),
    "another dtype": factory.SOLUTION.replace(SCALE, "return (x * factor).astype(float)"),
    "a shape alone": factory.SOLUTION.replace(SCALE, "return np.zeros(x.shape)"),
    "raises": factory.SOLUTION.replace(SCALE, "return x @ factor"),
    "refused answer": factory.SOLUTION.replace(SCALE, "return np.tanh"),
    "watched": factory.SOLUTION.replace(SCALE, "return np.multiply(x, factor)"),
    "hung": factory.SOLUTION.replace(SCALE, "while factor == 3.0: pass\n    return x * factor"),
    "dying": factory.SOLUTION.replace(
        SCALE, "if factor == 3.0: import os; os._exit(3)\n    return x * factor"
    ),
    "unwritten": factory.SOLUTION.replace(SCALE, "raise NotImplementedError"),
    "one statement passed over": f"1 / 0\n{factory.SOLUTION}",
    "one exercise only": factory.SOLUTION.partition("class Scaler")[0],
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("one_session") / "course"
    course, assignment = factory.make_course(root, suite=SUITE, call_seconds=1.0)
    toml = assignment.hidden / "assignment.toml"
    toml.write_text(toml.read_text() + WATCH)
    return course, factory.load(course, assignment.name)


@pytest.fixture(scope="module")
def class_(course, tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("class")
    files = {}
    for number, (name, source) in enumerate(SUBMISSIONS.items()):
        files[name] = folder / f"s{number}" / f"{course[1].name}.py"
        files[name].parent.mkdir()
        files[name].write_text(source)
    return files


def by_hand(warm, course, file: Path | None, *more: str) -> Any:
    environment = environment_without("PYTEST")
    named = [] if file is None else ["--submission", file]
    options = (
        "-q",
        "-rA",
        "--tb=no",
        "-p",
        "no:cacheprovider",
        f"--rootdir={course[0].root}",
        course[1].hidden,
    )
    return warm.run(*options, *named, *more, module="pytest", env=environment, cwd=course[0].root)


def verdict_by_hand(done: Any) -> tuple[dict[str, bool], tuple[str, float]]:
    """Which tests count as passed, and the status and the points that were told."""
    passed = {
        name: word == "PASSED" for word, name in re.findall(r"(?m)^(PASSED|FAILED) \S+?::(\S+)", done.stdout)
    }
    for name in re.findall(r"(?m)^grader: (\S+) passed, but does not count", done.stdout):
        passed[name] = False
    match = re.search(r"(?m)^grader: (\w+): (\S+) of \S+ points", done.stdout)
    assert match, done.stdout + done.stderr
    return passed, (match[1], float(match[2]))


def verdict(result: Any) -> tuple[dict[str, bool], tuple[str, float]]:
    return {test.name: test.outcome == "passed" for test in result.tests}, (result.status, result.score)


@pytest.fixture(scope="module")
def graded(course, class_, warm_zygotes):
    read = [read_submission(file.parent, name, course[1].name) for name, file in class_.items()]
    return {result.student: result for result in grade(*course, read)}


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_three_ways_one_verdict(warm, course, class_, graded, name):
    done = by_hand(warm, course, class_[name])
    read = read_submission(class_[name].parent, name, course[1].name)
    in_nbgrader = standby(*course).grade(read)
    assert verdict(in_nbgrader) == verdict(graded[name])
    assert [test.message for test in in_nbgrader.tests] == [test.message for test in graded[name].tests]
    tests, (status, score) = verdict_by_hand(done)
    # `grade` looks once more at a file of which no test passes: whether anything is written in it.
    expected = verdict(graded[name])
    assert tests == expected[0], done.stdout
    assert (status, score) == (expected[1][0].replace("not_attempted", "graded"), expected[1][1])
    for note in graded[name].notes:
        assert note in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_the_set_has_every_kind_of_verdict(graded):
    assert {result.status for result in graded.values()} >= {"graded", "timeout", "crashed"}
    kinds = {test.problem.kind for result in graded.values() for test in result.tests if test.problem}
    assert {"withheld", "watched", "timeout", "crashed"} <= kinds


def test_a_submission_that_cannot_be_loaded_is_refused_with_the_same_words(warm, course, tmp_path):
    file = tmp_path / "ann" / f"{course[1].name}.py"
    file.parent.mkdir()
    file.write_text("def scale(x, x): pass\n")
    (result,) = grade(*course, [read_submission(file.parent, "ann", course[1].name)])
    done = by_hand(warm, course, file)
    assert result.status == "unreadable"
    assert result.message in done.stdout + done.stderr
    assert done.returncode == 2


REFUSING = (
    SUITE
    + '''

@points(0, group="torch")
def test_apply(student, reference):
    """A function is applied."""
    assert student.scale(np.tanh, 2.0) is not None
'''
)


def test_an_argument_that_cannot_be_sent_is_refused_alike(warm, tmp_path):
    """By hand it used to reach the code under test as it is, and the test passed."""
    course = factory.make_course(
        tmp_path / "course",
        suite=REFUSING,
        solution=factory.SOLUTION.replace(SCALE, "return 1.0 if callable(x) else x * factor"),
    )
    file = tmp_path / "ann" / f"{course[1].name}.py"
    file.parent.mkdir()
    file.write_text(factory.RIGHT)
    read = read_submission(file.parent, "ann", course[1].name)
    messages = []
    for judge in (lambda: grade(*course, [read]), lambda: standby(*course).grade(read)):
        with pytest.raises(GraderError) as caught:
            judge()
        assert isinstance(caught.value, SuiteError)
        messages.append(caught.value.message)
    assert messages[0] == messages[1]
    done = by_hand(warm, course, file)
    assert messages[0] in done.stdout + done.stderr
    assert done.returncode == SuiteError("").exit_status
    # On the reference each test is pytest's: the one that asks it fails, with the same reason.
    done = by_hand(warm, course, None, "--tb=line")
    assert verdict_of(done)["test_apply"] is False
    assert "a ufunc, which cannot be sent" in messages[0]
    assert "a ufunc, which cannot be sent" in done.stdout


def verdict_of(done: Any) -> dict[str, bool]:
    return {
        name: word == "PASSED" for word, name in re.findall(r"(?m)^(PASSED|FAILED) \S+?::(\S+)", done.stdout)
    }


def test_a_part_of_a_suite_is_judged_as_the_whole(warm, course, class_):
    """A test's verdict is that of the whole suite; points are not counted where others could withhold them."""
    node = f"{course[1].hidden}/test_{course[1].name}.py::test_scale"
    done = by_hand(warm, course, class_["watched"], "-k", "scale and not scaler")
    assert verdict_of(done) == {"test_scale[2.0]": False, "test_scale[3.0]": False}
    assert "2 of 5 tests were judged" in done.stdout
    done = warm.run(node, "-q", "-rA", "--submission", class_["right"], module="pytest", cwd=course[0].root)
    assert verdict_of(done) == {"test_scale[2.0]": True, "test_scale[3.0]": True}
    assert "3 deselected" in done.stdout


def test_what_a_test_prints_is_shown_once_though_it_is_rehearsed(warm, course, class_):
    done = by_hand(warm, course, class_["right"], "-s")
    assert done.stdout.count("asked with 2.0") == 1
