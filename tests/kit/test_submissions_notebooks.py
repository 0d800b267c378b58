"""Notebooks as students leave them → chunks, notes, or the sentence that says why not."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.submissions import notebooks, read_submissions
from grader.submissions.magics import drop_magics

from .notebook_hand_ins import DONE, OPEN, chunks, code, notebook, read_one, text


def test_code_cells_in_order_numbered_as_the_student_sees_them(tmp_path: Path) -> None:
    submission = read_one(
        tmp_path, notebook(text("# Title"), code("a = 1"), text("…"), code(["b = 2\n", "c = 3"]), code(""))
    )
    assert chunks(submission) == [("cell 2", "a = 1"), ("cell 4", "b = 2\nc = 3")]
    assert submission.notes == ()


@pytest.mark.parametrize(
    ("lines", "source"),
    [
        (["a = 1", "b = 2"], "a = 1\nb = 2"),
        (["def f(x):", "    return x", "", "f(1)"], "def f(x):\n    return x\n\nf(1)"),
        (["%matplotlib inline", "a = 1"], "\na = 1"),
        (["a", " = 1"], "a = 1"),  # one line in two pieces: as it is kept
        (["a = 1\n", "b = 2"], "a = 1\nb = 2"),
    ],
)
def test_lines_that_are_kept_without_their_ends(tmp_path: Path, lines: list[str], source: str) -> None:
    assert chunks(read_one(tmp_path, notebook(code(lines)))) == [("cell 1", source)]


@pytest.mark.parametrize(
    ("session", "source"),
    [
        (
            ">>> a = 1\n>>> def f(x):\n...     return x\n...\n>>> f(a)",
            "a = 1\ndef f(x):\n    return x\n\nf(a)",
        ),
        ("In [3]: a = 1\n   ...: b = 2", "a = 1\nb = 2"),
        ("\n>>> a = 1\n>>> !ls", "\na = 1\n"),
        ("In [1]: %time a = 1", "a = 1"),
        ("...", "..."),
        (">>> a = f'... {1}'\n>>> a = '''\n  ... x'''", "a = f'... {1}'\na = '''\n  ... x'''"),
    ],
)
def test_prompts_are_taken_away_as_by_a_running_notebook(tmp_path: Path, session: str, source: str) -> None:
    assert chunks(read_one(tmp_path, notebook(code(session)))) == [("cell 1", source)]


def test_a_session_with_what_it_printed_is_no_code(tmp_path: Path) -> None:
    submission = read_one(tmp_path, notebook(code(">>> a = 1\n>>> f(a)\nTensor of ones"), code("b = 2")))
    assert chunks(submission) == [("cell 2", "b = 2")]
    assert "cell 1 was left out: it does not parse (line 1: `>>> a = 1`: the prompt" in submission.notes[0]


def test_nbformat_3_and_missing_pieces(tmp_path: Path) -> None:
    old = {
        "worksheets": [{"cells": [{"cell_type": "code", "input": ["a = 1"], "language": "python"}]}],
        "nbformat": 3,
    }
    assert chunks(read_one(tmp_path, old)) == [("cell 1", "a = 1")]
    bare = {"cells": [{"cell_type": "code", "source": "a = 1"}, None, {"cell_type": "code"}, {"source": 3}]}
    assert chunks(read_one(tmp_path, bare)) == [("cell 1", "a = 1")]


def test_outputs_of_megabytes_and_a_bom_do_not_matter(tmp_path: Path) -> None:
    picture = {"output_type": "display_data", "data": {"image/png": "A" * 5_000_000}}
    data = b"\xef\xbb\xbf" + json.dumps(notebook(code("a = 1", outputs=[picture]))).encode()
    assert chunks(read_one(tmp_path, data)) == [("cell 1", "a = 1")]


def test_a_cell_that_does_not_parse_is_left_out_and_the_student_told(tmp_path: Path) -> None:
    submission = read_one(
        tmp_path, notebook(code("a = 1"), text(""), code("b = 2\nfor t in range(3)\n    pass"), code("c = 3"))
    )
    assert [chunk.label for chunk in submission.chunks] == ["cell 1", "cell 4"]
    assert submission.notes == (
        "cell 3 was left out: it does not parse (line 2: `for t in range(3)`: "
        "a colon is missing, most likely at the end of this line).",
    )


def test_the_margin_of_a_cell_is_taken_away_as_in_a_running_notebook(tmp_path: Path) -> None:
    cell = "\n  def f():\n      return 1\n  %time f()\nx = 2"
    submission = read_one(tmp_path, notebook(code(cell), code("  %%time\n  y = 1")))
    assert chunks(submission) == [("cell 1", "\ndef f():\n    return 1\nf()\nx = 2"), ("cell 2", "\ny = 1")]


def test_top_level_await_stays_and_costs_its_statement_where_it_runs(tmp_path: Path) -> None:
    submission = read_one(
        tmp_path, notebook(code("a = 1\nawait f()\nb = 2"), code("async def g():\n    await f()"))
    )
    assert [chunk.label for chunk in submission.chunks] == ["cell 1", "cell 2"]
    assert submission.notes == ()


def test_other_languages_and_commands_are_left_out_with_a_note(tmp_path: Path) -> None:
    submission = read_one(
        tmp_path, notebook(code("%%bash\nls"), code("%%time\na = 1"), code("%%writefile a.txt\nx = 1"))
    )
    assert chunks(submission) == [("cell 2", "\na = 1")]
    assert submission.notes[0] == "cell 1 was left out: it begins with %%bash."
    assert submission.notes[1] == "cell 3 was left out: it begins with %%writefile."
    assert submission.notes[2] == "notebook commands were passed over (cell 2, line 1: `%%time`)."


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%matplotlib inline\nx = 1", "\nx = 1"),
        ("??np\n?np\nx = 1", "\n\nx = 1"),
        ("!pip install \\\n  torch\nx = 1", "\n\nx = 1"),
        ("pip install torch\nx = 1", "\nx = 1"),
        ("files = !ls\nx = 1", "files = None\nx = 1"),
        ("a, b = %magic 3", "a = b = None"),
        ("np.dot?\n?np.dot\nnp.dot??\nx = 1", "\n\n\nx = 1"),
        ("if x:\n    %debug\nelse:\n    !ls", "if x:\n    pass\nelse:\n    pass"),
        ("%time h = f()\n%time", "h = f()\n"),
        ("%%capture out\nx = 1", "\nx = 1"),
        ("\n%%timeit -n 3\nx = 1", "\n\nx = 1"),
        ("x = (7\n% 4)\n%who", "x = (7\n% 4)\n"),
        ("x = 7 \\\n% 4\n!ls", "x = 7 \\\n% 4\n"),
        ('s = """\n%not a magic\n!nor this\n"""\n%magic', 's = """\n%not a magic\n!nor this\n"""\n'),
        ("s = 'it''s # no'\n%magic", "s = 'it''s # no'\n"),
        ("s = \"don't\"  # a ' quote (\n%magic", "s = \"don't\"  # a ' quote (\n"),
        ("from __future__ import annotations", "from __future__ import annotations"),
        ("x = {'a': [1,\n!= 2]}", "x = {'a': [1,\n!= 2]}"),
        ("y = x % 3\nif a != b: pass", "y = x % 3\nif a != b: pass"),
    ],
)
def test_magics_go_and_python_stays(source: str, expected: str) -> None:
    assert drop_magics(source).source == expected


LINES = st.sampled_from(
    [
        "x = 1",
        "%magic",
        "!ls",
        "if x:",
        "    pass",
        "    %magic",
        "x = (",
        ")",
        '"""',
        "y?",
        "z = !ls",
        "a \\",
        "# '",
        "",
    ]
)


@given(st.lists(LINES | st.text(max_size=12).filter(lambda line: "\n" not in line), max_size=12))
def test_every_line_keeps_its_number(lines: list[str]) -> None:
    source = "\n".join(lines)
    stripped = drop_magics(source)
    after = stripped.source.split("\n")
    assert len(after) == len(source.split("\n"))
    for number, (old, new) in enumerate(zip(source.split("\n"), after, strict=True), 1):
        assert old == new or number in stripped.dropped or old.lstrip().startswith("%time")


@given(st.text(alphabet="%!?= \n'\"#()\\xyz", max_size=40))
def test_what_parses_is_never_touched(source: str) -> None:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return
    assert drop_magics(source).source == source


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (notebook(), "has no code cells"),
        (notebook(text("only words")), "has no code cells"),
        (notebook(code(""), code(" \n")), "has only empty code cells"),
        (notebook(code("# only a comment")), "only comments"),
        (notebook(code("x = (")), "has no code cell that can be read; cell 1 was left out"),
        (
            notebook(code("x = 1"), metadata={"kernelspec": {"language": "R", "name": "ir"}}),
            "a notebook in R",
        ),
        (notebook(code("x = 1"), metadata={"language_info": {"name": "julia"}}), "a notebook in julia"),
        ({"cells": "none"}, "its cells are not a list"),
        ({"x": 1}, "it has no cells"),
        ([1, 2], "it has no cells"),
        (b'{"cells": [', "it breaks off before its end"),
        (b'{"cells": [{"source": "x = 1\\n', "it breaks off before its end"),
        (b'{"cells": [],}\n\n{"nbformat": 4}', "its JSON is broken in line 1"),
        (b'{\n<<<<<<< HEAD\n"cells": []\n=======\n>>>>>>> b\n}', "a merge conflict was left in it"),
        (b"[" * 200_000, "not a notebook that can be read"),
        (b'{"cells": ' + b"[" * 200_000, "not a notebook that can be read"),
        (b"\x89PNG\r\n", "is a picture"),
        (b"", "is empty"),
        (b"neither json nor python", "is not JSON"),
    ],
)
def test_notebooks_that_cannot_be_read(tmp_path: Path, content: Any, message: str) -> None:
    problem = read_one(tmp_path, content).problem
    assert message in problem
    assert "rnn.ipynb" in problem


def test_a_long_number_costs_nothing(tmp_path: Path) -> None:
    data = json.dumps(notebook(code("x = 1"))).replace('"nbformat": 4', '"nbformat": ' + "9" * 1_000_000)
    assert read_one(tmp_path, data.encode()).problem == ""


@pytest.mark.parametrize("language", ["python", "Python", "ipython", "sagemath"])
def test_python_by_its_other_names(tmp_path: Path, language: str) -> None:
    assert (
        read_one(tmp_path, notebook(code("x = 1"), metadata={"language_info": {"name": language}})).problem
        == ""
    )


def test_lone_surrogates_can_be_encoded(tmp_path: Path) -> None:
    submission = read_one(tmp_path, notebook(code("x = '\ud800'")))
    assert submission.chunks[0].source.encode() == "x = '\ufffd'".encode()


def test_what_a_file_holds_counts_not_its_name(tmp_path: Path) -> None:
    submission = read_one(tmp_path, notebook(code("x = 1")), "rnn.py")
    assert chunks(submission) == [("cell 1", "x = 1")]
    assert submission.notes == ("rnn.py is really a notebook; it was read as one.",)
    (tmp_path / "ada" / "rnn.py").unlink()
    submission = read_one(tmp_path, b"x = 1\n")
    assert chunks(submission) == [("", "x = 1\n")]
    assert submission.notes == ("rnn.ipynb is really a Python file; it was read as one.",)


TWICE = DONE.replace("return x", "return 2 * x")


@pytest.mark.parametrize(
    ("script", "cell", "newer", "taken", "both", "why"),
    [
        (DONE, "import numpy\n\n\n" + DONE + "\n# a comment", "rnn.ipynb", "rnn.py", False, ""),
        (DONE, DONE + "def test_it():\n    pass\n", "rnn.py", "rnn.ipynb", False, ""),
        (OPEN, DONE, "rnn.py", "rnn.ipynb", False, ""),
        (DONE, OPEN, "rnn.ipynb", "rnn.py", False, ""),
        (DONE, TWICE, "rnn.ipynb", "rnn.ipynb", True, ""),
        (DONE, TWICE, "rnn.py", "rnn.py", True, ""),
        ("x = (", DONE, "rnn.py", "rnn.ipynb", False, "rnn.py cannot be read"),
        (DONE, "x = (", "rnn.ipynb", "rnn.py", False, "rnn.ipynb cannot be read"),
    ],
)
def test_a_script_and_a_notebook(
    tmp_path: Path, script: str, cell: str, newer: str, taken: str, both: bool, why: str
) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "rnn.py").write_text(script)
    (tmp_path / "ada" / "rnn.ipynb").write_text(json.dumps(notebook(code(cell))))
    for name in ("rnn.py", "rnn.ipynb"):
        stamp = 2000 if name == newer else 1000
        os.utime(tmp_path / "ada" / name, (stamp, stamp))
    (submission,) = read_submissions(tmp_path, "rnn")
    assert submission.problem == ""
    assert submission.file == f"ada/{taken}"
    assert bool(submission.notes) == bool(why)
    assert why in "".join(submission.notes)
    assert (submission.other is not None) == both
    if submission.other is not None:
        assert {submission.file, submission.other.file} == {"ada/rnn.py", "ada/rnn.ipynb"}


def test_a_thousand_broken_cells_are_told_in_a_few_notes(tmp_path: Path) -> None:
    submission = read_one(tmp_path, notebook(*[code("x = (")] * 1000, code("x = 1")))
    assert [chunk.label for chunk in submission.chunks] == ["cell 1001"]
    assert len(submission.notes) == 11
    assert submission.notes[-1] == "990 more cells were left out."


def test_megabytes_of_code_are_refused_wherever_they_are(tmp_path: Path) -> None:
    assert "more than 1 MB of code" in read_one(tmp_path, notebook(*[code("# " + "x" * 300_000)] * 4)).problem
    assert "the limit for a file of this kind is 1 MB" in read_one(tmp_path, b"x = 1\n" * 200_000).problem


def test_more_cells_than_anybody_writes_are_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is loaded by itself: tens of thousands ended the process, which was called the student's doing."""
    monkeypatch.setattr(notebooks, "MOST_CELLS", 2)
    assert read_one(tmp_path, notebook(*[code("x = 1")] * 2, code("# none"))).problem == ""
    problem = read_one(tmp_path, notebook(*[code("x = 1")] * 3)).problem
    assert problem == "rnn.ipynb has more than 2 cells with code; hand in fewer."
