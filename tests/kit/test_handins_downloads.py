"""Downloads of platforms and folders of classes, handins/download/<case>/class/: whose is what, and what each gets.

The third door beside `py` and `notebook` (test_handins.py). expected.json holds, by student, which file counts, status,
score, message and notes; or what is asked, where nothing may be graded. Folders called like archives are packed before
they are read.
"""

from __future__ import annotations

import dataclasses
import io
import json
import os
import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from grader import handouts
from grader.assignments import find_course, load
from grader.errors import UsageError
from grader.records import Submission
from grader.run.path import grade
from grader.submissions import read_submissions

from .loading import ROOT
from .test_handins import ASSIGNMENT, HANDINS

CASES = sorted(path.parent for path in (HANDINS / "download").glob("*/class"))
KEPT = ("file", "status", "score", "message", "notes", "late", "members")
DAY = 1_767_225_600
TARS = {".tar": "w:", ".gz": "w:gz", ".tgz": "w:gz"}


def pack(folder: Path) -> None:
    """Put an archive in the place of a folder that is called like one. Dates in it are fixed."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    held = io.BytesIO()
    if folder.suffix == ".zip":
        with zipfile.ZipFile(held, "w") as archive:
            for path in files:
                archive.writestr(zipfile.ZipInfo(path.relative_to(folder).as_posix()), path.read_bytes())
    else:
        with tarfile.open(fileobj=held, mode=TARS[folder.suffix]) as tar:
            for path in files:
                info = tarfile.TarInfo(path.relative_to(folder).as_posix())
                info.size = path.stat().st_size
                tar.addfile(info, io.BytesIO(path.read_bytes()))
    shutil.rmtree(folder)
    folder.write_bytes(held.getvalue())


def laid_out(case: Path, place: Path) -> Path:
    """The class of a case as it is downloaded: archives packed, the innermost first."""
    root = place / case.name
    shutil.copytree(case / "class", root)
    folders = [path for path in root.rglob("*") if path.is_dir() and path.suffix in (".zip", *TARS)]
    for folder in sorted(folders, key=lambda path: -len(path.parts)):
        pack(folder)
    for path in root.rglob("*"):
        os.utime(path, (DAY, DAY))  # a checkout dates files as it comes to them
    return root


def read(root: Path) -> list[Submission] | str:
    """The submissions; or what is asked, without the path of this machine."""
    course = find_course(ROOT)
    handout = handouts.handout(course, load(course, ASSIGNMENT))
    try:
        return read_submissions(root, ASSIGNMENT, handout)
    except UsageError as asked:
        return str(asked).replace(str(root), "CLASS")


@pytest.fixture(scope="module")
def graded(shared_folder: Path, warm_zygotes: None) -> dict[str, Any]:
    """By case, what came of each student: all of them are graded in one run, once for all processes of tests."""
    folder = shared_folder / "downloads"
    done = folder / "came.json"
    with FileLock(folder.with_suffix(".lock")):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            came = {case.name: read(laid_out(case, folder)) for case in CASES}
            done.write_text(json.dumps(dict(results(came)), ensure_ascii=False), encoding="utf-8")
    expected: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
    return expected


def results(came: dict[str, list[Submission] | str]) -> Iterator[tuple[str, Any]]:
    course = find_course(ROOT)
    submissions = [
        dataclasses.replace(submission, student=f"{case}: {submission.student}")
        for case, several in came.items()
        if not isinstance(several, str)
        for submission in several
    ]
    by_student = {
        submission.student: submission for submission in grade(course, load(course, ASSIGNMENT), submissions)
    }
    for case, several in came.items():
        if isinstance(several, str):
            yield case, {"asked": several}
            continue
        ours = {
            submission.student: by_student[f"{case}: {submission.student}"].to_json()
            for submission in several
        }
        yield (
            case,
            {
                student: {key: submission[key] for key in KEPT if submission[key]}
                for student, submission in ours.items()
            },
        )


def test_there_are_downloads_of_many_platforms() -> None:
    assert len(CASES) >= 35


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_download_gives_each_student_what_they_must_get(
    case: Path, graded: dict[str, Any], golden: Any
) -> None:
    text = json.dumps(graded[case.name], ensure_ascii=False, indent=1) + "\n"
    golden.check(case / "expected.json", text)
