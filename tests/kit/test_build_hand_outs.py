"""Hand-outs at work: they load, run cell by cell, and check what was written."""

from __future__ import annotations

import ast
import base64
import contextlib
import inspect
import json
import re
import sys
from pathlib import Path

import pytest
import torch

from grader.assignments import load
from grader.build import exercises_of_checks
from grader.build.notebook import SUMMARY, Checks, NotebookCell, percent_cells, with_checks

from .building import COURSE, NAMES, cells_of
from .loading import ROOT, load_module

GIVEN = ROOT / "tests" / "hidden" / "shared" / "given"


@pytest.fixture(autouse=True)
def _alone(tmp_path, monkeypatch):
    """As in a folder of its own: what another test imported is not there, and a picture that is kept is kept in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        sys, "path", [entry for entry in sys.path if not Path(entry, "self_check.py").exists()]
    )
    for path in GIVEN.glob("*.py"):
        monkeypatch.delitem(sys.modules, path.stem, raising=False)


def code_cells(name):
    return [cell.source for cell in cells_of(name) if cell.cell_type == "code"]


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
    parts = [NotebookCell("code", source) for source in cells]
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
