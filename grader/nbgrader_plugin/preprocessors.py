"""What nbgrader runs in the place of its own steps, named in the nbgrader_config.py of a course.

    StudentNotebooks  reads what students handed in, whatever state it is in       (Autograde.exporter_class)
    JailedTests       grades in our jail, in the place of nbgrader's Execute       (Autograde.autograde_preprocessors)
    Skeletons         takes the solutions out, and leaves our "your turn" there    (GenerateAssignment.preprocessors)

No kernel is started. What the jail cannot judge is an exception, which nbgrader reports; it saves no grade then.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat as formats  # it has no types worth the name
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, Notebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, List, Unicode

from grader.assignments import Assignment, Course, find_course, load
from grader.errors import UsageError
from grader.handouts import handout
from grader.nbgrader_plugin import cells
from grader.nbgrader_plugin.handins import let_feedback_be_released, stand_in, take_everyone
from grader.nbgrader_plugin.notebook import Master, mended
from grader.run.standby import standby
from grader.skeletons import skeleton
from grader.submissions import read_submission

nbformat: Any = formats

# Of nbgrader's own queries, three for every new submission; they are harmless, and no one could do anything about them.
warnings.filterwarnings("ignore", message=".*not in session, add operation", module="nbgrader")


class StudentNotebooks(NotebookExporter):  # type: ignore[misc]
    """Reads a student's notebook so that each of nbgrader's steps can work on it, and whatever else was handed in."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)  # type: ignore[no-untyped-call]
        if isinstance(self.parent, Autograde):
            take_everyone(self.parent)

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> Any:
        """As NotebookExporter's, also for a notebook that is not there under its name."""
        if isinstance(self.parent, Autograde):
            let_feedback_be_released(self.parent, resources["nbgrader"])
        if os.path.exists(filename):
            return super().from_filename(filename, resources=resources, **options)  # type: ignore[no-untyped-call]
        names = resources["nbgrader"]
        course = find_course(Path(self.config.JailedTests.course))
        hand_out = handout(course, load(course, names["assignment"]))
        text = stand_in(Path(filename).parent, names, _masters_of(names), hand_out)
        notebook = nbformat.reads(text, as_version=4)
        return super().from_notebook_node(notebook, resources=resources, **options)  # type: ignore[no-untyped-call]

    def from_file(self, file_stream: Any, resources: Any = None, **options: Any) -> Any:
        """As NotebookExporter's, for notebooks that are not as they should be."""
        text = mended(Path(file_stream.name), _masters_of(resources["nbgrader"]))
        notebook = nbformat.reads(text, as_version=4)
        return super().from_notebook_node(notebook, resources=resources, **options)  # type: ignore[no-untyped-call]


def _masters_of(names: Mapping[str, str]) -> list[Master]:
    with Gradebook(names["db_url"]) as gradebook:
        return _masters(gradebook.find_notebook(names["notebook"], names["assignment"]))


def _masters(notebook: Notebook) -> list[Master]:
    graded = {cell.name: cell for cell in notebook.grade_cells}
    tasks = {cell.name: cell for cell in notebook.task_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    masters = []
    for cell in notebook.source_cells:
        metadata: dict[str, Any] = {
            "grade": cell.name in graded,
            "grade_id": cell.name,
            "locked": cell.locked,
            "schema_version": cells.SCHEMA_VERSION,
            "solution": cell.name in solutions,
            "task": cell.name in tasks,
        }
        worth = graded.get(cell.name) or tasks.get(cell.name)
        if worth is not None:
            metadata["points"] = worth.max_score
        if cell.checksum:
            metadata["checksum"] = cell.checksum
        masters.append(Master(cell.name, cell.cell_type, cell.source or "", metadata))
    return masters


class JailedTests(NbGraderPreprocessor):  # type: ignore[misc]
    """Grades a submission with the hidden suite and writes the outcome under the grade cells."""

    course = Unicode(help="The course that grades: the folder with solutions/ and tests/hidden/.").tag(
        config=True
    )
    allow_unsafe = List(
        Unicode(), help="Layers of the jail to do without, as in grader grade --allow-unsafe."
    ).tag(config=True)

    diagnose = Bool(True, help="Whether to look for the mistakes of what fails.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Fill in the outputs of the grade cells. Raises GraderError when the submission cannot be judged."""
        names = resources["nbgrader"]
        course, assignment = self._assignment(names["assignment"], names["notebook"])
        by_id = {cells.grade_id(group): group for group in assignment.groups}
        _check_cells(nb, assignment, by_id)
        # The file itself, not `nb`: so that it is read, and graded, exactly as `grader grade` would do it.
        folder = self.parent.parent.coursedir.format_path(
            self.parent.parent.coursedir.submitted_directory, names["student"], names["assignment"]
        )
        hand_out = handout(course, assignment)
        submission = read_submission(Path(folder), names["student"], assignment.name, hand_out)
        result = standby(course, assignment, self.allow_unsafe, self.diagnose).grade(submission)
        outputs = cells.outputs(result, assignment.groups)
        for cell in nb.cells:
            if is_grade(cell) and cell.metadata.nbgrader.grade_id in by_id:
                cell_outputs = outputs[by_id[cell.metadata.nbgrader.grade_id]]
                cell.outputs = [nbformat.from_dict(output) for output in cell_outputs]
        return nb, resources

    def _assignment(self, name: str, notebook: str) -> tuple[Course, Assignment]:
        if not self.course:
            raise UsageError(
                "JailedTests.course is not set: it names the folder with solutions/ and tests/hidden/.",
                next_step='Write into nbgrader_config.py: c.JailedTests.course = "/the/folder"',
            )
        if notebook != name:
            raise UsageError(
                f"The notebook {notebook} of the assignment {name} is none that this grader can grade: "
                f"expected {name}.ipynb.",
                next_step=f"Move it to an assignment of its own, or delete source/{name}/{notebook}.ipynb.",
            )
        course = find_course(Path(self.course))
        return course, load(course, name)


def _check_cells(nb: Any, assignment: Assignment, by_id: Mapping[str, str]) -> None:
    """Every group has its cell with its points, and nothing else is worth points for running through."""
    points_of = {}
    for cell in nb.cells:
        if is_grade(cell) and not is_solution(cell) and cell.cell_type == "code":
            points_of[cell.metadata.nbgrader.grade_id] = float(cell.metadata.nbgrader.points)
    expected = {name: assignment.groups[group] for name, group in by_id.items()}
    if points_of != expected:
        raise UsageError(
            f"The gradebook's notebook of {assignment.name} has the grade cells {_list_of_points(points_of)}; "
            f"the hidden suite of {assignment.name} needs {_list_of_points(expected)}.",
            next_step="Make the notebook again (grader nbgrader init), and then: "
            f"nbgrader generate_assignment {assignment.name} --force",
        )


def _list_of_points(points_of: Mapping[str, float]) -> str:
    return ", ".join(f"{name} ({points:g})" for name, points in sorted(points_of.items())) or "none"


class Skeletons(ClearSolutions):  # type: ignore[misc]
    """Replaces every solution by the line that students get from `grader build` too."""

    def _replace_solution_region(self, cell: Any, language: str) -> bool:
        if cell.cell_type != "code":
            return bool(super()._replace_solution_region(cell, language))
        before = cell.source
        cell.source = skeleton(before, file="the source notebook").rstrip("\n")
        return bool(cell.source != before.rstrip("\n"))
