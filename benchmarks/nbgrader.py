"""A class of notebooks through nbgrader, three ways in one run: as it comes, with our jail, and by `grader grade`.

    python -m benchmarks.nbgrader --submissions 100

    plain    `nbgrader autograde` with a kernel for each notebook. Its grade cells make the calls of the hidden suite
             and compare nothing, so it does less than any real notebook with tests would.
    jailed   `nbgrader autograde` with our preprocessor in the place of Execute
    grade    `grader grade --gradebook`, results and gradebook

Each is a whole command, on the same notebooks: those of the sample class of birnn that have full marks, in turn. The
others must not be run outside the jail: some of them cheat. jailed and grade must give the same scores.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.arguments import whole_number
from grader.assignments import find_course, load

ROOT = Path(__file__).parent.parent
NAME = "birnn"
CALLS = "calls.pickle"
PLAIN_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "plain"
c.CourseDirectory.root = {root!r}
c.Execute.timeout = 120
"""
FIRST = f"""\
import pickle, sys
sys.path.insert(0, {str(ROOT)!r})
from benchmarks import floor
with open("{CALLS}", "rb") as file:
    floor.call(globals(), pickle.load(file))
"""


def environment() -> dict[str, str]:
    """The programs of this Python first: nbgrader and alembic are found there."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}


def timed(command: list[str], folder: Path) -> float:
    """Wall seconds of a command; it must succeed."""
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment())
    if done.returncode:
        raise SystemExit(f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return time.perf_counter() - begun


def notebooks() -> list[str]:
    """The files of the sample class with full marks as notebooks."""
    files = []
    best = load(find_course(ROOT), NAME).max_score
    for golden in sorted((ROOT / "tests" / "sample_class" / NAME).glob("*/expected.json")):
        expected = json.loads(golden.read_text(encoding="utf-8"))
        if expected["status"] != "graded" or expected["score"] != best:
            continue
        own = golden.parent / f"{NAME}.ipynb"
        if own.exists():
            text = own.read_text(encoding="utf-8")
            if json.loads(text).get("nbformat") == 4:
                files.append(text)
        else:
            source = (golden.parent / f"{NAME}.py").read_text(encoding="utf-8")
            cell: dict[str, Any] = {
                "cell_type": "code",
                "metadata": {},
                "outputs": [],
                "execution_count": None,
                "source": source,
            }
            files.append(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    return files


def course(folder: Path) -> Path:
    """An nbgrader course with our assignment."""
    timed(
        [sys.executable, "-m", "grader", "nbgrader", "init", str(folder), "-a", NAME, "--course", str(ROOT)],
        ROOT,
    )
    return folder


def plain_course(folder: Path) -> Path:
    """The same course with everything of ours taken out, and grade cells that run in the kernel."""
    course(folder)
    (folder / "nbgrader_config.py").write_text(PLAIN_CONFIG.format(root=str(folder)), encoding="utf-8")
    path = folder / "source" / NAME / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    graded = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
    for number, cell in enumerate(graded):
        cell["source"] = (FIRST if number == 0 else "") + f"{cell['metadata']['nbgrader']['points']}"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    (path.parent / CALLS).write_bytes(pickle.dumps(plan()))
    return folder


def plan() -> list[Any]:
    """Every call that the hidden suite makes."""
    from grader.suite.bench import Suite
    from grader.suite.collect import with_suite

    batches: list[Any] = []

    def work(suite: Suite) -> None:
        batches.extend(suite.plan.batches)

    with_suite(find_course(ROOT), load(find_course(ROOT), NAME), work)
    return batches


def hand_in(folder: Path, texts: list[str], count: int, released: Path) -> None:
    """`count` students, the notebooks in turn, each with the grade cells of the release at its end."""
    cells = json.loads(released.read_text(encoding="utf-8"))["cells"]
    graded = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade")]
    for number in range(count):
        notebook = json.loads(texts[number % len(texts)])
        for cell in [*notebook["cells"], *graded]:
            cell.pop("id", None)
        notebook.update(cells=[*notebook["cells"], *graded], nbformat_minor=4)
        path = folder / "submitted" / f"s{number:04d}" / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")


def scores(database: Path) -> dict[str, float]:
    """student -> points."""
    query = """
        SELECT submitted_assignment.student_id, SUM(grade.auto_score) FROM grade
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id GROUP BY 1"""
    connection = sqlite3.connect(database)
    try:
        return {student: round(score, 6) for student, score in connection.execute(query)}
    finally:
        connection.close()


def run(folder: Path, texts: list[str], count: int, few: int) -> dict[str, tuple[float, int]]:
    """The seconds of each way, and for how many submissions."""
    times: dict[str, tuple[float, int]] = {}
    for name, make, students in (("plain", plain_course, few), ("jailed", course, count)):
        place = make(folder / name)
        timed(["nbgrader", "generate_assignment", NAME], place)
        hand_in(place, texts, students, place / "release" / NAME / f"{NAME}.ipynb")
        times[name] = (timed(["nbgrader", "autograde", NAME], place), students)
    place = folder / "jailed"
    shutil.copy(place / "gradebook.db", folder / "jailed.db")
    for leftover in (place / "gradebook.db", folder / "out"):
        if leftover.is_file():
            leftover.unlink()
    timed(["nbgrader", "generate_assignment", NAME, "--force"], place)
    command = [sys.executable, "-m", "grader", "grade", "submitted", "-a", NAME, "--out", str(folder / "out")]
    command += ["--gradebook", "sqlite:///gradebook.db", "--course", str(ROOT)]
    times["grade"] = (timed(command, place), count)
    if scores(folder / "jailed.db") != scores(place / "gradebook.db"):
        raise SystemExit("autograde and grade gave different scores")
    return times


def table(times: Mapping[str, tuple[float, int]]) -> list[str]:
    """The figures, one line for each way."""
    first = times["plain"][0] / times["plain"][1]
    lines = []
    for name, (seconds, students) in times.items():
        each = seconds / students
        lines.append(
            f"  {name:<8}{students:6} submissions{seconds:9.1f} s{1000 * each:10.0f} ms each{first / each:8.1f}x"
        )
    return lines


def main() -> None:
    """Run the three ways and print their figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=whole_number, default=100)
    parser.add_argument("--plain", type=int, help="submissions for nbgrader as it comes; default: as many")
    options = parser.parse_args()
    texts = notebooks()
    with tempfile.TemporaryDirectory() as temporary:
        times = run(Path(temporary), texts, options.submissions, options.plain or options.submissions)
    print(f"{NAME}: {len(texts)} notebooks, in turn")
    print("\n".join(table(times)))


if __name__ == "__main__":
    main()
