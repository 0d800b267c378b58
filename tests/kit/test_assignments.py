"""Finding a course and reading assignment.toml: what is there is read, what is wrong is said exactly."""

from __future__ import annotations

import sys

import pytest

from grader.assignments import Limits, find_course, load
from grader.errors import CourseError, UsageError
from grader.run.digests import suite_digest

from .loading import ROOT

GOOD = """\
title = "A thing"
order = 7
exercises = ["thing_forward", "Thing"]
[points]
shapes = 2
numerics = 3.5
"""


@pytest.fixture
def course(tmp_path):
    """A course with one assignment, `thing`, whose toml is GOOD."""
    (tmp_path / "solutions" / "thing").mkdir(parents=True)
    (tmp_path / "solutions" / "thing" / "thing.py").write_text("")
    (tmp_path / "tests" / "hidden" / "thing").mkdir(parents=True)
    (tmp_path / "tests" / "hidden" / "course.toml").write_text('seed = "abc"')
    (tmp_path / "tests" / "hidden" / "thing" / "assignment.toml").write_text(GOOD)
    return find_course(tmp_path)


def rewrite(course, text):
    (course.root / "tests" / "hidden" / "thing" / "assignment.toml").write_text(text)


def test_the_course_is_found_from_any_folder_in_it(course, monkeypatch):
    deep = course.root / "solutions" / "thing"
    assert find_course(deep).root == course.root
    monkeypatch.chdir(deep)
    assert find_course() == course
    assert course.seed == "abc"


def test_no_course_says_what_a_course_is(tmp_path):
    with pytest.raises(UsageError, match=r"solutions/ and tests/hidden/") as caught:
        find_course(tmp_path)
    assert "--course" in caught.value.next_step


def test_a_course_may_name_the_axes_of_arrays(course):
    assert course.axes == {}
    toml = course.root / "tests" / "hidden" / "course.toml"
    toml.write_text('seed = "abc"\n[axes]\n3 = ["sample", "day", "value"]\n')
    named = find_course(course.root)
    assert named.axes == {3: ("sample", "day", "value")}
    assert load(named, "thing").axes == named.axes
    digests = [suite_digest(source, load(source, "thing")) for source in (course, named)]
    assert digests[0] != digests[1], "other names are other messages"


@pytest.mark.parametrize(
    "line",
    [
        '3 = ["sample", "day"]',
        '2 = ["a", "b"]',
        'x = ["a"]',
        '3 = "sample"',
        "3 = [1, 2, 3]",
        '3 = ["a", "", "c"]',
    ],
)
def test_names_of_axes_that_do_not_fit_are_refused(course, line):
    toml = course.root / "tests" / "hidden" / "course.toml"
    toml.write_text(f'seed = "abc"\n[axes]\n{line}\n')
    with pytest.raises(CourseError, match=r"course\.toml: axes\.. is .*; expected the names of 3 to 5 axes"):
        find_course(course.root)


def test_a_course_without_a_seed_is_refused(course):
    (course.root / "tests" / "hidden" / "course.toml").unlink()
    with pytest.raises(CourseError, match=r"course\.toml is missing"):
        find_course(course.root)


def test_an_assignment_is_read(course):
    assignment = load(course, "thing")
    assert (assignment.title, assignment.order, assignment.exercises) == (
        "A thing",
        7,
        ("thing_forward", "Thing"),
    )
    assert assignment.groups == {"shapes": 2, "numerics": 3.5}
    assert assignment.max_score == 5.5
    assert assignment.limits == Limits(call_seconds=2.0, total_seconds=10.0, memory_mb=2048)
    assert assignment.preload == ("numpy", "torch")
    assert assignment.solution == course.root / "solutions" / "thing" / "thing.py"
    assert assignment.handout == course.root / "assignments" / "thing"


def test_limits_and_preload_can_be_set(course):
    rewrite(
        course, GOOD + '[limits]\ncall_seconds = 5\nmemory_mb = 512\n[preload]\nmodules = ["numpy.linalg"]\n'
    )
    assignment = load(course, "thing")
    assert assignment.limits == Limits(call_seconds=5.0, total_seconds=10.0, memory_mb=512)
    assert assignment.preload == ("numpy.linalg",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "A thing"', "", "the key title is missing"),
        ('title = "A thing"', "title = 3", "title is 3; expected a text"),
        ("order = 7", "order = true", "order is True; expected a whole number"),
        ("order = 7", "ordre = 7", "the key order is missing"),
        ("order = 7", "order = 7\nexercices = []", "the key exercices is not known. Did you mean exercises?"),
        ('["thing_forward", "Thing"]', '["thing forward"]', "expected a list of the names students write"),
        ('["thing_forward", "Thing"]', "[]", "expected a list of the names students write"),
        ("shapes = 2", "shapes = -2", "points.shapes is -2; expected a number above 0"),
        ("shapes = 2", "shapes = nan", "points.shapes is nan; expected a number above 0"),
        ("shapes = 2", 'shapes = "2"', "points.shapes is '2'; expected a number above 0"),
        (
            "numerics = 3.5",
            "numerics = 3.5\n[limits]\nmemory_mb = 1.5",
            "limits.memory_mb is 1.5; expected a whole",
        ),
        ("numerics = 3.5", "numerics = 3.5\n[limits]\nseconds = 1", "the key limits.seconds is not known"),
        (
            "numerics = 3.5",
            "numerics = 3.5\n[preload]\nmodules = [1]",
            "preload.modules is [1]; expected a list",
        ),
        ("order = 7", "order = ", "is not valid TOML"),
    ],
)
def test_a_wrong_toml_is_named_key_by_key(course, old, new, message):
    rewrite(course, GOOD.replace(old, new))
    with pytest.raises(CourseError) as caught:
        load(course, "thing")
    assert message in caught.value.message
    assert str(course.root / "tests" / "hidden" / "thing" / "assignment.toml") in caught.value.message


@pytest.mark.parametrize("name", ["THING", "thing.py", "solutions/thing/", "Thing.ipynb"])
def test_a_name_typed_as_a_file_or_in_capitals_is_recognised(course, name):
    with pytest.raises(UsageError, match=r"Did you mean thing\?"):
        load(course, name)


def test_an_unknown_name_lists_the_names_there_are(course):
    with pytest.raises(UsageError, match=r"'thin'.*Did you mean thing\?") as caught:
        load(course, "thin")
    assert caught.value.next_step == "Assignments: thing."


@pytest.mark.parametrize("name", ["../hidden/thing", "", "thing/../thing", "/"])
def test_a_name_is_never_a_path(course, name):
    with pytest.raises(UsageError):
        load(course, name)


def test_a_toml_without_a_solution_is_refused(course):
    (course.root / "solutions" / "thing" / "thing.py").unlink()
    with pytest.raises(CourseError, match=r"there is no .*thing\.py"):
        load(course, "thing")


def test_this_course_reads_in_order():
    course = find_course(ROOT)
    assert course.names()[:4] == ("rnn_cell", "rnn", "bptt", "birnn")
    for name in course.names():
        assert load(course, name).max_score % 5 == 0  # a round number


@pytest.mark.parametrize("module", ["numpyy", "numpy.linalgg", "json.tool.none"])
def test_a_module_to_load_that_is_not_there_is_named(course, module):
    rewrite(course, GOOD + f'[preload]\nmodules = ["json", "{module}"]\n')
    with pytest.raises(CourseError) as caught:
        load(course, "thing").check_preload()
    path = course.root / "tests" / "hidden" / "thing" / "assignment.toml"
    assert caught.value.message == f"{path}: preload.modules names {module}, but there is no such module."


def test_modules_to_load_are_found_without_running_them(course):
    rewrite(course, GOOD + '[preload]\nmodules = ["sys", "json.tool", "this", "torch.optim"]\n')
    sys.modules.pop("this", None)
    load(course, "thing").check_preload()
    assert "this" not in sys.modules
