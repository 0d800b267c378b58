"""`grader new` makes an assignment that works at once, and never touches what is there."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from grader.assignments import find_course, load
from grader.build import build, skeleton
from grader.diagnose.mistakes import apply, load_hidden, load_mistakes, variants
from grader.errors import UsageError
from grader.new import new_assignment

from .loading import ROOT, load_module


@pytest.fixture
def course(tmp_path):
    """A course without any assignment."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "tests" / "hidden").mkdir(parents=True)
    (tmp_path / "tests" / "hidden" / "course.toml").write_text('seed = "abc"')
    return find_course(tmp_path)


def test_everything_an_assignment_has_is_made(course):
    created = new_assignment(course, "leaky_sum")
    assert all(path.is_file() for path in created)
    assert {path.relative_to(course.root).as_posix() for path in created} == {
        "solutions/leaky_sum/leaky_sum.py",
        "solutions/leaky_sum/test_leaky_sum.py",
        "solutions/leaky_sum/checks.toml",
        "solutions/leaky_sum/alternatives/one.py",
        "tests/hidden/leaky_sum/assignment.toml",
        "tests/hidden/leaky_sum/__init__.py",
        "tests/hidden/leaky_sum/cases.py",
        "tests/hidden/leaky_sum/test_leaky_sum.py",
        "tests/hidden/leaky_sum/mistakes.py",
        "tests/hidden/leaky_sum/examples.py",
    }
    assert not any("@" in path.read_text() for path in created if path.suffix == ".toml")
    assert load(course, "leaky_sum").exercises == ("leaky_sum_forward",)


def with_shared(course):
    """The course, with what this one's hidden suites share."""
    hidden = course.root / "tests" / "hidden"
    shutil.copytree(ROOT / "tests" / "hidden" / "shared", hidden / "shared")
    return course


def test_where_suites_share_something_a_new_one_is_written_with_it(course):
    created = new_assignment(with_shared(course), "leaky_sum")
    names = {path.relative_to(course.root / "tests" / "hidden").as_posix() for path in created[4:]}
    own = {f"leaky_sum/{file}" for file in ("spec.py", "test_leaky_sum.py", "mistakes.py", "examples.py")}
    assert names == own | {"leaky_sum/assignment.toml", "leaky_sum/__init__.py", "__init__.py"}


@pytest.mark.parametrize("shared", [False, True], ids=["alone", "on_shared"])
def test_mistakes_and_examples_of_a_new_one_fit(course, shared):
    new_assignment(with_shared(course) if shared else course, "leaky_sum")
    assignment = load(course, "leaky_sum")
    source = assignment.solution.read_text()
    edits = variants(load_mistakes(assignment))
    assert {"not_scaled", "not_shifted"} <= {edit.mistake.id for edit in edits}
    assert all(apply(source, [edit]) != source for edit in edits)
    examples = list(load_hidden(assignment, "examples").examples("leaky_sum_forward"))
    assert [example.arguments["x"].shape for example in examples] == [(1, 1), (2, 1), (1, 2), (2, 2), (3, 2)]


def test_what_suites_share_is_no_assignment(course):
    with pytest.raises(UsageError, match="for what the hidden suites share"):
        new_assignment(course, "shared")


def test_it_builds_and_the_skeleton_is_unsolved(course, tmp_path):
    new_assignment(course, "leaky_sum")
    assert len(build(course)) == 7
    assert build(course, check=True) == []
    unsolved = load_module(course.root / "assignments" / "leaky_sum" / "leaky_sum.py")
    with pytest.raises(NotImplementedError, match="your turn"):
        unsolved.leaky_sum_forward(np.ones((1, 2)), np.ones(2), np.ones(2))


def test_its_hand_out_has_the_parts_that_hand_outs_have(course):
    """As every hand-out of this course: the sections, and a question with a place for an answer."""
    new_assignment(course, "leaky_sum")
    build(course)
    readme = (course.root / "assignments" / "leaky_sum" / "README.md").read_text()
    ours = [(ROOT / "assignments" / name / "README.md").read_text() for name in ("rnn_cell", "bptt", "gru")]
    headings = [{line for line in text.splitlines() if line.startswith("## ")} for text in ours]
    assert {"## Questions to ask yourself", "## What is graded", "## How to start"} <= set.intersection(
        *headings
    )
    assert set.intersection(*headings) - {"## Compare with torch"} <= set(readme.splitlines())
    for part in ("*Your answer:*", "<details><summary>Check yourself</summary>"):
        assert part in readme


def test_reference_and_alternative_agree(course):
    new_assignment(course, "leaky_sum")
    assignment = load(course, "leaky_sum")
    x, factor, offset = np.ones((3, 2)), np.array([2.0, 3.0]), np.array([0.5, 1.0])
    for path in (assignment.solution, *assignment.alternatives):
        answer = load_module(path).leaky_sum_forward(x, factor, offset)
        np.testing.assert_array_equal(answer, [[2.5, 4.0]] * 3)


def test_the_next_assignment_is_read_after_the_one_before(course):
    new_assignment(course, "zebra")
    new_assignment(course, "ant")
    assert course.names() == ("zebra", "ant")


@pytest.mark.parametrize(
    "name", ["two words", "2nd", "class", "a-b", "../x", "", "_hidden", "test_rnn", "größe"]
)
def test_what_is_no_name_is_refused(course, name):
    with pytest.raises(UsageError, match="cannot be the name"):
        new_assignment(course, name)
    assert not any((course.root / "solutions").iterdir())


@pytest.mark.parametrize("name", ["torch", "json", "numpy", "grader"])
def test_names_of_modules_are_refused(course, name):
    with pytest.raises(UsageError, match="a module that is there already"):
        new_assignment(course, name)


def test_what_exists_is_left_as_it_is(course):
    new_assignment(course, "leaky_sum")
    source = load(course, "leaky_sum").solution
    source.write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        new_assignment(course, "leaky_sum")
    assert source.read_text() == "mine"


def test_the_templates_name_what_they_are_made_for(course):
    for path in new_assignment(course, "leaky_sum"):
        text = path.read_text(encoding="utf-8")
        assert "@name@" not in text
        assert "@title@" not in text
        assert "@order@" not in text
    assert "NotImplementedError" in skeleton(load(course, "leaky_sum").solution.read_text())
