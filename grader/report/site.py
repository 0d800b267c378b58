"""Which pages a site has, what they are called, and how a folder of pages is replaced as a whole.

It must never replace a folder that it did not make, and never leave a page of an earlier run behind.
"""

from __future__ import annotations

import hmac
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from grader.errors import UsageError
from grader.records import Result
from grader.report.pages import class_page, student_page
from grader.store import Graded
from grader.submissions import safe_name
from grader.tables import BOM, csv_text, harmless

MARK = ".grader-pages"  # in a folder of pages: it may be replaced, and whom it is for
FOR_STUDENTS, FOR_INSTRUCTORS = "pages to hand out", "pages for instructors"
KEY = ".page-names"
LIST = "pages-for-students.csv"


@dataclass(frozen=True)
class Site:
    """What was written: the folder, the page to begin with, how many students, and the list of their pages."""

    folder: Path
    start: Path | None
    students: int
    listed: Path | None = None


def write_site(graded: Graded, to: Path | None = None, *, for_students: bool = False) -> Site:
    """Write the pages of a class into the folder `to`; whatever pages were there are replaced.

    For the instructor: index.html and students/<name>.html. `for_students`: one page for each student and nothing
    else, under names that cannot be guessed; which page is whose is listed beside results.json. Raises UsageError
    when `to` holds anything that is no such site, when pages that were handed out would be replaced by the
    instructor's, or when it cannot be written.
    """
    home = graded.path.parent
    folder = to if to is not None else home / ("for-students" if for_students else "report")
    _refuse_what_is_not_ours(folder)
    if not for_students and _handed_out(folder):
        raise UsageError(
            f"{folder} holds pages that were made to be handed out; the class page names everyone.",
            next_step="Name another folder with --to.",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".pages-") as temporary:
            fresh = Path(temporary) / "pages"
            fresh.mkdir()
            (fresh / MARK).write_text(
                f"{FOR_STUDENTS if for_students else FOR_INSTRUCTORS}\n", encoding="utf-8"
            )
            listed = None
            if for_students:
                listed = _for_students(graded, fresh)
            else:
                _for_instructors(graded, fresh)
            _replace(folder, fresh, Path(temporary) / "before")
        if listed is not None:
            (home / LIST).write_text(listed, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{error.filename or folder} cannot be written: {error.strerror or error}.",
            next_step="Make room, or name another folder with --to.",
        ) from error
    start = None if for_students else folder / "index.html"
    return Site(folder, start, len(graded.results), home / LIST if for_students else None)


def _replace(folder: Path, fresh: Path, before: Path) -> None:
    """Put `fresh` in the place of `folder`, and that to `before`; if it cannot be done, all is as it was."""
    if folder.exists():
        os.rename(folder, before)
    try:
        os.rename(fresh, folder)
    except OSError:
        if before.exists():
            os.rename(before, folder)
        raise


def _for_instructors(graded: Graded, folder: Path) -> None:
    names = [f"{safe_name(result.student)}.html" for result in graded.results]
    links = [f"students/{quote(name)}" for name in names]
    by_student = dict(zip((result.student for result in graded.results), links))
    _write(folder / "index.html", class_page(graded, by_student))
    (folder / "students").mkdir()
    for place, (name, result) in enumerate(zip(names, graded.results)):
        page = student_page(
            graded,
            result,
            back="../index.html",
            before=quote(names[place - 1]) if place else "",
            after=quote(names[place + 1]) if place + 1 < len(names) else "",
            for_students=False,
        )
        _write(folder / "students" / name, page)


def _for_students(graded: Graded, folder: Path) -> str:
    """Write a page for each student; gives the list of whose is which, as CSV."""
    key = _key(graded.path.parent)
    rows = [("student", "page")]
    for result in graded.results:
        name = _unguessable(result, key)
        _write(folder / name, student_page(graded, result, for_students=True))
        rows.append((harmless(result.student), name))
    return BOM + csv_text(rows)


def _unguessable(result: Result, key: bytes) -> str:
    """The name of a student's page: knowing one's own, or a classmate's name, does not give another."""
    token = hmac.digest(key, result.student.encode("utf-8", "surrogatepass"), "sha256").hex()[:20]
    return f"{safe_name(result.student)}-{token}.html"


def _key(folder: Path) -> bytes:
    """The secret that page names are made from. Kept beside results.json, so that links stay when pages are renewed."""
    path = folder / KEY
    try:
        known = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        known = b""
    if len(known) >= 16:
        return known
    key = secrets.token_bytes(32)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
    return key


def _refuse_what_is_not_ours(folder: Path) -> None:
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink() or not folder.is_dir():
        raise UsageError(f"{folder} is no folder.", next_step="Name another with --to.")
    if any(folder.iterdir()) and not (folder / MARK).is_file():
        raise UsageError(
            f"{folder} holds files that are no pages of this command; nothing was changed.",
            next_step="Name another folder with --to, or empty this one.",
        )


def _handed_out(folder: Path) -> bool:
    mark = folder / MARK
    return mark.is_file() and mark.read_text(encoding="utf-8").strip() == FOR_STUDENTS


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
