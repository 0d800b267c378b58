"""A course of nbgrader, from its release to what is handed in."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.assignments import Assignment, Course
from grader.build import build
from tests.kit.course_factory import RIGHT, WRONG, make_course
from tests.kit.nbgrader_session import run
from tests.kit.test_nbgrader import cell, grader

from .nbgrader_work import (
    FULL,
    NOTHING,
    REAL,
    WRONG_SCALE,
    plain,
)

HANDOUT = """\
# %% [markdown]
# Scale: {points of numpy} and {points of torch} points, {points in all} in all.

# %%
"""


@dataclass(frozen=True)
class Taught:
    """A tiny course and an nbgrader course made from it, with its assignment generated."""

    course: Course
    assignment: Assignment
    folder: Path

    @property
    def name(self) -> str:
        return self.assignment.name

    def hand_in(self, student: str, content: Any, ending: str = "ipynb") -> None:
        path = self.folder / "submitted" / student / self.name / f"{self.name}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8", errors="surrogateescape")

    def leave(self, student: str, files: dict[str, bytes]) -> None:
        """Files under names of the student's own; A stands for the assignment's."""
        for name, content in files.items():
            path = self.folder / "submitted" / student / self.name / name.replace("A", self.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def released(self) -> dict[str, Any]:
        path = self.folder / "release" / self.name / f"{self.name}.ipynb"
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return document

    def filled(self) -> dict[str, Any]:
        """The release as a student gives it back with everything right."""
        document = self.released()
        for part in document["cells"]:
            if "NotImplementedError" in part["source"] or "NotImplementedError" in "".join(part["source"]):
                part["source"] = RIGHT
        return document

    def feedback(self, student: str) -> str:
        """What stands under the grade cells of the autograded notebook."""
        path = self.folder / "autograded" / student / self.name / f"{self.name}.ipynb"
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        graded = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade")]
        return "".join("".join(out.get("text", "")) for cell in graded for out in cell["outputs"])


def make(root: Path) -> Taught:
    course, assignment = make_course(root / "course")
    source = assignment.solution.read_text(encoding="utf-8")
    assignment.solution.write_text(HANDOUT + source, encoding="utf-8")
    (assignment.solution.parent / "checks.toml").unlink()  # the guide to the checks that are replaced here
    checks = 'def test_one():\n    """Twice one is two."""\n    assert scale(1, 2) == 2\n'
    assignment.visible_checks.write_text(checks, encoding="utf-8")
    build(course)
    folder = root / "nbgrader"
    grader("nbgrader", "init", folder, course=course.root)
    return Taught(course, assignment, folder)


def as_bytes(content: Any) -> bytes:
    return json.dumps(content).encode("utf-8")


def zipped(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def otherwise(taught: Taught) -> dict[str, tuple[dict[str, bytes], dict[str, float], str]]:
    """What students hand in under other names, or as something else, and what each must get: as through `grade`."""
    whole, wrong, right = as_bytes(plain(RIGHT)), as_bytes(plain(WRONG)), RIGHT.encode()
    untouched = as_bytes(taught.released())
    return {
        "renamed": ({"A (1).ipynb": whole}, FULL, "10 of 10 points"),
        "renamed_and_wrong": ({"A-final.ipynb": wrong}, WRONG_SCALE, "Every number is multiplied."),
        "lone_script": ({"A.py": right}, FULL, "10 of 10 points"),
        "script_in_a_folder": (
            {
                "src/A.py": right,
                "timestamp.txt": b"2026-01-05 10:00:00 UTC",
                "submission_secret.txt": b"hers",
            },
            FULL,
            "10 of 10",
        ),
        "zipped_script": ({"A.zip": zipped(f"work/{taught.name}.py", right)}, FULL, "10 of 10"),
        "zipped_notebook": ({"work.zip": zipped(f"{taught.name}.ipynb", whole)}, FULL, "10 of 10"),
        "untouched_and_script": ({"A.ipynb": untouched, "A.py": right}, FULL, "10 of 10"),
        "untouched_and_renamed": ({"A.ipynb": untouched, "A (1).ipynb": whole}, FULL, "10 of 10"),
        "untouched_and_own_name": ({"A.ipynb": untouched, "my_solution.py": right}, FULL, "10 of 10"),
        "untouched_and_broken": ({"A.ipynb": untouched, "A.py": b"def ("}, NOTHING, "could not be loaded"),
        "broken_script": ({"A.py": b"def ("}, NOTHING, "could not be loaded"),
        "the_wrong_thing": ({"notes.txt": b"later"}, NOTHING, "was not handed in"),
        "nothing_but_the_time": (
            {"timestamp.txt": b"2026-01-05 10:00:00 UTC"},
            NOTHING,
            "nothing was handed in",
        ),
    }


def spoiled(taught: Taught) -> dict[str, tuple[Any, dict[str, float], str]]:
    """The release as it comes back when nbgrader's metadata was played with."""

    def changed(change: Any) -> Any:
        document = taught.filled()
        change(document["cells"])
        return document

    def graded(cells: list[Any]) -> list[Any]:
        return [part for part in cells if part["metadata"].get("nbgrader", {}).get("grade")]

    def more_points(cells: list[Any]) -> None:
        for part in graded(cells):
            part["metadata"]["nbgrader"]["points"] = 1000

    def own_tests(cells: list[Any]) -> None:
        for part in graded(cells):
            part["source"] = "6.0"

    def old_schema(cells: list[Any]) -> None:
        for part in cells:
            if "nbgrader" in part["metadata"]:
                part["metadata"]["nbgrader"] = {
                    "schema_version": 1,
                    "grade_id": "x",
                    "grade": 1,
                    "solution": "yes",
                }

    def pasted(cells: list[Any]) -> None:
        meta = {
            "schema_version": 3,
            "grade": False,
            "solution": True,
            "locked": False,
            "grade_id": "from_elsewhere",
        }
        cells.append(cell("x = 1", metadata={"nbgrader": meta}))

    def not_graded(cells: list[Any]) -> None:
        for part in graded(cells):
            part["metadata"]["nbgrader"]["grade"] = False

    def other_type(cells: list[Any]) -> None:
        for part in graded(cells):
            part["cell_type"] = "markdown"

    return {
        "as_released": (changed(lambda cells: None), FULL, "10 of 10"),
        "cells_twice": (changed(lambda cells: cells.extend(json.loads(json.dumps(cells)))), FULL, ""),
        "grade_cells_deleted": (
            changed(lambda cells: [cells.remove(part) for part in graded(cells)]),
            FULL,
            "6 of 6",
        ),
        "more_points": (changed(more_points), FULL, ""),
        "own_tests": (changed(own_tests), FULL, ""),
        "old_schema": (changed(old_schema), FULL, ""),
        "pasted_from_elsewhere": (changed(pasted), FULL, ""),
        "not_graded_please": (changed(not_graded), FULL, ""),
        "grade_cells_as_text": (changed(other_type), FULL, ""),
    }


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Taught:
    """A class of real notebooks, graded by `nbgrader autograde`, with feedback and an export."""
    course = make(tmp_path_factory.mktemp("autograde"))
    statuses, output = run(course.folder, ["generate_assignment", course.name])
    assert statuses == [0], output
    for student, (content, _, _) in {**REAL, **spoiled(course)}.items():
        course.hand_in(student, course.released() if content is None else content)
    for student, (files, _, _) in otherwise(course).items():
        course.leave(student, files)
    course.hand_in("both_files", plain(WRONG))
    course.hand_in("both_files", RIGHT + "\n# by hand\n", "py")
    statuses, output = run(
        course.folder,
        ["autograde", course.name],
        ["generate_feedback", course.name, "--student", "wrong"],
        ["export", "--to", "grades.csv"],
    )
    assert statuses == [0, 0, 0], output[-4000:]
    assert "SAWarning" not in output
    return course
