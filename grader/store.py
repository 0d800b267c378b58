"""Results on disk: one file per student as soon as it is known, and results.json at the end, each atomically.

A result's key is made of the digests of the submission, the suite and the engine; a result with the right key
need not be computed again, so a run that was killed goes on where it was.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from grader.assignments import Assignment, Course
from grader.errors import UsageError
from grader.records import SCHEMA, Result, Submission
from grader.submissions import safe_name


def file_digest(paths: Iterable[Path], root: Path) -> str:
    """The digest of some files' names (relative to `root`) and contents."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def suite_digest(course: Course, assignment: Assignment) -> str:
    """The digest of all that decides what is right: hidden suite, what suites may share, reference, seed."""
    hidden = [path for path in assignment.hidden.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    shared = [*assignment.hidden.parent.glob("*.py"), *course.root.glob("conftest.py")]
    shared += (course.root / "tests").glob("conftest.py")
    digest = file_digest([*hidden, *shared, assignment.solution], course.root)
    return hashlib.sha256(f"{digest}\0{course.seed}".encode()).hexdigest()


def engine_digest() -> str:
    """The digest of all that decides how it is judged: this package and the libraries it computes with."""
    package = Path(__file__).parent
    digest = file_digest(package.rglob("*.py"), package)
    versions = [f"{name} {metadata.version(name)}" for name in ("numpy", "torch", "pytest")]
    return hashlib.sha256("\0".join([digest, *versions]).encode()).hexdigest()


def key(submission: Submission, suite: str, engine: str, jail: str) -> str:
    """What a result depends on, as one digest."""
    parts = [submission.student, submission.file, submission.sha256, submission.problem, suite, engine, jail]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


class Store:
    """The folder of one graded class."""

    def __init__(self, folder: Path, assignment: str, suite: str, max_score: float) -> None:
        self.folder = folder
        self._head = {"schema": SCHEMA, "assignment": assignment, "suite": suite, "max_score": max_score}
        self._refuse_another_class()
        try:
            (folder / "submissions").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"{folder} cannot be written: {error.strerror}.", next_step="Name another folder with --out."
            ) from error

    def known(self, student: str, wanted: str) -> Result | None:
        """The student's earlier result if its key is `wanted` and it is a grade."""
        try:
            with self._path(student).open(encoding="utf-8") as file:
                result = Result.from_json(json.load(file))
        except (OSError, ValueError, TypeError, KeyError):
            return None  # nothing there, or nothing usable: it is graded again
        return result if result.key == wanted and result.status != "not_graded" else None

    def save(self, result: Result) -> None:
        """Write one student's result."""
        _write(self._path(result.student), result.to_json())

    def finish(self, results: Sequence[Result]) -> Path:
        """Write results.json; gives its path."""
        path = self.folder / "results.json"
        _write(path, {**self._head, "submissions": [result.to_json() for result in results]})
        return path

    def _path(self, student: str) -> Path:
        return self.folder / "submissions" / f"{safe_name(student)}.json"

    def _refuse_another_class(self) -> None:
        path = self.folder / "results.json"
        try:
            there = json.loads(path.read_text(encoding="utf-8")).get("assignment")
        except (OSError, ValueError, AttributeError):
            return
        if there != self._head["assignment"]:
            raise UsageError(
                f"{path} holds the results of {there!r}; nothing was changed.",
                next_step=f"Name another folder: --out {self.folder}-{self._head['assignment']}",
            )


def _write(path: Path, data: Any) -> None:
    """Write JSON beside its place and rename it there: a reader sees the old file or the new one."""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    except OSError as error:
        raise _not_written(path, error) from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(data, ensure_ascii=False, allow_nan=False))
            file.write("\n")
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        if isinstance(error, OSError):
            raise _not_written(path, error) from error
        raise


def _not_written(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{path} cannot be written: {error.strerror or error}.",
        next_step="Make room or name another folder with --out; what is graded already is kept.",
    )
