"""How much of a file is read, run and remembered."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grader.submissions import read_submissions, statement_count
from grader.submissions.files import Item
from grader.submissions.python_source import parse, parse_anew
from grader.submissions.reading import read
from tests.kit.downloads import HANDOUT


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    (tmp_path / "class" / "bad").mkdir(parents=True)
    return tmp_path / "class" / "bad"


@pytest.mark.parametrize(
    "statements",
    [
        ["x = 1"] * 5,
        ["x = 1; y = 2", "f()", "0; 1"],
        ["if 1: x = 1; y = 1", "elif 2: z = 1"],
        ["import a, b, c, d, e"],
    ],
    ids=lambda statements: statements[0],
)
def test_more_statements_than_can_be_run_one_by_one_are_a_sentence(
    bad: Path, monkeypatch: pytest.MonkeyPatch, statements: list[str]
) -> None:
    """A file of 245,000 was said to hang, and one of as many calls to have ended itself; each got 0 points for it."""
    monkeypatch.setattr(statement_count, "MOST", 5)
    inside = "def f():\n" + "    x = [1, 2]\n" * 20
    (bad / "rnn.py").write_text(inside + "\n".join(statements[:-1]) + "\n")
    assert not read_submissions(bad.parent, "rnn")[0].problem
    (bad / "rnn.py").write_text(inside + "\n".join(statements) + "\n")
    assert read_submissions(bad.parent, "rnn")[0].problem == (
        "rnn.py has 6 statements outside of functions and classes, and at most 5 are run when it is graded. "
        "Take out what is no part of the exercise, and hand it in again."
    )


def test_a_module_of_more_statements_than_that_cannot_be_imported(
    bad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement_count, "MOST", 5)
    (bad / "rnn.py").write_text("import data, more\n")
    (bad / "data.py").write_text("x = 1\n" * 6)
    (bad / "more.py").write_text("x = 1\n" * 5)
    (submission,) = read_submissions(bad, "rnn")
    assert [module.label for module in submission.modules] == ["more.py"]
    assert submission.notes == (
        "data.py cannot be imported: it has 6 statements outside of functions and classes, and at most 5 are run "
        "when it is graded.",
    )


QUOTED = """from a import *
r'''
def rnn_forward(x):
    return x
'''
class RNN:
    x = [1]
x = RNN.x[0] + 1
"""


def test_nobody_changes_the_tree_that_all_look_at() -> None:
    reading = read(Item(("rnn.py",), lambda limit: QUOTED.encode()), HANDOUT)
    HANDOUT.work(reading.chunks)
    assert parse(QUOTED) is parse(QUOTED)
    shared, anew = (ast.dump(tree(QUOTED), include_attributes=True) for tree in (parse, parse_anew))
    assert shared == anew
