"""`grader similar`: what it reads, writes and prints."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from grader.similar.passages import passages
from grader.similar.programs import HandoutParts

from . import disguises, graded_factory
from .disguises import notebook
from .loading import ROOT
from .suspecting import a_program
from .varied_programs import varied

# ---- The command


@pytest.fixture
def classes(tmp_path) -> Path:
    """A small class in several layouts' files: two copies, one of them a notebook, and what cannot be read."""
    this, older = tmp_path / "week3", tmp_path / "2024"
    for seed in range(12):
        student = this / f"s{seed:02}"
        student.mkdir(parents=True)
        (student / "rnn.py").write_text(varied(seed), encoding="utf-8")
    for name, source, file in (
        ("nina", notebook(disguises.renamed(varied(4))), "rnn.ipynb"),
        ("broken", "def rnn_forward(x:\n", "rnn.py"),
        ("empty", "", "rnn.py"),
        ("deep", f"a = {'(' * 400}1{')' * 400}\n", "rnn.py"),
        ("long", f"def rnn_forward(x):\n    return {' + '.join(['x'] * 30000)}\n", "rnn.py"),
        (
            "evil",
            f"def rnn_forward(x):\n    '''</pre><script>alert(1)</script>'''\n    return x\n{varied(8)}",
            "rnn.py",
        ),
    ):
        (this / name).mkdir()
        (this / name / file).write_text(source, encoding="utf-8")
    (older / "olga").mkdir(parents=True)
    (older / "olga" / "rnn.py").write_text(disguises.commented(varied(9)), encoding="utf-8")
    return tmp_path


def test_the_command_writes_pages_a_table_and_json(classes, typed):
    out = classes / "out"
    status, printed, errors = typed(
        *(
            "similar",
            str(classes / "week3"),
            "-a",
            "rnn",
            "--against",
            str(classes / "2024"),
            "--to",
            str(out),
        ),
        *("--course", str(ROOT)),
    )
    assert status == 0, errors
    assert "A place to look, and no verdict." in printed
    assert "Not compared, for want of code that can be read: " in printed
    data = json.loads((out / "similar.json").read_text("utf-8"))
    who = [sorted(member["student"] for member in match["students"]) for match in data["matches"]]
    assert sorted(who) == [["evil", "s08"], ["nina", "s04"], ["olga", "s09"]]
    assert {member["class"] for match in data["matches"] for member in match["students"]} == {"", "2024"}
    rows = list(csv.DictReader((out / "similar.csv").read_text("utf-8-sig").splitlines()))
    assert [row["page"] for row in rows] == [match["page"] for match in data["matches"]]
    assert {member["student"] for member in data["not_compared"]} >= {"broken", "empty"}
    index = (out / "index.html").read_text("utf-8")
    assert "no verdict" in index
    assert "olga (2024)" in index
    assert "Same wrong numbers</h2>" in index, "what was not looked for is not counted"
    for match in data["matches"]:
        page = (out / match["page"]).read_text("utf-8")
        assert page.count('class="same') > 20
        assert 'href="#b0"' in page
        assert 'id="b0"' in page
        assert "<script" not in page
    evil = next(match["page"] for match in data["matches"] if match["students"][0]["student"] == "evil")
    assert "&lt;script&gt;alert(1)" in (out / evil).read_text("utf-8")
    again = typed("similar", str(classes / "week3"), "-a", "rnn", "--to", str(out), "--course", str(ROOT))
    assert again[0] == 0, "its own pages are replaced"
    assert "olga" not in (out / "index.html").read_text("utf-8")


def test_a_download_and_one_file_are_read_as_by_grade(classes, typed):
    shutil.make_archive(str(classes / "week3"), "zip", classes / "week3")
    out = classes / "out"
    status, printed, errors = typed(
        "similar", str(classes / "week3.zip"), "-a", "rnn", "--to", str(out), "--course", str(ROOT)
    )
    assert status == 0, errors
    assert "s04" in printed
    assert "2 pairs or groups with much the same code" in printed
    first = str(classes / "week3" / "s04" / "rnn.py")
    status, printed, _ = typed("similar", first, "-a", "rnn", "--to", str(out), "--course", str(ROOT))
    assert status == 0
    assert "no other to compare it with" in printed


def test_results_add_the_wrong_numbers(classes, typed):
    results = [replace(graded_factory.wrong(f"s{n:02}")) for n in range(12)]
    results[4] = replace(results[4], unexplained=("RNN-00000001",))
    results.append(graded_factory.wrong("nina", unexplained=("RNN-00000001",)))
    graded = graded_factory.graded(classes / "results", results)
    document = json.loads(graded.path.read_text("utf-8"))
    arguments = (
        "similar",
        str(classes / "week3"),
        "-a",
        "rnn",
        "--to",
        str(classes / "out"),
        "--course",
        str(ROOT),
    )
    status, _, errors = typed(*arguments, "--results", str(graded.path.parent))
    assert status == 2
    assert "holds the results of 'birnn', not of 'rnn'" in errors
    graded.path.write_text(json.dumps({**document, "assignment": "rnn"}), encoding="utf-8")
    status, printed, errors = typed(*arguments, "--results", str(graded.path.parent))
    assert status == 0, errors
    assert "1 pair shares wrong numbers" in printed
    index = (classes / "out" / "index.html").read_text("utf-8")
    assert "Same wrong numbers: 1</h2>" in index
    assert index.count("RNN-00000001 (2 of 13)") == 2, "with the pair of the same code, and on its own"


def test_a_class_that_is_not_there_is_said_with_what_to_type_for_this_command(classes, typed):
    arguments = ("similar", str(classes / "week4"), "-a", "rnn", "--course", str(ROOT))
    status, _, errors = typed(*arguments)
    assert status == 2
    assert "week4: No such file or directory; expected rnn.py or rnn.ipynb" in errors
    assert "Next: grader similar <folder, file or zip of submissions> --assignment rnn" in errors
    older = ("similar", str(classes / "week3"), *arguments[2:], "--against", str(classes / "week4"))
    status, _, errors = typed(*older)
    assert status == 2
    assert "--against <folder, file or zip of submissions>" in errors
    assert "grader grade" not in errors


def test_other_pages_and_files_are_not_replaced(classes, typed):
    graded_factory.graded(classes / "results")
    assert typed("report", str(classes / "results"), "--for-students", "--to", str(classes / "out"))[0] == 0
    arguments = ("similar", str(classes / "week3"), "-a", "rnn", "--course", str(ROOT), "--to")
    status, _, errors = typed(*arguments, str(classes / "out"))
    assert (status, "Traceback" in errors) == (2, False)
    assert "holds other pages: pages to hand out" in errors
    status, _, errors = typed(*arguments, str(classes / "week3"))
    assert status == 2
    assert (classes / "week3" / "s04" / "rnn.py").exists()


def test_the_work_is_linear_in_the_text():
    """Four times the text has four times the tokens, and what it shares with itself is one passage."""
    line = "    h = np.tanh(x_t @ w_input + h @ w_hidden + bias)\n"
    small, large = (
        a_program("a", "import numpy as np\n\n\ndef f(x):\n" + line * count) for count in (400, 1600)
    )
    assert len(large.units[0].tokens) == pytest.approx(4 * len(small.units[0].tokens), rel=0.01)
    assert len(passages(large, large, HandoutParts())) == 1


def test_nothing_of_a_student_is_run_and_torch_is_not_loaded(classes):
    code = (
        "import sys; from pathlib import Path; from grader.assignments import find_course, load;"
        "from grader.similar.command import SimilarRequest, similarities; c = find_course(Path('.'));"
        f"similarities(SimilarRequest(c, 'rnn', Path({str(classes / 'week3')!r})), load(c, 'rnn'), None);"
        "print(*sys.modules)"
    )
    (classes / "week3" / "s01" / "rnn.py").write_text(
        f"open({str(classes / 'ran')!r}, 'w')\n{varied(1)}", encoding="utf-8"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not {"torch", "numpy"} & set(done.stdout.split())
    assert not (classes / "ran").exists()
