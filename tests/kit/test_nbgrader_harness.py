"""An assignment with a harness and with modules of the course, through nbgrader from `init` to the gradebook."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.assignments import find_course
from grader.build import build
from tests.kit.nbgrader_session import run
from tests.kit.test_nbgrader import as_notebook, grader, in_gradebook

from .locked import needs_jail

CONTRACT = Path(__file__).parent / "contracts" / "cell_object"
NAME = "unroll"
pytestmark = needs_jail


@dataclass(frozen=True)
class Taught:
    """A course of nbgrader, made from the contract and graded; what was printed meanwhile."""

    folder: Path
    statuses: list[int]
    printed: str


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Taught:
    root = tmp_path_factory.mktemp("harness")
    course = shutil.copytree(CONTRACT, root / "course")
    build(find_course(course))
    folder = root / "nbgrader"
    grader("nbgrader", "init", folder, course=course)
    statuses, printed = run(folder, ["generate_assignment", NAME])
    for student in (CONTRACT / "submissions").iterdir():
        path = folder / "submitted" / student.name / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(as_notebook(student, NAME), encoding="utf-8")
        if student.name < "d":  # beside the work of some, what they were given
            shutil.copy(folder / "release" / NAME / "cells.py", path.parent)
    graded, output = run(folder, ["autograde", NAME])
    return Taught(folder, [*statuses, *graded], printed + output)


def scores() -> Iterator[tuple[str, float]]:
    """What the same class gets from `grader grade`, as it is written down beside the contract."""
    for line in (CONTRACT / "results.txt").read_text(encoding="utf-8").splitlines():
        if result := re.fullmatch(r"(\w+): ([\d.]+) of [\d.]+, \w+", line):
            yield result[1], float(result[2])


def test_students_get_what_their_notebook_imports(taught: Taught) -> None:
    released = taught.folder / "release" / NAME
    contents = (CONTRACT / "tests" / "hidden" / NAME / "given" / "cells.py").read_text(encoding="utf-8")
    assert (released / "cells.py").read_text(encoding="utf-8") == contents
    assert sorted(path.name for path in released.iterdir()) == ["cells.py", f"{NAME}.ipynb"]


def test_every_score_is_that_of_grade(taught: Taught) -> None:
    assert set(taught.statuses) == {0}, taught.printed
    book = in_gradebook(taught.folder / "gradebook.db", NAME)
    expected = dict(scores())
    assert len(expected) >= 13
    assert {student: sum(groups.values()) for student, groups in book.items()} == pytest.approx(expected)


def test_what_is_said_is_about_the_students_own_names(taught: Taught) -> None:
    for student in (CONTRACT / "submissions").iterdir():
        path = taught.folder / "autograded" / student.name / NAME / f"{NAME}.ipynb"
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        words = "".join(
            "".join(output.get("text", "")) for cell in cells for output in cell.get("outputs", [])
        )
        assert "harness" not in words
        assert "Traceback" not in words
    assert "harness.py" not in {path.name for path in taught.folder.rglob("*")}
