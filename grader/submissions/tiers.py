"""Sorts the files of one attempt by how much their names say that they are meant as the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.submissions.filenames import NEVER, is_answer, is_named, is_put_aside, is_text
from grader.submissions.missing import named as listed_names
from grader.submissions.student_files import HandedInFile, is_notebook
from grader.text import clean


@dataclass(frozen=True)
class Tiers:
    """Files by how much their names say that they are meant."""

    meant: list[HandedInFile]  # called as was asked for, or nearly so, in the nearest place
    also: list[HandedInFile]  # the same, farther off or less exactly: it may be the better
    older: list[HandedInFile]  # the same, but older or put aside: only if the others hold no work
    other: list[HandedInFile]  # of any other name
    texts: list[HandedInFile]  # that do not say they are Python: only if an exercise is in one
    note: str = ""


def tiers_of(files: Sequence[HandedInFile], assignment: str) -> Tiers:
    """The files of one attempt, from those that were most likely meant to those that hardly were."""
    right = (f"{assignment}.py", f"{assignment}.ipynb")
    named = [entry for entry in files if is_named(entry.inner[-1], assignment)]
    ours = set(map(id, named))
    exact = [entry for entry in named if entry.inner[-1] in right]
    other = [
        entry
        for entry in files
        if is_answer(entry.inner[-1], assignment)
        and id(entry) not in ours
        and not NEVER.fullmatch(entry.inner[-1].rpartition(".")[0])
    ]
    other.sort(key=lambda entry: (_is_aside(entry), len(entry.inner), is_notebook(entry), entry.inner))

    texts = [entry for entry in files if is_text(entry.inner[-1]) and id(entry) not in ours]

    def far(entry: HandedInFile) -> tuple[bool, bool, int]:
        return _is_aside(entry), assignment not in entry.inner[:-1], len(entry.inner)

    if not named:
        return Tiers([], [], [], other, texts)
    nearest = min(map(far, exact or named))
    meant: list[HandedInFile] = []
    older: list[HandedInFile] = []
    note = ""
    for notebook in (False, True):
        alike = [
            reading
            for reading in exact or named
            if far(reading) == nearest and is_notebook(reading) == notebook
        ]
        if len({entry.item.date for entry in alike}) > 1:
            newest, dated, note = _newest(alike)
            older, alike = older + dated, [newest]
        meant += alike
    taken = set(map(id, [*meant, *older]))
    also = [entry for entry in named if id(entry) not in taken]
    also.sort(key=lambda entry: (far(entry), is_notebook(entry), entry.inner))
    older += [entry for entry in also if _is_aside(entry)]
    return Tiers(meant, [entry for entry in also if not _is_aside(entry)], older, other, texts, note)


def _newest(entries: Sequence[HandedInFile]) -> tuple[HandedInFile, list[HandedInFile], str]:
    """Of files with several dates the newest, the others, and a note that says so."""
    newest = max(entries, key=lambda entry: (entry.item.date, entry.item.parts))
    older = [entry for entry in entries if entry is not newest]
    name, others = clean("/".join(newest.inner), 80), listed_names(older)
    if name == others:  # the platform's names tell them apart
        name, others = (clean("/".join(entry.item.parts), 120) for entry in (newest, older[0]))
    return newest, older, f"{name} is the newest; {others} was left aside."


def _is_aside(entry: HandedInFile) -> bool:
    return any(map(is_put_aside, entry.inner))


def name_notes(entry: HandedInFile, assignment: str) -> tuple[str, ...]:
    """A note for a file of another name than was asked for."""
    name, right = entry.inner[-1], f"{assignment}.{'ipynb' if is_notebook(entry) else 'py'}"
    # A platform that adds -1 at a second upload changed the name, not the student.
    renamed = entry.numbered and re.sub(r"-\d+(?=\.)", "", name) == right
    return (
        () if name == right or renamed else (f"{clean(name, 80)} was taken; the expected name is {right}.",)
    )
