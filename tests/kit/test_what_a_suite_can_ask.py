"""docs/what-a-suite-can-ask.md: its examples are one assignment, and they work."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
import torch

from grader.assignments import find_course, load
from grader.diagnose import Example
from grader.run.path import grade
from grader.skeletons import skeleton
from grader.subject.harness import PAGE

from .course_factory import submission

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")

TOML = """\
title = "Everything"
order = 1
exercises = [
    "project", "describe", "Scale", "Counter", "twice", "square_forward", "square_backward", "train_step", "countdown"
]
[points]
plain = 4
torch = 1
objects = 7
"""


def parts() -> dict[str, str]:
    """The page's blocks by what they are part of: "solution", "harness", "test", "" for one that stands alone."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for kind, text in re.findall(r"^```python ?(\w*)\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE):
        by_name[kind].append(text)
    return {kind: "\n\n".join(texts) for kind, texts in by_name.items()}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("everything")
    solution, hidden = root / "solutions" / "everything", root / "tests" / "hidden" / "everything"
    solution.mkdir(parents=True)
    hidden.mkdir(parents=True)
    (hidden.parent / "course.toml").write_text('seed = "page"\n')
    (hidden / "assignment.toml").write_text(TOML)
    blocks = parts()
    (solution / "everything.py").write_text(blocks["solution"])
    (hidden / "harness.py").write_text(blocks["harness"])
    (hidden / "test_everything.py").write_text('"""The examples."""\n\n' + blocks["test"])
    return find_course(root)


@pytest.mark.usefixtures("warm_zygotes")
def test_the_examples_grade_a_right_file_and_one_that_is_not_begun(course):
    assignment = load(course, "everything")
    right = assignment.solution.read_text()
    wrong = right.replace("act(act(x))", "act(x)").replace("2 * cache[0]", "cache[0]")
    wrong = wrong.replace("optimizer.zero_grad()", "pass").replace("print(", "str(")
    blank = skeleton(right)
    results = grade(
        course, assignment, [submission(f"s{i}", source) for i, source in enumerate((right, wrong, blank))]
    )
    assert [result.score for result in results] == [12.0, 8.0, 0.0]
    assert [result.status for result in results] == ["graded", "graded", "not_attempted"]
    failed = [test.name for test in results[1].tests if test.outcome != "passed"]
    assert failed == ["test_twice", "test_square_backwards", "test_train_step", "test_countdown"]


def examples_alone():
    """The examples of the page that are in none of the files, the last one for a class of the harness."""
    names = {"X": np.ones((2, 3)), "T": None, "F": np.array([1.0, 2.0, 3.0]), "Example": Example}
    return [eval(ast.unparse(statement), names) for statement in ast.parse(parts()[""]).body]


def test_the_examples_that_stand_alone_are_some():
    step, pair = examples_alone()
    assert "train_step(" in step.lines
    assert (pair.exercise, pair.make) == ("Pair", (3,))


def test_the_lines_about_a_class_run_on_what_students_have(capsys):
    *_, pair = examples_alone()
    names: dict[str, object] = {}
    exec(parts()["solution"], names)
    weights = {name: torch.tensor(array) for name, array in pair.weights.items()}
    exec(pair.lines, {**names, "x": torch.tensor(pair.arguments["x"]), "weights": weights})
    assert "0.7616, 1.9281, 2.9852" in capsys.readouterr().out


def test_other_pages_lead_here():
    assert PAGE in (ROOT / "README.md").read_text()
