"""What tests made of the same answers before: a test is not run again where it can see nothing new.

A test sees a submission through the answers to what it asks, one after the other, and draws the same numbers in every
run. So the same bytes end the same way, and in a class many answer alike. Kept are tests that pass or fail by
comparing: what a submission raised is told in the words of its own file, and what was asked beside the plan depends
on a process that is still alive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

MOST = 10_000  # steps of tests that are remembered: some hundred bytes each

Answer = Callable[
    [int], "bytes | None"
]  # the answer to a test's question of this number; None where it is lost


@dataclass(frozen=True)
class Outcome:
    """How a test ended: what it raised, whether an earlier mistake was forgiven, and what was called of `[watch]`."""

    error: AssertionError | None = None
    carried_forward: bool = False
    watched: Mapping[str, Mapping[str, None]] = field(default_factory=dict)


class Outcomes:
    """The outcomes of one suite's tests by what they were answered.

    A test is followed question by question, and no answer is waited for that it would not have asked for.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, bytes], Outcome | None] = {}  # None: it asks once more

    def find(self, item: int, answer: Answer) -> Outcome | None:
        """How test `item` ended when it was answered like this; None where it was not."""
        place, number = (item, b""), 0
        while place in self._known:
            outcome = self._known[place]
            if outcome is not None:
                return outcome
            data = answer(number)
            if data is None:
                return None
            place, number = _next_step(place, data), number + 1
        return None

    def keep(self, item: int, count: int, answer: Answer, outcome: Outcome) -> None:
        """Remember how test `item` ended after so many questions, all of them answered."""
        if len(self._known) >= MOST:
            self._known.clear()
        place = (item, b"")
        for number in range(count):
            self._known[place] = None
            data = answer(number)
            assert data is not None
            place = _next_step(place, data)
        if outcome.error is not None:
            outcome.error.__traceback__ = outcome.error.__context__ = outcome.error.__cause__ = None
        self._known[place] = outcome


def _next_step(place: tuple[int, bytes], data: bytes) -> tuple[int, bytes]:
    """The step of a test to which an answer leads: the same for the same answers only."""
    item, before = place
    return item, hashlib.sha256(before + data).digest()
