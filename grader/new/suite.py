"""What `grader new` writes under tests/hidden/: a small suite that works at once.

Where a course has tests/hidden/shared, the suite is written with it (`ON_SHARED`), else it stands alone (`ALONE`).
@name@, @title@ and @order@ are filled in.
"""

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

# While mistakes.py is short: what it does not explain is named by wrong edits that the grader makes of the reference.
[mistakes]
operators = true
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


EXAMPLES = '''\
"""The calls that a counterexample may show: small round numbers, the smallest first, nothing of the graded inputs."""

import numpy as np

from grader.diagnose import Example

X = np.array([[1.0, 2.0], [-1.0, 0.5], [0.5, -2.0]])
FACTOR, OFFSET = np.array([2.0, -1.0]), np.array([0.5, 1.0])


def examples(exercise):
    """The examples of one exercise."""
    for n, f in ((1, 1), (2, 1), (1, 2), (2, 2), (3, 2)):
        yield Example(exercise, {"x": X[:n, :f], "factor": FACTOR[:f], "offset": OFFSET[:f]}, what="the result")
'''

SPEC = '''\
"""What @name@ asks for: its exercise, with the axes of everything by name, and the inputs of its suite."""

from ..shared.cases import Cases, numbers
from ..shared.exercises import Function

FORWARD = Function("@name@_forward", {name: name for name in ("x", "factor", "offset")}, {"the result": "N F"})

make = Cases("@name@", {"x": numbers("N F"), "factor": numbers("F"), "offset": numbers("F")})
SIZES_DIFFER = make("sizes_differ", N=3, F=2)
SIZES_EQUAL = make("sizes_equal", N=2, F=2)
ALL_ONE = make("all_sizes_one", N=1, F=1)
'''

SUITE_OF_LAWS = '''\
"""The hidden suite of @name@: `says` is the sentence that the student reads, `worth` are the points."""

from ..shared import laws
from .spec import ALL_ONE, FORWARD, SIZES_DIFFER, SIZES_EQUAL

test_shape = laws.shapes(
    FORWARD, [SIZES_DIFFER, ALL_ONE], worth=2, says="The result has the shape of x, whatever its sizes."
)
test_numbers = laws.agrees(
    FORWARD,
    [SIZES_DIFFER, SIZES_EQUAL, ALL_ONE],
    worth=6,
    says="Every column is scaled by its factor and shifted by its offset.",
)
test_leaves_its_arguments_alone = laws.arguments_unchanged(FORWARD, SIZES_DIFFER, worth=2)
'''

MISTAKES_AS_IDEAS = '''\
"""What students get wrong in @name@: each mistake is an edit of the reference, so that it can be run and named.

`grader validate @name@` proves that each of them loses points and is named. Every solution can go wrong somewhere:
add what you see in your class.
"""

from ..shared import ideas
from ..shared.ideas import Place, idea, way

#: The statements of the reference by the names that ideas use; `returns_nothing` is one that assignments share.
FORWARD = Place(
    "@name@_forward",
    {"SCALE": "scaled = x * factor", "SHIFT": "shifted = scaled + offset", "new": "shifted", "RETURN": "return {new}"},
)
table = ideas.of(FORWARD)

MISTAKES = [
    table.mistake(
        idea(
            "not_scaled",
            "The columns keep their size",
            "Work the example by hand with an offset of 0. What should become of the first column?",
            way(SCALE="scaled = x"),
        )
    ),
    table.mistake(
        idea(
            "not_shifted",
            "The columns are scaled and then left where they are",
            "What should a sample that is zero everywhere become?",
            way(SHIFT="shifted = scaled"),
        )
    ),
    *table.mistakes("returns_nothing result_transposed"),
]
'''

EXAMPLES_FROM_TABLES = '''\
"""The calls that a counterexample may show: small round numbers, the smallest first, nothing of the graded inputs."""

import numpy as np

from ..shared import examples as shared
from .spec import FORWARD

TABLES = {
    "x": ("N F", shared.corner(np.array([[1.0, 2.0], [-1.0, 0.5], [0.5, -2.0]]))),
    "factor": ("F", shared.corner(np.array([2.0, -1.0]))),
    "offset": ("F", shared.corner(np.array([0.5, 1.0]))),
}
SIZES = ((1, 1), (2, 1), (1, 2), (2, 2), (3, 2))

examples = shared.examples([shared.case(TABLES, {"N": n, "F": f}) for n, f in SIZES], FORWARD)
'''

ALONE = {
    "assignment.toml": TOML,
    "__init__.py": "",
    "cases.py": CASES,
    "test_@name@.py": SUITE,
    "mistakes.py": MISTAKES,
    "examples.py": EXAMPLES,
}
ON_SHARED = {
    "assignment.toml": TOML,
    "__init__.py": "",
    "spec.py": SPEC,
    "test_@name@.py": SUITE_OF_LAWS,
    "mistakes.py": MISTAKES_AS_IDEAS,
    "examples.py": EXAMPLES_FROM_TABLES,
}
