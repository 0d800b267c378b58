"""What `nbgrader autograde` does with notebooks as students leave them, with hostile ones, and when we fail.

On a tiny course, graded once in a process of its own; its gradebook is read through SQL.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.kit.nbgrader_session import run
from tests.kit.test_nbgrader import GRADES, grader, in_gradebook, rows

from . import nbgrader_taught
from .nbgrader_taught import FULL, REAL, Taught, otherwise, spoiled

taught = nbgrader_taught.taught


pytest.importorskip("sqlalchemy")


notebook_hash = pytest.importorskip("nbgrader.utils").notebook_hash


OTHERWISE = (
    *(
        "renamed",
        "renamed_and_wrong",
        "lone_script",
        "script_in_a_folder",
        "zipped_script",
        "zipped_notebook",
    ),
    *("untouched_and_script", "untouched_and_renamed", "untouched_and_own_name", "untouched_and_broken"),
    *("broken_script", "the_wrong_thing", "nothing_but_the_time"),
)


STUDENTS = [
    *REAL,
    *("as_released", "cells_twice", "grade_cells_deleted", "more_points", "own_tests", "old_schema"),
    *("pasted_from_elsewhere", "not_graded_please", "grade_cells_as_text"),
]


@pytest.mark.parametrize("student", STUDENTS)
def test_a_notebook_as_students_leave_it(taught: Taught, student: str) -> None:
    _, points, words = {**REAL, **spoiled(taught)}[student]
    assert in_gradebook(taught.folder / "gradebook.db", taught.name)[student] == points
    assert words in taught.feedback(student).replace("\n    ", " ").replace("\n", " "), taught.feedback(
        student
    )


@pytest.mark.parametrize("student", OTHERWISE)
def test_what_was_handed_in_otherwise_gets_the_same_points(taught: Taught, student: str) -> None:
    """As many as through `grade`, which `test_grade_says_the_same` compares; and it can be looked at."""
    files, points, words = otherwise(taught)[student]
    assert in_gradebook(taught.folder / "gradebook.db", taught.name)[student] == points
    assert words in taught.feedback(student).replace("\n    ", " ").replace("\n", " "), taught.feedback(
        student
    )
    place = taught.folder / "submitted" / student / taught.name
    there = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert there == {name.replace("A", taught.name) for name in files}, "nothing is written beside it"


def test_what_stands_in_for_a_notebook_shows_what_was_handed_in(taught: Taught) -> None:
    notebook = taught.folder / "autograded" / "zipped_script" / taught.name / f"{taught.name}.ipynb"
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    assert sources[0].startswith("Handed in as `")
    assert "return x * factor" in sources[1]


def test_every_kind_of_hand_in_is_tried(taught: Taught) -> None:
    assert set(otherwise(taught)) == set(OTHERWISE)


def test_grade_says_the_same(taught: Taught) -> None:
    out = taught.folder / "results"
    grader("grade", taught.folder / "submitted", "-a", taught.name, "--out", out, course=taught.course.root)
    written = json.loads((out / "results.json").read_text(encoding="utf-8"))["submissions"]
    scores = {result["student"]: result["score"] for result in written}
    in_database = in_gradebook(taught.folder / "gradebook.db", taught.name)
    assert scores == {student: sum(points.values()) for student, points in in_database.items()}
    assert set(scores) == {*STUDENTS, *OTHERWISE, "both_files"}


def test_of_two_files_that_differ_the_better_counts_and_the_student_is_told(taught: Taught) -> None:
    assert in_gradebook(taught.folder / "gradebook.db", taught.name)["both_files"] == FULL
    words = " ".join(taught.feedback("both_files").split())
    assert f"both {taught.name}.py and {taught.name}.ipynb were handed in" in words
    assert f"{taught.name}.py counts, with 10 points; {taught.name}.ipynb has 4." in words


def test_what_failed_is_told_under_its_grade_cell(taught: Taught) -> None:
    words = taught.feedback("wrong")
    assert "numpy: 0 of 6 points" in words
    assert "torch: 4 of 4 points" in words
    assert (
        words.index("numpy: 0 of 6")
        < words.index("Every number is multiplied.")
        < words.index("torch: 4 of 4")
    )
    page = (taught.folder / "feedback" / "wrong" / taught.name / f"{taught.name}.html").read_text(
        encoding="utf-8"
    )
    assert "Every number is multiplied." in page


def test_feedback_is_released_also_where_somebody_did_not_hand_in_through_the_exchange(
    taught: Taught, tmp_path: Path
) -> None:
    """nbgrader wants a secret that only the exchange gives, and used to end at the first who has none."""
    through = "script_in_a_folder"
    statuses, output = run(
        taught.folder,
        ["generate_feedback", taught.name, "--student", "renamed"],
        ["generate_feedback", taught.name, "--student", through],
        ["release_feedback", taught.name, f"--Exchange.root={tmp_path}", "--course", "scaling"],
    )
    assert statuses == [0, 0, 0], output[-4000:]
    released = {path.name for path in (tmp_path / "scaling" / "feedback").iterdir()}
    assert len(released) == 3, "with that of the fixture"
    assert f"{notebook_hash(secret='hers', notebook_id=taught.name)}.html" in released
    assert list((taught.folder / "submitted" / "wrong" / taught.name).iterdir()) == [
        taught.folder / "submitted" / "wrong" / taught.name / f"{taught.name}.ipynb"
    ], "nothing is written there"


def test_nothing_is_left_to_grade_by_hand_and_the_export_has_everyone(taught: Taught) -> None:
    assert [row for row in rows(taught.folder / "gradebook.db", GRADES, taught.name) if row[3]] == []
    lines = (taught.folder / "grades.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(STUDENTS) + len(OTHERWISE) + 1
