"""Edited references: made from statements compiled once, asked for a session at a time, their answers kept.

Nothing here runs student code. What is kept is bounded: the reference and each mistake alone, and nothing of the
many pairs that are tried and do not fit. What is kept is found again in the next run where a store keeps it too.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import CodeType

import numpy as np

from grader.diagnose import bounded
from grader.diagnose.loaded import Loads
from grader.diagnose.match import Session, alike, same_answers
from grader.diagnose.mistakes import Variant
from grader.diagnose.source import Source, show
from grader.diagnose.stored import Answers, NoStore, Shelf, Store
from grader.errors import CourseError
from grader.subject import operations as ops
from grader.subject.subjects import LocalSubject

Edits = tuple[Variant, ...]
OTHER_DRAWS = 1  # where the generators start when the question is what was drawn


class Edited:
    """The reference with some edits: its answers to every session, computed when first asked for."""

    def __init__(
        self,
        name: str,
        source: Source,
        edits: Edits,
        shelf: Shelf | None = None,
        harness: str = "",
        loads: Loads | None = None,
    ) -> None:
        """Raises CourseError for a wrong edit; with a `shelf` one that leaves no Python is noticed when it is asked."""
        self._name, self._source, self._edits = name, source, edits
        self._file = f"{name}.py"
        self._shelf, self._harness, self._loads = shelf, harness, loads
        self._switched = source.switched(edits, self._file) if shelf is None else None
        if self._switched is None:
            assert self._texts
        if shelf is None and self._switched is None:
            assert self._codes
        self.drawn = any(variant.mistake.drawn for variant in edits)
        self._subjects: dict[int, LocalSubject] = {}
        self._answers: dict[tuple[int, int], Answers] = {}

    @property
    def is_kept(self) -> bool:
        """Whether it is kept for all submissions, as the reference is and each mistake alone."""
        return self._shelf is not None

    def is_known(self, number: int) -> bool:
        """Whether a session has been answered: to compare with what is kept costs little."""
        return (number, 0) in self._answers

    def answers(self, number: int, session: Session, draws: int = 0) -> Answers:
        """The answers to each batch of a session."""
        key = (number, draws)
        if key not in self._answers:
            self._answers[key] = self._stored_answers(number, session, draws)
        return self._answers[key]

    def _stored_answers(self, number: int, session: Session, draws: int) -> Answers:
        """The answers from the store, or computed, and then kept there."""
        if self._shelf is None:
            return self._compute(number, session, draws)
        place = self._shelf.key(self._texts, number, session, draws)
        answers = self._shelf.get(place)
        return self._shelf.put(place, self._compute(number, session, draws)) if answers is None else answers

    def _compute(self, number: int, session: Session, draws: int) -> Answers:
        with np.errstate(all="ignore"), warnings.catch_warnings():  # what is wrong may well divide by zero
            warnings.simplefilter("ignore")
            answers = None
            if self._switched is not None and self._loads is not None:
                answers = self._loads.answers(*self._switched, number, session, draws)
            if answers is None:
                answers = self._ask(session, draws)
        if self._switched is not None and any(map(_lacks_a_name, answers)):
            self._switched = None  # its own code says in its own words what has no value
            self._subjects.clear()
            return self._compute(number, session, draws)
        return answers

    def _ask(self, session: Session, draws: int) -> Answers:
        """The answers of a program that is loaded for this set alone."""
        bounded.begin(session.size)
        if self._switched is None:
            show(self._texts, self._file)
        if draws not in self._subjects:
            codes, switches = (self._codes, {}) if self._switched is None else self._switched
            self._subjects[draws] = LocalSubject.compiled(self._name, codes, draws, self._harness, switches)
        subject = self._subjects[draws]
        answers: Answers = [subject.ask(batch) for batch in session.batches]
        subject.host.forget()
        return answers

    @cached_property
    def _texts(self) -> list[str]:
        return self._source.edited(self._edits)

    @cached_property
    def _codes(self) -> list[CodeType]:
        return self._source.compiled(self._texts, self._edits, self._file, bounded=bool(self._edits))

    def fits(self, number: int, session: Session, answers: Answers, *, exactly: bool = False) -> bool:
        """Whether it answers a session as `answers` does; only `exactly` with the very numbers that it draws."""
        own = self.answers(number, session)
        # Random numbers cannot be the same, but which numbers are random can.
        others = self.answers(number, session, OTHER_DRAWS) if self.drawn and not exactly else own
        counted = session.counted(answers)
        if not all(map(same_answers, answers, own, counted, others)):
            return False
        # Random weights give other numbers, but the same ones when asked again.
        return (all(counted) and not self.drawn) or alike(session, answers) == alike(session, own)

    def draws(self, number: int, session: Session) -> list[int]:
        """The batches of a session in whose answers what it draws at random shows."""
        pairs = zip(self.answers(number, session), self.answers(number, session, OTHER_DRAWS), strict=True)
        return [
            batch
            for batch, (first, second) in enumerate(pairs)
            if self.drawn and not same_answers(second, first, session.weighed[batch])
        ]

    def draws_anew(self, number: int, session: Session) -> bool:
        """Whether it answers one question of a session in two ways, as only what draws at random does."""
        return self.drawn and False in alike(session, self.answers(number, session))


def _lacks_a_name(answers: Sequence[ops.Answer]) -> bool:
    return any(
        isinstance(one, ops.Raised) and one.kind in ("NameError", "UnboundLocalError") for one in answers
    )


class References:
    """The reference, edited: `of` keeps what it made, `tried` does not.

    `uses` names, for an exercise that is asked through the course's `harness`, the others that it uses there.
    """

    def __init__(
        self,
        name: str,
        text: str,
        store: Store | None = None,
        harness: str = "",
        uses: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """`store` keeps the answers of the reference and of single mistakes for the next run."""
        self._name, self.source, self._harness = name, Source(text), harness
        self._uses = uses or {}
        self._shelf = Shelf(NoStore() if store is None else store)
        self._loads = None if harness else Loads(name)
        self._kept: dict[Edits, Edited] = {}

    def of(self, edits: Edits) -> Edited:
        """The reference, or it with one mistake, kept for all submissions. Raises CourseError for a wrong edit."""
        if edits not in self._kept:
            for edit in edits:
                self.source.know(edit)
            self._kept[edits] = Edited(self._name, self.source, edits, self._shelf, self._harness)
        return self._kept[edits]

    def tried(self, edits: Edits) -> Edited | None:
        """The reference with several edits; None when they cannot be made together."""
        if len(edits) < 2:
            return self.of(edits)
        try:
            return Edited(self._name, self.source, edits, harness=self._harness, loads=self._loads)
        except CourseError:
            return None

    def forget(self) -> None:
        """Forget what was made for sets of several, and what they answered."""
        self.source.forget()
        if self._loads is not None:
            self._loads.forget()

    def matters(self, variant: Variant, exercise: str) -> bool:
        """Whether an exercise uses what a variant edits."""
        names = {exercise, *self._uses.get(exercise, ())}
        return any(variant.place.split(".")[0] in self.source.reach(name) for name in names)


def smallest(sets: Iterable[Edits], most: int) -> list[Edits]:
    """The smallest of some sets, each once, those of a size in their order."""
    distinct: dict[frozenset[Variant], Edits] = {}
    for edits in sets:
        distinct.setdefault(frozenset(edits), edits)
    return sorted(distinct.values(), key=len)[:most]


def without_one(edits: Edits, base: Edits = ()) -> list[Edits]:
    """A set without each one of its mistakes; `base`, with which it begins, stays."""
    return [tuple(edit for edit in edits if edit is not variant) for variant in edits[len(base) :]]


def parts_of(edits: Edits) -> Iterator[Edits]:
    """The parts of a set for which one other mistake may stand, the largest first: not all of it."""
    return itertools.chain.from_iterable(
        itertools.combinations(edits, count) for count in range(len(edits) - 1, 1, -1)
    )
