"""What students handed in that nbgrader's own search passes over: a renamed notebook, a lone .py, a zip.

nbgrader grades the notebooks of a submission that have the name of one that was released, and skips students who have
none. Whoever handed in is graded all the same, by the file that counts everywhere in the kit; in the autograded folder
it stands under the name that nbgrader expects. Nothing in the submitted folder is changed.
"""

from __future__ import annotations

import glob
import os
import secrets
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from grader.nbgrader_plugin.notebook import Master, mended, written_as_notebook
from grader.submissions import Handout, read_submission
from grader.text import clean

SECRET, TIME = "submission_secret.txt", "timestamp.txt"  # nbgrader's names


def take_everyone(autograde: Any) -> None:
    """Have nbgrader's converter `autograde` process every submission, whatever its files are called.

    It is called between nbgrader's search for notebooks and its work on them. Where that search has found no notebook
    at all, nbgrader has ended by then.
    """
    coursedir = autograde.coursedir
    assignment = coursedir.assignment_id
    if not fnmatch(assignment, coursedir.notebook_id):
        return  # another notebook was asked for
    for folder in glob.glob(autograde._format_source(assignment, coursedir.student_id)):
        path = os.path.join(folder, f"{assignment}.ipynb")
        if not os.path.exists(path):
            autograde.log.warning(
                "%s has no %s.ipynb: what counts of the files there is graded in its place",
                folder,
                assignment,
            )
        autograde.assignments[folder] = [path]


def let_feedback_be_released(autograde: Any, names: dict[str, str]) -> None:
    """Give a submission that did not come through the exchange what `nbgrader release_feedback` looks for.

    Without the two files it would end at that student, and release nothing to those after. The secret is a fresh one:
    nobody can fetch the feedback by it, and it must be handed over in another way.
    """
    folder = Path(autograde._format_dest(names["assignment"], names["student"]))
    if (folder / SECRET).exists() and (folder / TIME).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / SECRET).exists():
        autograde.log.warning(
            "%s did not hand in through the exchange and cannot fetch feedback from it: after generate_feedback it is"
            " in %s",
            names["student"],
            autograde.coursedir.format_path(
                autograde.coursedir.feedback_directory, names["student"], names["assignment"]
            ),
        )
        (folder / SECRET).write_text(secrets.token_hex(64), encoding="ascii")
    if not (folder / TIME).exists():
        (folder / TIME).touch()  # nbgrader takes an empty one for none


def stand_in(folder: Path, names: dict[str, str], masters: list[Master], hand_out: Handout) -> str:
    """The notebook that a submission without one of the right name is shown as, as JSON.

    `names` are nbgrader's: student, assignment, notebook, db_url; `hand_out` holds what students
    were given. Raises GraderError when the folder cannot be read.
    """
    _forget_the_zero(names)
    submission = read_submission(folder, names["student"], names["assignment"], hand_out)
    path = folder / submission.file
    if submission.file.endswith(".ipynb") and path.is_file() and not path.is_symlink():
        return mended(path, masters)
    file = clean(submission.file, 120)
    title = f"Handed in as `{file}`." if submission.chunks else submission.problem
    return written_as_notebook(title, [chunk.source for chunk in submission.chunks], masters)


def _forget_the_zero(names: dict[str, str]) -> None:
    """nbgrader has just saved 0 points for a notebook that is not there. If we fail now, nobody may keep that."""
    with Gradebook(names["db_url"]) as gradebook:
        entry = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
        for grade in entry.grades:
            grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()
