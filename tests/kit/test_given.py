"""Modules that a course gives: found, checked, shipped, no secret, and part of what a result depends on."""

from __future__ import annotations

import dataclasses
import shutil

import pytest

from grader.assignments import find_course, load
from grader.build import outputs
from grader.check import guide
from grader.errors import CourseError
from grader.release import contents
from grader.run import digests
from grader.secrets import find_leaks, secrets

from .loading import ROOT

TOOLS = "def shown(array):\n    return 'an array of shape ' + str(array.shape)\n"


@pytest.fixture
def course(tmp_path):
    """A copy of one assignment of the course, with a given module."""
    for folder in ("solutions", "tests/hidden"):
        shutil.copytree(ROOT / folder / "rnn_cell", tmp_path / folder / "rnn_cell")
    shutil.copytree(ROOT / "tests" / "hidden" / "shared", tmp_path / "tests" / "hidden" / "shared")
    (tmp_path / "tests" / "hidden" / "__init__.py").touch()
    shutil.copy(ROOT / "tests" / "hidden" / "course.toml", tmp_path / "tests" / "hidden")
    place = tmp_path / "tests" / "hidden" / "rnn_cell" / "given"
    place.mkdir()
    (place / "cell_tools.py").write_text(TOOLS)
    return find_course(tmp_path)


def test_a_given_module_is_shipped_as_it_stands(course):
    assignment = load(course, "rnn_cell")
    assert outputs(assignment)[assignment.handout / "cell_tools.py"] == TOOLS.encode()
    assert contents(assignment)["rnn_cell/cell_tools.py"] == TOOLS.encode()


def test_its_lines_are_no_secret_and_all_others_of_the_suite_are(course):
    assignment = load(course, "rnn_cell")
    lines = secrets(assignment)
    assert list(find_leaks(lines, {"cell_tools.py": TOOLS})) == []
    hidden = (assignment.hidden / "test_numpy.py").read_text()
    assert list(find_leaks(lines, {"leak.py": hidden}))


def test_a_result_depends_on_it(course):
    assignment = load(course, "rnn_cell")
    before = digests.suite_digest(course, assignment)
    (assignment.hidden / "given" / "cell_tools.py").write_text(TOOLS + "\n")
    assert digests.suite_digest(course, assignment) != before


@pytest.mark.parametrize("name", ["rnn_cell", "test_rnn_cell", "numpy", "random", "my-tools"])
def test_a_name_that_could_not_be_imported_is_refused(course, name):
    (course.root / "tests" / "hidden" / "rnn_cell" / "given" / f"{name}.py").write_text("x = 1\n")
    with pytest.raises(CourseError, match="students could not import a module of this name"):
        load(course, "rnn_cell")


def of_the_course(course, table):
    """Give the assignment another table [given], and the course two modules to choose from."""
    folder = course.root / "tests" / "hidden" / "shared" / "given"
    (folder / "plots.py").write_text("def plot_of_anything(values):\n    return list(values)\n")
    (folder / "unused.py").write_text("def what_nobody_chose(values):\n    return tuple(values)\n")
    path = course.root / "tests" / "hidden" / "rnn_cell" / "assignment.toml"
    text, _, rest = path.read_text().partition("[given]")
    path.write_text(f"{text}[given]\n{table}\n\n[watch]{rest.partition('[watch]')[2]}")


def test_an_assignment_chooses_from_what_the_course_gives(course):
    of_the_course(course, 'modules = ["plots"]\nrequires = ["matplotlib>=3.8"]')
    assignment = load(course, "rnn_cell")
    files = outputs(assignment)
    assert [path.stem for path in assignment.given] == ["cell_tools", "plots"]
    assert {path.name for path in files if path.suffix == ".py"} == {
        *("rnn_cell.py", "test_rnn_cell.py", "cell_tools.py", "plots.py")
    }
    requirements = files[assignment.handout / "requirements.txt"].decode().splitlines()
    assert requirements[-2:] == ["pytest>=8.2", "matplotlib>=3.8"]
    public = (assignment.shared / "given" / "unused.py").read_text()
    assert list(find_leaks(secrets(assignment), {"another.py": public})) == [], (
        "what others are given is no secret"
    )


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (
            'modules = ["plotz"]',
            r"given.modules is \['plotz'\]; expected names of modules in .*there: .*plots",
        ),
        ('modules = ["plots", "plots"]', "each once"),
        ('modules = ["../laws"]', "given.modules"),
        ('modules = "plots"', "given.modules"),
        ("requires = 1", "given.requires is 1; expected a list of lines of requirements.txt"),
        ('module = ["plots"]', "given.module is not known. Did you mean modules"),
    ],
)
def test_a_table_that_is_not_as_it_must_be_is_refused(course, table, words):
    of_the_course(course, table)
    with pytest.raises(CourseError, match=words):
        load(course, "rnn_cell")


def test_a_module_of_the_course_and_one_of_the_assignment_may_not_share_a_name(course):
    of_the_course(course, 'modules = ["plots"]')
    (course.root / "tests" / "hidden" / "rnn_cell" / "given" / "plots.py").write_text("x = 1\n")
    with pytest.raises(CourseError, match="it means another one"):
        load(course, "rnn_cell")


def test_the_check_is_told_what_is_given_and_what_may_be_imported(course):
    assignment = load(course, "rnn_cell")
    assignment = dataclasses.replace(assignment, preload=("numpy", "torch", "scipy.linalg"))
    files = outputs(assignment)
    shipped = files[assignment.handout / guide.NAME].decode()
    (course.root / "checks.toml").write_text(shipped)
    read = guide.read(course.root / "checks.toml")
    assert read.problem == ""
    assert (read.grading.modules, read.grading.given) == (
        ("scipy",),
        ("cell_tools", "in_torch", "self_check"),
    )


def test_the_usual_is_not_told():
    assert guide.Grading().to_toml() == ""
    assert "statement_seconds = 5.0" in guide.Grading(statement_seconds=5.0).to_toml()
