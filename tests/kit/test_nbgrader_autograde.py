"""What `nbgrader autograde` does with notebooks as students leave them, with hostile ones, and when we fail.

On a tiny course, graded once in a process of its own; its gradebook is read through SQL.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.assignments import Assignment, Course
from grader.build import build
from tests.kit.course_factory import RIGHT, WRONG, make_course
from tests.kit.nbgrader_session import run
from tests.kit.processes import GUARD
from tests.kit.test_nbgrader import GRADES, cell, grader, in_gradebook, notebook, rows

pytest.importorskip("sqlalchemy")
notebook_hash = pytest.importorskip("nbgrader.utils").notebook_hash
HANDOUT = """\
# %% [markdown]
# Scale: {points of numpy} and {points of torch} points, {points in all} in all.

# %%
"""
FULL = {"numpy": 6.0, "torch": 4.0}
NOTHING = {"numpy": 0.0, "torch": 0.0}
WRONG_SCALE = {"numpy": 0.0, "torch": 4.0}
SCALE, SCALER = RIGHT.split("\n\n\nclass ")
SCALER = "class " + SCALER


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

    def said(self, student: str) -> str:
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


def plain(*sources: str, **more: Any) -> dict[str, Any]:
    return notebook(*map(cell, sources), **more)


V3 = {
    "metadata": {"name": ""},
    "nbformat": 3,
    "nbformat_minor": 0,
    "worksheets": [
        {
            "cells": [
                {"cell_type": "heading", "level": 1, "source": "Mine"},
                {"cell_type": "code", "input": RIGHT.split("\n"), "outputs": [], "prompt_number": 7},
                {"cell_type": "code", "input": RIGHT, "language": "python"},
            ]
        }
    ],
}
PICTURE = {"output_type": "display_data", "data": {"image/png": "A" * 3_000_000}, "metadata": {}}
WIDGET = {
    "output_type": "display_data",
    "data": {"application/vnd.jupyter.widget-view+json": {"model_id": "0"}},
}
NOISY = 'import sys, warnings\nprint("hello", file=sys.stderr)\nwarnings.warn("careful")\nprint("hello")\n'
HOOK = """\
ip = None
try:
    ip = get_ipython()
    ip.run_cell = lambda *a, **k: None
except NameError:
    pass
"""

#: student -> (what is handed in, the points it must get, words that the student must read)
REAL: dict[str, tuple[Any, dict[str, float], str]] = {
    "nothing_unusual": (plain(RIGHT), FULL, "10 of 10 points"),
    "magics": (
        plain("%matplotlib inline\n!pip install numpy\n%%time\n", "%time\n" + RIGHT),
        FULL,
        "passed over",
    ),
    "half_finished": (plain(RIGHT, "def more(x:\n    return"), FULL, "cell 2 was left out"),
    "out_of_order": (
        notebook(
            cell(SCALE, execution_count=9), cell(SCALER, execution_count=2), cell(SCALE, execution_count=9)
        ),
        FULL,
        "",
    ),
    "raises_in_the_middle": (
        plain(SCALE, "print(undefined_name)", SCALER),
        FULL,
        "was passed over: it raised",
    ),
    "noisy": (plain(NOISY + RIGHT), FULL, ""),
    "wrong": (plain(WRONG), WRONG_SCALE, "Every number is multiplied."),
    "hooks_the_kernel": (plain(HOOK + WRONG), WRONG_SCALE, ""),
    "plots": (notebook(cell(RIGHT, outputs=[PICTURE, WIDGET, PICTURE])), FULL, ""),
    "no_metadata": ({"cells": [{"cell_type": "code", "source": [RIGHT]}]}, FULL, ""),
    "odd_cells": (
        {
            "nbformat": 4,
            "metadata": [],
            "cells": [cell(RIGHT), None, 7, {"cell_type": "code"}, {"source": "x"}],
        },
        FULL,
        "",
    ),
    "format_3": (V3, FULL, ""),
    "markdown_and_raw": (
        notebook(
            {"cell_type": "markdown", "source": "# *"}, {"cell_type": "raw", "source": "("}, cell(RIGHT)
        ),
        FULL,
        "",
    ),
    "surrogates": (plain(RIGHT + "\nNAME = '\ud800'\n"), FULL, ""),
    "broken_off": (json.dumps(plain(RIGHT))[:-40], NOTHING, "could not be loaded"),
    "no_notebook": ("\x00\x01 not json", NOTHING, "could not be loaded"),
    "empty": ("", NOTHING, "could not be loaded"),
    "another_language": (plain(RIGHT, metadata={"kernelspec": {"language": "julia"}}), NOTHING, "julia"),
    "nothing_done": (None, NOTHING, "nothing is filled in yet"),
}


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
    assert words in taught.said(student).replace("\n    ", " ").replace("\n", " "), taught.said(student)


@pytest.mark.parametrize("student", OTHERWISE)
def test_what_was_handed_in_otherwise_gets_the_same_points(taught: Taught, student: str) -> None:
    """As many as through `grade`, which `test_grade_says_the_same` compares; and it can be looked at."""
    files, points, words = otherwise(taught)[student]
    assert in_gradebook(taught.folder / "gradebook.db", taught.name)[student] == points
    assert words in taught.said(student).replace("\n    ", " ").replace("\n", " "), taught.said(student)
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
    words = " ".join(taught.said("both_files").split())
    assert f"both {taught.name}.py and {taught.name}.ipynb were handed in" in words
    assert f"{taught.name}.py counts, with 10 points; {taught.name}.ipynb has 4." in words


def test_what_failed_is_told_under_its_grade_cell(taught: Taught) -> None:
    words = taught.said("wrong")
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


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Taught:
    """Another course, with an assignment generated and nothing handed in."""
    course = make(tmp_path_factory.mktemp("second"))
    statuses, output = run(course.folder, ["generate_assignment", course.name])
    assert statuses == [0], output
    return course


def test_a_fault_of_ours_leaves_the_submission_ungraded(second: Taught) -> None:
    taught = second
    taught.hand_in("ada", plain(RIGHT))
    taught.leave(
        "eve", {"A (1).ipynb": as_bytes(plain(RIGHT))}
    )  # nbgrader saves 0 for it before we are asked
    suite = next(taught.assignment.hidden.glob("test_*.py"))
    whole = suite.read_text(encoding="utf-8")
    suite.write_text(
        whole.replace("reference.scale(X, factor)", "reference.scale(X, factor) + 1"), encoding="utf-8"
    )
    statuses, output = run(taught.folder, ["autograde", taught.name])
    assert statuses == [1]
    assert "SuiteError" in output
    database = taught.folder / "gradebook.db"
    for student in ("ada", "eve"):
        assert in_gradebook(database, taught.name)[student] == {"numpy": None, "torch": None}
    assert all(row[3] for row in rows(database, GRADES, taught.name)), "they are waiting for a grade"
    assert not (taught.folder / "autograded" / "ada" / taught.name).exists()
    # Put right, it is graded by the same command.
    suite.write_text(whole, encoding="utf-8")
    statuses, output = run(taught.folder, ["autograde", taught.name])
    assert statuses == [0], output
    assert [in_gradebook(database, taught.name)[student] for student in ("ada", "eve")] == [FULL, FULL]


def test_nobody_is_graded_where_our_preprocessor_is_not_configured(second: Taught) -> None:
    """With nbgrader's own Execute, cells that only look like tests must not give full marks."""
    second.hand_in("bo", plain(WRONG))
    steps = [
        f"--Autograde.autograde_preprocessors=nbgrader.preprocessors.{s}"
        for s in ("Execute", "SaveAutoGrades")
    ]
    statuses, output = run(second.folder, ["autograde", second.name, "--student", "bo", *steps])
    assert statuses == [1], output
    assert "partial credit cannot be greater than maximum points" in output
    assert in_gradebook(second.folder / "gradebook.db", second.name)["bo"] == {"numpy": None, "torch": None}


def test_init_overwrites_no_changed_configuration_and_no_course(taught: Taught) -> None:
    config = taught.folder / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + "c.Exchange.timezone = 'CET'\n", encoding="utf-8")
    for folder, message in (
        (taught.folder, "says something else"),
        (taught.course.root, "part of the course"),
    ):
        command = [
            sys.executable,
            "-m",
            "grader",
            "nbgrader",
            "init",
            str(folder),
            "--course",
            str(taught.course.root),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=GUARD)
        assert done.returncode == 2
        assert message in done.stderr
        assert "Traceback" not in done.stderr
    assert "CET" in config.read_text(encoding="utf-8")


def test_without_nbgrader_the_next_command_is_told(tmp_path: Path) -> None:
    code = "import sys; sys.modules['nbgrader'] = None; from grader.cli import main; main()"
    command = [sys.executable, "-c", code, "nbgrader", "init", str(tmp_path / "new")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=GUARD, cwd=Path(__file__).parent)
    assert done.returncode == 2
    assert "pip install 'rnn-grader[nbgrader]'" in done.stderr
    assert not (tmp_path / "new").exists()
