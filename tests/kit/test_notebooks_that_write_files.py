"""Notebooks whose cells write Python files, run them, or add to them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.records import Submission
from grader.submissions import read_submissions
from grader.submissions.handout import Handout

from .notebook_hand_ins import DONE, OPEN, chunks, code, notebook, read_one, text

WRITES = "%%writefile {}\ndef f():\n    return 1\n"


@pytest.mark.parametrize(
    ("first", "label"),
    [
        ("utils.py", "utils.py"),
        ("  ./utils.py ", "utils.py"),
        ("'utils.py'", "utils.py"),
        ('"layers/cells.py"', "layers/cells.py"),
        ("/content/drive/utils.py", "utils.py"),
        ("../utils.py", "utils.py"),
        ("-a utils.py", "utils.py"),
        ("--append utils.py", "utils.py"),
        ("my utils.py", ""),
        ("utils.txt", ""),
        ("{name}.py", ""),
        ("", ""),
    ],
)
def test_a_cell_that_writes_a_python_file_is_a_module(tmp_path: Path, first: str, label: str) -> None:
    submission = read_one(tmp_path, notebook(code(WRITES.format(first)), code("import utils\nx = 1")))
    assert [chunk.label for chunk in submission.modules] == [label] * bool(label)
    assert [chunk.source for chunk in submission.modules] == ["def f():\n    return 1\n"] * bool(label)
    assert bool(submission.notes) != bool(label), "what is left out is told"


def test_a_file_that_is_written_twice_is_as_the_last_cell_leaves_it(tmp_path: Path) -> None:
    cells = [
        *("%%writefile a.py\nx = 1", "%%file a.py\nx = 2\n", "%%writefile -a a.py\ny = 3"),
        "import a\nz = 1",
    ]
    (tmp_path / "a.py").write_text("x = 0\n", encoding="utf-8")
    submission = read_one(tmp_path, notebook(*map(code, cells)))
    assert [(chunk.label, chunk.source) for chunk in submission.modules] == [("a.py", "x = 2\ny = 3")]


def test_an_exercise_that_is_written_to_a_file_nobody_imports_is_read_as_code(tmp_path: Path) -> None:
    path = tmp_path / "rnn.ipynb"
    cells = [code("a = 1"), code("%%writefile my.py\ndef rnn_forward(x):\n    return x"), code("b = 2")]
    path.write_text(json.dumps(notebook(*cells)), encoding="utf-8")
    (submission,) = read_submissions(path, "rnn", Handout(("rnn_forward",)))
    assert chunks(submission)[1] == ("cell 2", "\ndef rnn_forward(x):\n    return x")
    assert submission.notes == (
        "cell 2 writes my.py, which no cell imports: it was read as code, for its `rnn_forward`.",
    )


def with_exercises(tmp_path: Path, exercises: tuple[str, ...], *sources: str) -> Submission:
    path = tmp_path / "rnn.ipynb"
    path.write_text(json.dumps(notebook(*map(code, sources))), encoding="utf-8")
    (submission,) = read_submissions(path, "rnn", Handout(exercises))
    return submission


def test_a_file_that_several_cells_write_is_read_cell_by_cell(tmp_path: Path) -> None:
    first = "%%writefile rnn.py\ndef rnn_forward(x):\n    return x"
    more = "%%writefile -a rnn.py\nclass RNN:\n    pass"
    submission = with_exercises(tmp_path, ("rnn_forward", "RNN"), first, "b = 2", more)
    assert [(label, source.strip().partition("\n")[0]) for label, source in chunks(submission)] == [
        *(("cell 1", "def rnn_forward(x):"), ("cell 2", "b = 2"), ("cell 3", "class RNN:"))
    ]
    assert submission.notes[0].startswith("cell 1 and cell 3 write rnn.py, which no cell imports")


def test_a_cell_that_ends_what_another_began_is_read_with_it(tmp_path: Path) -> None:
    first = "%%writefile rnn.py\nclass RNN:\n"
    submission = with_exercises(
        tmp_path, ("RNN",), first, "%%writefile -a rnn.py\n    def forward(self):\n        pass\n"
    )
    assert [label for label, _ in chunks(submission)] == ["cell 1"]


def test_what_is_written_anew_counts_alone(tmp_path: Path) -> None:
    cells = [f"%%writefile rnn.py\ndef rnn_forward(x):\n    return {number}" for number in (1, 2)]
    assert chunks(with_exercises(tmp_path, ("rnn_forward",), *cells)) == [
        ("cell 2", "\ndef rnn_forward(x):\n    return 2")
    ]


def test_an_exported_notebook_that_only_writes_its_file_is_that_file(tmp_path: Path) -> None:
    body = "def rnn_forward(x):\n    return x\n"
    path = tmp_path / "rnn.py"
    path.write_text(f"get_ipython().run_cell_magic('writefile', 'rnn.py', {body!r})\n")
    (submission,) = read_submissions(path, "rnn", Handout(("rnn_forward",)))
    assert chunks(submission)[-1] == ("rnn.py", body)
    assert "it was read as code, for its `rnn_forward`" in submission.notes[0]


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("%run utils.py", "utils"),
        ("%run utils", "utils"),
        ("%run -i ./src/utils.py --fast 3", "src.utils"),
        ("run utils.py", "utils"),
        ("%run 'utils.py'", "utils"),
        ("%run setup.ipynb", ""),
        ("%run my-file.py", ""),
    ],
)
def test_a_file_that_is_run_is_imported(tmp_path: Path, line: str, module: str) -> None:
    submission = read_one(tmp_path, notebook(code(f"a = 1\n{line}\nb = 2")))
    expected = f"from {module} import *  # {line}" if module else ""
    assert chunks(submission) == [("cell 1", f"a = 1\n{expected}\nb = 2")]
    assert bool(submission.notes) != bool(module)


def test_a_notebook_that_was_exported_writes_its_files_too(tmp_path: Path) -> None:
    source = (
        "a = 1\nget_ipython().run_cell_magic('writefile', 'utils.py', 'x = 1\\ny = 2\\n')\n"
        "get_ipython().run_cell_magic('bash', '', 'ls')\nimport utils\n"
    )
    (tmp_path / "rnn.py").write_text(source, encoding="utf-8")
    (submission,) = read_submissions(tmp_path, "rnn")
    assert [(chunk.label, chunk.source) for chunk in submission.modules] == [("utils.py", "x = 1\ny = 2\n")]
    assert submission.chunks[0].source.split("\n")[1] == "", "every line keeps its number"
    assert "bash" in submission.chunks[0].source


@pytest.mark.parametrize("fence", ["{}", "Try:\n```python\n{}\n```\nDone", "~~~\n{}\n~~~", "```\n{}"])
def test_work_in_a_text_cell_is_told_and_a_quotation_of_the_hand_out_is_not(
    tmp_path: Path, fence: str
) -> None:
    path = tmp_path / "rnn.ipynb"
    handout = Handout(("rnn_forward",), (OPEN,))
    for written, remarks in ((DONE, 1), (OPEN, 0)):
        path.write_text(json.dumps(notebook(code("a = 1"), text(fence.format(written)))), encoding="utf-8")
        (submission,) = read_submissions(path, "rnn", handout)
        assert len(submission.misplaced) == remarks
        assert submission.misplaced == submission.notes[:remarks]
