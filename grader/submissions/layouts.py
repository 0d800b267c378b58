"""Whose is what: sorts everything below the path given into one `StudentFiles` per student. Looks at names, opens
nothing but Gradescope's metadata and a lone archive.

The layouts, for an assignment `a`: a folder per student (`<student>/a.py`, at any depth), nbgrader's
(`<student>/a/a.ipynb`), the downloads of platforms (see lms.py), a flat folder of `<student>_….py`, archives of
any of these, one folder around them, and the folder of a single student. What lies in one student's folder never
changes how another's is read. Where names leave open whose something is, it is asked: `Unclear`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.submissions.archives import student_items
from grader.submissions.classes import class_groups, is_platform, login_of, one_student
from grader.submissions.filenames import NEVER, is_answer, is_archive, is_named, is_put_aside, without_ending
from grader.submissions.files import Item
from grader.submissions.flat import prefix
from grader.submissions.foldernames import attempts, is_place
from grader.submissions.handout import Handout
from grader.submissions.lms import owner_of, owner_of_folder
from grader.submissions.packed import STUDENT_ARCHIVE
from grader.submissions.problems import Unreadable
from grader.submissions.reading import read
from grader.submissions.student_files import HandedInFile, Level, StudentFiles, Unclear

_DEEPEST = 6  # folders, and archives, around the class
_MOST_READ = 50  # files that are looked into to tell one student's from several students'
_COLLECTED = "submitted"  # where nbgrader puts what it collects
_NBGRADER = ("source", "release", "autograded", "feedback")


def student_of_path(parts: tuple[str, ...], assignment: str) -> str:
    """The student of a single file or folder, from the folders that lead to it, nearest last; else "student".

    The nearest folder counts, or the one above when that is named like the assignment (nbgrader's layout).
    """
    folders = [part for part in parts if part not in ("/", "")]
    if folders and folders[-1] == assignment:
        folders.pop()
    name = folders[-1] if folders else ""
    if owner := owner_of_folder(name):
        return owner.student
    if is_place(name, assignment) or not any(map(str.isalnum, name)):
        return "student"
    return login_of(name, assignment)


def group(
    items: Sequence[Item], above: tuple[str, ...], assignment: str, handout: Handout, *, zipped: bool
) -> list[StudentFiles]:
    """The groups of all students below a path; empty when several folders are there and nothing in any can be meant.

    `above` are the folders that lead to the path, in case it is the folder of a single student. Raises Unclear.
    """
    entries = [HandedInFile(item, item.parts) for item in items]
    sorter = _Sorter(assignment, handout, zipped)
    return sorter.sort(entries, student_of_path(above, assignment), folder=above[-1] if above else "")


@dataclass(frozen=True)
class _Sorter:
    assignment: str
    handout: Handout
    zipped: bool

    def sort(
        self, entries: list[HandedInFile], student: str, deep: int = 0, folder: str = ""
    ) -> list[StudentFiles]:
        """The groups below one folder, called `folder`, which is the one of `student` if it is a single student's."""
        level = Level(entries)
        if folder == _COLLECTED and self._is_collected(level):
            return class_groups(level, self.assignment, self.handout)
        inner = self._inner(level) if deep < _DEEPEST else None
        if inner is not None:
            name, below = inner
            here = student_of_path((name,), self.assignment)
            return self.sort(below, student if here == "student" else here, deep + 1, name)
        if self._is_class(level):
            return class_groups(level, self.assignment, self.handout)
        if self._is_nothing(level):
            return []
        return [one_student(student, entries, self.assignment)]

    # … what a level is

    def _inner(self, level: Level) -> tuple[str, list[HandedInFile]] | None:
        """The one folder (or archive) that only stands around the class, and what is in it; None when there is none."""
        folders = level.folders
        if _COLLECTED in folders and ("gradebook.db" in level.names or any(map(folders.get, _NBGRADER))):
            return _COLLECTED, folders[_COLLECTED]
        if is_platform(level) or self._direct(level) or self._flat(level):
            return None
        loose = [name for name in level.names if is_answer(name, self.assignment) or is_archive(name)]
        if len(folders) == 1 and not loose:
            (name,) = folders
            if is_platform(level.below(name)):
                return name, folders[name]
        held = self._held(level)
        if held == [self.assignment] and not self._is_nbgrader(level, self.assignment):
            return self.assignment, folders[self.assignment]
        if not held:
            held = [] if loose else self._held(level, self._answers)
        if len(held) == 1:
            (name,) = held
            if name == self.assignment and self._is_nbgrader(level, name):
                return None
            if self._is_place(level, name) and not self._other_folders(level, name):
                return name, folders[name]
            if len(self._branches(level.below(name))) > 1:
                if others := self._other_folders(level, name):
                    raise self._unclear(level, [name, *others])
                return name, folders[name]
        return self._archive_contents(level) if not folders else None

    def _is_class(self, level: Level) -> bool:
        """Whether the folders and files of a level are those of several students, or of one in a folder around it."""
        exact = {f"{self.assignment}.py", f"{self.assignment}.ipynb"}.intersection(level.names)
        if is_platform(level) and not (exact and not any(self._of_platform(name) for name in level.names)):
            return True
        held = self._held(level)
        persons = [name for name in held if self._is_person(level, name)]
        flat = self._flat(level)
        if self._direct(level):
            if len(persons) > 1 or len(flat) > 1:
                raise self._unclear(level, persons, f"beside {sorted(exact or level.names)[0]}")
            return False
        if self.assignment in held and self._is_nbgrader(level, self.assignment):
            if len(persons) > 1:
                raise self._unclear(level, [self.assignment, *persons])
            return False
        if flat:
            return True
        if not held:
            return self._is_class_of_other_names(level)
        if not persons:
            if crowded := self._crowded_folders(level, held):
                raise Unclear("", crowded)
            # Folders such as ex1 and ex2 may be two students' or one's: whose they are is nobody's to guess.
            if len(counting := [name for name in held if not is_put_aside(name)]) > 1:
                raise self._unclear(level, counting)
            return False
        if places := [name for name in held if name not in persons]:
            raise self._unclear(level, [*places, *persons])  # what is asked about comes first
        if crowded := self._crowded_folders(level, persons):
            raise Unclear("", crowded)
        return True

    def _crowded_folders(self, level: Level, names: Sequence[str]) -> tuple[str, ...]:
        """The paths of all folders, below some, that may be several students'."""
        return tuple(path for name in names for path in self._branches(level.below(name)))

    def _is_class_of_other_names(self, level: Level) -> bool:
        """The same where no file is called as was asked for."""
        persons = [name for name in level.folders if not self._is_place(level, name)]
        useful = self._held(level, self._answers)
        answers = [
            entry
            for entry in level.files
            if self._answers(entry)
            and not is_archive(entry.inner[0])
            and not (entry.item.refused and not is_answer(entry.inner[0], self.assignment))
        ]
        if useful:
            return len(persons) > 1 or (len(persons) == 1 and persons == useful and not answers)
        archives = [name for name in level.names if is_archive(name)]
        if not answers or persons:
            return len(archives) > 1
        if len(answers) == 1:
            stem = answers[0].inner[0].rpartition(".")[0]
            alone = len(level.files) == 1 and not level.folders
            return alone and stem not in self.handout.others and not is_place(stem, self.assignment)
        if not self.handout.exercises:
            return True
        # Solutions of several students, or one student's solution and what it needs.
        return sum(map(self._begins, answers[:_MOST_READ])) > 1

    def _is_nothing(self, level: Level) -> bool:
        """Whether this is most likely the wrong path: several folders, and no answer in any."""
        persons = [name for name in level.folders if not self._is_place(level, name)]
        return len(persons) > 1 and not self._held(level, self._answers) and not self._held(level)

    def _begins(self, entry: HandedInFile) -> bool:
        reading = read(entry.item, self.handout)
        names = self.handout.begun_in(reading.text or "\n".join(chunk.source for chunk in reading.chunks))
        return bool(names)

    def _archive_contents(self, level: Level) -> tuple[str, list[HandedInFile]] | None:
        """What is in an archive that lies there alone, if it is a class's and not a student's own."""
        (archives, files) = [entry for entry in level.files if is_archive(entry.inner[0])], level.files
        if len(archives) != 1 or len(files) != 1:
            return None
        item, name = archives[0].item, archives[0].inner[0]
        assert item.read is not None
        try:
            inside = student_items(item.read(STUDENT_ARCHIVE), name, item.parts)
        except Unreadable:
            return None  # its student is told why
        entries = [HandedInFile(inner, inner.parts[len(item.parts) :]) for inner in inside]
        inner = Level(entries)
        is_class = is_platform(inner) or len(self._flat(inner)) > 1 or len(self._branches(inner)) > 1
        return (without_ending(name), entries) if is_class else None

    # … what is in it

    def _answers(self, entry: HandedInFile) -> bool:
        name = entry.inner[-1]
        meant = is_answer(name, self.assignment) and not NEVER.fullmatch(name.rpartition(".")[0])
        return meant or is_archive(name) or entry.item.refused

    def _of_platform(self, name: str) -> bool:
        owner = owner_of(name)
        return owner is not None and is_answer(owner.file, self.assignment)

    def _has_right_name(self, entry: HandedInFile) -> bool:
        return is_named(entry.inner[-1], self.assignment)

    def _direct(self, level: Level) -> bool:
        return any(is_named(name, self.assignment) for name in level.names)

    def _flat(self, level: Level) -> set[str]:
        return {student for name in level.names if (student := prefix(name, self.assignment)[0])}

    def _held(self, level: Level, counts: Callable[[HandedInFile], bool] | None = None) -> list[str]:
        """The folders with a file of the right name, or another wanted one, anywhere in them."""
        fits = counts or self._has_right_name
        return [
            name
            for name, below in level.folders.items()
            if any(entry.inner and entry.item.read is not None and fits(entry) for entry in below)
        ]

    def _is_collected(self, level: Level) -> bool:
        """Whether all folders are students' as nbgrader collects them, whatever their logins (`root`, `model`)."""
        held = self._held(level) or self._held(level, self._answers)
        return bool(held) and all(self.assignment in level.below(name).folders for name in held)

    def _is_nbgrader(self, level: Level, name: str) -> bool:
        return self._direct(level.below(name))

    def _is_person(self, level: Level, name: str) -> bool:
        """Whether a folder is a student's: by its name, or because it is laid out as nbgrader does."""
        below = level.below(name)
        inside = self.assignment in below.folders and self._is_nbgrader(below, self.assignment)
        return name != self.assignment and (inside or not self._is_place(level, name))

    def _is_place(self, level: Level, name: str) -> bool:
        # A hidden folder without an answer in it is a tool's.
        hidden = name.startswith(".") and name not in self._held(level, self._answers)
        return hidden or is_place(name, self.assignment, level.folders)

    def _other_folders(self, level: Level, name: str) -> list[str]:
        return [other for other in level.folders if other != name and not self._is_place(level, other)]

    def _branches(self, level: Level) -> list[str]:
        """The folders, in what may be one student's, that may be several students' and hold the file: paths."""
        while not self._direct(level):
            held = self._held(level) or self._held(level, self._answers)
            if self.assignment in held and self._is_nbgrader(level, self.assignment):
                return []
            if len(held) != 1:
                persons = [name for name in held if not self._is_place(level, name)]
                several = [] if attempts(held) or len(persons) < 2 else persons
                return [_where(level.folders[name][0]) for name in several]
            level = level.below(held[0])
        return []

    def _unclear(self, level: Level, names: Sequence[str], beside: str = "") -> Unclear:
        folders = tuple(_where(level.folders[name][0]) for name in names)
        return Unclear(beside, folders)


def _where(entry: HandedInFile) -> str:
    """The folder that an entry of a level lies in, as seen from the path given."""
    parts = entry.item.parts
    return "/".join(parts[: len(parts) - len(entry.inner)])
