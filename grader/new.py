"""`grader new NAME`: a new assignment that works at once, for its author to change bit by bit.

It writes a tiny exercise (scale and shift an array) with everything an assignment has: hand-out, skeleton and
reference in one, visible checks, a correct alternative, a hidden suite, mistakes. It never writes over a file.
"""

from __future__ import annotations

import importlib.util
import keyword
import sys
from pathlib import Path

from grader.assignments import Course, load
from grader.errors import UsageError

SOLUTION = '''\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # @title@
#
# **Goal.** Say in one sentence what students will have written at the end.

# %% [markdown]
# ## The formula
#
# Every number of `x` is multiplied by `factor`, then `offset` is added.
#
# | name | shape | what it is |
# |---|---|---|
# | `x` | (N, F) | N samples with F numbers each |
# | `factor`, `offset` | (F,) | one number per column |
# | result | (N, F) | the samples, scaled and shifted |
#
# **By hand.** `x = [[1, 2]]`, `factor = [10, 100]`, `offset = [1, 1]` give `[[11, 201]]`.

# %% [markdown]
# ## What is graded
#
# | group | points | what it looks at |
# |---|---|---|
# | shapes | {points of shapes} | a result of the right shape, for any N and F |
# | numerics | {points of numerics} | the right numbers |
# | behaviour | {points of behaviour} | arguments unchanged |
# | in all | {points in all} | |

# %%
import numpy as np

# %% [markdown] tags=["notebook"]
# ## Your turn
#
# Replace the line that raises `NotImplementedError`.


# %%
def @name@_forward(x, factor, offset):
    """Scale and shift every column: x (N, F), factor (F,), offset (F,). Returns (N, F)."""
    ### BEGIN SOLUTION: your turn: scale, then shift
    scaled = x * factor
    shifted = scaled + offset
    return shifted
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print(@name@_forward(np.array([[1.0, 2.0]]), np.array([10.0, 100.0]), np.array([1.0, 1.0])))
'''

CHECKS = '''\
"""Visible checks for @name@. Run them with: python -m pytest test_@name@.py

They are a first look, not the grading: the hidden tests ask more.
"""

import numpy as np
from @name@ import @name@_forward


def test_numbers_of_the_example():
    """@name@_forward gives the numbers of the example by hand."""
    got = @name@_forward(np.array([[1.0, 2.0]]), np.array([10.0, 100.0]), np.array([1.0, 1.0]))
    assert np.allclose(got, [[11.0, 201.0]]), f"got {got}, expected [[11, 201]]"
'''

GUIDE = """\
# For `grader check`: what each visible check stands for, and its hints: what to look at, then the idea, then the
# formula with its shapes. No hint gives the line to write.

[checks.test_numbers_of_the_example]
group = "numerics"
exercise = "@name@_forward"
hints = [
    "Work the example by hand, column by column. Which number is the first that differs?",
    "Every column has a factor and an offset of its own. Which of the two is used first?",
    "Column f of the result is column f of x times factor[f], plus offset[f]: (N, F) again.",
]
"""

ALTERNATIVE = '''\
"""Written differently, and right: one column after the other, into an array made beforehand."""

import numpy as np


def @name@_forward(x, factor, offset):
    result = np.empty_like(x)
    for column in range(x.shape[1]):
        result[:, column] = offset[column] + factor[column] * x[:, column]
    return result
'''

TOML = """\
title = "@title@"
order = @order@
exercises = ["@name@_forward"]

[points]
shapes = 2
numerics = 6
behaviour = 2

[limits]
call_seconds = 2.0
total_seconds = 10.0
memory_mb = 2048
statement_seconds = 2.0

[preload]
modules = ["numpy"]

# Library functions and classes that students are to write themselves. Calling one is noted in the result.
[watch]
calls = []
costs = []
"""

CASES = '''\
"""The inputs of the @name@ suite: each made once, from the course seed, and read-only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grader.suite import generator


@dataclass(frozen=True, eq=False)
class Case:
    """One call's inputs: x (N, F), factor (F,), offset (F,)."""

    name: str
    x: np.ndarray
    factor: np.ndarray
    offset: np.ndarray

    def __str__(self) -> str:
        return self.name

    @property
    def inputs(self):
        """The arguments of @name@_forward."""
        return self.x, self.factor, self.offset


def make(name: str, n: int, f: int) -> Case:
    """A case with N = n, F = f; its numbers depend on the course seed and the name only."""
    draw = generator("@name@", name)
    arrays = draw.normal(size=(n, f)), draw.normal(size=f), draw.normal(size=f)
    for array in arrays:
        array.flags.writeable = False
    return Case(name, *arrays)


SIZES_DIFFER = make("sizes_differ", 3, 2)
SIZES_EQUAL = make("sizes_equal", 2, 2)
ALL_ONE = make("all_sizes_one", 1, 1)
'''

SUITE = '''\
"""The hidden suite of @name@. A docstring is the sentence that the student reads."""

import pytest

from grader.suite import assert_close, assert_shape, assert_unchanged, points

from .cases import ALL_ONE, SIZES_DIFFER, SIZES_EQUAL

CASES = [SIZES_DIFFER, SIZES_EQUAL, ALL_ONE]


@points(2, group="shapes")
@pytest.mark.parametrize("case", [SIZES_DIFFER, ALL_ONE], ids=str)
def test_shape(student, case):
    """The result has the shape of x, whatever its sizes."""
    assert_shape(student.@name@_forward(*case.inputs), case.x.shape, what="the result")


@points(6, group="numerics")
@pytest.mark.parametrize("case", CASES, ids=str)
def test_numbers(student, reference, case):
    """Every column is scaled by its factor and shifted by its offset."""
    got = student.@name@_forward(*case.inputs)
    assert_close(got, reference.@name@_forward(*case.inputs), what="the result")


@points(2, group="behaviour")
def test_leaves_its_arguments_alone(student, reference):
    """The call changes none of its arguments."""
    observed = student.@name@_forward.observe(*SIZES_DIFFER.inputs)
    assert_close(observed.value, reference.@name@_forward(*SIZES_DIFFER.inputs), what="the result")
    assert_unchanged(observed, "x, factor, offset")
'''


MISTAKES = '''\
"""What students get wrong in @name@: each mistake is an edit of the reference, so that it can be run and named.

`grader validate @name@` proves that each of them loses points and is named. Every solution can go wrong somewhere:
add what you see in your class.
"""

from __future__ import annotations

from grader.diagnose import Mistake

MISTAKES = [
    Mistake(
        "not_scaled",
        title="The columns keep their size",
        hint="Work the example by hand with an offset of 0. What should become of the first column?",
        edits={"@name@_forward": ("scaled = x * factor", "scaled = x")},
    ),
    Mistake(
        "not_shifted",
        title="The columns are scaled and then left where they are",
        hint="What should a sample that is zero everywhere become?",
        edits={"@name@_forward": ("scaled + offset", "scaled")},
    ),
]
'''


def new_assignment(course: Course, name: str) -> list[Path]:
    """Write the folders of the assignment `name`; give the files, in the order one would read them.

    Raises UsageError when the name cannot be the name of a Python module of one's own, or is taken.
    """
    _refuse_bad(name)
    solutions, hidden = course.root / "solutions" / name, course.root / "tests" / "hidden" / name
    for folder in (solutions, hidden):
        if folder.exists():
            raise UsageError(
                f"{folder} exists already.", next_step="Choose another name, or go on with what is there."
            )
    orders = [load(course, other).order for other in course.names()]
    words = {
        "@name@": name,
        "@title@": name.replace("_", " ").capitalize(),
        "@order@": str(max(orders, default=0) + 1),
    }
    templates = {
        solutions / f"{name}.py": SOLUTION,
        solutions / f"test_{name}.py": CHECKS,
        solutions / "checks.toml": GUIDE,
        solutions / "alternatives" / "one.py": ALTERNATIVE,
        hidden / "assignment.toml": TOML,
        hidden / "__init__.py": "",
        hidden / "cases.py": CASES,
        hidden / f"test_{name}.py": SUITE,
        hidden / "mistakes.py": MISTAKES,
    }
    for path, template in templates.items():
        for word, text in words.items():
            template = template.replace(word, text)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template, encoding="utf-8", newline="\n")
    return list(templates)


def _refuse_bad(name: str) -> None:
    if (
        not (name.isidentifier() and name.isascii())
        or keyword.iskeyword(name)
        or name.startswith(("_", "test_"))
    ):
        raise UsageError(
            f"{name!r} cannot be the name of an assignment: students hand in NAME.py, and it is imported.",
            next_step="Use letters, digits and _, a letter first, and no test_ in front: grader new gru_cell",
        )
    if name in sys.stdlib_module_names or importlib.util.find_spec(name) is not None:
        raise UsageError(
            f"{name!r} is the name of a module that is there already; {name}.py would hide it, or be hidden.",
            next_step=f"Choose a name of its own: grader new {name}_exercise",
        )
