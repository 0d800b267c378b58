"""Who an earlier run left in a folder of results and is not in this one, so that a run over part of a class adds to it.

results.json and the files in submissions/ are both looked at: a run that was stopped has written the files only.
Nothing is written here, and nothing is graded. What is in memory of a large class is whose the results are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.lazy_sequences import LazySequence, where
from grader.records import SCHEMA, STATUSES, Result
from grader.records.field_types import misfit
from grader.run.document import Document
from grader.submissions import safe_name

DOCUMENT, FOLDER = "results.json", "submissions"


@dataclass(frozen=True)
class EarlierResults:
    """What stays of earlier runs. `results` are of students who are not in this run.

    `students` names everybody who had a result before. `unread` names the files that hold no result: nobody can say
    whose they are, and they are left where they are.
    """

    results: Sequence[Result] = ()
    students: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()

    def outdated(self, suite: str) -> Sequence[Result]:
        """Those that another version of the hidden suite has judged."""
        return where(self.results, lambda result: result.suite not in ("", suite))


@dataclass(frozen=True)
class _StoredResult:
    """Where the result of one student is, and what decides between two of them."""

    status: str
    key: str
    load: Callable[[], Result]


def earlier_results(folder: Path, assignment: str, present: Collection[str]) -> EarlierResults:
    """What is in `folder` beside the results of `present`, the students of this run.

    Raises UsageError when that is of another assignment, or when a result in results.json would be lost because it
    cannot be understood.
    """
    earlier: dict[str, _StoredResult] = {}
    names: set[str] = set()
    broken: dict[str, str] = {}
    students: list[str] = []
    document, unread = open_document(folder / DOCUMENT, lambda entry: students.append(_student(entry)))
    refuse_another_assignment(folder, document, assignment)
    if document is not None:
        names.update(students)
        earlier, broken = _from_document(document, students, present)
    own = {f"{safe_name(student)}.json": student for student in present}
    for path in _files(folder):
        if path.name in own:
            names.add(own[path.name])
            continue
        written = load_file(path)
        if written is None:
            unread.append(f"{FOLDER}/{path.name}")
            continue
        names.add(written.student)
        broken.pop(written.student, None)
        other = earlier.get(written.student)
        if other is None or _is_newer(written, other):
            load = partial(_from_file, path)
            earlier[written.student] = _StoredResult(written.status, written.key, load)
    _refuse_broken(folder, broken)
    # A file that cannot be read does not matter where results.json has the result.
    readable = {f"{FOLDER}/{safe_name(student)}.json" for student in earlier}
    unread = [name for name in unread if name not in readable]
    places = list(earlier.values())
    results = LazySequence(len(places), lambda place: places[place].load())
    return EarlierResults(results, frozenset(names), tuple(unread))


def students_with_results(folder: Path, assignment: str) -> frozenset[str]:
    """Everybody who has a result in `folder`, for who asks no more than that. Raises UsageError as
    `earlier_results`."""
    students: list[str] = []
    document, _ = open_document(folder / DOCUMENT, lambda entry: students.append(_student(entry)))
    refuse_another_assignment(folder, document, assignment)
    names = set(students if document is not None else ())
    listed = {f"{safe_name(student)}.json" for student in names}
    # Whoever is in results.json needs no look at the file.
    for path in _files(folder):
        if path.name not in listed and (written := load_file(path)) is not None:
            names.add(written.student)
    return frozenset(names)


def _student(entry: Any) -> str:
    return str(entry.get("student") if isinstance(entry, dict) else None)


def _from_file(path: Path) -> Result:
    """A result that was in a file a moment ago. Raises UsageError where it is not there any more."""
    result = load_file(path)
    if result is None:
        raise UsageError(
            f"{path} was changed while it was being read; results.json was left as it is.",
            next_step="Is somebody else grading into this folder? Type the same command again.",
        )
    return result


def _from_document(
    document: Document, students: Sequence[str], present: Collection[str]
) -> tuple[dict[str, _StoredResult], dict[str, str]]:
    """The results in results.json of those who are not `present`, and why some are broken.

    `students` are those of all entries.
    """
    suite = str(document.head.get("suite", ""))
    results: dict[str, _StoredResult] = {}
    broken: dict[str, str] = {}

    def load(place: int) -> Result:
        result = checked(Result.from_json(document.entry(place)))
        return replace(result, suite=result.suite or suite)

    for place, student in enumerate(students):
        if student in present:
            continue
        try:
            result = checked(Result.from_json(document.entry(place)))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            broken[student] = str(error)
        else:
            results[result.student] = _StoredResult(result.status, result.key, partial(load, place))
    return results, broken


def _refuse_broken(folder: Path, broken: Mapping[str, str]) -> None:
    if broken:
        student, why = next(iter(broken.items()))
        raise UsageError(
            f"{folder / DOCUMENT} is not as `grade` writes it ({student!r}: {why}), and what is in it must not be "
            "lost; nothing was changed.",
            next_step="Name another folder with --out, or move that file away.",
        )


def _is_newer(written: Result, listed: _StoredResult) -> bool:
    """Whether the file of a student says more than results.json, which is written last."""
    if written.status == "not_graded":
        return False
    return listed.status == "not_graded" or written.key != listed.key


def _json(path: Path) -> Any:
    """What a file holds; ValueError for what is no JSON, as NaN is, which could not be written again."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def open_document(
    path: Path, look: Callable[[Any], None] = lambda entry: None
) -> tuple[Document | None, list[str]]:
    """results.json, and its name if there is one that is none. `look` is given every entry.

    Raises UsageError where there is one that this machine cannot read: whole as it may be, it would be replaced.
    """
    try:
        document = Document(path, look)
    except (FileNotFoundError, NotADirectoryError):
        return None, []
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(
            f"{path} cannot be read ({reason}), and what is in it must not be lost; nothing was changed.",
            next_step="Look at its rights, or name another folder with --out.",
        ) from None
    except ValueError:
        return None, [DOCUMENT]
    return (document, []) if document.is_object else (None, [DOCUMENT])


def refuse_another_assignment(folder: Path, document: Document | None, assignment: str) -> None:
    """Raise UsageError when the folder belongs to another assignment, or to another version of this program."""
    head: Mapping[str, Any] = document.head if document is not None else {}
    is_there = document is not None and bool(head or document.has_entries)
    holder_name = head.get("assignment") if is_there else _assignment_of_files(folder)
    holder = folder / DOCUMENT if is_there else folder / FOLDER
    if holder_name is not None and holder_name != assignment:
        raise UsageError(
            f"{holder} holds the results of {holder_name!r}; nothing was changed.",
            next_step=f"Name another folder: --out {folder}-{assignment}",
        )
    if is_there and (head.get("schema") != SCHEMA or not (document and document.has_entries)):
        schema = head.get("schema") or "no results"
        holds = f"{schema} without a list of results" if schema == SCHEMA else schema
        raise UsageError(
            f"{holder} holds {holds}; expected {SCHEMA}{' with one' if schema == SCHEMA else ''}. "
            "Nothing was changed.",
            next_step=f"Name another folder: --out {folder}-new",
        )


def _files(folder: Path) -> Iterable[Path]:
    """The results that were written one by one; what begins with a dot is half-written, by a run that was killed."""
    paths = (folder / FOLDER).glob("*.json")
    return sorted(path for path in paths if not path.name.startswith("."))


def _assignment_of_files(folder: Path) -> str | None:
    for path in _files(folder):
        try:
            name = _json(path).get("assignment")
        except (OSError, ValueError, AttributeError):
            continue
        return name if isinstance(name, str) else None
    return None


def load_file(path: Path) -> Result | None:
    """The result in one student's file; None when there is none that is usable."""
    try:
        data = dict(_json(path))
        data.pop("assignment", None)
        return checked(Result.from_json(data))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def checked(result: Result) -> Result:
    """`result`, if its fields hold what they are to, and status and score go together; ValueError otherwise."""
    if wrong := misfit(result):
        raise ValueError(f"{result.student!r}: {wrong}")
    if result.status not in STATUSES:
        raise ValueError(f"{result.student!r} has the status {result.status!r}")
    if (result.score is None) != (result.status == "not_graded"):
        raise ValueError(f"{result.student!r} is {result.status} with the score {result.score}")
    return result
