"""What the grader itself has written below a path, so that it is not read as anybody's submission.

`--out` often lies among the submissions. Its folders are known by what is in them, never by their names alone. (Folders
of pages have a mark of their own, see `files.PAGES`.)
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from grader.records import SCHEMA
from grader.submissions.filenames import ARCHIVES
from grader.submissions.files import Item
from grader.submissions.problems import Unreadable

RESULTS = "results.json"
_HEAD = f'"{SCHEMA}"'
_FILES = frozenset(
    [
        RESULTS,
        "adjustments.toml",
        "clusters.toml",
        "full-answers.json",
        "pages-for-students.csv",
        ".page-names",
    ]
)
_MOST = 50_000_000  # bytes of a class's results
_ONE = 5_000_000  # bytes of one student's


def without_own(items: Sequence[Item]) -> list[Item]:
    """The items that are no output of this grader: of a run that is finished or was stopped."""
    written = {item.parts[:-2] for item in items if not item.passed and _may_be_result(item)}
    theirs = [item for item in items if not item.passed]
    answers = {item.parts[:deep] for item in theirs if _is_answer(item) for deep in range(1, len(item.parts))}
    ours = [item.parts[:-1] for item in items if item.parts[-1] == RESULTS and _is_results(item)]
    begun = written - set(ours)
    ours += [folder for folder in begun if _is_begun(folder, theirs)]
    return [
        item
        for item in items
        if not any(_belongs(item.parts, folder, folder not in answers) for folder in ours)
    ]


def _belongs(parts: tuple[str, ...], folder: tuple[str, ...], alone: bool) -> bool:
    """Whether something is output into `folder`. Of the class's own folder, and of a student's (it does not stand there
    `alone`), only what a run writes there is.
    """
    if parts[: len(folder)] != folder:
        return False
    rest = parts[len(folder) :]
    if folder and alone:
        return True
    return (
        (len(rest) == 1 and rest[0] in _FILES)
        or rest[0] in ("report", "for-students", "sources")
        or (rest[0] == "submissions" and len(rest) == 2 and rest[1].endswith(".json"))
    )


def _is_answer(item: Item) -> bool:
    """Whether somebody may have handed this in: a folder with such a file in it is not the grader's alone."""
    return item.parts[-1].endswith((".py", ".ipynb", *ARCHIVES))


def _is_results(item: Item) -> bool:
    return _HEAD in _text(item, _MOST)[:1000]


def _may_be_result(item: Item) -> bool:
    return len(item.parts) > 1 and item.parts[-2] == "submissions" and item.parts[-1].endswith(".json")


def _is_begun(folder: tuple[str, ...], items: Sequence[Item]) -> bool:
    """Whether a run that was stopped left its results in `folder`/submissions, and nothing but results is there."""
    inside = (*folder, "submissions")
    written = [item for item in items if item.parts[: len(inside)] == inside]
    if not all(_may_be_result(item) and len(item.parts) == len(inside) + 1 for item in written):
        return False
    try:
        fields = json.loads(_text(written[0], _ONE))
    except (ValueError, RecursionError):
        return False
    return isinstance(fields, dict) and {"student", "status", "score", "max_score", "key"} <= fields.keys()


def _text(item: Item, most: int) -> str:
    if item.read is None:
        return ""
    try:
        return item.read(most).decode("utf-8", "replace")
    except Unreadable:
        return ""
