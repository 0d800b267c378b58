"""The folders and files of a class → one `StudentFiles` per student, each looked at alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from grader.records import Member
from grader.submissions.active import CANCELLED, active_version
from grader.submissions.filenames import is_answer, is_archive, is_named, means
from grader.submissions.flat import of_students
from grader.submissions.foldernames import attempts, is_feedback, is_place, is_sakai
from grader.submissions.handout import Handout
from grader.submissions.lms import (
    GRADESCOPE_METADATA,
    Owner,
    described_user,
    head_of,
    is_description,
    is_gradescope,
    owner_of,
    owner_of_folder,
    title_of,
    users_of,
)
from grader.submissions.problems import Unreadable
from grader.submissions.student_files import HandedInFile, Level, StudentFiles, Unclear
from grader.text import clean

_METADATA_LIMIT = 200_000_000  # bytes; Gradescope writes all old results into it
_DESCRIPTION_LIMIT = 1_000_000  # bytes; what a student typed is in it
_WITH_ID = re.compile(r"(?P<student>.*\S)\s*\((?P<number>[^()]+)\)\Z", re.DOTALL)
_NAMED_BY_SAKAI = re.compile(r"[^,()]+, [^()]*[^()\s]\([^()\s]+\)\Z")  # `Lovelace, Ada(alovel)`


def is_platform(level: Level) -> bool:
    """Whether the names of a level are those that a learning platform gives."""
    folders = any(owner_of_folder(name) or is_gradescope(name) for name in level.folders)
    return (
        folders
        or any(owner_of(name) or is_gradescope(name) for name in level.names)
        or any(map(_is_of_sakai, level.folders.values()))
    )


def _is_of_sakai(entries: Sequence[HandedInFile]) -> bool:
    """Whether a student's folder is laid out as Sakai does."""
    return any(entry.inner and is_sakai(entry.inner[0]) for entry in entries)


@dataclass
class _Draft:
    """What has been found of one student so far. `folders` are those that a platform made, with whose they are."""

    student: str
    number: str = ""
    entries: list[HandedInFile] = field(default_factory=list)
    members: tuple[Member, ...] = ()
    folders: dict[str, Owner] = field(default_factory=dict)


def class_groups(level: Level, assignment: str, handout: Handout) -> list[StudentFiles]:
    """The groups of a level that holds a class."""
    groups: dict[tuple[str, str], _Draft] = {}
    title = title_in(level)
    people = _submitters(level.files)

    def of(student: str, number: str = "") -> _Draft:
        return groups.setdefault((student, number), _Draft(student, number))

    for name, below in level.folders.items():
        nothing = replace(below[0], item=replace(below[0].item, read=None), inner=())
        if owner := owner_of_folder(name, title):
            group = of(owner.student, owner.number)
            if owner.feedback:
                group.entries.append(nothing)
                continue
            group.entries += [entry.of(owner, entry.inner) for entry in below]
            group.folders[name] = owner
        elif is_gradescope(name):
            members = people.get(name, ())
            group = of(_joint_name(members) or name, name.rpartition("_")[2])
            group.entries += below
            group.members = members
        elif _is_of_sakai(below) or _NAMED_BY_SAKAI.match(name):
            match = _WITH_ID.match(name)
            handed = [entry for entry in below if not (entry.inner and is_feedback(entry.inner[0]))]
            group = of(match["student"] if match else name, match["number"] if match else "")
            group.entries += handed or [nothing]
        elif any(_is_useful(entry, assignment) for entry in below) or not (
            is_place(name, assignment, level.folders) or name.startswith(".")
        ):
            of(_login(name, level, assignment)).entries += attempts_of(
                _of_assignment(below, assignment, handout), assignment
            )
    for entry, student, file, platform in of_students(level.files, assignment, title):
        group = of(student, platform.number if platform else "")
        # A platform's description of an attempt is no file of the student's.
        plain = entry if file else replace(entry, item=replace(entry.item, read=None))
        inner = (file,) if file else ()
        group.entries.append(plain.of(platform, inner) if platform else replace(plain, inner=inner))
    return [_group(group) for group in groups.values()]


def title_in(level: Level) -> str:
    """What all of Blackboard's names begin with, told by its descriptions or by the names. Raises Unclear."""
    names = (*level.names, *level.folders)
    heads = set(filter(None, map(head_of, names)))
    users: dict[str, str] = {}
    for entry in level.files if heads else ():
        name = entry.inner[0]
        if is_description(name) and entry.item.read is not None:
            try:
                users[head_of(name)] = described_user(
                    entry.item.read(_DESCRIPTION_LIMIT).decode("utf-8", "replace")
                )
            except Unreadable:
                continue
    title = title_of(names, {head: user for head, user in users.items() if user})
    if len(heads) == 1 and not title and len(maybe := users_of(*heads)) > 1:
        raise Unclear.user(next(name for name in names if head_of(name)), maybe)
    return title


def one_student(student: str, entries: list[HandedInFile], assignment: str) -> StudentFiles:
    """The group of a level that is one student's."""
    return StudentFiles(student, tuple(attempts_of(entries, assignment)))


def _group(parts: _Draft) -> StudentFiles:
    entries = parts.entries
    notes: tuple[str, ...] = ()
    dated = sorted(name for name, owner in parts.folders.items() if owner.dated)
    if len(dated) > 1 and not all(parts.folders[name].stamp for name in dated):
        # Which is the later is not known: then nothing may be taken for the newer, the files' own dates neither.
        entries = [replace(entry, stamp="", item=replace(entry.item, date=0.0)) for entry in entries]
        names = ", ".join(clean(name, 80) for name in dated[:4])
        notes = (
            f"there are several submissions, and which is the last cannot be told from their dates: {names}.",
        )
    return StudentFiles(parts.student, tuple(entries), parts.number, parts.members, notes)


def _is_useful(entry: HandedInFile, assignment: str) -> bool:
    name = entry.inner[-1] if entry.inner else ""
    return bool(name) and entry.item.read is not None and (is_answer(name, assignment) or is_archive(name))


def login_of(folder: str, assignment: str) -> str:
    """Whose a folder is: "ada" for GitHub Classroom's `birnn-ada`."""
    words = re.match(
        rf"{re.escape(assignment)}[ ._-]+(?P<login>\w.*)\Z", folder.replace("-", "_"), re.IGNORECASE
    )
    login = folder[words.start("login") :] if words else folder
    return folder if is_place(login, assignment) else login


def _login(folder: str, level: Level, assignment: str) -> str:
    """The same in a class, unless there is another ada."""
    login = login_of(folder, assignment)
    return folder if login in level.folders else login


def _of_assignment(entries: list[HandedInFile], assignment: str, handout: Handout) -> list[HandedInFile]:
    """The entries without the folders of other assignments that nbgrader keeps beside this one: `rnn/rnn.py`."""

    def other(entry: HandedInFile) -> str:
        if len(entry.inner) != 2:
            return ""
        folder, stem = entry.inner[0], entry.inner[1].rpartition(".")[0]
        is_student = folder in handout.others if handout.others else folder.isidentifier()
        return folder if is_student and folder == stem and not means(folder, assignment) else ""

    others = set(filter(None, map(other, entries)))
    entries_left = [entry for entry in entries if not entry.inner or entry.inner[0] not in others]
    # Whose folder it was must not be forgotten.
    return entries_left or [replace(entries[0], item=replace(entries[0].item, read=None), inner=())]


def attempts_of(entries: list[HandedInFile], assignment: str) -> list[HandedInFile]:
    """The entries, marked by attempt where their folders are attempts: `ada/1/a.py`, `ada/2/a.py`."""
    path: tuple[str, ...] = ()
    level = Level(entries)
    while level.folders and not any(is_named(name, assignment) for name in level.names):
        if keys := attempts(level.folders):
            steps = len(path)
            version = active_version(level.files)
            active = "" if version == CANCELLED else keys.get(version, max(keys.values()))
            return [
                replace(
                    entry,
                    stamp=keys[entry.inner[steps]],
                    inactive=keys[entry.inner[steps]] > active,
                )
                for entry in entries
                if entry.inner[:steps] == path and len(entry.inner) > steps and entry.inner[steps] in keys
            ]
        if len(level.folders) != 1:
            return entries
        (name,) = level.folders
        path, level = (*path, name), level.below(name)
    return entries


def _joint_name(members: Sequence[Member]) -> str:
    return " & ".join(member.name or member.email or member.sid for member in members)


def _submitters(files: Sequence[HandedInFile]) -> dict[str, tuple[Member, ...]]:
    for entry in files:
        if entry.inner == (GRADESCOPE_METADATA,) and entry.item.read is not None:
            from grader.submissions.gradescope import submitters  # which loads a YAML library that few need

            try:
                return submitters(entry.item.read(_METADATA_LIMIT).decode("utf-8", "replace"))
            except Unreadable:
                return {}  # then a folder's own name is its student's
    return {}
