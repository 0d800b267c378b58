"""A learning platform's own list of people: a CSV as it was downloaded, and who of the class is who on it.

Nobody is guessed. A student is found by the platform's number in the name of the file that was handed in, else by id,
login or mail address, else by name; whoever fits nobody, or more than one person, is told and left to a human.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.errors import UsageError
from grader.export.base import Options
from grader.records import Member, Result
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


def load(options: Options, layouts: Sequence[Sequence[str]], how_to_get: str) -> Roster:
    """The roster that was named; UsageError when none was, or when it is not what the platform writes.

    `layouts` are the columns that it must have, one way or another; `how_to_get` says where the platform offers it.
    """
    step = f"{how_to_get} --roster FILE"
    if options.roster is None:
        raise UsageError("This format fills in a list that the platform has.", next_step=step)
    try:
        data = options.roster.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{options.roster} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{options.roster} is no CSV in UTF-8; a spreadsheet may have saved it in another way.",
            next_step=step,
        ) from error
    rows, delimiter = _table(text, options.roster, layouts, step)
    head, rest = rows[0] if rows else [], rows[1:]
    _refuse_what_is_shifted(options.roster, head, rest)
    width = len(head)
    bom = data.startswith(b"\xef\xbb\xbf")
    return Roster(options.roster, head, [[*row, *[""] * width][:width] for row in rest], delimiter, bom)


def _table(text: str, path: Path, layouts: Sequence[Sequence[str]], step: str) -> tuple[list[list[str]], str]:
    """The rows, and the delimiter under which the header has the columns of a layout. Titles may hold the others."""
    problem: csv.Error | None = None
    heads: list[list[str]] = []
    for delimiter in _DELIMITERS:
        lines = text.splitlines(keepends=True)
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter, strict=True) if row]
        except csv.Error as error:
            problem = problem or error
            continue
        heads.append(rows[0] if rows else [])
        if any(
            {_plain(name) for name in layout} <= {_plain(title) for title in heads[-1]} for layout in layouts
        ):
            return rows, delimiter
    if problem is not None:
        raise UsageError(f"{path} is no CSV: {problem}.", next_step=step) from problem
    head = max(heads, key=len)
    missing = [name for name in layouts[0] if _plain(name) not in {_plain(title) for title in head}]
    raise UsageError(
        f"{path} has no column {', '.join(map(repr, missing))}; its columns are"
        f" {clean(', '.join(head), 200) or 'none'}.",
        next_step=step,
    )


def _refuse_what_is_shifted(path: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Raise UsageError where cells stand under other titles than theirs: a score would go to another column."""
    count = len(head)
    for number, row in enumerate(rows, 2):
        if any(cell.strip() for cell in row[count:]):
            raise UsageError(
                f"{path} has {count} columns, and {len(row)} cells in row {number}: a cell with a comma in it is not"
                " in quotes.",
                next_step="Download it again, and do not change it on the way.",
            )
    lengths = {len(row) for row in rows}
    if len(lengths) == 1 and max(lengths) < count:
        raise UsageError(
            f"{path} has {count} titles, and {max(lengths)} cells in every row: a title with a comma in it is not in"
            " quotes, so nobody can say which column is whose.",
            next_step="Download it again, and do not change it on the way; or put that title in quotes.",
        )


def person(row: int, number: str, ids: Iterable[str], names: Iterable[str], shown: str) -> Person:
    """Somebody on a roster. A mail address also counts without what follows the @."""
    exact = [text for given in ids for text in (given, given.partition("@")[0]) if text.strip()]
    return Person(
        row,
        number,
        frozenset(_plain(text) for text in exact),
        frozenset(filter(None, map(_letters, names))),
        clean(shown, 60),
    )


def find(
    results: Sequence[Result], people: Sequence[Person], is_number: Callable[[Owner, str], bool]
) -> tuple[dict[int, Result], list[str]]:
    """Row → result for everyone who is found, and a line for everyone who is not.

    Of those who handed in together, every member has a row. `is_number` tells of a name of a file, and of whose it
    says it is, whether its number is this platform's.
    """
    matches: dict[int, list[tuple[str, Result]]] = {}
    lost = []
    for result in results:
        for shown, fits in _of_result(result, people, is_number):
            if len(fits) == 1:
                matches.setdefault(fits[0].row, []).append((shown, result))
            elif fits:
                lost.append(f"{shown} (fits {', '.join(person.shown for person in fits[:3])})")
            else:
                lost.append(f"{shown} (fits nobody)")
    names = {person.row: person.shown for person in people}
    for row, several in matches.items():
        if len(several) > 1:
            lost += [f"{shown} (fits {names[row]}, as another does)" for shown, _ in several]
    return {row: several[0][1] for row, several in matches.items() if len(several) == 1}, lost


def _of_result(
    result: Result, people: Sequence[Person], is_number: Callable[[Owner, str], bool]
) -> Iterator[tuple[str, list[Person]]]:
    """Everybody whose result it is, as they are called, with the people that they may be."""
    name = clean(result.student, 60)
    if not result.members:
        yield name, _fits(result, people, is_number)
    elif len(result.members) == 1:
        yield name, _as_member(result.members[0], people) or _fits(result, people, is_number)
    else:
        for member in result.members:
            yield f"{clean(member.name, 60)} of {name}", _as_member(member, people)


def _as_member(member: Member, people: Sequence[Person]) -> list[Person]:
    """The people that a member of a group may be, by the surest thing that fits anyone."""
    sid, mail, letters = _plain(member.sid), _plain(member.email), _letters(member.name)
    for tier in (
        [person for person in people if sid and (sid in person.ids or sid == person.number)],
        [person for person in people if mail and mail in person.ids],
        [person for person in people if letters and letters in person.names],
    ):
        if tier:
            return tier
    return []


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
        [person for person in people if person.number and person.number in numbers],
        [person for person in people if exact in person.ids],
        [person for person in people if letters and letters in person.names],
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
