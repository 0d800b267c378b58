"""A submission → a program to be compared: the lines that are shown, the units, their fingerprints.

What was handed out is no student's: fingerprints and equal units of the skeleton, of the visible checks and of the
given modules are left out.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from grader.records import Chunk, Submission
from grader.similar.fingerprints import GRAM, hashes, winnowed
from grader.similar.normal_form import in_normal_form
from grader.similar.tokens import Unit, names_of, units
from grader.submissions import Handout
from grader.submissions.problems import Unreadable
from grader.submissions.python_source import parse_anew


@dataclass(frozen=True)
class HandoutParts:
    """What was handed out, as hashes of runs of tokens and of whole units; and the names it asks for."""

    runs: frozenset[int] = frozenset()
    units: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class StudentProgram:
    """What one student handed in. `course` is "" for the class that is looked at, else the older class's name.

    `lines` is all its source, one file or cell below the other; `heads` says where each begins, as (line, label).
    `why_not` says why its code cannot be compared, where that is so.
    """

    student: str
    course: str
    file: str
    sha256: str
    lines: tuple[str, ...] = ()
    heads: tuple[tuple[int, str], ...] = ()
    units: tuple[Unit, ...] = ()
    why_not: str = ""
    has_line: bool = False  # it is Python, but for one line

    @property
    def title(self) -> str:
        """The student, and of which class, where that is an older one."""
        return f"{self.student} ({self.course})" if self.course else self.student

    @cached_property
    def hashes(self) -> tuple[tuple[int, ...], ...]:
        """The hashes of the runs of tokens of each unit."""
        return tuple(tuple(hashes(unit.tokens)) for unit in self.units)

    def fingerprints(self, known_code: HandoutParts) -> frozenset[int]:
        """The fingerprints of the student's own code."""
        own = [
            values for unit, values in zip(self.units, self.hashes) if digest([unit]) not in known_code.units
        ]
        return frozenset({values[place] for values in own for place in winnowed(values)} - known_code.runs)

    def own_tokens(self, known_code: HandoutParts) -> int:
        """How many tokens stand in units that were not handed out as they are."""
        return sum(len(unit.tokens) for unit in self.units if digest([unit]) not in known_code.units)

    def code(self, known_code: HandoutParts) -> str:
        """The digest of the student's own code, whatever names, layout, comments and order it has; "" without any."""
        own = [unit for unit in self.units if unit.tokens and digest([unit]) not in known_code.units]
        return digest(own) if own else ""


def digest(several: Iterable[Unit]) -> str:
    """A digest of what units do, whatever their order."""
    each = sorted(
        hashlib.sha256("\n".join(unit.tokens).encode("utf-8", "surrogatepass")).hexdigest()
        for unit in several
    )
    return hashlib.sha256("\n".join(each).encode()).hexdigest()


def given_by(handout: Handout, others: Sequence[str] = ()) -> HandoutParts:
    """What was handed out: the skeletons, and the sources of `others`."""
    runs: set[int] = set()
    whole: set[str] = set()
    for source in (*handout.skeletons, *others):
        _, _, handed_out_units = _parse([Chunk(source)], handout.names)
        for unit in handed_out_units:
            values = hashes(unit.tokens)
            # One short run for all that is shorter would leave out work that begins as the hand-out does.
            runs.update(values if len(unit.tokens) >= GRAM else [])
            whole.add(digest([unit]))
    return HandoutParts(frozenset(runs), frozenset(whole), handout.names)


def program(submission: Submission, course: str, names: Iterable[str]) -> StudentProgram:
    """The program of a submission. Where a student handed in a notebook and a file that differ, it has both."""
    about = (submission.student, course, submission.file, submission.sha256)
    submissions = [part for part in (submission, submission.other) if part is not None and not part.problem]
    chunks = tuple(chunk for part in submissions for chunk in part.source.files)
    if not chunks:
        why = submission.problem or "there is no code in it."
        return StudentProgram(*about, why_not=why, has_line=submission.line > 0)
    return StudentProgram(*about, *_parse(chunks, frozenset(names)))


def _parse(
    chunks: Sequence[Chunk], fixed_names: frozenset[str]
) -> tuple[tuple[str, ...], tuple[tuple[int, str], ...], tuple[Unit, ...]]:
    """The lines of some chunks, where each chunk begins, and the units of those that parse."""
    lines: list[str] = []
    heads: list[tuple[int, str]] = []
    trees: list[tuple[ast.Module, int]] = []
    for chunk in chunks:
        if chunk.label:
            heads.append((len(lines), chunk.label))
        with suppress(Unreadable):  # a cell that does not parse is shown, and not compared
            trees.append(
                (in_normal_form(parse_anew(chunk.source)), len(lines) - 1)
            )  # lines of a tree begin with 1
        lines += chunk.source.split("\n")
    modules = {PurePosixPath(chunk.label).parts[0].removesuffix(".py") for chunk in chunks if chunk.label}
    names = names_of([tree for tree, _ in trees], fixed_names, modules)
    return (
        tuple(lines),
        tuple(heads),
        tuple(_join([unit for tree, offset in trees for unit in units(tree, names, offset)])),
    )


def _join(several: Sequence[Unit]) -> Iterable[Unit]:
    """The units, with what stands outside of functions and classes in one: cells cut it at any place."""
    yield from (unit for unit in several if unit.name)
    rest = [unit for unit in several if not unit.name]
    yield Unit(
        "",
        tuple(token for unit in rest for token in unit.tokens),
        tuple(line for unit in rest for line in unit.lines),
    )
