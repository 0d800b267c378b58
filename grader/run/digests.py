"""What a result depends on, as digests: of the submission, the suite and the engine. Nothing is written here."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from grader.assignments import Assignment, Course
from grader.records import Submission


def file_digest(paths: Iterable[Path], root: Path) -> str:
    """The digest of some files' names (relative to `root`) and contents."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def suite_digest(course: Course, assignment: Assignment) -> str:
    """The digest of all that decides what is right: hidden suite, what suites may share, reference, seed."""
    hidden = [
        path
        for folder in (assignment.hidden, assignment.shared)
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    ]
    shared = [*assignment.hidden.parent.glob("*.py"), *course.root.glob("conftest.py")]
    shared += (course.root / "tests").glob("conftest.py")
    digest = file_digest([*hidden, *shared, assignment.solution], course.root)
    return hashlib.sha256(f"{digest}\0{course.seed}\0{sorted(course.axes.items())}".encode()).hexdigest()


#: Parts that no grading uses: a change there is no reason to grade again. Whatever is not named here counts.
JUDGING_NOTHING = {
    *("archive", "build", "bundle", "check", "cli", "dask_cluster", "export"),
    *("new", "adjust_command", "startup", "entry", "grade_command", "grade_request", "interruption"),
    *("preview", "release", "report", "roster", "secrets", "similar", "summary", "csv_tables", "validate"),
}


def engine_digest() -> str:
    """The digest of all that decides how it is judged: this package's parts, Python, the libraries it computes with.

    What may be imported belongs to it: Python's own modules are those of its version, the others are the suite's.
    """
    package = Path(__file__).parents[1]
    files = [
        path
        for path in package.rglob("*.py")
        if path.relative_to(package).parts[0].removesuffix(".py") not in JUDGING_NOTHING
    ]
    digest = file_digest(files, package)
    return hashlib.sha256("\0".join([digest, *versions()]).encode()).hexdigest()


def versions() -> list[str]:
    """The libraries that results depend on, and Python, each with its version."""
    libraries = [f"{name} {metadata.version(name)}" for name in ("numpy", "torch", "pytest")]
    return [*libraries, f"python {sys.version_info.major}.{sys.version_info.minor}"]


def key(submission: Submission, suite: str, engine: str, jail: str) -> str:
    """What a result depends on, as one digest."""
    parts = [submission.student, submission.file, submission.sha256, submission.problem, suite, engine, jail]
    if submission.other is not None:
        parts += [submission.other.file, submission.other.sha256]
    parts += [text for module in submission.modules for text in (module.label, module.source)]
    parts += [repr((submission.late, submission.members))]
    if submission.more_time != 1:
        parts += [f"more time {submission.more_time:g}"]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
