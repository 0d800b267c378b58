"""`grader validate --as STYLE`: what suites written as other courses write theirs would let through."""

from __future__ import annotations

import re

import numpy as np
import pytest

from grader.assignments import find_course
from grader.errors import CourseError
from grader.validate.styles import let_through, show

from . import course_factory as factory
from .loading import ROOT

STYLES = '''\
"""Styles of a course about scaling."""

import numpy as np

X = np.array([[1.0, 2.0, 4.0]])


def styles(assignment):
    return {"shapes": shapes, "closely": closely, "strange": strange}


def shapes(student, reference):
    assert student.scale(X, 3.0).shape == X.shape


def closely(student, reference):
    assert np.allclose(student.scale(X, 3.0), reference.scale(X, 3.0))


def strange(student, reference):
    raise LookupError("no such case")
'''

OF_THE_COURSE = ["shapes", "printed", "equal_weights", "one_gradient", "loose"]


@pytest.fixture
def course(tmp_path):
    course, assignment = factory.make_course(tmp_path)
    (assignment.hidden / "mistakes.py").write_text(factory.MISTAKES, encoding="utf-8")
    assignment.shared.mkdir()
    (assignment.shared / "styles.py").write_text(STYLES, encoding="utf-8")
    return course


def test_what_a_style_does_not_ask_for_it_lets_through(course, capsys):
    [name] = course.names()
    shapes, closely = let_through(course, [name], ["shapes", "closely"])
    assert shapes.unseen == ["subtracted", "squared", "added"]
    assert closely.unseen == ["added"], "neither asks for the class, and only one looks at numbers"
    show([shapes, closely])
    printed = capsys.readouterr().out
    assert f"{name}  shapes   lets through 3 of 3 ways; 3 of 3 mistakes whole" in printed
    assert f"{name}  closely  lets through 1 of 3 ways; 1 of 3 mistakes whole" in printed
    assert f"{name} as closely lets through whole:\n  added" in printed


def test_a_style_that_the_reference_does_not_pass_counts_nothing(course):
    with pytest.raises(CourseError, match=r"strange fails the reference: .*no such case"):
        list(let_through(course, course.names(), ["strange"]))


def test_an_unknown_style_is_told_with_those_there_are(course):
    with pytest.raises(CourseError, match="has no style 'shape'") as raised:
        list(let_through(course, course.names(), ["shape"]))
    assert "shapes, closely, strange" in str(raised.value.next_step)


def test_a_course_without_styles_is_told_what_to_write(course):
    [name] = course.names()
    (course.root / "tests" / "hidden" / "shared" / "styles.py").unlink()
    with pytest.raises(CourseError, match=r"no function styles in .*styles\.py"):
        list(let_through(course, [name], ["shapes"]))


def test_the_reference_of_every_assignment_passes_every_style(monkeypatch):
    """Every exercise has a case in spec.py that a style can ask about, wherever it lies there."""
    monkeypatch.setattr("grader.validate.styles.load_mistakes", lambda assignment: [])
    course = find_course(ROOT)
    counted = [*let_through(course, course.names(), OF_THE_COURSE)]
    assert [(count.assignment, count.style) for count in counted] == [
        (name, style) for name in course.names() for style in OF_THE_COURSE
    ]


def test_the_page_says_what_is_counted():
    """docs/other-suites.md has the figures of rnn_cell as they are counted now."""
    course = find_course(ROOT)
    page = (ROOT / "docs" / "other-suites.md").read_text(encoding="utf-8")
    [row] = re.findall(r"^\| `rnn_cell` .*$", page, re.MULTILINE)
    counted = {count.style: count for count in let_through(course, ["rnn_cell"], OF_THE_COURSE)}
    assert [*counted] == OF_THE_COURSE
    total = np.unique([sum(count.ways.values()) for count in counted.values()])
    cells = [f"{sum(count.passing.values())} ({len(count.unseen)})" for count in counted.values()]
    assert row == f"| `rnn_cell` | {total[0]} ({len(counted['shapes'].ways)}) | {' | '.join(cells)} | 0 |"
    # What the public judge with equal weights and zero states is known for.
    assert {"w_hidden_transposed", "state_ignored"} <= {*counted["equal_weights"].unseen}
