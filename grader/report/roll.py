"""The class as a roster has it: real names, who was late, who handed nothing in, and who is not on it.

Nobody is left out: whoever has a result and is not on the roster stands behind those who are, and so does a group of
which nobody is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from grader import roster
from grader.records import Result
from grader.text import clean, first_of

MOST_NAMES = 4  # of a group, as one name
MOST_UNFOUND = 10  # in one sentence
NOTHING, UNCERTAIN = "nothing handed in", "not certain"


@dataclass(frozen=True)
class RollRow:
    """A row of the class: somebody on the roster (with or without a result), or a result of nobody on it.

    The result has no details.
    """

    name: str
    result: Result | None
    mail: str = ""
    listed: bool = True
    uncertain: bool = False  # one of the results may be theirs


@dataclass(frozen=True)
class Roll:
    """Everybody. `unfound` says in words of whom it is not known who they are; `file` is "" without a roster."""

    file: str
    entries: tuple[RollRow, ...]
    unfound: tuple[str, ...] = ()

    @property
    def listed(self) -> int:
        """How many are on the roster."""
        return sum(entry.listed for entry in self.entries)

    @property
    def absent(self) -> tuple[RollRow, ...]:
        """Who is on the roster and handed nothing in: without a result, or with one that says so."""
        return tuple(
            entry
            for entry in self.entries
            if not entry.uncertain and (entry.result is None or (entry.listed and entry.result.is_empty))
        )

    @property
    def uncertain(self) -> tuple[RollRow, ...]:
        """Who is on the roster, and it is not known which result is theirs."""
        return tuple(entry for entry in self.entries if entry.uncertain)

    @property
    def not_found(self) -> str:
        """Of whom it is not known who they are, in a few words; "" where there is nobody."""
        more = len(self.unfound) - MOST_UNFOUND
        return "; ".join(self.unfound[:MOST_UNFOUND]) + (f" and {more} more" if more > 0 else "")

    @property
    def late(self) -> int:
        """How many on the roster were late."""
        return sum(entry.listed and entry.result is not None and entry.result.late for entry in self.entries)

    def people(self, student: str) -> tuple[RollRow, ...]:
        """Those on the roster whose result this is."""
        return tuple(self._by_student.get(student, ()))

    @cached_property
    def _by_student(self) -> dict[str, list[RollRow]]:
        people: dict[str, list[RollRow]] = {}
        for entry in self.entries:
            if entry.listed and entry.result is not None:
                people.setdefault(entry.result.student, []).append(entry)
        return people

    @property
    def names(self) -> dict[str, str]:
        """What each student in the results is called; of a group, all of them. Only those who are found."""
        people = self._by_student
        return {student: _names([entry.name for entry in people[student]]) for student in people}


def _names(names: Sequence[str]) -> str:
    return first_of(names, MOST_NAMES, "; ")


def without_roster(results: Sequence[Result]) -> Roll:
    """Everybody who has a result, by the names that files gave."""
    entries = (RollRow(result.student, result.without_details, listed=False) for result in results)
    return Roll("", tuple(entries))


def call(results: Sequence[Result], path: Path) -> Roll:
    """Everybody on the roster in `path`, in its order, then whoever is not on it. Raises UsageError."""
    listed = roster.people(path)
    results = [result.without_details for result in roster.with_members(results, path)]
    matches = roster.find(results, listed.people, listed.is_number)
    entries = []
    for person in listed.people:
        result = matches.rows.get(person.row)
        if result is not None and person.late:
            result = replace(result, late=True)
        uncertain = person.row in matches.uncertain
        entries.append(RollRow(person.display_name, result, person.mail, uncertain=uncertain))
    students = {result.student for result in matches.rows.values()}
    strangers = [result for result in results if result.student not in students]
    entries += [RollRow(result.student, result, listed=False) for result in strangers]
    return Roll(clean(path.name, 120), tuple(entries), tuple(matches.unfound))
