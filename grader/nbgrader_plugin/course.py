"""`grader nbgrader init`: a standard nbgrader course whose assignments are ours.

Writes source/<a>/, nbgrader_config.py and, through nbgrader, gradebook.db. It writes over no file that someone has
changed, and puts nothing of tests/hidden/ anywhere. Every command of nbgrader works in the folder as it always does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from grader.assignments import Assignment, Course, load
from grader.build import FIGURES, build
from grader.errors import CourseError, UsageError
from grader.nbgrader_plugin.need import need_nbgrader
from grader.nbgrader_plugin.notebook import source_notebook

CONFIG = '''\
"""The configuration of this nbgrader course. Made by `grader nbgrader init`; yours to change."""

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader import preprocessors as theirs

from grader.nbgrader_plugin import preprocessors as ours

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = {course_id!r}
c.CourseDirectory.root = {root!r}

# The folder with solutions/ and tests/hidden/. Students must not be able to read it.
c.JailedTests.course = {course!r}

# Submissions are graded in the jail, in the place of theirs.Execute. No kernel is started.
c.Autograde.exporter_class = ours.StudentNotebooks
c.Autograde.autograde_preprocessors = [
    ours.JailedTests,
    theirs.IgnorePattern,
    ClearMetadataPreprocessor,
    theirs.LimitOutput,
    theirs.SaveAutoGrades,
    theirs.AssignLatePenalties,
    theirs.CheckCellMetadata,
]

# A release has our "your turn" in the place of every solution.
c.GenerateAssignment.preprocessors = [
    theirs.IncludeHeaderFooter,
    theirs.InstantiateTests,
    theirs.LockCells,
    ours.Skeletons,
    theirs.ClearOutput,
    theirs.CheckCellMetadata,
    theirs.ComputeChecksums,
    theirs.SaveCells,
    theirs.ClearHiddenTests,
    theirs.ClearMarkScheme,
    theirs.ComputeChecksums,
    theirs.CheckCellMetadata,
]

# nbgrader copies what lies beside a notebook as it is: never these, should they get there.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    "solutions",
    "alternatives",
    "hidden",
    "assignment.toml",
    "course.toml",
    "surviving.toml",
    "mistakes.py",
    "test_*.py",
]

# Where releases and submissions are exchanged: a folder that everyone can write to.
{exchange}

# Late days and penalties are nbgrader's. To take points for lateness: c.AssignLatePenalties.plugin_class
'''

EXCHANGE = "c.Exchange.root = {path!r}"
NO_EXCHANGE = '# c.Exchange.root = "/srv/nbgrader/exchange"'


def init(course: Course, folder: Path, names: Sequence[str] = (), exchange: Path | None = None) -> list[Path]:
    """Make `folder` an nbgrader course with the named assignments (none named: all); give what was written.

    Running it again writes what is new. Raises UsageError when nbgrader is not installed, when the folder lies in
    what students or submissions get, or when a file is there that this did not write.
    """
    need_nbgrader()
    folder = Path(os.path.realpath(folder))
    for secret in ("solutions", "tests", "assignments", "grader"):
        if folder == course.root or folder.is_relative_to(course.root / secret):
            raise UsageError(
                f"{folder} is part of the course itself: an nbgrader course needs a folder of its own.",
                next_step=f"grader nbgrader init {course.root.parent / 'nbgrader-course'}",
            )
    assignments = [load(course, name) for name in names or course.names()]
    files: dict[Path, bytes] = {folder / "nbgrader_config.py": _config(course, folder, exchange).encode()}
    for assignment in assignments:
        files.update(_source(course, assignment, folder / "source" / assignment.name))
    for path, content in files.items():
        if path.exists() and path.name == "nbgrader_config.py" and path.read_bytes() != content:
            raise UsageError(
                f"{path} is there already and says something else; nothing was written.",
                next_step="Move it away, run this again, and bring your changes back into the new one.",
            )
    written = []
    for path, content in sorted(files.items()):
        if path.exists() and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    if exchange is not None:
        exchange.mkdir(parents=True, exist_ok=True)
        exchange.chmod(0o777)  # what nbgrader asks of it
    if _add_to_gradebook(folder, assignments):
        written.append(folder / "gradebook.db")
    return written


def course_id(folder: Path) -> str:
    """A name for the course that nbgrader and every file system take."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", folder.name).strip("-") or "course"


def _config(course: Course, folder: Path, exchange: Path | None) -> str:
    return CONFIG.format(
        course_id=course_id(folder),
        root=str(folder),
        course=str(course.root),
        exchange=NO_EXCHANGE if exchange is None else EXCHANGE.format(path=os.path.realpath(exchange)),
    )


def _source(course: Course, assignment: Assignment, folder: Path) -> dict[Path, bytes]:
    if build(course, [assignment.name], check=True):
        raise CourseError(
            f"assignments/{assignment.name} is not what solutions/{assignment.name} gives.",
            next_step="Type: grader build",
        )
    files = {folder / f"{assignment.name}.ipynb": source_notebook(assignment).encode()}
    for figure in sorted((assignment.solution.parent / "figures").glob("*")):
        if figure.suffix in FIGURES:
            files[folder / "figures" / figure.name] = figure.read_bytes()
    for path in assignment.given:  # nbgrader copies it to the release, where the notebook imports it
        files[folder / path.name] = path.read_bytes()
    return files


def _add_to_gradebook(folder: Path, assignments: Sequence[Assignment]) -> bool:
    """Have nbgrader make the gradebook, with the assignments in it; whether there was none before."""
    from nbgrader.api import Gradebook

    path = folder / "gradebook.db"
    is_new = not path.exists()
    with Gradebook(f"sqlite:///{path}", course_id(folder)) as gradebook:
        names = {assignment.name for assignment in gradebook.assignments}
        for assignment in assignments:
            if assignment.name not in names:
                gradebook.add_assignment(assignment.name, course_id=course_id(folder))
    return is_new
