"""Which of the files one student handed in is the answer. Looks at names first, and opens as few files as
it can.
"""

from __future__ import annotations

import dataclasses
import re

from grader.records import Submission
from grader.submissions.filenames import NEVER, is_answer, is_named, is_zip, kind_of
from grader.submissions.layouts import Entry, Group
from grader.submissions.modules import modules_of
from grader.submissions.problems import Unreadable
from grader.submissions.reading import Reading, better_of, read
from grader.submissions.zips import STUDENT_ZIP, student_items
from grader.text import clean

_MOST_ZIPS = 5  # opened for one student

#: A file that may be the answer, and what there is to say about its name.
Found = tuple[Entry, tuple[str, ...]]


def submission_of(group: Group, student: str, assignment: str) -> Submission:
    """The submission of one student; with `problem` set when there is none that can be read."""
    try:
        found, files = _candidates(group.entries, assignment)
    except Unreadable as why:
        return Submission(student, "", "", (), problem=str(why), fault=why.fault)
    pair: dict[bool, Reading] = {}
    for entry, notes in found:
        reading = read(entry.item)
        pair[_is_notebook(entry)] = dataclasses.replace(reading, notes=notes + reading.notes)
    if len(pair) == 2:
        names = (clean(pair[False].item.parts[-1], 80), clean(pair[True].item.parts[-1], 80))
        chosen, other = better_of(pair[False], pair[True], names)
    else:
        (chosen,), other = pair.values(), None
    answers = {id(entry.item): entry for entry, _ in found}
    made = _submission(chosen, student, answers, files)
    if other is None:
        return made
    return dataclasses.replace(made, other=_submission(other, student, answers, files))


def _submission(reading: Reading, student: str, answers: dict[int, Entry], files: list[Entry]) -> Submission:
    shown = clean("/".join(reading.item.parts), 300)
    made = Submission(
        student, shown, reading.sha256, reading.chunks, reading.problem, reading.notes, reading.fault
    )
    if made.problem:
        return made
    answer = answers[id(reading.item)]
    modules, notes = modules_of(answer, files, [chunk.source for chunk in reading.chunks])
    return dataclasses.replace(made, modules=modules, notes=made.notes + notes)


def _files(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.inner and entry.item.read is not None]


def _candidates(entries: tuple[Entry, ...], assignment: str) -> tuple[list[Found], list[Entry]]:
    """At most one .py file and one notebook, and notes about their names; and all files beside them. Raises Unreadable
    when it is not clear.
    """
    # A platform that keeps every attempt: the last one with anything in it counts.
    stamps = sorted({entry.stamp for entry in entries}, reverse=True)
    for stamp in stamps:
        attempt = [entry for entry in entries if entry.stamp == stamp]
        names = [entry.inner[-1] for entry in _files(attempt)]
        if any(is_zip(name) or is_answer(name, assignment) for name in names) or stamp == stamps[-1]:
            return _of_attempt(attempt, assignment)
    return _of_attempt([], assignment)


def _of_attempt(entries: list[Entry], assignment: str) -> tuple[list[Found], list[Entry]]:
    helpers = [entry for entry in entries if entry.helper]
    files = [entry for entry in _files(entries) if not entry.helper]
    named = _named(files, assignment)
    broken: list[Unreadable] = []
    if not named:
        zips = [entry for entry in files if is_zip(entry.inner[-1])]
        inside: list[Entry] = []
        for archive in zips[:_MOST_ZIPS]:
            try:
                inside += _unzipped(archive)
            except Unreadable as why:
                broken.append(why)
        files = [entry for entry in files if entry not in zips] + inside
        named = _named(files, assignment)
    if named:
        return _nearest(named, assignment), files + helpers
    expected = f"{assignment}.py or {assignment}.ipynb"
    others = [entry for entry in files if is_answer(entry.inner[-1], assignment)]
    others = [entry for entry in others if not NEVER.fullmatch(entry.inner[-1].rpartition(".")[0])]
    stems = {_stem(entry) for entry in others}
    if len(stems) == 1:
        return _nearest(others, assignment), files + helpers
    if stems:
        raise Unreadable(f"it is not clear which file counts: expected {expected}, found {_listed(others)}.")
    if broken:
        raise broken[0]
    for entry in files:
        if entry.item.refused:  # a link or a locked folder in the place of what was asked for
            reading = read(entry.item)
            raise Unreadable(f"{expected} was not found, and {reading.problem}", fault=reading.fault)
    if any(is_zip(entry.inner[-1]) for entry in files):
        raise Unreadable(f"a zip file inside a zip file is not opened; hand in {expected} itself.")
    if files:
        raise Unreadable(f"{expected} was not handed in; found only {_listed(files)}.")
    raise Unreadable(f"nothing was handed in: expected {expected}.")


def _listed(entries: list[Entry]) -> str:
    names = [clean("/".join(entry.inner), 60) for entry in entries]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _stem(entry: Entry) -> str:
    kind = kind_of(entry.inner[-1])
    return kind.stem if kind else ""


def _is_notebook(entry: Entry) -> bool:
    kind = kind_of(entry.inner[-1])
    return kind is not None and kind.notebook


def _named(files: list[Entry], assignment: str) -> list[Entry]:
    """The files of exactly the right name, else those of nearly the right name."""
    right = (f"{assignment}.py", f"{assignment}.ipynb")
    exact = [entry for entry in files if entry.inner[-1] in right]
    return exact or [entry for entry in files if is_named(entry.inner[-1], assignment)]


def _nearest(entries: list[Entry], assignment: str) -> list[Found]:
    """Of several files that fit: those in the assignment's folder, then those least deep, then the newest."""

    def far(entry: Entry) -> tuple[bool, int]:
        return assignment not in entry.inner[:-1], len(entry.inner)

    nearest = min(far(entry) for entry in entries)
    close = [entry for entry in entries if far(entry) == nearest]
    chosen: list[Found] = []
    for notebook in (False, True):
        alike = [entry for entry in close if _is_notebook(entry) == notebook]
        if not alike:
            continue
        newest = max(alike, key=lambda entry: (entry.item.date, entry.item.parts))
        notes: tuple[str, ...] = ()
        name, right = newest.inner[-1], f"{assignment}.{'ipynb' if notebook else 'py'}"
        renamed = newest.numbered and re.sub(r"-\d+(?=\.)", "", name) == right
        if name != right and not renamed:
            notes += (f"{clean(name, 80)} was taken; the expected name is {right}.",)
        if len(alike) > 1:
            left = [entry for entry in alike if entry is not newest]
            notes += (f"{clean('/'.join(newest.inner), 80)} is the newest; {_listed(left)} was left aside.",)
        chosen.append((newest, notes))
    return chosen


def _unzipped(archive: Entry) -> list[Entry]:
    """The files in a student's zip, as if they lay beside it. Raises Unreadable when it cannot be opened."""
    item = archive.item
    assert item.read is not None
    name = archive.inner[-1]
    data = item.read(STUDENT_ZIP)
    inside = student_items(data, name, item.parts)
    depth = len(item.parts)
    return [
        dataclasses.replace(archive, item=found, inner=archive.inner[:-1] + found.parts[depth:])
        for found in inside
        if found.read is not None
    ]
