"""What one student handed in, as data: a `StudentFiles` of `HandedInFile`s, made by those who read names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.records import Member
from grader.submissions.filenames import kind_of
from grader.submissions.files import Item
from grader.submissions.lms import Owner


@dataclass(frozen=True)
class HandedInFile:
    """One file of a student. `inner` is where it lies in what the student handed in (empty for an empty
    folder). A `helper` may be imported by the answer and is never the answer itself.
    """

    item: Item
    inner: tuple[str, ...]
    stamp: str = ""  # of the attempt: a later one compares greater
    numbered: bool = False  # the platform adds -1, -2 to a name that was there before
    upload: int = 0  # the platform's number: a later upload of the same student has a greater one
    late: bool = False
    about: str = ""  # lms.LINK or lms.TEXT: no file, but what the platform wrote in its place
    helper: bool = False
    inactive: bool = False  # of an attempt that the platform keeps and the student does not want to count
    is_archive: bool = False  # it holds other files
    note: str = ""  # that it is not what its name says

    def of(self, owner: Owner, inner: tuple[str, ...]) -> HandedInFile:
        """The same with what a platform's name says of it."""
        return replace(
            self,
            inner=inner,
            stamp=owner.stamp,
            numbered=owner.numbered,
            upload=owner.upload,
            late=owner.late,
            about=owner.about,
        )


@dataclass(frozen=True)
class StudentFiles:
    """What one student handed in. `number` is the platform's, to tell students of the same name apart."""

    student: str
    entries: tuple[HandedInFile, ...]
    number: str = ""
    members: tuple[Member, ...] = ()
    notes: tuple[str, ...] = ()


class Unclear(Exception):
    """Whose is what cannot be known from names. Its text is for the instructor; `folders` are those in question.

    `students`: all files are one student's, who may be each of these.
    """

    def __init__(self, sentence: str, folders: tuple[str, ...] = (), students: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.folders = folders
        self.students = students

    @classmethod
    def user(cls, name: str, students: Sequence[str]) -> Unclear:
        """Where it is not known what of a name is the student's."""
        return cls(name, students=tuple(students))


class Level:
    """Entries sorted by what lies directly in one folder; nothing of what is passed over is in it.

    In `folders` their `inner` is one step shorter.
    """

    def __init__(self, entries: list[HandedInFile]) -> None:
        self.files: list[HandedInFile] = []
        self.folders: dict[str, list[HandedInFile]] = {}
        for entry in entries:
            if len(entry.inner) == 1 and entry.item.passed:
                continue
            if len(entry.inner) == 1 and entry.item.read is not None:
                self.files.append(entry)
            elif entry.inner:
                below = self.folders.setdefault(entry.inner[0], [])
                below.append(replace(entry, inner=entry.inner[1:]))

    @property
    def names(self) -> list[str]:
        """The names of the files."""
        return [entry.inner[0] for entry in self.files]

    def below(self, name: str) -> Level:
        """The level of one of the folders."""
        return Level(self.folders[name])


def stem_of(entry: HandedInFile) -> str:
    """The name of an answer without its ending; "" for what is none."""
    kind = kind_of(entry.inner[-1])
    return kind.stem if kind else ""


def is_notebook(entry: HandedInFile) -> bool:
    """Whether a file is a notebook by its name."""
    kind = kind_of(entry.inner[-1])
    return kind is not None and kind.notebook
