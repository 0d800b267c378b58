"""Edits of one statement, one after the other: each is found where its function is after those before."""

from __future__ import annotations

import pytest

from grader.diagnose.changes import edited
from grader.diagnose.merge import Change, JoinedEdit
from grader.errors import CourseError

TEXT = """\
class Cell:
    def first(self, x):
        y = x + 1
        return y

    def other(self, x):
        y = x + 1
        return y
"""


def edit(place: str, *changes: Change) -> JoinedEdit:
    return JoinedEdit(f"a change of {place}", place, changes)


def test_each_is_made_in_its_own_function():
    longer = edit("Cell.first", ("y = x + 1", "y = x + 1\ny = y + 2\ny = y + 3"))
    after, again = (
        edit("Cell.other", ("y = x + 1", "y = x - 1")),
        edit("Cell.first", ("return y", "return -y")),
    )
    for edits in ((longer, after, again), (after, longer, again), (longer, again, after)):
        assert edited(TEXT, edits) == (
            TEXT.replace("y = x + 1", "y = x + 1\n        y = y + 2\n        y = y + 3", 1)
            .replace("return y", "return -y", 1)
            .replace("other(self, x):\n        y = x + 1", "other(self, x):\n        y = x - 1")
        )


def test_a_shorter_function_moves_the_next_one():
    shorter = edit("Cell.first", ("        y = x + 1\n        return y\n", "        return x\n"))
    assert edited(TEXT, [shorter, edit("Cell.other", ("return y", "return 2 * y"))]).endswith(
        "        return x\n\n    def other(self, x):\n        y = x + 1\n        return 2 * y\n"
    )


def test_an_edit_of_the_class_changes_its_methods_too():
    whole = edit("Cell", ("class Cell:", "class Cell:\n    size = 3"))
    assert edited(
        TEXT, [edit("Cell.first", ("x + 1", "x + 2")), whole, edit("Cell.other", ("x + 1", "x + 3"))]
    ) == (
        TEXT.replace("class Cell:", "class Cell:\n    size = 3")
        .replace("x + 1", "x + 2", 1)
        .replace("x + 1", "x + 3", 1)
    )


def test_an_edit_that_ends_a_function_ends_its_place():
    ends = edit(
        "Cell.first",
        ("        return y\n", "        return y\n\n    def third(self, z):\n        return z\n"),
    )
    assert edited(TEXT, [ends, edit("Cell.first", ("return y", "return -y"))]).count("return -y") == 1
    with pytest.raises(CourseError):
        edited(TEXT, [ends, edit("Cell.first", ("return z", "return -z"))])
    assert "return -z" in edited(TEXT, [ends, edit("Cell.third", ("return z", "return -z"))])


@pytest.mark.parametrize("end", ["y + \\", 'y, """'])
def test_what_takes_the_next_lines_in_is_read_again(end):
    """Its places are not reckoned: that there is no Python any more is noticed."""
    open_ended = edit("Cell.first", ("return y", f"return {end}"))
    with pytest.raises(SyntaxError):
        edited(TEXT, [open_ended, edit("Cell.other", ("return y", "return -y"))])
