"""The trusted side of loading: which statement a child is at, how long it may take, what a fresh child is not to run.

A child says which statement it begins. If it then hangs or dies, that statement is passed over: a fresh child loads the
same source without it. What a child says is believed only as far as it harms itself: a place that is not in the source,
or one that it was told to leave out, ends the loading. The number of children and the time in all are bounded.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from grader.records import StudentSource
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.statements import Place, Statement, numbered, optional_decorators
from grader.subject.subjects import SubjectLost

MOST_LOST = 24  # statements that hang or kill, of one submission
LEAST_SHARE = 8  # a statement has at least this part of its seconds, however many have hung before
FIRST_SECONDS = 2.0  # for a child to read and parse a source, before it begins the first statement
PARSED_A_SECOND = 100_000  # characters: a fifth of what was measured with the dearest text, a list of digits


@dataclass(frozen=True)
class LostStatement:
    """A statement that hung ("timeout") or ended its process ("crashed"); `seconds` are those it was given."""

    kind: str
    detail: str
    seconds: float


class Loading:
    """The loading of one submission, in as many children as it takes."""

    def __init__(self, source: StudentSource, statement_seconds: float, seconds: float) -> None:
        self.files = source.files
        self._answer = len(source.chunks)
        self._statement_seconds, self._seconds = statement_seconds, seconds
        self._spent = 0.0
        self._at: Place | None = None  # the statement that the child began last
        self._given = 0.0  # the seconds for what is waited for now
        self._is_cut = False  # whether there is less left than that
        self._statements: dict[int, dict[int, Statement]] = {}
        self.lost: dict[Place, LostStatement] = {}
        # Definitions that are made without their decorators from then on.
        self.bare: dict[Place, LostStatement] = {}
        self.loaded: ops.Loaded | None = None  # what the first child said that came through
        self.only_definitions = False  # loops and calls were left out, all of them, for want of time

    def request(self, items: Sequence[int] = ()) -> bytes:
        """What a child is sent at its beginning: what to load, and which items of the plan to answer then."""
        self._at = None
        files = [(chunk.source, chunk.label) for chunk in self.files]
        passed = [*self.lost, *(self._actions if self.only_definitions else ())]
        modules, bare = files[self._answer :], list(self.bare)
        request = {"chunks": files[: self._answer], "modules": modules, "passed": passed, "bare": bare}
        return wire.encode({**request, "items": list(items)})

    def patience(self) -> float:
        """How long to wait for the child's next word: less for each statement that has hung before."""
        hangs = sum(lost.kind == "timeout" for lost in (*self.lost.values(), *self.bare.values()))
        share = min(2**hangs, LEAST_SHARE)
        seconds = self._given = (
            self._statement_seconds / share if self._at is not None else self._first_seconds
        )
        self._is_cut = False
        if self.loaded is None:
            left = max(0.05, self._seconds - self._spent)
            self._is_cut = left < seconds
            seconds = min(seconds, left)
        return seconds

    @cached_property
    def _first_seconds(self) -> float:
        return FIRST_SECONDS + sum(len(file.source) for file in self.files[: self._answer]) / PARSED_A_SECOND

    def spend(self, seconds: float) -> None:
        """Count time waited for, of the first loading; that of later children belongs to the grading."""
        self._spent += seconds

    @property
    def time_is_up(self) -> bool:
        """Whether the first loading has taken all its time."""
        return self._spent >= self._seconds

    def begins(self, place: Place) -> None:
        """The child says that it begins a statement."""
        self._at = place

    def done(self, loaded: ops.Loaded) -> ops.Loaded:
        """The child has come through; what the first one said holds for all."""
        if self.loaded is None:
            self.loaded = loaded
        return self.loaded

    def if_it_hangs(self, items: Sequence[int], seconds: float) -> bytes:
        """The request to the next child if nothing comes of this one in so many seconds; empty if there is none."""
        later = copy.copy(self)
        later.lost, later.bare = dict(self.lost), dict(self.bare)
        if later.loaded is None:
            later.spend(seconds)
        return later.request(items) if later.pass_over(SubjectLost("timeout", "")) else b""

    def pass_over(self, lost: SubjectLost) -> bool:
        """Leave out what the child was at when it was lost; False when that cannot help.

        Of a definition its decorators are left out first.
        """
        at = self._at
        statement = self.statement(at) if at is not None else None
        # What was given all the time that was left has used it up, whatever the clock says it took.
        is_up = self.loaded is None and (self.time_is_up or (self._is_cut and lost.kind == "timeout"))
        if at is None:
            return lost.kind == "timeout" and is_up and self._begin_again_with_definitions()
        if statement is None or at in self.lost or len(self.lost) + len(self.bare) >= MOST_LOST:
            return False
        if is_up and not self._begin_again_with_definitions():
            return False
        # Where the time in all was used up, it need not be this statement that took it.
        if lost.kind == "crashed" or not self._is_cut:
            decorated = at not in self.bare and bool(optional_decorators(statement.node))
            where = self.bare if decorated else self.lost
            where[at] = LostStatement(lost.kind, lost.detail, self._given)
        return True

    def _begin_again_with_definitions(self) -> bool:
        """Leave out all loops and calls, with time for what remains; False where that was done before."""
        if self.only_definitions:
            return False
        self.only_definitions = True
        self._spent = max(0.0, self._seconds - 2 * self._statement_seconds)
        return True

    @property
    def place(self) -> tuple[str, int] | None:
        """The label and line of the statement that was begun last, where there is one."""
        statement = self.statement(self._at) if self._at is not None else None
        return (self.files[self._at[0]].label, statement.line) if self._at and statement else None

    def statement(self, place: Place) -> Statement | None:
        """The statement at a place; None where the source has none there."""
        file, number = place
        return self._statements_by_number(file).get(number) if 0 <= file < len(self.files) else None

    def _statements_by_number(self, file: int) -> dict[int, Statement]:
        if file not in self._statements:
            self._statements[file] = numbered(self.files[file].source)
        return self._statements[file]

    @cached_property
    def _actions(self) -> list[Place]:
        """Every statement that defines nothing."""
        return [
            (file, number)
            for file in range(len(self.files))
            for number, statement in self._statements_by_number(file).items()
            if not statement.is_definition
        ]
