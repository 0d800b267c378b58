"""Results into nbgrader's gradebook, as its autograde would have saved them: any database that SQLAlchemy opens.

One transaction for the class, with one batch of students after the other in memory. Only the automatic score of each
grade cell is written, and whether a person must look at it; manual scores, extra credit, late penalties and comments
are left as they are. Writing the same results again changes nothing. It decides about no score: `cells.scores` does.
"""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import MachineryError, UsageError
from grader.nbgrader_plugin.cells import grade_id, scores
from grader.nbgrader_plugin.need import need_nbgrader
from grader.records import Result
from grader.text import clean, counted

_STAMP_LIMIT = 200  # characters of a timestamp.txt
_BATCH = 500  # students whose entries are in memory at once; also in one question to the database, which has bounds


@dataclass(frozen=True)
class WriteSummary:
    """What became of a class: students written, those of them for whom anything changed, and those left out."""

    students: int
    changed: int
    left_out: tuple[str, ...]
    gradebook: str

    @property
    def sentence(self) -> str:
        """The same in words."""
        count = counted(self.students, "student")
        text = f"Gradebook {self.gradebook}: {count}, {self.changed} changed"
        return (
            f"{text}; {len(self.left_out)} could not be graded and were left as they were"
            if self.left_out
            else text
        )


def as_url(text: str) -> str:
    """A database as SQLAlchemy names it; a path is taken for a file of SQLite."""
    return text if "://" in text else f"sqlite:///{text}"


def check(db_url: str) -> None:
    """Raise UsageError when nbgrader is not installed or the gradebook cannot be reached; creates nothing.

    What `write` needs of nbgrader is imported here: before a class is graded another process loads torch meanwhile.
    """
    need_nbgrader()
    import nbgrader.api  # noqa: F401
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    try:
        url = make_url(as_url(db_url))
        if url.get_backend_name() == "sqlite":
            folder = Path(os.path.realpath(url.database or "")).parent
            if not folder.is_dir():
                raise UsageError(
                    f"There is no folder {folder} for the gradebook {_without_password(db_url)}.",
                    next_step="Name the gradebook.db of the nbgrader course: sqlite:///COURSE/gradebook.db",
                )
            return
        engine = create_engine(url)
        engine.connect().close()
        engine.dispose()
    except SQLAlchemyError as error:
        raise _unreachable(db_url, error) from error
    except ImportError as error:
        raise UsageError(
            f"The gradebook {_without_password(db_url)} needs the Python package {error.name}, which is not installed.",
            next_step="Install its driver; for PostgreSQL: pip install 'psycopg[binary]', "
            "and a URL that begins with postgresql+psycopg://",
        ) from error


def write(
    results: Iterable[Result],
    db_url: str,
    name: str,
    groups: Mapping[str, float],
    submitted: Path | None = None,
) -> WriteSummary:
    """Save the points of every graded result as the automatic scores of its grade cells.

    `name` is the assignment's, and its notebook's; `groups` are the points of each group of its suite. `submitted` is
    the folder that nbgrader keeps submissions in; times of submission are taken from it. Students that are new to the
    gradebook are added. So is the assignment, if it is new too. Raises UsageError when the gradebook cannot be opened
    or its notebook is another one, MachineryError when it cannot be written; then nothing was.
    """
    check(db_url)
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SQLAlchemyError

    left_out: list[str] = []
    graded: list[tuple[str, dict[str, float]]] = []
    for result in results:  # one after the other: of a large class the points alone are kept
        if result.score is None:
            left_out.append(result.student)
        else:
            graded.append((result.student, scores(result, groups)))
    try:
        with warnings.catch_warnings(), Gradebook(as_url(db_url)) as gradebook:
            warnings.filterwarnings("ignore", message=".*not in session, add operation")
            book = _GradebookAssignment(gradebook, name, groups)
            changed = 0
            for batch in _batches(graded):
                with book.entries_of([student for student, _ in batch]) as entries:
                    changed += sum(
                        entries.save(student, points, _time_of_hand_in(submitted, student, name))
                        for student, points in batch
                    )
            gradebook.db.commit()
    except SQLAlchemyError as error:
        raise MachineryError(
            f"The gradebook {_without_password(db_url)} could not be written: {_first_line(error)}.",
            next_step="The results themselves are kept. Is someone else writing to it? Run the same command again.",
        ) from error
    return WriteSummary(len(graded), changed, tuple(left_out), _without_password(db_url))


def _batches(
    graded: Sequence[tuple[str, dict[str, float]]],
) -> Iterator[Sequence[tuple[str, dict[str, float]]]]:
    return (graded[begin : begin + _BATCH] for begin in range(0, len(graded), _BATCH))


class _GradebookAssignment:
    """One assignment of a gradebook: the database's ids of its notebook and cells."""

    def __init__(self, gradebook: Any, name: str, groups: Mapping[str, float]) -> None:
        from nbgrader.api import MissingEntry

        self.session = gradebook.db
        try:
            assignment = gradebook.find_assignment(name)
        except MissingEntry:
            assignment = _new_assignment(gradebook, name, groups)
        notebook = _notebook(assignment, name)
        self.assignment_id, self.notebook_id = assignment.id, notebook.id
        self.group_ids = _cells_of(groups, list(notebook.grade_cells), name)
        # Cells are polymorphic: asked for once, not for every student.
        self.cell_ids = {
            each.id: (
                [cell.id for cell in (*each.grade_cells, *each.task_cells)],
                [cell.id for cell in (*each.solution_cells, *each.task_cells)],
            )
            for each in assignment.notebooks
        }

    @contextlib.contextmanager
    def entries_of(self, students: Sequence[str]) -> Iterator[_StudentEntries]:
        """The entries of these students, until they are written: of none of them anything stays in memory."""
        yield _StudentEntries(self, students)
        self.session.flush()
        self.session.expunge_all()


class _StudentEntries:
    """The submissions of some students to one assignment, read at once."""

    def __init__(self, book: _GradebookAssignment, students: Sequence[str]) -> None:
        from nbgrader.api import Student, SubmittedAssignment, SubmittedNotebook
        from sqlalchemy.orm import selectinload

        self._book, self._session = book, book.session
        rows = self._session.query(Student.id).filter(Student.id.in_(students))
        self._students = {student for (student,) in rows}
        submissions = self._session.query(SubmittedAssignment).filter(
            SubmittedAssignment.assignment_id == book.assignment_id,
            SubmittedAssignment.student_id.in_(students),
        )
        submissions = submissions.options(
            selectinload(SubmittedAssignment.notebooks).selectinload(SubmittedNotebook.grades)
        )
        self._submissions = {submission.student_id: submission for submission in submissions}

    def save(self, student: str, points: Mapping[str, float], stamp: Any) -> bool:
        """Write one student's points; whether anything changed."""
        submission = self._submissions.get(student)
        changed = submission is None
        if submission is None:
            submission = self._submissions[student] = self._new_submission(student)
        if stamp is not None and submission.timestamp != stamp:
            submission.timestamp, changed = stamp, True
        notebook = next(
            candidate for candidate in submission.notebooks if candidate.notebook_id == self._book.notebook_id
        )
        grades = {grade.cell_id: grade for grade in notebook.grades}
        for group, score in points.items():
            grade = grades[self._book.group_ids[group]]
            if grade.auto_score != score:
                # As with nbgrader: who was graded by hand is to be looked at when the tests say something new.
                grade.auto_score, grade.needs_manual_grade = score, grade.manual_score is not None
                changed = True
            elif grade.manual_score is None and grade.needs_manual_grade:
                grade.needs_manual_grade, changed = False, True
        return changed

    def _new_submission(self, student: str) -> Any:
        """A submission with a place for every grade and comment, as nbgrader's own `add_submission` makes it."""
        from nbgrader.api import Comment, Grade, Student, SubmittedAssignment, SubmittedNotebook

        with self._session.no_autoflush:
            if student not in self._students:
                self._students.add(student)
                self._session.add(Student(id=student))
            submission = SubmittedAssignment(assignment_id=self._book.assignment_id, student_id=student)
            self._session.add(submission)
            for notebook_id, (graded, commented) in self._book.cell_ids.items():
                notebook = SubmittedNotebook(notebook_id=notebook_id)
                submission.notebooks.append(notebook)
                notebook.grades += [Grade(cell_id=cell, needs_manual_grade=True) for cell in graded]
                notebook.comments += [Comment(cell_id=cell) for cell in commented]
        return submission


def _new_assignment(gradebook: Any, name: str, groups: Mapping[str, float]) -> Any:
    """The assignment with its grade cells alone, for a class that nbgrader has handed nothing out to."""
    entry = gradebook.add_assignment(name)
    gradebook.add_notebook(name, name)
    for group, worth in groups.items():
        gradebook.add_grade_cell(grade_id(group), name, name, max_score=worth, cell_type="code")
    return entry


def _notebook(assignment: Any, name: str) -> Any:
    for notebook in assignment.notebooks:
        if notebook.name == name:
            return notebook
    raise UsageError(
        f"The gradebook knows the assignment {name}, but no notebook {name} in it.",
        next_step=f"In the nbgrader course, type: nbgrader generate_assignment {name}",
    )


def _cells_of(groups: Mapping[str, float], cells: Sequence[Any], name: str) -> dict[str, str]:
    """The database's id of each group's grade cell."""
    stored = {cell.name: cell for cell in cells}
    ids = {}
    for group, worth in groups.items():
        cell = stored.get(grade_id(group))
        if cell is None or abs(cell.max_score - worth) > 1e-6:
            state = "there is none" if cell is None else f"it has {cell.max_score:g}"
            raise UsageError(
                f"The gradebook's notebook {name} should have a grade cell {grade_id(group)} with "
                f"{worth:g} points; {state}.",
                next_step="Make the notebook again (grader nbgrader init), and then: "
                f"nbgrader generate_assignment {name} --force",
            )
        ids[group] = cell.id
    return ids


def _time_of_hand_in(submitted: Path | None, student: str, name: str) -> Any:
    """When the student handed in, as nbgrader noted it beside the submission; None when it did not."""
    if submitted is None:
        return None
    from nbgrader.utils import parse_utc

    try:
        with (submitted / student / name / "timestamp.txt").open(encoding="utf-8") as file:
            text = file.read(_STAMP_LIMIT).strip()
        return parse_utc(text) if text else None
    except (OSError, ValueError, OverflowError):
        return None  # a time that nobody can read is no time


def _without_password(db_url: str) -> str:
    """A URL without its password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return clean(make_url(as_url(db_url)).render_as_string(hide_password=True), 200)
    except SQLAlchemyError:
        return clean(db_url.rpartition("@")[2], 200)


def _first_line(error: Exception) -> str:
    return clean(str(error).strip().split("\n")[0], 300).rstrip(".")


def _unreachable(db_url: str, error: Exception) -> UsageError:
    return UsageError(
        f"The gradebook {_without_password(db_url)} cannot be opened: {_first_line(error)}.",
        next_step="Expected a URL of SQLAlchemy, such as sqlite:///COURSE/gradebook.db "
        "or postgresql+psycopg://user@host/database",
    )
