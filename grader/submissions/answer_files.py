"""Which of the files of one attempt is the answer: first by their names, then by what they hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from grader.submissions.archives import student_items
from grader.submissions.choice import BROKEN, CLOSED, NOTHING, WORK, best_of, better_of, passing_over, worth
from grader.submissions.disguised import as_what_they_are
from grader.submissions.filenames import (
    is_archive,
    is_named,
    is_packed,
    is_text,
)
from grader.submissions.handout import Handout
from grader.submissions.missing import named, not_handed_in, nothing_inside
from grader.submissions.modules import LIBRARIES, imported_names
from grader.submissions.packed import STUDENT_ARCHIVE
from grader.submissions.problems import Unreadable
from grader.submissions.reading import Reading, read
from grader.submissions.student_files import HandedInFile, stem_of
from grader.submissions.tiers import name_notes, tiers_of
from grader.text import clean

_MOST_ARCHIVES = 5  # opened for one student
_DEEPEST_ARCHIVE = 2  # an archive in an archive: some zip a folder that holds the zip already
_MOST_READ = 10  # files that are looked into because the one of the right name holds no work


@dataclass(frozen=True)
class Choice:
    """The answer and, where it may be the better, another one; or why there is none. `files` are all there are."""

    handout: Handout
    files: tuple[HandedInFile, ...]
    first: Reading | None = None
    second: Reading | None = None
    problem: str = ""
    fault: bool = False
    absent: bool = False  # nothing was handed in

    @cached_property
    def value(self) -> int:
        """What the answer is worth, in the terms of `choice`."""
        return NOTHING - 1 if self.first is None else worth(self.first, self.handout)


def choose(entries: Sequence[HandedInFile], assignment: str, handout: Handout) -> Choice:
    """The answer of one attempt: by what the files are called, and where that is none, by what they hold."""
    chosen = _as_named(entries, assignment, handout)
    if chosen.fault or chosen.value == WORK:
        return chosen
    if (why := _unknown(entries)) is not None:
        return _refused(handout, chosen.files, why)
    unmasked = as_what_they_are(entries, assignment, handout)
    if unmasked is None:
        return chosen
    held = _as_named(unmasked, assignment, handout)
    return held if held.value > chosen.value else chosen


def _unknown(entries: Sequence[HandedInFile]) -> Unreadable | None:
    """Why it cannot be known whether there is work, where this machine cannot look into a folder; else None."""
    for entry in entries:
        if entry.item.fault and entry.item.read is not None and not entry.inactive:
            try:
                entry.item.read(0)
            except Unreadable as why:
                return why
    return None


def _as_named(entries: Sequence[HandedInFile], assignment: str, handout: Handout) -> Choice:
    """The answer of files that are what they are called.

    Archives are opened if no work is beside them, or it imports what is not there.
    """
    files = [entry for entry in entries if entry.inner and entry.item.read is not None]
    passed = [entry for entry in entries if entry.item.passed and not entry.helper]
    archives = [entry for entry in files if _is_archive(entry) and not entry.helper]
    chosen = _among(files, assignment, handout, passed)
    if chosen.fault:
        return chosen
    if chosen.value == WORK:
        try:
            return dataclasses.replace(chosen, files=(*chosen.files, *_imported_from(archives, chosen)))
        except Unreadable as why:
            return _refused(handout, chosen.files, why)
    if not archives:
        return _beside_packed(chosen, files, assignment)
    inside, broken = _inside(archives)
    beside = [entry for entry in files if not _is_archive(entry)]
    readable = [entry for entry in inside if entry.item.read is not None]
    passed += [entry for entry in inside if entry.item.passed]
    unpacked = _among([*beside, *readable], assignment, handout, passed)
    if unpacked.value > chosen.value or unpacked.fault:
        return unpacked
    if chosen.value < CLOSED and broken:
        return _refused(handout, chosen.files, broken[0])
    if unpacked.absent:
        return _refused(handout, files, nothing_inside(archives[0].inner[-1], assignment))
    return _beside_packed(unpacked if chosen.first is None else chosen, files, assignment)


def _is_archive(entry: HandedInFile) -> bool:
    return entry.is_archive or is_archive(entry.inner[-1])


def _inside(archives: Sequence[HandedInFile]) -> tuple[list[HandedInFile], list[Unreadable]]:
    """The files in a student's archives, and why some cannot be had. One that lies in another is opened as well."""
    inside: list[HandedInFile] = []
    broken: list[Unreadable] = []
    left = _MOST_ARCHIVES
    for _ in range(_DEEPEST_ARCHIVE):
        opened: list[HandedInFile] = []
        for archive in archives[:left]:
            try:
                opened += _unzip(archive)
            except Unreadable as why:
                broken.append(why)
        left -= len(archives[:left])
        archives = [entry for entry in opened if is_archive(entry.inner[-1])]
        inside += [entry for entry in opened if not is_archive(entry.inner[-1])]
    return [*inside, *archives], broken


def _imported_from(archives: Sequence[HandedInFile], chosen: Choice) -> list[HandedInFile]:
    """The Python files of archives that hold what the answer imports and is not beside it: `layers.zip`.

    Raises Unreadable where this machine cannot open one.
    """
    if not archives:
        return []
    sources = [
        chunk.source for reading in (chosen.first, chosen.second) if reading for chunk in reading.chunks
    ]
    imported = imported_names(sources) - LIBRARIES
    missing = (
        imported - {stem_of(entry) for entry in chosen.files} - {entry.inner[0] for entry in chosen.files}
    )
    modules_and_answers: list[HandedInFile] = []
    for archive in archives[:_MOST_ARCHIVES] if missing else ():
        try:
            inside = _unzip(archive)
        except Unreadable as why:
            if why.fault:
                raise
            continue
        base = len(archive.inner) - 1
        around = {entry.inner[base] for entry in inside if len(entry.inner) > base + 1}
        if len(around) == 1 and not around & missing:  # a folder that only stands around all
            inside = [
                dataclasses.replace(entry, inner=(*entry.inner[:base], *entry.inner[base + 1 :]))
                for entry in inside
                if len(entry.inner) > base + 1
            ]
        modules = [entry for entry in inside if entry.inner[-1].endswith(".py")]
        # Its other files may be what those need.
        if any(entry.inner[base].removesuffix(".py") in missing for entry in modules):
            modules_and_answers += [dataclasses.replace(entry, helper=True) for entry in modules]
    return modules_and_answers


def _beside_packed(chosen: Choice, files: Sequence[HandedInFile], assignment: str) -> Choice:
    """The choice; or none, where it is an untouched hand-out beside an archive that may hold the work."""
    packed = next((entry for entry in files if is_packed(entry.inner[-1]) and not entry.helper), None)
    if packed is None or chosen.first is None or chosen.value >= CLOSED:
        return chosen
    why = (
        f"{chosen.first.name} is still as it was handed out"
        if chosen.value
        else chosen.first.problem.rstrip(".")
    )
    archive = clean(packed.inner[-1], 80)
    problem = (
        f"{why}, and {archive} is not opened here: hand in {assignment}.py or {assignment}.ipynb itself, "
        "or a .zip of it."
    )
    return Choice(chosen.handout, chosen.files, problem=problem)


def _unzip(archive: HandedInFile) -> list[HandedInFile]:
    """The files in a student's archive, as if they lay beside it. Raises Unreadable when it cannot be opened."""
    item = archive.item
    assert item.read is not None
    name = archive.inner[-1]
    inside = student_items(item.read(STUDENT_ARCHIVE), name, item.parts)
    depth = len(item.parts)
    return [
        dataclasses.replace(
            archive, item=inner, inner=archive.inner[:-1] + inner.parts[depth:], is_archive=False
        )
        for inner in inside
        if inner.read is not None or inner.passed
    ]


def _refused(handout: Handout, files: Sequence[HandedInFile], why: Unreadable) -> Choice:
    return Choice(handout, tuple(files), problem=str(why), fault=why.fault, absent=why.absent)


def _among(
    files: Sequence[HandedInFile], assignment: str, handout: Handout, passed: Sequence[HandedInFile]
) -> Choice:
    try:
        first, second = _choose(files, assignment, handout, passed)
    except Unreadable as why:
        return _refused(handout, files, why)
    return Choice(handout, tuple(files), first, second, fault=first.fault)


def _choose(
    files: Sequence[HandedInFile], assignment: str, handout: Handout, passed: Sequence[HandedInFile]
) -> tuple[Reading, Reading | None]:
    """The answer and the other one, of files that may hold an answer. Raises Unreadable when there is none."""
    tiers = tiers_of([entry for entry in files if not entry.helper], assignment)
    look = partial(_readings, assignment=assignment, handout=handout)
    meant = list(look(tiers.meant, note=tiers.note))
    for reading in meant:
        if reading.fault:
            return reading, None
    if len(meant) == 1 and not (tiers.also or tiers.older or tiers.other or tiers.texts):
        return meant[0], None
    work = [reading for reading in meant if worth(reading, handout) == WORK]
    if work or tiers.also:
        work += [reading for reading in look(tiers.also) if worth(reading, handout) == WORK]
    if not work:
        work = [reading for reading in look(tiers.older) if worth(reading, handout) == WORK][:1]
    others: list[list[Reading]] = [[], []]
    for place, tier in enumerate((tiers.other, tiers.texts)):
        if not work:
            others[place] = list(look(tier))
            work = [
                reading for reading in others[place] if handout.work(reading.chunks) & {*handout.exercises}
            ]
    if work:
        first, second = best_of(work, handout)
        chosen = {id(reading.item) for reading in (first, second, *work) if reading}
        left = [reading for reading in meant if id(reading.item) not in chosen]
        return passing_over(first, left, handout), second
    broken = _broken([*meant, *look(tiers.also), *look(tiers.older)], [*others[0], *others[1]], handout)
    if broken:
        left = [reading for reading in meant if reading.item is not broken[0].item]
        return passing_over(broken[0], left, handout), None
    if meant:
        return better_of(meant[0], meant[1], handout) if len(meant) == 2 else (meant[0], None)
    only = _only_candidate(tiers.other, others[0], assignment, handout)
    if only is None:
        raise not_handed_in(files, assignment, passed)
    return only


def _broken(named: Sequence[Reading], others: Sequence[Reading], handout: Handout) -> list[Reading]:
    """The files that may hold work and cannot be read, those first that are called as the assignment."""
    broken = [
        reading
        for value in (BROKEN, CLOSED)
        for reading in named
        if worth(reading, handout) == value and not _is_prose(reading, handout)
    ]
    return broken + [reading for reading in others if reading.broken and handout.begun_in(reading.text)]


def _is_prose(reading: Reading, handout: Handout) -> bool:
    """Whether it is a text called as the assignment, with no program in it: notes beside the answer."""
    begun = handout.begun_in(reading.text) or not handout.exercises
    return is_text(reading.item.parts[-1]) and reading.broken and not begun and not reading.chunks


def _readings(
    entries: Sequence[HandedInFile], assignment: str, handout: Handout, note: str = ""
) -> Iterator[Reading]:
    """Read some files, each when it is asked for; their notes say which name was expected, and then `note`."""
    for entry in entries[:_MOST_READ]:
        reading = read(entry.item, handout)
        is_renamed = (
            entry.note and entry.inner[-1] != entry.item.parts[-1]
        )  # then its note says what was expected
        names = () if is_renamed else name_notes(entry, assignment)
        said = (entry.note, *names, note, *reading.notes)
        notes = tuple(dict.fromkeys(filter(None, said)))
        yield dataclasses.replace(reading, notes=notes)


def _only_candidate(
    entries: Sequence[HandedInFile],
    readings: Sequence[Reading],
    assignment: str,
    handout: Handout,
) -> tuple[Reading, Reading | None] | None:
    """The answer where no name and no content says which it is: the only file there is, or its two forms; or None."""
    # What is named like another exercise of the course was meant for that one; what the course gives is nobody's work.
    own = [
        entry
        for entry in entries
        if stem_of(entry) not in handout.modules
        and not any(is_named(entry.inner[-1], other) for other in handout.others)
    ]
    readings = [reading for reading in readings if any(reading.item is entry.item for entry in own)]
    stems = {stem_of(entry) for entry in own}
    if len(stems) > 1:
        expected = f"{assignment}.py or {assignment}.ipynb"
        raise Unreadable(f"it is not clear which file counts: expected {expected}, found {named(own)}.")
    if not readings:
        return None
    return better_of(readings[0], readings[1], handout) if len(readings) == 2 else (readings[0], None)
