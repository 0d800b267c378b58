"""Who an earlier run left in a folder of results and is not in this one, so that a run over part of a class adds to it.

results.json and the files in submissions/ are both looked at: a run that was stopped has written the files only.
Nothing is written here, and nothing is graded.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.misfits import misfit
from grader.records import SCHEMA, STATUSES, Result
from grader.submissions import safe_name

DOCUMENT, FOLDER = "results.json", "submissions"


@dataclass(frozen=True)
class Kept:
    """What stays of earlier runs. `results` are of students who are not in this run.

    `known` names everybody who had a result before. `unread` names the files that hold no result: nobody can say
    whose they are, and they are left where they are.
    """

    results: tuple[Result, ...] = ()
    known: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()

    def outdated(self, suite: str) -> tuple[Result, ...]:
        """Those that another version of the hidden suite has judged."""
        return tuple(result for result in self.results if result.suite not in ("", suite))


def kept(folder: Path, assignment: str, present: Collection[str]) -> Kept:
    """What is in `folder` beside the results of `present`, the students of this run.

    Raises UsageError when that is of another assignment, or when a result in results.json would be lost because it
    cannot be understood.
    """
    document, unread = read_document(folder / DOCUMENT)
    refuse_another_assignment(folder, document, assignment)
    earlier, names, broken = _listed(document, present)
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
        there = earlier.get(written.student)
        if there is None or _is_newer(written, there):
            earlier[written.student] = written
    _refuse_broken(folder, broken)
    # A file that cannot be read does not matter where results.json has the result.
    readable = {f"{FOLDER}/{safe_name(student)}.json" for student in earlier}
    unread = [name for name in unread if name not in readable]
    return Kept(tuple(earlier.values()), frozenset(names), tuple(unread))


def _listed(
    document: Mapping[str, Any], present: Collection[str]
) -> tuple[dict[str, Result], set[str], dict[str, str]]:
    """The results in results.json of those who are not `present`, the names in it, and why some are broken."""
    suite = str(document.get("suite", ""))
    results: dict[str, Result] = {}
    names: set[str] = set()
    broken: dict[str, str] = {}
    for entry in document.get("submissions", ()):
        student = entry.get("student") if isinstance(entry, dict) else None
        names.add(str(student))
        if student in present:
            continue
        try:
            result = checked(Result.from_json(entry))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            broken[str(student)] = str(error)
        else:
            results[result.student] = replace(result, suite=result.suite or suite)
    return results, names, broken


def _refuse_broken(folder: Path, broken: Mapping[str, str]) -> None:
    if broken:
        student, why = next(iter(broken.items()))
        raise UsageError(
            f"{folder / DOCUMENT} is not as `grade` writes it ({student!r}: {why}), and what is in it must not be "
            "lost; nothing was changed.",
            next_step="Name another folder with --out, or move that file away.",
        )


def _is_newer(written: Result, there: Result) -> bool:
    """Whether the file of a student says more than results.json, which is written last."""
    if written.status == "not_graded":
        return False
    return there.status == "not_graded" or written.key != there.key


def _json(path: Path) -> Any:
    """What a file holds; ValueError for what is no JSON, as NaN is, which could not be written again."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def read_document(path: Path) -> tuple[Mapping[str, Any], list[str]]:
    """results.json, and its name if there is one that is none."""
    try:
        data = _json(path)
    except FileNotFoundError:
        return {}, []
    except (OSError, ValueError):
        return {}, [DOCUMENT]
    if not isinstance(data, dict):
        return {}, [DOCUMENT]
    return data, []


def refuse_another_assignment(folder: Path, document: Mapping[str, Any], assignment: str) -> None:
    """Raise UsageError when the folder belongs to another assignment, or to another version of this program."""
    there = document.get("assignment") if document else _assignment_of_files(folder)
    holder = folder / DOCUMENT if document else folder / FOLDER
    if there is not None and there != assignment:
        raise UsageError(
            f"{holder} holds the results of {there!r}; nothing was changed.",
            next_step=f"Name another folder: --out {folder}-{assignment}",
        )
    if document and (document.get("schema") != SCHEMA or not isinstance(document.get("submissions"), list)):
        raise UsageError(
            f"{holder} holds {document.get('schema') or 'no results'}; expected {SCHEMA}. Nothing was changed.",
            next_step=f"Name another folder: --out {folder}-new",
        )


def _files(folder: Path) -> Iterable[Path]:
    """The results that were written one by one; what begins with a dot is half-written, by a run that was killed."""
    paths = (folder / FOLDER).glob("*.json")
    return sorted(path for path in paths if not path.name.startswith("."))


def _assignment_of_files(folder: Path) -> str | None:
    for path in _files(folder):
        try:
            there = _json(path).get("assignment")
        except (OSError, ValueError, AttributeError):
            continue
        return there if isinstance(there, str) else None
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
