"""`grader build`: what students get is generated, the same every time, works, and gives no solution away."""

from __future__ import annotations

import ast
import base64
import contextlib
import inspect
import json
import re
import sys

import nbformat
import pytest
import torch

from grader.assignments import find_course, load
from grader.build import build, exercises_of_checks, outputs, skeleton
from grader.build_notebook import SUMMARY, WRITE, Checks, Part, percent_cells, with_checks, with_given
from grader.errors import CourseError
from grader.new import new_assignment

from .loading import ROOT, load_module

COURSE = find_course(ROOT)
NAMES = COURSE.names()


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


def cells_of(name):
    """The cells of a notebook as it is handed out, but for the one that writes files beside it."""
    text = (ROOT / "assignments" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    return [cell for cell in nbformat.reads(text, as_version=4).cells if not writes_given(cell)]


def writes_given(cell):
    """Whether a cell of a notebook is the one that writes the given modules."""
    return cell.source.startswith(WRITE.partition("\n")[0])


def code_cells(name):
    return [cell.source for cell in cells_of(name) if cell.cell_type == "code"]


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
    cells = [Part("markdown", "# A"), Part("code", "x = 1")]
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


# The hand-outs at work


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_of_a_skeleton_loads_and_is_unsolved(name):
    unsolved = load_module(ROOT / "assignments" / name / f"{name}.py")
    for exercise in load(COURSE, name).exercises:
        written = getattr(unsolved, exercise)
        needed = [p for p in inspect.signature(written).parameters.values() if p.default is p.empty]
        with pytest.raises(NotImplementedError, match="your turn"):
            written(*[1] * len(needed))


def test_the_shapes_of_the_hand_outs_example():
    x = torch.randn(5, 3, 10)
    rnn = load_module(ROOT / "solutions" / "rnn" / "rnn.py").RNN(10, 20)
    assert [tuple(part.shape) for part in rnn(x)] == [(5, 3, 20), (5, 20)]
    birnn = load_module(ROOT / "solutions" / "birnn" / "birnn.py").BiRNN(10, 20)
    assert [tuple(part.shape) for part in birnn(x)] == [(5, 3, 40), (2, 5, 20)]


@pytest.mark.parametrize("name", NAMES)
def test_visible_checks_pass_on_the_reference_and_on_alternatives(name, monkeypatch):
    assignment = load(COURSE, name)
    for path in (assignment.solution, *assignment.alternatives):
        for check in visible_checks(name, path, monkeypatch):
            check()


@pytest.mark.parametrize("name", NAMES)
def test_visible_checks_fail_on_the_skeleton(name, monkeypatch):
    checks = visible_checks(name, ROOT / "assignments" / name / f"{name}.py", monkeypatch)
    assert len(checks) >= 5
    for check in checks:
        with pytest.raises(NotImplementedError):
            check()


def visible_checks(name, path, monkeypatch):
    monkeypatch.setitem(sys.modules, name, load_module(path))
    module = load_module(ROOT / "assignments" / name / f"test_{name}.py")
    return [getattr(module, test) for test in dir(module) if test.startswith("test_")]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_valid_and_has_no_outputs(name):
    nbformat = pytest.importorskip("nbformat")
    path = ROOT / "assignments" / name / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert not any(cell.get("outputs") for cell in notebook.cells)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_enough_by_itself(name):
    """Its pictures are in it, and so is how to start: there may be nothing beside it."""
    notebook = json.loads((ROOT / "assignments" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    texts = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    for figure in (ROOT / "assignments" / name / "figures").iterdir():
        cells = [cell for cell in texts if figure.name in cell.get("attachments", ())]
        assert cells, f"{figure.name} is not in the notebook"
        for cell in cells:
            assert f"(attachment:{figure.name})" in "".join(cell["source"])
            [content] = cell["attachments"][figure.name].values()
            assert base64.b64decode(content) == figure.read_bytes()
    assert not any("](figures/" in "".join(cell["source"]) for cell in texts)
    assert any("".join(cell["source"]).startswith("## How to start") for cell in texts)


@pytest.mark.parametrize("name", NAMES)
def test_running_all_of_a_notebook_goes_on_after_what_is_unwritten(name):
    """Jupyter goes on after an exception in cells with this tag."""
    namespace = {"__name__": "__main__"}
    for cell in cells_of(name):
        if cell.cell_type == "code":
            try:
                exec(cell.source, namespace)
            except NotImplementedError:
                assert "raises-exception" in cell.metadata.get("tags", ())


@pytest.mark.parametrize("name", NAMES)
def test_the_last_cell_has_a_line_for_each_check(name, capsys):
    namespace = {"__name__": "__main__"}
    for cell in code_cells(name)[:-1]:
        with contextlib.suppress(NotImplementedError):
            exec(cell, namespace)
    exec(load(COURSE, name).solution.read_text(encoding="utf-8"), namespace)
    first = next(key for key in namespace if key.startswith("test_"))
    namespace[first] = _fails
    capsys.readouterr()
    exec(code_cells(name)[-1], namespace)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "not yet   A check. (AssertionError)"
    assert len(lines) == sum(key.startswith("test_") for key in namespace)
    assert all(line.startswith("passed    ") for line in lines[1:])


def _fails():
    """A check."""
    raise AssertionError("outputs differ")


@pytest.mark.parametrize("name", NAMES)
def test_readme_tells_how_a_file_is_read(name):
    assignment = load(COURSE, name)
    text = " ".join((ROOT / "assignments" / name / "README.md").read_text(encoding="utf-8").split())
    assert (
        f"may take {assignment.limits.call_seconds:g} s, and all of them {assignment.limits.total_seconds:g} s"
        in text
    )
    assert f"more than {assignment.limits.statement_seconds:g} s is passed over" in text
    assert all(f"`{name}`" in text for name in assignment.imports)


@pytest.mark.parametrize("name", NAMES)
def test_an_unfinished_notebook_loads_when_it_is_graded(name):
    """The grader runs the cells as a module: nothing of the examples and checks may run then."""
    namespace = {"__name__": name}
    for cell in code_cells(name):
        exec(cell, namespace)
    assert set(load(COURSE, name).exercises) <= set(namespace)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_stops_where_the_student_has_to_write(name):
    """Run by hand, cell after cell, the unfinished notebook raises at both of its examples and at every check."""
    namespace, raised = {"__name__": "__main__"}, 0
    for cell in code_cells(name):
        try:
            exec(cell, namespace)
        except NotImplementedError:
            raised += 1
    checks = ast.parse((ROOT / "assignments" / name / f"test_{name}.py").read_text(encoding="utf-8")).body
    assert raised == 2 + sum(
        isinstance(node, ast.FunctionDef) and node.name[:5] == "test_" for node in checks
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_finished_notebook_passes_its_checks(name, capsys):
    """The reference, then the notebook's last section, in one namespace as in a notebook."""
    namespace = {"__name__": "__main__"}
    exec(load(COURSE, name).solution.read_text(encoding="utf-8"), namespace)
    own = {cell for cell in code_cells(name) if "your turn" not in cell}
    for cell in code_cells(name):
        if cell in own:
            exec(cell, namespace)
    output = capsys.readouterr().out
    assert output.count("passed: ") == sum("def test_" in cell for cell in own) >= 5


@pytest.mark.parametrize("name", NAMES)
def test_the_checks_of_an_exercise_stand_right_below_it(name):
    """Between the cell that defines an exercise and its checks there is nothing else, and every check is there."""
    exercise_of, at, order = exercises_of_checks(load(COURSE, name)), None, []
    for cell in code_cells(name):
        defined = [node.name for node in ast.parse(cell).body if hasattr(node, "name")]
        tests = [key for key in defined if key.startswith("test_")]
        if len(tests) == 1:
            assert exercise_of[tests[0]] in at, tests
            order += tests
        else:
            at = defined
    assert sorted(order) == sorted(exercise_of)
    assert "How far you are" in code_cells(name)[-1]


@pytest.mark.parametrize("name", NAMES)
def test_each_half_can_be_tried_before_the_other_is_written(name, capsys):
    """With the first exercises alone, all that stands between them and the next one to write works."""
    text = load(COURSE, name).solution.read_text(encoding="utf-8")
    written = [cell.source for cell in percent_cells(text) if cell.cell_type == "code"]
    examples = [
        number
        for number, cell in enumerate(written)
        if cell.startswith("if __name__") and "learn(" not in cell
    ]
    assert len(examples) == 2
    namespace = {"__name__": "__main__"}
    for cell in written[: examples[0] + 1]:
        exec(cell, namespace)
    assert capsys.readouterr().out
    assert not set(load(COURSE, name).exercises[-1:]) & set(namespace), "the last is not written yet"


def placed(cells, checks, exercises):
    """The notebook that is made of these, each cell by its first words."""
    parts = [Part("code", source) for source in cells]
    return [part.source.split("\n")[0] for part in with_checks(parts, checks, exercises)]


def test_a_check_of_no_known_exercise_comes_at_the_end():
    checks = Checks("TOOL = 1", {"test_f": "check f", "test_g": "check g", "test_other": "check other"})
    cells = ["import math", "def f(): ...", "x = 1", "def g(): ...", "y = 2"]
    order = placed(cells, checks, {"test_f": "f", "test_g": "g", "test_other": "gone"})
    head, end = (
        ["import math", "## Visible checks", "TOOL = 1"],
        ["## How far you are", SUMMARY.split("\n")[0]],
    )
    middle = ["def f(): ...", "check f", "x = 1", "def g(): ...", "check g", "y = 2"]
    assert order == [*head, *middle, "## Further checks", "check other", *end]


def test_what_checks_share_stands_behind_what_it_is_made_of():
    """A class that is derived from the student's, or a value that is computed with it, cannot be made before it."""
    cells = ["import math", "def f(): ...", "class G: ..."]
    checks = Checks("class Mine(G):\n    pass", {"test_f": "check f", "test_g": "check g"})
    order = placed(cells, checks, {"test_f": "f", "test_g": "G"})
    assert order[:6] == [*cells, "## Visible checks", "class Mine(G):", "check f"]
    lazily = Checks("def helper(x=1):\n    return G(f())", checks.cells)
    assert placed(cells, lazily, {"test_f": "f", "test_g": "G"})[:5] == [
        *("import math", "## Visible checks", "def helper(x=1):", "def f(): ...", "check f")
    ]


def test_numbers_printed_by_the_examples(capsys):
    """The numbers in the texts are those the references print."""
    printed_numbers = {
        "rnn_cell": ["0.80049", "0.46211"],
        "rnn": ["0.76159", "0.36339", "0.17972"],
        "birnn": ["0.17972"],
    }
    for name, numbers in printed_numbers.items():
        exec(load(COURSE, name).solution.read_text(encoding="utf-8"), {"__name__": "__main__"})
        printed = capsys.readouterr().out
        text = (ROOT / "assignments" / name / "README.md").read_text(encoding="utf-8")
        for number in numbers:
            assert number in printed
            assert f"{float(number + '9'):.4f}" in text


@pytest.mark.parametrize("name", ["lstm", "gru"])
def test_numbers_printed_by_the_examples_with_gates(name, capsys):
    """Every number that the reference prints for the example by hand stands in the hand-out."""
    exec(load(COURSE, name).solution.read_text(encoding="utf-8"), {"__name__": "__main__"})
    numbers = re.findall(r"\b0\.\d{4}\b", capsys.readouterr().out)
    text = (ROOT / "assignments" / name / "README.md").read_text(encoding="utf-8")
    assert len(numbers) >= 3
    assert [number for number in numbers if number not in text] == []


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
