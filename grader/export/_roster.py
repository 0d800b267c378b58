"""A learning platform's own list of people: a CSV as it was downloaded, and who of the class is who on it.

Nobody is guessed. A student is found by the platform's number in the name of the file that was handed in, else by id,
login or mail address, else by name; whoever fits nobody, or more than one person, is told and left to a human.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.errors import UsageError
from grader.export.base import Options
from grader.records import Result
from grader.submissions.lms import Owner, owner_of
from grader.tables import csv_text
from grader.text import clean

_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Roster:
    """The file: its header, its rows (all as wide as the header), and how it was written."""

    path: Path
    head: list[str]
    rows: list[list[str]]
    delimiter: str
    bom: bool

    def column(self, name: str) -> int | None:
        """The place of a column, whatever its case."""
        wanted = [place for place, title in enumerate(self.head) if _plain(title) == _plain(name)]
        return wanted[0] if wanted else None

    def text(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
        """Rows as the platform wrote them: the same delimiter, the same byte order mark."""
        return ("\ufeff" if self.bom else "") + csv_text([head, *rows], self.delimiter)


@dataclass(frozen=True)
class Person:
    """Somebody on a roster: the row, the platform's number, what identifies them exactly, and their names."""

    row: int
    number: str
    ids: frozenset[str]
    names: frozenset[str]
    shown: str


def load(options: Options, needed: Sequence[str], how_to_get: str) -> Roster:
    """The roster that was named; UsageError when none was, or when it is not what the platform writes.

    `needed` are the columns that it must have; `how_to_get` says where the platform offers it.
    """
    if options.roster is None:
        raise UsageError(
            "This format fills in a list that the platform has.", next_step=f"{how_to_get} --roster FILE"
        )
    try:
        text = options.roster.read_bytes().decode("utf-8-sig")
        bom = options.roster.read_bytes().startswith(b"\xef\xbb\xbf")
        first = text.split("\n", 1)[0]
        delimiter = max(_DELIMITERS, key=first.count)
        rows = [
            row for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True) if row
        ]
    except OSError as error:
        raise UsageError(f"{options.roster} cannot be read: {error.strerror or error}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{options.roster} is no CSV in UTF-8: {error}.", next_step=how_to_get) from error
    head = rows[0] if rows else []
    missing = [name for name in needed if _plain(name) not in {_plain(title) for title in head}]
    if missing:
        raise UsageError(
            f"{options.roster} has no column {', '.join(map(repr, missing))}; its columns are"
            f" {clean(', '.join(head), 200) or 'none'}.",
            next_step=how_to_get,
        )
    width = len(head)
    return Roster(options.roster, head, [[*row, *[""] * width][:width] for row in rows[1:]], delimiter, bom)


def person(row: int, number: str, ids: Iterable[str], names: Iterable[str], shown: str) -> Person:
    """Somebody on a roster. A mail address also counts without what follows the @."""
    exact = [one for given in ids for one in (given, given.partition("@")[0]) if one.strip()]
    return Person(
        row,
        number,
        frozenset(_plain(one) for one in exact),
        frozenset(filter(None, map(_letters, names))),
        clean(shown, 60),
    )


def find(
    results: Sequence[Result], people: Sequence[Person], is_number: Callable[[Owner, str], bool]
) -> tuple[dict[int, Result], list[str]]:
    """Row → result for everyone who is found, and a line for everyone who is not.

    `is_number` tells of a name of a file, and of whose it says it is, whether its number is this platform's.
    """
    found: dict[int, list[Result]] = {}
    lost = []
    for result in results:
        fits = _fits(result, people, is_number)
        if len(fits) == 1:
            found.setdefault(fits[0].row, []).append(result)
        elif fits:
            lost.append(f"{clean(result.student, 60)} (fits {', '.join(one.shown for one in fits[:3])})")
        else:
            lost.append(f"{clean(result.student, 60)} (fits nobody)")
    shown = {one.row: one.shown for one in people}
    for row, several in found.items():
        if len(several) > 1:
            lost += [
                f"{clean(result.student, 60)} (fits {shown[row]}, as another does)" for result in several
            ]
    return {row: several[0] for row, several in found.items() if len(several) == 1}, lost


def _fits(result: Result, people: Sequence[Person], is_number: Callable[[Owner, str], bool]) -> list[Person]:
    """The people that a student may be, by the surest thing that fits anyone."""
    numbers = set()
    for part in PurePosixPath(result.file).parts:
        owner = owner_of(part)
        if owner is not None and owner.number and is_number(owner, part):
            numbers.add(owner.number)
    name = result.student
    for number in numbers:
        name = name.removesuffix(f" ({number})")  # as people of one name are told apart
    exact, letters = _plain(name), _letters(name)
    for tier in (
        [one for one in people if one.number and one.number in numbers],
        [one for one in people if exact in one.ids],
        [one for one in people if letters and letters in one.names],
    ):
        if tier:
            return tier
    return []


def report_lost(options: Options, roster: Roster, lost: Sequence[str], idle: Sequence[str]) -> None:
    """Say who is not on the roster, which is a fault, and who on it handed nothing in, which is none."""
    if lost:
        options.incomplete(
            f"Not found in {roster.path}, so not in the file: {'; '.join(lost)}. Enter their scores by hand,"
            " or leave them out: --leave-out NAME"
        )
    if idle:
        more = f" and {len(idle) - 5} more" if len(idle) > 5 else ""
        options.say(
            f"No result for {len(idle)} on the roster: {', '.join(idle[:5])}{more}. They are left as they are."
        )


def number(text: str) -> float | None:
    """A number of points as platforms write it, with a point or a comma; None when it is none, or not above 0."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if 0 < value < float("inf") else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _letters(text: str) -> str:
    """A name by its letters and digits alone, as file names keep them."""
    return "".join(character for character in _plain(text) if character.isalnum())
