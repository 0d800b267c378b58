"""Who of a class is who on a roster.

Nobody is guessed. A student is found by the platform's number in the name of the file that was handed in, else by id,
login or mail address, else by name; whoever fits nobody, or more than one person, is told and left to a human.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.records import Member, Result
from grader.roster.table import plain
from grader.submissions.lms import Owner, owner_of
from grader.text import clean


@dataclass(frozen=True)
class Person:
    """Somebody on a roster: the row, the platform's number, what identifies them exactly, and their names."""

    row: int
    number: str
    ids: frozenset[str]
    names: frozenset[str]
    display_name: str
    mail: str = ""
    late: bool = False  # as the platform marks it


def person(
    row: int,
    number: str,
    ids: Iterable[str],
    names: Iterable[str],
    display_name: str,
    mail: str = "",
    *,
    late: bool = False,
) -> Person:
    """Somebody on a roster. A mail address also counts without what follows the @."""
    exact = [
        text for identifier in ids for text in (identifier, identifier.partition("@")[0]) if text.strip()
    ]
    return Person(
        row,
        number,
        frozenset(plain(text) for text in exact),
        frozenset(filter(None, map(letters, names))),
        clean(display_name, 60),
        clean(mail, 120),
        late,
    )


@dataclass(frozen=True)
class Matches:
    """Row → result for everyone who is found; a line for everyone who is not; and the rows of those who may be
    somebody who was not found.
    """

    rows: dict[int, Result]
    unfound: list[str]
    uncertain: frozenset[int]


def find(
    results: Sequence[Result], people: Sequence[Person], is_number: Callable[[Owner, str], bool]
) -> Matches:
    """Look for everybody.

    Of those who handed in together, every member has a row. `is_number` tells of a name of a file, and of whose it
    says it is, whether its number is this platform's.
    """
    matches: dict[int, list[tuple[str, Result]]] = {}
    unfound, uncertain = [], set()
    index = _Index(people)
    for result in results:
        for name, fits in _of_result(result, index, is_number):
            if len(fits) == 1:
                matches.setdefault(fits[0].row, []).append((name, result))
            elif fits:
                unfound.append(f"{name} (fits {', '.join(person.display_name for person in fits[:3])})")
                uncertain |= {person.row for person in fits}
            else:
                unfound.append(f"{name} (fits nobody)")
    names = {person.row: person.display_name for person in people}
    for row, several in matches.items():
        if len(several) > 1:
            unfound += [f"{name} (fits {names[row]}, as another does)" for name, _ in several]
            uncertain.add(row)
    rows = {row: several[0][1] for row, several in matches.items() if len(several) == 1}
    return Matches(rows, unfound, frozenset(uncertain - rows.keys()))


class _Index:
    """The people by what identifies them: looking through all of them for everybody takes long in a large class."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._numbers: dict[str, list[Person]] = {}
        self._ids: dict[str, list[Person]] = {}
        self._names: dict[str, list[Person]] = {}
        for person in people:
            self._numbers.setdefault(person.number, []).append(person)
            for key in person.ids:
                self._ids.setdefault(key, []).append(person)
            for key in person.names:
                self._names.setdefault(key, []).append(person)

    def of(
        self, numbers: Iterable[str] = (), ids: Iterable[str] = (), names: Iterable[str] = ()
    ) -> list[Person]:
        """Whoever has one of these, in the order of their rows; "" is nobody's."""
        indices = ((self._numbers, numbers), (self._ids, ids), (self._names, names))
        fits = {
            person.row: person
            for table, keys in indices
            for key in keys
            if key
            for person in table.get(key, ())
        }
        return [fits[row] for row in sorted(fits)]


def _of_result(
    result: Result, people: _Index, is_number: Callable[[Owner, str], bool]
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


def _as_member(member: Member, people: _Index) -> list[Person]:
    """The people that a member of a group may be, by the surest thing that fits anyone."""
    sid, mail, name = plain(member.sid), plain(member.email), letters(member.name)
    for tier in (
        people.of(ids=[sid], numbers=[sid]),
        people.of(ids=[mail]),
        people.of(names=[name]),
    ):
        if tier:
            return tier
    return []


def _fits(result: Result, people: _Index, is_number: Callable[[Owner, str], bool]) -> list[Person]:
    """The people that a student may be, by the surest thing that fits anyone."""
    numbers = set()
    for part in PurePosixPath(result.file).parts:
        owner = owner_of(part)
        if owner is not None and owner.number and is_number(owner, part):
            numbers.add(owner.number)
    name = result.student
    for number in numbers:
        name = name.removesuffix(f" ({number})")  # as people of one name are told apart
    exact, written = plain(name), letters(name)
    for tier in (
        people.of(numbers=numbers),
        people.of(ids=[exact]),
        people.of(names=[written]),
    ):
        if tier:
            return tier
    return []


def letters(text: str) -> str:
    """A name by its letters and digits alone, as file names keep them."""
    return "".join(character for character in plain(text) if character.isalnum())
