"""Answers and arguments that are trees: graded by their parts, shown as they are, and changed by nobody."""

from __future__ import annotations

import re

import numpy as np
import pytest

from grader.diagnose import paste
from grader.diagnose.examples import Example
from grader.run.path import Options, grade
from grader.suite.compare import difference

from . import course_factory as factory
from .locked import needs_jail

SOLUTION = '''\
import numpy as np


def gather(x):
    """A tree."""
    ### BEGIN SOLUTION: your turn
    return {
        0: (x * 2, [x.mean(axis=0), None]),
        (1, "a"): [],
        2.5: {"flags": ({"b": x > 0}, np.float32(3.5))},
        None: "text",
        "sum": x.sum(),
        "none": np.zeros((0, 3)),
        "first": np.argmax(x),
    }
    ### END SOLUTION


def doubled(tree):
    """Every array of a tree twice; the tree is left as it is."""
    ### BEGIN SOLUTION: your turn
    if isinstance(tree, dict):
        return {key: doubled(value) for key, value in tree.items()}
    if isinstance(tree, (tuple, list)):
        return type(tree)(doubled(value) for value in tree)
    if isinstance(tree, np.ndarray) and tree.dtype != bool:
        return tree * 2
    return tree
    ### END SOLUTION


def total(tree, flags=None):
    """Two parts, summed."""
    ### BEGIN SOLUTION: your turn
    result = tree[0][1] * 0.7 + tree["c"]["d"]
    if flags is not None:
        result = np.where(flags[0], result, 0.0)
    return result, (result.sum(), {"mean": result.mean()})
    ### END SOLUTION
'''

SUITE = '''\
"""The hidden suite."""

import numpy as np

from grader.suite import assert_close, assert_unchanged, generator, points

X = generator("trees").normal(size=(4, 3))
X.flags.writeable = False
FLAGS = (np.array([[True, False, True], [False, True, True]]),)


def tree():
    draw = generator("tree")
    return {
        0: (draw.normal(size=(2, 3)), draw.normal(size=(2, 3))),
        (1, "a"): [draw.normal(size=2), [np.array(3.0), None]],
        None: "text",
        "c": {"d": draw.normal(size=(2, 3)), 7: (draw.normal(size=3) > 0, (), [], {})},
        "z": np.zeros((0, 2)),
        -1: [np.float32(2.5), np.int64(3), True, 2.5],
    }


@points(2, group="trees")
def test_gather(student, reference):
    """The tree has what it should have."""
    assert_close(student.gather(X), reference.gather(X), what="the tree")


@points(2, group="trees")
def test_doubled(student, reference):
    """Every array twice."""
    assert_close(student.doubled(tree()), reference.doubled(tree()), what="the tree")


@points(2, group="trees")
def test_total(student, reference):
    """The sum."""
    assert_close(student.total(tree()), reference.total(tree()), what="result, (total, means)")
    want = reference.total(tree(), flags=FLAGS)
    assert_close(student.total(tree(), flags=FLAGS), want, what="result, (total, means)")


@points(2, group="trees", needs="number")
def test_unchanged(student):
    """All is left as it is."""
    assert_unchanged(student.doubled.observe(tree()), "tree")
    assert_unchanged(student.total.observe(tree(), flags=FLAGS), "tree, flags")
'''

EXAMPLES = '''\
"""Examples."""

import numpy as np

from grader.diagnose import Example

TREE = {
    0: (np.full((1, 2), 1.0), np.full((1, 2), 2.0)),
    (1, "a"): [np.array([1.0]), [np.array(3.0), None]],
    None: "text",
    "c": {"d": np.full((1, 2), -1.0), 7: (np.array([True, False]), (), [], {})},
    "z": np.zeros((0, 2)),
    -1: [np.float32(2.5), np.int64(3), True, 2.5],
}


def examples(exercise):
    return {
        "gather": [Example("gather", {"x": np.array([[1.0, -2.0]])}, what="the tree")],
        "doubled": [Example("doubled", {"tree": TREE}, what="the tree")],
        "total": [
            Example("total", {"tree": TREE}, what="result, (total, means)"),
            Example("total", {"tree": TREE, "flags": (np.array([[True, False]]),)}, what="result, (total, means)"),
        ],
    }[exercise]
'''

RIGHT = re.sub(r" *### (?:BEGIN|END) SOLUTION.*\n", "", SOLUTION)
FIRST, TWICE = "(x * 2, [x.mean(axis=0), None])", "        return tree * 2\n"

#: Of a program: the edit of the right one, its score of 8, and what its student reads.
PROGRAMS = {
    "right": ("", "", 8, ""),
    "lists": (FIRST, "[x * 2, (x.mean(axis=0), None)]", 8, ""),
    "numbers of Python": ('"sum": x.sum()', '"sum": float(x.sum())', 8, ""),
    "a whole number of Python": ("np.argmax(x)", "int(np.argmax(x))", 8, ""),
    "keys of numpy": ("        0: (x", "        np.int64(0): (x", 8, ""),
    "another byte order": ("x * 2,", "(x * 2).astype('>f8'),", 8, ""),
    "a key as text": ("2.5: {", "'2.5': {", 6, "the tree has no entry 2.5."),
    "complex numbers": (
        "x * 2,",
        "x * 2 + 0j,",
        6,
        "plain numbers, of float64 for example; got an array of complex",
    ),
    "dates": ("x * 2,", "np.array(['2020-01-01'], 'M8[D]'),", 6, "got an array of another dtype."),
    "a wide number": ("x * 2,", "10**30,", 6, "got an int beyond 64 bits."),
    "itself": (FIRST, "(lambda a: a.append(a) or a)([])", 6, "Expected 2 things back"),
    "a whole number for a truth": (
        '"first": np.argmax(x)',
        '"first": True',
        6,
        "should be an array of shape (); got a bool",
    ),
    "in place": (TWICE, "        tree *= 2\n        return tree\n", 6, "The call changed tree"),
    "an item in place": (
        "    if isinstance(tree, dict):\n",
        "    if isinstance(tree, dict):\n        if 0 in tree:\n            tree[0] = tree.pop(0)\n",
        *(6, "The call changed tree in place."),
    ),
    "flags in place": (
        "        result = np.where(flags[0], result, 0.0)\n",
        "        result = np.where(flags[0], result, 0.0)\n        flags[0][:] = True\n",
        *(6, "The call changed flags in place."),
    ),
    "no flags": ("np.where(flags[0], result, 0.0)", "result", 6, "result is off"),
}


@pytest.fixture(scope="module")
def results(warm_zygotes, tmp_path_factory):
    root = tmp_path_factory.mktemp("trees")
    points = "trees = 8"
    course, assignment = factory.make_course(root, suite=SUITE, solution=SOLUTION, points=points)
    toml = assignment.hidden / "assignment.toml"
    toml.write_text(
        toml.read_text().replace('["scale", "Scaler"]', '["gather", "doubled", "total"]')
        + "\n[mistakes]\noperators = true\n"
    )
    (assignment.hidden / "examples.py").write_text(EXAMPLES, encoding="utf-8")
    students = [
        factory.submission(name, RIGHT.replace(old, new) if old else RIGHT)
        for name, (old, new, *_) in PROGRAMS.items()
    ]
    assignment = factory.load(course, assignment.name)
    return {
        result.student: result for result in grade(course, assignment, students, options=Options(workers=1))
    }


@needs_jail
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_tree_is_graded_by_its_parts(name, results):
    *_, score, message = PROGRAMS[name]
    result = results[name]
    messages = " ".join(test.message for test in result.tests if test.outcome != "passed")
    assert (result.status, result.score) == ("graded", score), messages
    assert message in messages
    assert not result.fault
    assert bool(result.counterexamples) == (score < 8)


@needs_jail
def test_what_is_right_in_a_tree_is_shown_as_it_is(results):
    """Only what is off is told in words that hold no number."""
    (example,) = results["a key as text"].counterexamples
    assert example.got != example.expected
    (example,) = results["in place"].counterexamples
    parts = example.expected.keys() - {"changed in place"}
    assert len(parts) > 8
    assert {name: example.got[name] for name in parts} == {name: example.expected[name] for name in parts}
    assert example.got["changed in place"] == "tree"


@needs_jail
def test_a_mistake_in_a_tree_is_named(results):
    assert [diagnosis.title for diagnosis in results["no flags"].diagnoses] == ["`flags` is ignored"]


def test_the_code_to_paste_makes_the_arguments_that_were_given():
    arguments = {
        "empty": np.zeros((0, 2)),
        "whole": np.zeros((2, 0), dtype=np.int64),
        "small": np.array([1, 2], dtype=np.int8),
        "half": np.array([0.5], dtype=np.float16),
        "flags": np.array([[True, False]]),
        "number": np.array(3.0),
        "scalar": np.float32(2.5),
        "tree": {(1, "a"): [np.zeros((0, 3)), None], None: ()},
    }
    lines = paste.code(Example("f", arguments), "").splitlines()
    namespace: dict[str, object] = {}
    exec("\n".join(lines[:-1]), namespace)
    for name, value in arguments.items():
        assert same(namespace[name], value.item() if name == "scalar" else value), name


def same(value, expected) -> bool:
    """Whether two trees hold the same: keys, kinds of containers, shapes, dtypes and numbers."""
    if isinstance(expected, dict):
        return value.keys() == expected.keys() and all(same(value[key], expected[key]) for key in expected)
    if isinstance(expected, (tuple, list)):
        return (
            type(value) is type(expected) and len(value) == len(expected) and all(map(same, value, expected))
        )
    if isinstance(expected, np.ndarray):
        return (
            value.dtype == expected.dtype
            and value.shape == expected.shape
            and bool((value == expected).all())
        )
    return type(value) is type(expected) and value == expected


@pytest.mark.parametrize(
    ("answer", "expected", "right"),
    [
        (2.5, np.asarray(2.5), True),
        (2.5, np.asarray(2.5, dtype=np.float32), True),
        (2, np.asarray(2), True),
        (2, np.asarray(2.0), True),
        (True, np.asarray(True), True),
        (True, np.asarray(1), False),
        (1, np.asarray(True), False),
        (2.0, np.asarray(2), False),
        (2.4, np.asarray(2.5), False),
        (2.5, np.asarray([2.5]), False),
    ],
)
def test_a_number_of_python_is_as_good_as_one_of_numpy(answer, expected, right):
    """Which of the two `x.sum()` and `float(x.sum())` give is no difference that a student should pay for."""
    assert (difference(answer, expected) is None) is right
