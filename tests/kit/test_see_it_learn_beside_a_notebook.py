"""The ungraded end as students get it: in a notebook, with what stands beside it."""

from __future__ import annotations

import importlib.util

import nbformat
import pytest

from grader.assignments import find_course, load

from .loading import ROOT

COURSE = find_course(ROOT)

GIVEN = ROOT / "tests" / "hidden" / "shared" / "given"

NETWORKS = {"rnn": "RNN", "birnn": "BiRNN", "lstm": "LSTM", "gru": "GRU"}

TASKS = {"rnn": "recall", "birnn": "neighbours", "lstm": "roman_numerals", "gru": "roman_numerals"}


def hand_out(name, folder, source):
    """The hand-out in a folder, and in the place of the skeleton another file."""
    for path in (ROOT / "assignments" / name).glob("*.py"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / f"{name}.py").write_bytes(source.read_bytes())
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_it_runs_in_a_notebook_and_draws_or_prints_a_curve(name, tmp_path):
    """All cells of the notebook with the reference in it, in a kernel: the last one says what was learned."""
    nbclient = pytest.importorskip("nbclient")
    import jupytext

    folder = hand_out(name, tmp_path, ROOT / "solutions" / name / f"{name}.py")
    notebook = jupytext.read(folder / f"{name}.py")
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    last = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
    printed = "".join(output.get("text", "") for output in last.outputs)
    has_picture = any("image/png" in output.get("data", {}) for output in last.outputs)
    assert "update" in printed
    assert has_picture == (importlib.util.find_spec("matplotlib") is not None)
    assert has_picture or "from the first update to the last" in printed
    assert f"{NETWORKS[name]} learns" in printed


@pytest.mark.parametrize("name", NETWORKS)
def test_a_lone_notebook_says_what_to_put_beside_it(name, tmp_path):
    notebook = nbformat.read(ROOT / "assignments" / name / f"{name}.ipynb", as_version=4)
    line = f"        from {TASKS[name]} import learn"
    cells = [cell.source for cell in notebook.cells if line in cell.source.splitlines()]
    assert len(cells) == 1
    assert 'print(f"To see it learn, put {error.name}.py of the hand-out beside this file.")' in cells[0]
    assert cells[0].startswith('if __name__ == "__main__":'), "it never runs when it is graded"


def test_no_module_makes_the_check_load_what_it_does_not_use():
    """A file with this word in it has torch's optimizers run once before it, at every look."""
    assert not any("optim" in path.read_text(encoding="utf-8") for path in GIVEN.glob("*.py"))


@pytest.mark.parametrize("name", NETWORKS)
def test_it_comes_with_the_hand_out_and_so_does_what_draws(name):
    assignment = load(COURSE, name)
    modules = {path.stem for path in assignment.given}
    assert {TASKS[name], "see_it_learn", "self_check"} <= modules
    assert "matplotlib" in (assignment.handout / "requirements.txt").read_text(encoding="utf-8")
