"""`grader build`: what students get is generated, the same every time, works, and gives no solution away."""

from __future__ import annotations

import ast
import sys

import nbformat
import pytest

from grader.assignments import find_course, load
from grader.build import build, outputs, skeleton
from grader.build.notebook import NotebookCell, with_given
from grader.errors import CourseError
from grader.new import new_assignment

from .building import COURSE, NAMES, cells_of, writes_given
from .loading import ROOT


@pytest.fixture
def course(tmp_path):
    """A course of its own with one built assignment, `leaky`."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "tests" / "hidden").mkdir(parents=True)
    (tmp_path / "tests" / "hidden" / "course.toml").write_text('seed = "abc"')
    found_course = find_course(tmp_path)
    new_assignment(found_course, "leaky")
    build(found_course)
    return found_course


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# What is committed


def test_assignments_are_what_solutions_give():
    assert build(COURSE, check=True) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_same_source_gives_the_same_bytes(name):
    assert outputs(load(COURSE, name)) == outputs(load(COURSE, name))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_machine_is_in_a_hand_out(name):
    for path, content in outputs(load(COURSE, name)).items():
        for word in (str(ROOT), sys.prefix, sys.version.split()[0], "\r"):
            assert word.encode() not in content, (path, word)


@pytest.mark.parametrize("name", NAMES)
def test_a_lone_notebook_writes_what_the_exercise_comes_with(name, tmp_path, monkeypatch, capsys):
    """All of it, folded away and before any other code; what lies there already stays as it is."""
    assignment = load(COURSE, name)
    notebook = nbformat.read(assignment.handout / f"{name}.ipynb", as_version=4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert writes_given(cell)
    assert cell.metadata["jupyter"] == {"source_hidden": True}
    monkeypatch.chdir(tmp_path)
    exec(cell.source, {"__name__": name})
    assert list(tmp_path.iterdir()) == [], "not where it is only loaded, as in grading"
    (tmp_path / "self_check.py").write_text("# mine")
    exec(cell.source, {"__name__": "__main__"})
    written = {path.stem: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert written == {**assignment.given_sources, "self_check": "# mine"}
    assert capsys.readouterr().out.count("is now beside this notebook") == len(written) - 1


def test_a_notebook_without_given_modules_has_no_cell_for_them():
    cells = [NotebookCell("markdown", "# A"), NotebookCell("code", "x = 1")]
    assert with_given(cells, {}) == cells
    text, code = with_given(cells, {"tools": "x = 1\n", "plots": "y = 2\n"})[1:3]
    assert "writes `tools.py` and `plots.py` beside" in text.source
    assert code.is_folded


@pytest.mark.parametrize("name", NAMES)
def test_no_line_of_a_solution_is_in_a_hand_out(name):
    """By a simpler rule than the build's own: these never stand in a skeleton, a check or a text."""
    assignment = load(COURSE, name)
    for path, content in outputs(assignment).items():
        words = [b"SOLUTION", b"np.tanh(", b"torch.tanh(", b"nn.Parameter("]
        if path.suffix == ".ipynb":  # without the given modules in it
            content = "\n".join(cell.source for cell in cells_of(name)).encode()
        if path.stem not in assignment.given_sources:  # which are programs of their own
            words += [b"np.stack", b".append("]
        for word in words:
            assert word not in content, (path, word)


@pytest.mark.parametrize("name", NAMES)
def test_readme_tells_the_points_of_assignment_toml(name):
    assignment = load(COURSE, name)
    text = (ROOT / "assignments" / name / "README.md").read_text(encoding="utf-8")
    for group, points in assignment.groups.items():
        assert f"| {group} | {points:g} |" in text
    assert f"| in all | {assignment.max_score:g} |" in text
    assert "{points" not in text


# Changes and mistakes of authors


def test_a_hand_edit_is_noticed_and_mended(course):
    readme = course.root / "assignments" / "leaky" / "README.md"
    notebook = readme.with_name("leaky.ipynb")
    right = readme.read_bytes()
    readme.write_bytes(right + b"by hand\n")
    notebook.unlink()
    assert set(build(course, check=True)) == {readme, notebook}
    assert readme.read_bytes() == right + b"by hand\n"
    assert set(build(course, ["leaky"])) == {readme, notebook}
    assert readme.read_bytes() == right
    assert build(course, check=True) == []


def test_a_strange_file_is_refused_and_left(course):
    stranger = course.root / "assignments" / "leaky" / "notes.txt"
    stranger.write_text("mine")
    with pytest.raises(CourseError, match=r"notes\.txt is not generated"):
        build(course)
    assert stranger.read_text() == "mine"


def test_figures_are_copied(course):
    (course.root / "solutions" / "leaky" / "figures").mkdir()
    (course.root / "solutions" / "leaky" / "figures" / "loop.svg").write_text("<svg/>")
    copied = course.root / "assignments" / "leaky" / "figures" / "loop.svg"
    assert build(course, check=True) == [copied]
    build(course)
    assert copied.read_text() == "<svg/>"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("test_leaky.py", "import numpy as np\n", "import numpy as np\n# scaled = x * factor\n"),
        ("leaky.py", "## The formula", "## The formula\n#\n# `shifted = scaled + offset`"),
        ("leaky.py", '    """Scale and', '    shifted = scaled + offset\n    """Scale and'),
    ],
)
def test_a_solution_line_that_would_get_out_is_refused(course, file, old, new):
    edit(course.root / "solutions" / "leaky" / file, old, new)
    with pytest.raises(
        CourseError, match=r"leaky\.py, line \d+: this line of the solution would also stand in"
    ):
        build(course)


def test_nothing_is_written_when_a_line_would_get_out(course):
    before = {path: path.read_bytes() for path in (course.root / "assignments" / "leaky").iterdir()}
    edit(
        course.root / "solutions" / "leaky" / "test_leaky.py",
        "import numpy",
        "# scaled = x * factor\nimport numpy",
    )
    with pytest.raises(CourseError):
        build(course)
    assert {path: path.read_bytes() for path in (course.root / "assignments" / "leaky").iterdir()} == before


def test_points_that_the_hand_out_does_not_tell_are_refused(course):
    toml = course.root / "tests" / "hidden" / "leaky" / "assignment.toml"
    edit(toml, "[points]", "[points]\nspeed = 1")
    with pytest.raises(CourseError, match="does not say what the group speed is worth"):
        build(course)
    edit(toml, "speed = 1\nshapes = 2", "speed = 3")
    with pytest.raises(CourseError, match="names a group that"):
        build(course)


def test_visible_checks_must_be_plain_functions(course):
    edit(course.root / "solutions" / "leaky" / "test_leaky.py", "_example():", "_example(tmp_path):")
    with pytest.raises(CourseError, match="must be a plain function"):
        build(course)


# The skeleton by itself


def test_a_region_becomes_one_line_at_its_indent():
    source = """\
class A:
    def f(self):
        if self:
            ### BEGIN SOLUTION: your turn: say "one"
            x = 1

            # why
            return x
            ### END SOLUTION
        return 0
"""
    assert (
        skeleton(source)
        == """\
class A:
    def f(self):
        if self:
            raise NotImplementedError("your turn: say \\"one\\"")
        return 0
"""
    )


def test_a_source_without_regions_stays_as_it_is():
    source = "# %% [markdown]\n# # Hello\n\n# %%\nx = 1\n"
    assert skeleton(source) == source


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("    ### BEGIN SOLUTION\n    x = 1\n", "line 2: BEGIN SOLUTION without an END"),
        ("    x = 1\n    ### END SOLUTION\n", "line 3: END SOLUTION without a BEGIN"),
        (
            "    ### BEGIN SOLUTION\n    x = 1\n    ### BEGIN SOLUTION\n    ### END SOLUTION\n",
            "line 4: BEGIN SOLUTION inside the region that begins in line 2",
        ),
        (
            "    ### BEGIN SOLUTION\n    x = 1\n  ### END SOLUTION\n",
            "line 4: END SOLUTION is indented otherwise",
        ),
        (
            "    ### BEGIN SOLUTION\n  # left\n    x = 1\n    ### END SOLUTION\n",
            "line 3: this line is indented less",
        ),
        ("    ### BEGIN SOLUTION\n    x = 1\n    ### END SOLUTON\n", "line 2: BEGIN SOLUTION without an END"),
        (
            "    ## BEGIN SOLUTION\n    x = 1\n    ## END SOLUTION\n",
            "line 2: '## BEGIN SOLUTION' looks like a marker",
        ),
        ("    x = 1  ### BEGIN SOLUTION\n", "looks like a marker but is none"),
        ("    ###BEGIN SOLUTION\n    x = 1\n    ###END SOLUTION\n", "looks like a marker but is none"),
        (
            "    if 1:\n    ### BEGIN SOLUTION\n        x = 1\n    ### END SOLUTION\n",
            "the skeleton would not parse",
        ),
    ],
)
def test_markers_that_do_not_pair_are_named_by_file_and_line(body, message):
    with pytest.raises(CourseError) as caught:
        skeleton(f"def f():\n{body}", file="some.py")
    assert message in caught.value.message
    assert caught.value.message.startswith("some.py")
    assert caught.value.next_step


@pytest.mark.parametrize("indent", ["", "    "])
def test_a_region_outside_any_function_is_refused(indent):
    head = "class A:\n    y = 1\n" if indent else ""
    with pytest.raises(CourseError, match="outside any function"):
        skeleton(f"{head}{indent}### BEGIN SOLUTION\n{indent}x = 1\n{indent}### END SOLUTION\n")


def test_no_name_of_the_references_is_left_in_their_skeletons():
    for name in NAMES:
        tree = ast.parse(skeleton(load(COURSE, name).solution.read_text(encoding="utf-8")))
        stored = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        assert not stored & {"state", "collected", "pre_activation", "bound", "outputs_b", "is_real"}, name
