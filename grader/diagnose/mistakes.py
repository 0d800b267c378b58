"""A mistake is one named edit of the reference, so that it runs, composes with others, and proves the suite.

This module only reads the tables; `source` edits text, `edited` runs it, `search` compares the answers.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Union

from grader.assignments import Assignment
from grader.diagnose.merge import Change
from grader.diagnose.source import Source
from grader.errors import CourseError

MARK = "auto_"  # what the ids of mistakes begin with that operators make

Edit = Union[Change, tuple[Change, ...]]


@dataclass(frozen=True, eq=False)
class Mistake:
    """One mistake that students make, as edits of the reference: a text that stands there, and what replaces it.

    `edits` maps a place in the reference ("birnn_forward", "BiRNN.forward", "BiRNN.__init__") to an edit: a pair (old
    text, new text), or a tuple of pairs that are made together. A list of edits gives several ways of making the
    mistake, where they lead to different numbers. The old text must stand exactly once in its place.

    `exercise` names the exercise that a place belongs to, where that is not the place's first part (a helper function).
    `twins` are the ids of mistakes that give the same numbers everywhere. `drawn=True` is for a mistake that draws
    random numbers: only which numbers are random is compared. `makes="float32"` (or "float64") makes it the name of all
    code whose answers are right but for that dtype, whatever comes in.

    >>> no_bias = Mistake(
    ...     "no_bias",
    ...     title="The bias is not added",
    ...     hint="Which of the three terms of the sum is not in your line?",
    ...     edits={"rnn_cell_forward": ("x @ w + h @ u + b", "x @ w + h @ u")},
    ... )
    >>> [variant.name for variant in variants([no_bias])]
    ['no_bias in rnn_cell_forward']
    """

    id: str
    title: str
    hint: str
    edits: Mapping[str, Edit | list[Edit]]
    exercise: Mapping[str, str] = field(default_factory=dict)
    twins: tuple[str, ...] = ()
    drawn: bool = False
    makes: str = ""

    @property
    def is_made(self) -> bool:
        """Whether it was made by an operator: no author has read it, or given it words."""
        return self.id.startswith(MARK)


@dataclass(frozen=True, eq=False)
class Variant:
    """One way of making a mistake in one exercise: changes by place."""

    mistake: Mistake
    exercise: str
    place: str
    changes: tuple[Change, ...]

    @property
    def name(self) -> str:
        """What errors call it: the id of the mistake, and where it is made."""
        return f"{self.mistake.id} in {self.place}"


def variants(mistakes: Sequence[Mistake]) -> list[Variant]:
    """Every way of every mistake, in order."""
    every: list[Variant] = []
    for mistake in mistakes:
        for place, edits in mistake.edits.items():
            exercise = mistake.exercise.get(place, place.split(".")[0])
            for edit in edits if isinstance(edits, list) else [edits]:
                changes = (edit,) if isinstance(edit[0], str) else edit
                every.append(Variant(mistake, exercise, place, changes))  # type: ignore[arg-type]
    return every


def load_mistakes(assignment: Assignment) -> list[Mistake]:
    """MISTAKES of tests/hidden/<a>/mistakes.py; none when there is no such file.

    Raises CourseError when the file is at fault, names an unknown twin or exercise, or has one id twice.
    """
    module = load_hidden(assignment, "mistakes")
    mistakes = list(getattr(module, "MISTAKES", ()))
    ids = [mistake.id for mistake in mistakes]
    for mistake in mistakes:
        where = f"{assignment.hidden / 'mistakes.py'}: {mistake.id}"
        if ids.count(mistake.id) > 1:
            raise CourseError(
                f"{where} stands there twice.", next_step="Give each mistake one id and list its edits."
            )
        if mistake.makes not in ("", "float32", "float64"):
            raise CourseError(f"{where} makes {mistake.makes!r}.", next_step='Write "float32" or "float64".')
        unknown = {*mistake.twins} - {*ids}
        if unknown:
            raise CourseError(f"{where} names twins that are not there: {', '.join(sorted(unknown))}.")
    for variant in variants(mistakes):
        if variant.exercise not in assignment.exercises:
            raise CourseError(
                f"{assignment.hidden / 'mistakes.py'}: {variant.name} belongs to no exercise of assignment.toml.",
                next_step=f"Say which it belongs to: exercise={{{variant.place!r}: …}}.",
            )
    return mistakes


def load_hidden(assignment: Assignment, name: str) -> object:
    """A module of tests/hidden/<a>/ as a part of the package tests/hidden; an empty object when there is no such file.

    So `from ..shared import laws` means the same here as in a suite that pytest collects. The package has a name of its
    own for each course and is read anew each time, because files change between two looks at them.
    """
    return _load_module(assignment, assignment.hidden / f"{name}.py")


def load_shared(assignment: Assignment, name: str) -> object:
    """The same for a module of tests/hidden/shared/."""
    return _load_module(assignment, assignment.shared / f"{name}.py")


def _load_module(assignment: Assignment, path: Path) -> object:
    if not path.exists():
        return object()
    suites = assignment.hidden.parent
    package = f"grader_hidden_{hashlib.sha256(str(suites).encode()).hexdigest()[:16]}"
    for loaded in [full for full in sys.modules if full.split(".")[0] == package]:
        del sys.modules[loaded]
    importlib.invalidate_caches()
    sys.modules[package] = _folder(package, suites)
    sys.modules[f"{package}.{assignment.name}"] = _folder(f"{package}.{assignment.name}", assignment.hidden)
    try:
        return importlib.import_module(f"{package}.{path.parent.name}.{path.stem}")
    # An author's file may raise anything: it is reported as theirs, with the place.
    except Exception as error:
        where = _innermost(error, suites) or str(path)
        raise CourseError(f"{path} cannot be loaded: {type(error).__name__}: {error} ({where})") from error


def _folder(name: str, path: Path) -> ModuleType:
    """A folder as a package, whether or not an __init__.py is in it."""
    module = ModuleType(name)
    module.__path__ = [str(path)]
    return module


def _innermost(error: Exception, folder: Path) -> str:
    """Where in the course's files an exception was raised; empty when nowhere."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [
        f"{frame.filename}, line {frame.lineno}" for frame in frames if frame.filename.startswith(str(folder))
    ]
    return places[-1] if places else ""


def apply(source: str, edits: Sequence[Variant]) -> str:
    """The reference with the changes of some variants. Raises CourseError for a change that does not apply."""
    return _source(source).whole(edits)


@lru_cache(maxsize=4)
def _source(text: str) -> Source:
    return Source(text)
