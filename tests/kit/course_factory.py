"""Makes tiny courses in a temporary folder, through `grader.new`, for tests that need one of their own."""

from __future__ import annotations

import itertools
import textwrap
from pathlib import Path

from grader.assignments import Assignment, Course, find_course, load
from grader.new import new_assignment
from grader.records import Chunk, Submission

_numbers = itertools.count(1)

#: One exercise in both worlds: a function, and a module with one weight.
SOLUTION = '''\
import numpy as np
import torch
from torch import nn


def scale(x, factor):
    """Multiply."""
    ### BEGIN SOLUTION: your turn
    return x * factor
    ### END SOLUTION


class Scaler(nn.Module):
    def __init__(self, size):
        super().__init__()
        ### BEGIN SOLUTION: your turn
        self.weight = nn.Parameter(torch.ones(size))
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION: your turn
        return x * self.weight
        ### END SOLUTION
'''

SUITE = '''\
"""The hidden suite."""

import numpy as np
import pytest

from grader.suite import assert_close, generator, points

X = generator("tiny").normal(size=(2, 3))
X.flags.writeable = False


@points(6, group="numpy")
@pytest.mark.parametrize("factor", [2.0, 3.0, 5.0])
def test_scale(student, reference, factor):
    """Every number is multiplied."""
    assert_close(student.scale(X, factor), reference.scale(X, factor))


@points(4, group="torch")
def test_scaler(student, reference):
    """The weight multiplies."""
    weights = {"weight": np.array([1.0, 2.0, 3.0])}
    want = reference.Scaler(3).load(weights)(X)
    assert_close(student.Scaler(3).load(weights)(X), want)
'''

TOML = """\
title = "Tiny"
order = 1
exercises = ["scale", "Scaler"]
[points]
numpy = 6
torch = 4
[limits]
call_seconds = {call_seconds}
total_seconds = {total_seconds}
"""

#: mistakes.py for SOLUTION: one mistake in each exercise, each of which loses points.
MISTAKES = '''\
"""Mistakes."""

from grader.diagnose import Mistake

MISTAKES = [
    Mistake("subtracted", "Subtracted", "Which sign?", {"scale": ("return x * factor", "return x - factor")}),
    Mistake("squared", "Squared", "How often?", {"scale": ("return x * factor", "return x * factor * factor")}),
    Mistake("added", "Added", "Which sign?", {"Scaler.forward": ("x * self.weight", "x + self.weight")}),
]
'''

RIGHT = SOLUTION
WRONG = SOLUTION.replace("return x * factor", "return x + factor")


def make_course(
    root: Path,
    *,
    suite: str = SUITE,
    solution: str = SOLUTION,
    points: str = "",
    call_seconds: float = 3.0,
    total_seconds: float = 12.0,
) -> tuple[Course, Assignment]:
    """A course with one assignment, whose name no other course of this run has (pytest imports suites by name).

    `points`: the lines of [points], instead of those that fit SUITE.
    """
    (root / "solutions").mkdir(parents=True)
    (root / "tests" / "hidden").mkdir(parents=True)
    (root / "tests" / "hidden" / "course.toml").write_text('seed = "abc"\n', encoding="utf-8")
    course, name = find_course(root), f"tiny_kit_{next(_numbers)}"
    new_assignment(course, name)
    hidden = root / "tests" / "hidden" / name
    (root / "solutions" / name / f"{name}.py").write_text(solution, encoding="utf-8")
    alternative = SOLUTION.replace("x * factor", "factor * x")
    (root / "solutions" / name / "alternatives" / "one.py").write_text(alternative, encoding="utf-8")
    for of_another_exercise in ("cases.py", "mistakes.py", "examples.py"):
        (hidden / of_another_exercise).unlink()
    (hidden / f"test_{name}.py").write_text(suite, encoding="utf-8")
    toml = TOML.format(call_seconds=call_seconds, total_seconds=total_seconds)
    if points:
        toml = toml.replace("numpy = 6\ntorch = 4", points)
    (hidden / "assignment.toml").write_text(toml, encoding="utf-8")
    return course, load(course, name)


def submission(student: str, source: str, *more: str) -> Submission:
    """What a student handed in; with `more`, the cells of a notebook."""
    chunks = [Chunk(textwrap.dedent(source))]
    if more:
        cells = [source, *more]
        chunks = [Chunk(textwrap.dedent(cell), f"cell {number}") for number, cell in enumerate(cells, 1)]
    return Submission(student, f"{student}.py", f"sha-{student}-{hash(source)}", tuple(chunks))


def hand_in(folder: Path, assignment: Assignment, sources: dict[str, str]) -> Path:
    """A class as a folder of students."""
    for student, source in sources.items():
        (folder / student).mkdir(parents=True, exist_ok=True)
        (folder / student / f"{assignment.name}.py").write_text(source, encoding="utf-8")
    return folder
