"""nbgrader with our jail: the release, the grades through every door, and notebooks as students leave them.

nbgrader runs in processes of its own (nbgrader_session); its gradebook is read through SQL.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.assignments import Assignment, find_course, load
from grader.build.notebook import WRITE
from grader.nbgrader_plugin.notebook import source_notebook
from grader.run.path import Options, grade
from grader.skeletons import TRIVIAL, leaks, solution_lines
from grader.submissions import read_submission, read_submissions
from tests.kit.nbgrader_session import run, warm
from tests.kit.thinned import selected, thinned

pytest.importorskip("nbgrader.api", reason="nbgrader is not installed: pip install 'rnn-grader[nbgrader]'")
ROOT = Path(__file__).resolve().parents[2]
CLASS = ROOT / "tests" / "sample_class"
COURSE = find_course(ROOT)
NAMES = COURSE.names()

Scores = dict[str, dict[str, float]]


def grader(*arguments: object, course: Path = ROOT) -> str:
    """Run a command of ours; gives what it printed."""
    done = warm().run(*arguments, "--course", course)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rows(database: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


GRADES = """
SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score, grade.needs_manual_grade
FROM grade
JOIN base_cell ON base_cell.id = grade.cell_id
JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
JOIN assignment ON assignment.id = submitted_assignment.assignment_id
WHERE assignment.name = ?
"""


def in_gradebook(database: Path, assignment: str) -> Scores:
    """student -> group -> automatic score."""
    points: Scores = {}
    for student, cell, score, _ in rows(database, GRADES, assignment):
        points.setdefault(student, {})[cell.removeprefix("hidden_")] = score
    return points


def cell(source: str, **more: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": source,
        **more,
    }


def notebook(*cells: Any, **more: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 4, **more}


def as_notebook(folder: Path, assignment: str) -> str:
    """A student's file as a notebook: its own, or the .py in one cell."""
    own = folder / f"{assignment}.ipynb"
    if own.is_file():
        return own.read_text(encoding="utf-8", errors="surrogateescape")
    text = (folder / f"{assignment}.py").read_text(encoding="utf-8", errors="replace")
    return json.dumps(notebook(cell(text)))


def as_script(folder: Path, assignment: str) -> str:
    """A student's file as a script: its own, or the code cells of the notebook one after the other."""
    own = folder / f"{assignment}.py"
    if own.is_file():
        return own.read_text(encoding="utf-8", errors="surrogateescape")
    read = read_submission(folder, folder.name, assignment)
    return "\n\n".join(chunk.source for chunk in read.chunks) if read.chunks else "this is (no Python either"


#: nbgrader converts a whole class in half a minute: the smallest assignment is enough for every day.
EACH = thinned(NAMES, lambda number, name: name == "rnn_cell")

# The release


@pytest.fixture(scope="module")
def released(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of nbgrader with every assignment that is asked about released on its own exchange."""
    folder = tmp_path_factory.mktemp("nbgrader") / "rnn course"
    grader("nbgrader", "init", folder, "--exchange", folder.parent / "exchange")
    names = selected(request, NAMES, "name") or NAMES[:1]
    commands = [[step, name] for name in names for step in ("generate_assignment", "release_assignment")]
    statuses, output = run(folder, *commands)
    assert statuses == [0] * len(commands), output
    return folder


def texts(folder: Path) -> dict[Path, str]:
    """Every file below a folder, with the cells of notebooks as plain lines."""
    contents = {}
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix == ".ipynb":
            text += "\n" + "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        contents[path] = text
    return contents


def secrets(assignment: Assignment) -> list[tuple[int, str]]:
    """Every line of the reference, and every line of tests/hidden/ that students do not get elsewhere."""
    lines = solution_lines(assignment.solution.read_text(encoding="utf-8"))
    public = "\n".join(texts(ROOT / "assignments").values())
    hidden = [assignment.hidden, assignment.hidden.parent / "shared"]
    for path in [path for folder in hidden for form in ("*.py", "*.toml") for path in folder.rglob(form)]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip() not in public and not TRIVIAL.fullmatch(line.strip()):
                lines.append((number, line.strip()))
    return lines


@pytest.mark.parametrize("name", EACH)
def test_the_release_holds_no_reference_and_no_hidden_test(released: Path, name: str) -> None:
    assignment = load(COURSE, name)
    lines = secrets(assignment)
    assert len(lines) > 300
    contents = {**texts(released / "release" / name), **texts(released.parent / "exchange")}
    assert any(path.name == f"{name}.ipynb" for path in contents)
    # One word gives nothing away: the names of exercises and groups are in the hand-out.
    lines = [(number, line) for number, line in lines if " " in line or "(" in line]
    for path, text in contents.items():
        assert list(leaks(lines, text)) == [], path
    source = (released / "source" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    assert list(leaks(lines, "\n".join(json_sources(source)))), "the search finds the reference where it is"


def json_sources(text: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"]]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_source_holds_nothing_hidden(name: str) -> None:
    assignment = load(COURSE, name)
    hidden = [
        line for line in secrets(assignment) if line not in solution_lines(assignment.solution.read_text())
    ]
    sources = "\n".join(json_sources(source_notebook(assignment)))
    reference = assignment.solution.read_text(encoding="utf-8")
    hidden = [
        (number, line) for number, line in hidden if line not in reference and (" " in line or "(" in line)
    ]
    assert hidden
    assert list(leaks(hidden, sources)) == []


@pytest.mark.parametrize("name", EACH)
def test_the_release_is_the_handout_with_grade_cells(released: Path, name: str) -> None:
    assignment = load(COURSE, name)
    release = json.loads((released / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    handout = json.loads((assignment.handout / f"{name}.ipynb").read_text(encoding="utf-8"))
    code = ["".join(part["source"]).rstrip() for part in release["cells"] if part["cell_type"] == "code"]
    graded = [part for part in release["cells"] if part["metadata"].get("nbgrader", {}).get("grade")]
    expected = ["".join(part["source"]).rstrip() for part in handout["cells"] if part["cell_type"] == "code"]
    # A hand-out's notebook may lie alone, and writes what it comes with; in the release that lies beside it.
    writes = WRITE.partition("\n")[0]
    assert code[: -len(graded)] == [cell for cell in expected if not cell.startswith(writes)]
    assert all((released / "release" / name / path.name).is_file() for path in assignment.given)
    points = {
        part["metadata"]["nbgrader"]["grade_id"]: part["metadata"]["nbgrader"]["points"] for part in graded
    }
    assert points == {f"hidden_{group}": worth for group, worth in assignment.groups.items()}
    assert all(part["metadata"]["nbgrader"]["locked"] and not part["metadata"]["editable"] for part in graded)


def test_releases_do_not_differ(released: Path) -> None:
    name = next(path.name for path in sorted((released / "release").iterdir()))
    first = (released / "release" / name / f"{name}.ipynb").read_bytes()
    before = (released / "source" / name / f"{name}.ipynb").read_bytes()
    assert "up to date" not in grader(
        "nbgrader", "init", released, "--exchange", released.parent / "exchange"
    )
    statuses, output = run(released, ["generate_assignment", name, "--force"])
    assert statuses == [0], output
    assert (released / "source" / name / f"{name}.ipynb").read_bytes() == before
    assert (released / "release" / name / f"{name}.ipynb").read_bytes() == first


# The same grade through every door


@pytest.fixture(scope="module")
def doors(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A folder with the sample class of an assignment, in both formats, after it has gone through every door."""
    done: dict[str, Path] = {}

    def of(name: str) -> Path:
        if name not in done:
            done[name] = tmp_path_factory.mktemp("doors")
            go_through(done[name], released, name)
        return done[name]

    return of


def go_through(folder: Path, released: Path, name: str) -> None:
    """What fails is not diagnosed: a diagnosis changes no points, and costs more than all the rest."""
    course = folder / "course"
    shutil.copytree(released, course)
    config = course / "nbgrader_config.py"
    config.write_text(
        config.read_text(encoding="utf-8").replace(str(released), str(course)), encoding="utf-8"
    )
    for student in sorted(path for path in (CLASS / name).iterdir() if path.is_dir()):
        for suffix, convert, place in (
            (".py", as_script, folder / "scripts" / name / student.name),
            (".ipynb", as_notebook, course / "submitted" / student.name / name),
        ):
            place.mkdir(parents=True)
            text = convert(student, name)
            (place / (name + suffix)).write_text(text, encoding="utf-8", errors="surrogateescape")
    scripts = [
        replace(submission, student=f"{submission.student}.py")
        for submission in read_submissions(folder / "scripts" / name, name)
    ]
    notebooks = read_submissions(course / "submitted", name)
    with warm().in_use():
        results = grade(
            COURSE, load(COURSE, name), [*notebooks, *scripts], folder / name, Options(diagnose=False)
        )
    (folder / f"{name}.json").write_text(json.dumps([result.to_json() for result in results]))
    statuses, output = run(course, ["autograde", name, "--JailedTests.diagnose=False"])
    assert statuses == [0], output[-3000:]
    shutil.copy(course / "gradebook.db", folder / "autograde.db")
    # What was graded above is not graded again, but goes the command's whole way.
    url = f"sqlite:///{folder / 'gradebook.db'}"
    grader("grade", course / "submitted", "-a", name, "--out", folder / name, "--gradebook", url)


def by_grade(folder: Path, name: str) -> tuple[Scores, dict[str, Any]]:
    """student -> group -> points, and the results themselves; those of scripts have ".py" behind the name."""
    groups = load(COURSE, name).groups
    results = {
        part["student"]: part for part in json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    }
    points: Scores = {student: dict.fromkeys(groups, 0.0) for student in results}
    for student, result in results.items():
        for test in result["tests"]:
            points[student][test["group"]] += test["points"]
        assert sum(points[student].values()) == pytest.approx(result["score"])
    return points, results


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("door", ["autograde.db", "gradebook.db"])
def test_a_notebook_gets_the_same_points_through_every_door(
    doors: Callable[[str], Path], door: str, name: str
) -> None:
    points, _ = by_grade(doors(name), name)
    expected = {student: groups for student, groups in points.items() if not student.endswith(".py")}
    scores = in_gradebook(doors(name) / door, name)
    assert len(expected) >= 30
    assert set(scores) == set(expected)
    for student in expected:
        assert scores[student] == pytest.approx(expected[student]), student
    unsure = [row[0] for row in rows(doors(name) / door, GRADES, name) if row[3]]
    assert unsure == [], "nothing is left to grade by hand"


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_script_gets_the_same_points_as_the_notebook(doors: Callable[[str], Path], name: str) -> None:
    points, results = by_grade(doors(name), name)
    students = [student for student in points if not student.endswith(".py")]
    # A cell that fails stops no other cell, but it stops a script: the one difference that is meant.
    failing = {part for part in students if any(note.startswith("cell ") for note in results[part]["notes"])}
    alike = [student for student in students if student not in failing]
    assert len(alike) >= 25
    for student in alike:
        assert points[f"{student}.py"] == points[student], student
    for student in failing:
        assert sum(points[f"{student}.py"].values()) <= sum(points[student].values()), student
