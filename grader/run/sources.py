"""The program of each submission, kept beside its result: whoever reads results needs the submissions no more.

A file for each student, with the key of the result that it was graded to. It is text that a student wrote, is never
run from here, and no part of results.json, which CI may show to others.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grader.records import Chunk, Result, StudentSource, Submission
from grader.submissions import safe_name

FOLDER = "sources"


def path_of(folder: Path, student: str) -> Path:
    """Where the program of a student is kept, in a folder of results."""
    return folder / FOLDER / f"{safe_name(student)}.json"


def graded(submission: Submission, result: Result) -> StudentSource:
    """The program that `result` is about: of two files of one student, the one that counted.

    Of a file that Python cannot read it is the text, as one chunk.
    """
    other = submission.other
    chosen = other if other is not None and _is_about(result, other) else submission
    source = chosen.source
    if source.chunks or not chosen.text:
        return source
    return StudentSource(source.name, (Chunk(chosen.text),), source.modules)


def _is_about(result: Result, submission: Submission) -> bool:
    return (result.file, result.sha256) == (submission.file, submission.sha256)


def to_json(result: Result, source: StudentSource) -> dict[str, Any]:
    """What the file of a student holds."""
    return {
        "student": result.student,
        "key": result.key,
        "name": source.name,
        "chunks": [vars(chunk) for chunk in source.chunks],
        "modules": [vars(chunk) for chunk in source.modules],
    }


def kept_key(folder: Path, student: str) -> str | None:
    """The key of the result that the kept program of a student was graded to; None where there is no such program."""
    data = _read(path_of(folder, student))
    return None if data is None or data.get("student") != student else str(data.get("key", ""))


def load(folder: Path, result: Result) -> StudentSource | None:
    """The program that was graded to `result`; None where none is kept, or that of another grading."""
    data = _read(path_of(folder, result.student))
    if data is None or (data.get("student"), data.get("key")) != (result.student, result.key):
        return None
    try:
        return StudentSource(str(data["name"]), _chunks(data["chunks"]), _chunks(data["modules"]))
    except (KeyError, TypeError):
        return None


def _chunks(data: Any) -> tuple[Chunk, ...]:
    return tuple(Chunk(str(entry["source"]), str(entry["label"])) for entry in data)


def _read(path: Path) -> dict[str, Any] | None:
    """What a file holds; None where there is none that is usable: then it is written again by the next grading."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
