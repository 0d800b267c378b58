"""Which pages a site has, what they are called, and how a folder of pages is replaced as a whole.

It must never replace a folder that it did not make, and never leave a page of an earlier run behind.
"""

from __future__ import annotations

import errno
import hmac
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grader.csv_tables import BOM, csv_text, harmless
from grader.errors import UsageError, fault_line
from grader.full_answers import total_alone
from grader.records import Member, Result
from grader.report.pages import class_page, plain_page, student_page
from grader.report.roll import Roll, without_roster
from grader.run import sources
from grader.run.store import GradedClass
from grader.submissions import safe_name

#: In a folder of pages: whom they are for, then the path of each file. What is not in this list is not ours.
MARK = ".grader-pages"
FOR_STUDENTS, FOR_INSTRUCTORS = "pages to hand out", "pages for instructors"
KEY = ".page-names"
LIST = "pages-for-students.csv"
NOBODYS = frozenset(
    {".DS_Store", "Thumbs.db", "desktop.ini"}
)  # what systems leave in a folder that was looked at


@dataclass(frozen=True)
class WrittenSite:
    """What was written: the folder, the page to begin with, how many students, and the list of their pages."""

    folder: Path
    start: Path | None
    students: int
    listed: Path | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    """students whose page has the score alone, each with what failed in the grader"""


def write_site(
    graded: GradedClass, to: Path | None = None, *, for_students: bool = False, roll: Roll | None = None
) -> WrittenSite:
    """Write the pages of a class into the folder `to`; whatever pages were there are replaced.

    For the instructor: index.html and students/<name>.html. `for_students`: one page for each student and nothing
    else, under names that cannot be guessed; which page is whose is listed beside results.json. `roll`: the class as a
    roster has it. Raises UsageError when `to` holds anything that is no such site, when pages that were handed out
    would be replaced by the instructor's, or when it cannot be written.
    """
    home = graded.path.parent
    roll = roll or without_roster(graded.results)
    folder = to if to is not None else home / ("for-students" if for_students else "report")
    if not for_students and kind_of_pages(folder) == FOR_STUDENTS:
        raise UsageError(
            f"{folder} holds pages that were made to be handed out; the class page names everyone.",
            next_step="Name another folder with --to.",
        )
    listed = ""
    faults: dict[str, str] = {}

    def fill(fresh: Path) -> None:
        nonlocal listed
        if for_students:
            listed = _for_students(graded, fresh, roll, faults)
        else:
            _for_instructors(graded, fresh, roll, faults)

    replace_pages(folder, FOR_STUDENTS if for_students else FOR_INSTRUCTORS, fill)
    if for_students:
        try:
            (home / LIST).write_text(listed, encoding="utf-8")
        except OSError as error:
            raise _not_written(home / LIST, error) from error
    start = None if for_students else folder / "index.html"
    return WrittenSite(folder, start, len(graded.results), home / LIST if for_students else None, faults)


def replace_pages(folder: Path, kind: str, fill: Callable[[Path], None]) -> None:
    """Put a folder of pages, which `fill` writes into the empty folder it is given, in the place of `folder`.

    Raises UsageError when `folder` holds anything that is no such page, or when it cannot be written.
    """
    _refuse_what_is_not_ours(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".pages-") as temporary:
            fresh = Path(temporary) / "pages"
            fresh.mkdir()
            fill(fresh)
            _write(fresh / MARK, "\n".join([kind, *_files(fresh)]) + "\n")
            _replace(folder, fresh, Path(temporary) / "before")
    except OSError as error:
        raise _not_written(folder, error) from error


def _not_written(path: Path, error: OSError) -> UsageError:
    """The sentence about `path`, which was asked for: what the error names may be a temporary folder beside it."""
    in_the_way = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
    step = f"Allow writing to {path.parent}, or name" if in_the_way else "Make room, or name"
    return UsageError(
        f"{path} cannot be written: {error.strerror or error}.", next_step=f"{step} another folder with --to."
    )


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


def _for_instructors(graded: GradedClass, folder: Path, roll: Roll, faults: dict[str, str]) -> None:
    called = roll.names
    names = [f"{safe_name(result.student)}.html" for result in graded.results]
    links = [f"students/{quote(name)}" for name in names]
    by_student = dict(zip((result.student for result in graded.results), links))
    _write(folder / "index.html", class_page(graded, by_student, roll))
    (folder / "students").mkdir()
    for place, (name, result) in enumerate(zip(names, graded.results)):
        page = _student_page(
            graded,
            result,
            faults,
            name=called.get(result.student, ""),
            back="../index.html",
            before=quote(names[place - 1]) if place else "",
            after=quote(names[place + 1]) if place + 1 < len(names) else "",
            for_students=False,
        )
        _write(folder / "students" / name, page)


def _student_page(
    graded: GradedClass, result: Result, faults: dict[str, str], *, name: str, back: str = "", **options: Any
) -> str:
    """The page of one student. A fault of ours in it costs no other page: it is noted, and the score shown."""
    try:
        source = sources.load(graded.path.parent, result)
        return student_page(graded, result, source, name=name, back=back, **options)
    except OSError:
        raise  # of the disk: it is told for the whole folder
    except Exception as error:
        faults[result.student] = fault_line(error)
        return plain_page(graded, result, name=name, back=back)


def _for_students(graded: GradedClass, folder: Path, roll: Roll, faults: dict[str, str]) -> str:
    """Write a page for each student; gives the list of whose is which, as CSV."""
    key, called = _key(graded.path.parent), roll.names
    rows = [("student", "page", "member", "email")]
    for result in map(total_alone, graded.results):
        name = _unguessable(result, key)
        page = _student_page(graded, result, faults, name=called.get(result.student, ""), for_students=True)
        _write(folder / name, page)
        people = [Member(entry.name, email=entry.mail) for entry in roll.people(result.student)]
        for member in people or result.members or (Member(""),):
            rows.append((harmless(result.student), name, harmless(member.name), harmless(member.email)))
    return BOM + csv_text(rows)


def _unguessable(result: Result, key: bytes) -> str:
    """The name of a student's page: knowing one's own, or a classmate's name, does not give another."""
    token = hmac.digest(key, result.student.encode("utf-8", "surrogatepass"), "sha256").hex()[:20]
    return f"{safe_name(result.student)}-{token}.html"


def _key(folder: Path) -> bytes:
    """The secret that page names are made from. Kept beside results.json, so that links stay when pages are renewed."""
    path = folder / KEY
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        secret = b""
    if len(secret) >= 16:
        return secret
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
    present = [path for path in _files(folder) if path != MARK]
    _, ours = _mark(folder)
    others = [path for path in present if path not in ours]
    if others:
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        raise UsageError(
            f"{folder} holds files that are no pages of this command ({', '.join(others[:3])}{more}); nothing was"
            " changed.",
            next_step="Move them away, or name another folder with --to.",
        )


def _files(folder: Path) -> list[str]:
    """What lies in a folder and below, as relative paths; links are files, and are not followed."""
    files = []
    for parent, folders, names in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for name in (*names, *links):
            if name not in NOBODYS:
                files.append(Path(parent, name).relative_to(folder).as_posix())
    return sorted(files)


def _mark(folder: Path) -> tuple[str, frozenset[str]]:
    """Whom the pages in a folder are for, and which files they are; "" when it holds none."""
    try:
        kind, *paths = (folder / MARK).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return "", frozenset()
    return kind.strip(), frozenset(paths)


def kind_of_pages(folder: Path) -> str:
    """Which pages a folder holds, as `replace_pages` was told; "" when it holds none."""
    return _mark(folder)[0]


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
