"""A path → the exercise that is meant: the student's file, and the visible checks beside it.

It reads names and files and runs nothing. What is wrong with the path is a UsageError that says what was expected.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.check import guide
from grader.errors import UsageError
from grader.records import Chunk
from grader.submissions import modules_beside
from grader.submissions.answer_files import choose
from grader.submissions.choice import CLOSED, UNTOUCHED, better_of, worth
from grader.submissions.filenames import is_named
from grader.submissions.files import Item, read_beneath, refuse
from grader.submissions.handout import Handout
from grader.submissions.misplaced import not_imported
from grader.submissions.problems import Unreadable
from grader.submissions.reading import Reading, read
from grader.submissions.student_files import HandedInFile
from grader.text import clean

ENDINGS = (".py", ".ipynb")
MOST_COPIES = 20  # files of nearly the exercise's name that are looked into


@dataclass(frozen=True)
class Exercise:
    """Where to look. `file` is set when the student named one; else it is chosen anew at each look."""

    name: str
    folder: Path
    file: Path | None = None

    @property
    def checks(self) -> Path:
        """The visible checks."""
        return self.folder / f"test_{self.name}.py"


@dataclass(frozen=True)
class Work:
    """The student's file as it is at one moment. `problem` says why it cannot be read; `notes` are worth saying.

    `modules` are the other .py files that it may import, found as grading finds them in what is handed in; `written`
    are the paths of those that a notebook writes itself.
    """

    file: str
    path: Path
    chunks: tuple[Chunk, ...]
    problem: str
    notes: tuple[str, ...]
    modules: tuple[Chunk, ...] = ()
    written: frozenset[str] = frozenset()
    misplaced: tuple[str, ...] = ()  # the notes on exercises that stand where nothing is run


def find(path: Path | None) -> Exercise:
    """The exercise at `path`: a folder with test_<name>.py in it, or the student's .py or .ipynb beside it.

    Raises UsageError when there is none, or more than one.
    """
    place = Path.cwd() if path is None else path
    if place.is_dir():
        names = _names(place)
        if len(names) == 1:
            return Exercise(names[0], place.resolve())
        raise _not_one(place, names)
    typed = clean(str(place), 200)
    if not place.is_file():
        raise UsageError(
            f"There is no {typed}.", next_step="Name your file, or its folder: grader check birnn.py"
        )
    folder, stem = place.resolve().parent, place.stem
    names = _names(folder)
    name = stem.removeprefix("test_")
    if place.suffix not in ENDINGS:
        raise UsageError(
            f"{typed} is neither a .py file nor a notebook.",
            next_step="Name your file: grader check birnn.py",
        )
    if name in names:
        return Exercise(name, folder, None if stem != name else place.resolve())
    if len(names) == 1:  # a copy under another name
        return Exercise(names[0], folder, place.resolve())
    raise UsageError(
        f"There are no visible checks beside {typed}: expected test_{name}.py in {folder}.",
        next_step="Put your file back into the folder it came in, or download that folder again.",
    )


def _names(folder: Path) -> list[str]:
    """The exercises that have their checks in a folder, and a file to work in or to begin with.

    Where none has that, the one that is left of a hand-out whose file was renamed.
    """
    names = [checks.stem.removeprefix("test_") for checks in sorted(folder.glob("test_*.py"))]
    begun = [name for name in names if any((folder / f"{name}{ending}").is_file() for ending in ENDINGS)]
    return begun or (names if len(names) == 1 and (folder / guide.NAME).is_file() else [])


def _not_one(folder: Path, names: Sequence[str]) -> UsageError:
    where = clean(str(folder.resolve()), 200)
    if names:
        return UsageError(
            f"{where} holds {len(names)} exercises: {', '.join(names)}.",
            next_step=f"Name the file you mean: grader check {names[0]}.py",
        )
    below = [path for path in sorted(folder.glob("*/")) if path.is_dir() and len(_names(path)) == 1]
    below += [
        path for path in sorted(folder.glob("assignments/*/")) if path.is_dir() and len(_names(path)) == 1
    ]
    if below:
        there = ", ".join(path.relative_to(folder).as_posix() for path in below)
        step = f"Go into one of them, or name it: grader check {below[0].relative_to(folder).as_posix()}"
        return UsageError(f"{where} is no exercise, but there are some below it: {there}.", next_step=step)
    return UsageError(
        f"{where} is no exercise's folder: expected your file, such as birnn.py, and test_birnn.py beside it.",
        next_step="Go into the folder you were given, then type: grader check",
    )


def look(exercise: Exercise) -> Work:
    """Read the student's file as it is now. Raises UsageError when there is none any more."""
    if exercise.file is not None:
        paths = [exercise.file]
    else:
        paths = [exercise.folder / f"{exercise.name}{ending}" for ending in ENDINGS]
    exercises = {entry.exercise for entry in guide.read(exercise.folder / guide.NAME).checks.values()}
    handout = Handout(tuple(sorted(exercises)))
    readings = [(path, reading) for path in paths if (reading := _read(path, exercise, handout)) is not None]
    if not readings:
        raise _gone(exercise, paths[0], handout)
    (path, reading), note = readings[0], ""
    if len(readings) == 2:
        (_, first), (other, second) = readings
        chosen, alternative = better_of(first, second, handout)
        differ = alternative is not None or worth(first, handout) != worth(second, handout)
        if differ and not chosen.fault:
            left = second
            if chosen.item is second.item:
                (other, left), (path, reading) = readings
            why = f"{path.name} is looked at: of your two files it has less left to do, or is the newer one."
            if alternative is None and chosen.notes:  # then the choice says why
                why = chosen.notes[0][:1].upper() + chosen.notes[0][1:]
            if worth(left, handout) != UNTOUCHED:  # nothing is said of a file that nobody has touched
                note = f"{why} To have the other looked at: grader check {other.name}"
    if path.is_symlink():
        note = f"{note} {path.name} is a link: hand in the file itself, a link is not graded.".strip()
    elif exercise.file is None and worth(reading, handout) == UNTOUCHED:
        note = f"{note} {_copies(exercise, handout)}".strip()
    notes = (note, *reading.notes) if note else reading.notes
    try:
        modules, more = modules_beside(path, [chunk.source for chunk in reading.chunks], reading.modules)
    except Unreadable as why:
        return Work(path.name, path, reading.chunks, str(why), notes)
    more += not_imported(path.name, reading.chunks, modules, handout)
    written = frozenset(chunk.label for chunk in reading.modules)
    return Work(
        path.name, path, reading.chunks, reading.problem, (*notes, *more), modules, written, reading.misplaced
    )


def _gone(exercise: Exercise, path: Path, handout: Handout) -> UsageError:
    """That the file to look at is not there; with another one that holds the work, where there is one."""
    around = [other for ending in ENDINGS for other in sorted(exercise.folder.glob(f"*{ending}"))]
    for other in [other for other in around if other != exercise.checks][:MOST_COPIES]:
        reading = _read(other, exercise, handout)
        if reading is not None and handout.work(reading.chunks) & {*handout.exercises}:
            quoted = f'"{other.name}"' if " " in other.name else other.name
            return UsageError(
                f"{path} is gone, and {other.name} holds work.", next_step=f"Type: grader check {quoted}"
            )
    return UsageError(f"{path} is gone.", next_step="Put it back, then type: grader check")


def _copies(exercise: Exercise, handout: Handout) -> str:
    """A sentence on files with work in them that are called nearly as the exercise; "" where there are none."""
    copies = [
        path.name
        for path in sorted(exercise.folder.iterdir())
        if path.suffix in ENDINGS and path.stem != exercise.name and is_named(path.name, exercise.name)
    ][:MOST_COPIES]
    readings = {name: _read(exercise.folder / name, exercise, handout) for name in copies}
    written = [
        name
        for name, reading in readings.items()
        if reading is not None and worth(reading, handout) > UNTOUCHED
    ]
    if not written:
        return ""
    quoted = f'"{written[0]}"' if " " in written[0] else written[0]
    return f"Your work may be in {written[0]}. To have that looked at: grader check {quoted}"


def _read(path: Path, exercise: Exercise, handout: Handout) -> Reading | None:
    """A file that is there, read by the rules of grading; None when there is none."""
    real = Path(os.path.realpath(path))
    try:
        date = path.stat().st_mtime
    except OSError:
        if not path.is_symlink():
            return None
        sentence = (
            f"{clean(path.name, 80)} is a link that leads to no file; put the file itself in its place."
        )
        return read(refuse((path.name,), sentence), handout)
    item = Item((path.name,), lambda limit: read_beneath(real.parent, (real.name,), limit), date)
    reading = read(item, handout)
    if worth(reading, handout) == CLOSED:  # an archive may go by the name of a program
        opened = choose((HandedInFile(item, (path.name,)),), exercise.name, handout).first
        reading = reading if opened is None or opened.problem else opened
    return reading


def needed(checks: str, exercise: Exercise) -> list[str]:
    """The modules that the checks import, without the exercise itself and its neighbours in the folder."""
    own = {path.stem for path in exercise.folder.glob("*.py")} | {exercise.name}
    return [name for name in imported(checks) if name.partition(".")[0] not in own]


def imported(source: str) -> list[str]:
    """The modules that a source imports, anywhere in it; none where it is not Python (the run will say so)."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module)
    return list(dict.fromkeys(names))
