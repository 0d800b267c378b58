"""What one student handed in → the `Submission`: the last attempt with work in it, its answer, its modules."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from grader.records import Submission
from grader.submissions.answer_files import Choice, choose
from grader.submissions.choice import BROKEN
from grader.submissions.handout import Handout
from grader.submissions.misplaced import not_imported
from grader.submissions.modules import modules_of
from grader.submissions.problems import Unreadable
from grader.submissions.reading import Reading
from grader.submissions.student_files import HandedInFile, StudentFiles
from grader.text import clean


def submission_of(group: StudentFiles, student: str, assignment: str, handout: Handout) -> Submission:
    """The submission of one student; with `problem` set when there is none that can be read."""
    active = [entry for entry in group.entries if not entry.inactive]
    if group.entries and not active:
        expected = f"{assignment}.py or {assignment}.ipynb"
        sentence = f"nothing was handed in: every attempt was cancelled; expected {expected}."
        return Submission(
            student, "", "", (), problem=sentence, notes=group.notes, members=group.members, absent=True
        )
    attempts = _attempts(active)
    choices: list[Choice] = []
    for attempt in attempts:
        choices.append(choose(attempt, assignment, handout))
        # What is worth nothing, or is as it was handed out, never hides an earlier attempt.
        if choices[-1].fault or len(attempts) == 1 or choices[-1].value >= BROKEN:
            break
    place = max(range(len(choices)), key=lambda place: (choices[place].fault, choices[place].value, -place))
    submission = _submission(choices[place], student)
    late = any(entry.late for entry in attempts[place])
    notes = submission.notes if len(attempts) == 1 else (*submission.notes, *_attempt_notes(attempts, place))
    if inactive := _listed_names([[entry for entry in group.entries if entry.inactive]]):
        notes = (*notes, f"passed over, because an earlier attempt was made the active one: {inactive}.")
    return dataclasses.replace(submission, notes=(*notes, *group.notes), late=late, members=group.members)


def _attempts(entries: Sequence[HandedInFile]) -> list[list[HandedInFile]]:
    """The attempts of a platform that keeps each of them, the last one first."""
    stamps = sorted({entry.stamp for entry in entries}, reverse=True)
    if len(stamps) > 1:
        return [[entry for entry in entries if entry.stamp == stamp] for stamp in stamps]
    # A platform that numbers uploads: of one name, the one with the highest number is the last.
    last: dict[tuple[str, ...], HandedInFile] = {}
    older: list[HandedInFile] = []
    for entry in sorted(entries, key=lambda entry: -entry.upload):
        name = _as_named(entry)
        if entry.upload and name in last:
            older.append(entry)
        else:
            last.setdefault(name, entry)
    if not older:
        return [list(entries)]
    passed = set(map(id, older))
    return [[entry for entry in entries if id(entry) not in passed], older]


def _as_named(entry: HandedInFile) -> tuple[str, ...]:
    """Where a file lay when the student uploaded it: without what the platform adds to its name."""
    if not entry.numbered or not entry.inner:
        return entry.inner
    return (*entry.inner[:-1], re.sub(r"-\d+(?=\.[^.]*\Z)", "", entry.inner[-1]))


def _attempt_notes(attempts: Sequence[Sequence[HandedInFile]], place: int) -> list[str]:
    """Which attempt counts, where there is more than one."""
    if later := _listed_names(attempts[:place]):
        return [f"an earlier attempt was taken, because no work can be read in the later {later}."]
    if earlier := _listed_names(attempts[place + 1 :]):
        return [f"the last attempt was taken; earlier: {earlier}."]
    return []


def _listed_names(several: Sequence[Sequence[HandedInFile]]) -> str:
    names = [
        clean("/".join(entry.item.parts), 80)
        for group in several
        for entry in group
        if entry.inner and not entry.item.passed
    ]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _submission(choice: Choice, student: str) -> Submission:
    if choice.first is None:
        return Submission(
            student, "", "", (), problem=choice.problem, fault=choice.fault, absent=choice.absent
        )
    submission = _of_reading(choice.first, choice, student)
    if choice.second is None:
        return submission
    return dataclasses.replace(submission, other=_of_reading(choice.second, choice, student))


def _of_reading(reading: Reading, choice: Choice, student: str) -> Submission:
    name = clean("/".join(reading.item.parts), 300)
    submission = Submission(
        student, name, reading.sha256, reading.chunks, reading.problem, reading.notes, reading.fault
    )
    if submission.problem:
        return dataclasses.replace(submission, line=reading.line, text=reading.text)
    submission = dataclasses.replace(submission, misplaced=reading.misplaced)
    answer = next(entry for entry in choice.files if entry.item is reading.item)
    sources = [chunk.source for chunk in reading.chunks]
    try:
        modules, notes = modules_of(answer, choice.files, sources, reading.modules)
    except Unreadable as why:
        return dataclasses.replace(submission, problem=str(why), fault=why.fault)
    notes += not_imported(reading.name, reading.chunks, modules, choice.handout)
    return dataclasses.replace(submission, modules=modules, notes=submission.notes + notes)
