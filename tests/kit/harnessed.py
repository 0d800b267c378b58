"""A course with a harness, and classes that are graded through it."""

from __future__ import annotations

import shutil
from pathlib import Path

from grader.assignments import load
from grader.run.path import grade

from .course_factory import make_course, submission

SOLUTION = '''\
# Counting is worth {points of counting} points.
import numpy as np


class Counter:
    """Counts in steps."""

    def __init__(self, step):
        self.step = step
        self.total = 0.0

    def add(self, x):
        ### BEGIN SOLUTION: add so many steps
        self.total = self.total + self.step * x
        return self.total, [self.total]
        ### END SOLUTION


def doubled(counter, x):
    """Add twice."""
    ### BEGIN SOLUTION: ask the counter twice
    counter.add(x)
    return counter.add(x)[0]
    ### END SOLUTION
'''


HARNESS = '''\
import numpy as np


def counted(student, x, step):
    """What a counter counts."""
    counter = student.Counter(step)
    total, trace = counter.add(x)
    return total


def doubled(student, x):
    """What becomes of a counter of the course's own."""
    return student.doubled(_Counter(), x)


class _Counter:
    def __init__(self):
        self.total = 1.0

    def add(self, x):
        self.total *= x
        return self.total, []


class Scaled:
    """A counter as something that is called."""

    def __init__(self, student, step):
        self.counter = student.Counter(step)

    def __call__(self, x):
        total, _ = self.counter.add(x)
        return total
'''


SUITE = '''\
"""The hidden suite."""

import numpy as np

from grader.suite import assert_close, generator, points

X = generator("tiny").normal(size=(2, 3))
X.flags.writeable = False


@points(6, group="counting")
def test_counted(student, reference):
    """So many steps are counted."""
    assert_close(student.counted(X, 2.0), reference.counted(X, 2.0))


@points(4, group="counting")
def test_doubled(student, reference):
    """Any counter is asked twice."""
    assert_close(student.doubled(X), reference.doubled(X))
'''


def course_with(root: Path, harness: str = HARNESS, suite: str = SUITE, solution: str = SOLUTION):
    """A course whose exercises are a class and a function that takes an object."""
    course, assignment = make_course(root, suite=suite, solution=solution, points="counting = 10")
    toml = assignment.hidden / "assignment.toml"
    toml.write_text(toml.read_text().replace('["scale", "Scaler"]', '["Counter", "doubled"]'))
    (assignment.hidden / "harness.py").write_text(harness)
    (assignment.solution.parent / "checks.toml").unlink()
    shutil.rmtree(assignment.solution.parent / "alternatives")
    return course, load(course, assignment.name)


def results_of(root: Path, *sources: str, **parts: str):
    course, assignment = course_with(root, **parts)
    return grade(course, assignment, [submission(f"s{i}", source) for i, source in enumerate(sources)])


RIGHT = SOLUTION.replace("### BEGIN SOLUTION", "# ").replace("### END SOLUTION", "")
