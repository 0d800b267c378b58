"""A student's other .py files: which of them the answer may import, and by what path."""

from __future__ import annotations

import ast
import io
import zipfile
from pathlib import Path

import pytest

from grader.records import Submission
from grader.submissions import modules, read_submissions
from grader.submissions.modules import imported_names

from .loading import ROOT

CODE = "from utils import f\n\n\ndef rnn_forward(x):\n    return f(x)\n"


def put(root: Path, **files: str | bytes) -> Path:
    """Write files, given by their paths."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def read_one(path: Path, assignment: str = "rnn") -> Submission:
    (submission,) = read_submissions(path, assignment)
    assert not submission.problem, submission.problem
    return submission


def labels(submission: Submission) -> list[str]:
    return [module.label for module in submission.modules]


def test_files_beside_the_answer_and_in_package_folders_are_modules(tmp_path: Path) -> None:
    files = {
        "ada/rnn.py": CODE,
        "ada/utils.py": "def f(x):\n    return x\n",
        "ada/layers/__init__.py": "",
        "ada/layers/cells.py": "y = 1\n",
        "bob/rnn.py": "x = 1\n",
    }
    put(tmp_path, **files)
    ada, bob = read_submissions(tmp_path, "rnn")
    assert {module.label: module.source for module in ada.modules} == {
        "utils.py": files["ada/utils.py"],
        "layers/__init__.py": "",
        "layers/cells.py": "y = 1\n",
    }
    assert bob.modules == ()
    assert ada.notes == ()


def test_what_is_no_module_is_left_out_without_a_word(tmp_path: Path) -> None:
    left = [
        *("test_rnn.py", "rnn_test.py", "conftest.py", "setup.py", "notes.txt", "more.ipynb", "my-file.py"),
        *(".hidden/a.py", "__pycache__/b.py", "venv/c.py", "lib/site-packages/d.py", "rnn.egg-info.py"),
        *("myenv/pyvenv.cfg", "myenv/lib/e.py", "my folder/g.py"),
    ]
    put(tmp_path / "ada", **{"rnn.py": CODE, "utils.py": "", **dict.fromkeys(left, "x = 1\n")})
    submission = read_one(tmp_path / "ada")
    assert labels(submission) == ["utils.py"]
    assert submission.notes == ()


def test_an_environments_settings_at_the_top_hide_nothing(tmp_path: Path) -> None:
    put(tmp_path / "ada", **{"rnn.py": CODE, "utils.py": "", "pyvenv.cfg": "home = /usr/bin\n"})
    assert labels(read_one(tmp_path / "ada")) == ["utils.py"]


@pytest.mark.parametrize(
    ("answer", "code", "expected"),
    [
        ("src/rnn.py", "from utils import f\n", ["utils.py"]),
        ("src/rnn.py", "from src.utils import f\n", ["utils.py", "src/utils.py"]),
        ("src/rnn.py", "import src.utils as u\n", ["utils.py", "src/utils.py"]),
        ("src/rnn.py", "import helper\n", ["utils.py", "helper.py"]),
        ("work/src/rnn.py", "from src.utils import f\n", ["utils.py", "src/utils.py"]),
        ("work/src/rnn.py", "import work.src.utils\n", ["utils.py", "work/src/utils.py"]),
    ],
)
def test_paths_are_relative_to_the_answer_and_to_the_folders_around_it(
    tmp_path: Path, answer: str, code: str, expected: list[str]
) -> None:
    beside = str(Path(answer).parent / "utils.py")
    put(tmp_path / "ada", **{answer: code + "def rnn_forward(): ...\n", beside: "def f(): ...\n"})
    put(tmp_path, **{"ada/helper.py": "x = 1\n", "bob/rnn.py": CODE, "cy/rnn.py": CODE})
    submissions = labels(read_submissions(tmp_path, "rnn")[0])
    assert submissions == expected


def test_the_nearer_of_two_files_of_one_name_is_meant(tmp_path: Path) -> None:
    put(tmp_path, **{"ada/src/rnn.py": CODE, "ada/src/utils.py": "near = 1\n", "ada/utils.py": "far = 1\n"})
    put(tmp_path, **{"bob/rnn.py": CODE, "cy/rnn.py": CODE})
    (module,) = read_submissions(tmp_path, "rnn")[0].modules
    assert (module.label, module.source) == ("utils.py", "near = 1\n")


def test_a_module_that_does_not_parse_is_kept_as_it_is(tmp_path: Path) -> None:
    put(tmp_path / "ada", **{"rnn.py": CODE, "utils.py": "def f(:\n"})
    assert read_one(tmp_path / "ada").modules[0].source == "def f(:\n"


def test_a_module_that_is_imported_and_does_not_parse_is_told_with_its_line(tmp_path: Path) -> None:
    sources = {"rnn.py": "from utils import f\n" + CODE, "utils.py": "\ndef f(:\n", "unused.py": "def f(:\n"}
    put(tmp_path / "ada", **sources)
    (note,) = read_one(tmp_path / "ada").notes
    assert note.startswith("utils.py cannot be imported, line 2: `def f(:`: ")


def test_a_module_that_is_no_text_is_told(tmp_path: Path) -> None:
    put(tmp_path / "ada", **{"rnn.py": CODE, "utils.py": b"PK\x03\x04"})
    submission = read_one(tmp_path / "ada")
    assert submission.modules == ()
    assert submission.notes == (
        "utils.py cannot be imported: utils.py is a zip file, whatever its name says; "
        "hand in the Python file or the notebook.",
    )


def test_encodings_and_line_ends_are_those_of_answers(tmp_path: Path) -> None:
    source = "# -*- coding: latin-1 -*-\r\nx = 'é'\r\n"
    put(tmp_path / "ada", **{"rnn.py": CODE, "utils.py": source.encode("latin-1")})
    assert read_one(tmp_path / "ada").modules[0].source == source.replace("\r\n", "\n")


def test_a_notebook_has_modules_too_and_the_python_file_of_its_name_is_one(tmp_path: Path) -> None:
    cell = '{"cell_type": "code", "source": "from helpers import *\\ndef rnn_forward(): return f()"}'
    notebook = f'{{"cells": [{cell}], "nbformat": 4}}'
    put(tmp_path / "ada", **{"rnn.ipynb": notebook, "helpers.py": "def f(): ...\n"})
    assert labels(read_one(tmp_path / "ada")) == ["helpers.py"]


def test_modules_in_a_students_zip_and_in_the_zip_of_a_class(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for name in ("work/rnn.py", "work/utils.py", "__MACOSX/work/._utils.py"):
            archive.writestr(name, CODE)
    put(tmp_path / "class", **{"ada/work.zip": inner.getvalue(), "bob/rnn.py": CODE, "bob/utils.py": ""})
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for path in sorted((tmp_path / "class").rglob("*.*")):
            archive.write(path, path.relative_to(tmp_path / "class"))
    for place in ("class", "class.zip"):
        for submissions in read_submissions(tmp_path / place, "rnn"):
            assert labels(submissions) == ["utils.py"]


def test_canvas_numbers_are_no_part_of_an_import_path(tmp_path: Path) -> None:
    put(tmp_path, **{"ada_1_10_rnn-1.py": CODE, "ada_1_11_utils-1.py": "", "bob_2_12_rnn.py": CODE})
    ada, bob = read_submissions(tmp_path, "rnn")
    assert (labels(ada), labels(bob)) == (["utils.py"], [])


def test_a_typed_file_of_the_right_name_brings_what_lies_beside_it(tmp_path: Path) -> None:
    put(tmp_path / "ada", **{"rnn.py": CODE, "utils.py": "", "other.ipynb": "{}", "test_rnn.py": ""})
    assert labels(read_one(tmp_path / "ada" / "rnn.py")) == ["utils.py"]
    put(tmp_path / "flat", **{"ada_rnn.py": CODE, "utils.py": "", "bob_rnn.py": CODE})
    assert labels(read_one(tmp_path / "flat" / "ada_rnn.py")) == []


def test_other_assignments_of_nbgraders_layout_are_not_merged(tmp_path: Path) -> None:
    put(tmp_path, **{"ada/rnn/rnn.py": CODE, "ada/rnn/utils.py": "", "ada/birnn/birnn.py": ""})
    put(tmp_path, **{"bob/rnn/rnn.py": CODE, "bob/birnn/utils.py": ""})
    ada, bob = read_submissions(tmp_path, "rnn")
    assert (labels(ada), labels(bob)) == (["utils.py"], [])


def test_number_size_and_depth_are_bounded_and_what_was_left_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modules, "MOST_FILES", 3)
    monkeypatch.setattr(modules, "MOST_BYTES", 2000)
    put(tmp_path / "many", **{"rnn.py": CODE, **{f"m{number}.py": "x = 1\n" for number in range(9)}})
    submission = read_one(tmp_path / "many")
    assert labels(submission) == ["m0.py", "m1.py", "m2.py"]
    assert submission.notes == (
        "of the other Python files, 3 with 2 KB in all can be imported; left out: m3.py, m4.py, m5.py and 3 more.",
    )
    put(tmp_path / "large", **{"rnn.py": CODE, "a.py": "#" * 1500, "b.py": "#" * 1500, "c.py": "x = 1\n"})
    submission = read_one(tmp_path / "large")
    assert labels(submission) == ["a.py", "c.py"]
    assert submission.notes[0].startswith("b.py cannot be imported: b.py is 1.5 KB; the limit")
    put(tmp_path / "deep", **{"rnn.py": CODE, "a/b/c/d/e.py": "", "a/b/c/d/e/f.py": ""})
    assert labels(read_one(tmp_path / "deep")) == ["a/b/c/d/e.py"]


EVERYWHERE = """
import a.b, c as d
from e.f import g
from . import h
from .i import j
if x:
    import k
elif y:
    from l import m
else:
    import n
try:
    import o
except ImportError:
    import p
else:
    import q
finally:
    import r
class S:
    import s
    def t(self):
        async def u():
            async with v() as w:
                import v
            async for z in y():
                import w
        for i in y:
            import x
        else:
            import y
        while True:
            with z:
                import z
match x:
    case 1:
        import aa
    case _:
        from ab import ac
function = lambda: (1 if x else 2)
"""


def test_imports_are_found_wherever_a_statement_can_stand():
    names = {*"aceklnopqrsvwxyz", "aa", "ab"}
    assert imported_names([EVERYWHERE]) == names
    assert imported_names(["import numpy", "import (", "import torch"]) == {"numpy", "torch"}


def test_the_names_are_those_of_all_nodes_of_every_hand_in():
    """Imports are statements, so going through statements alone must find what going through everything does."""
    paths = sorted((ROOT / "tests" / "sample_class").glob("*/*/*.py"))
    assert len(paths) > 100
    for path in paths:
        source = path.read_text("utf-8", "replace")
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            continue
        names = {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        }
        names |= {
            node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module and not node.level
        }
        assert imported_names([source]) == {name.partition(".")[0] for name in names}, path
