"""Which exercises of a plan gave no answer, and which tests are therefore not asked any more."""

from __future__ import annotations

from collections import Counter

from grader.subject.plan import Plan
from grader.subject.subjects import SubjectLost

HANGS = 2  # an exercise that gave no answer in so many tests is not waited for again


class Hangs:
    """The tests of one submission in which nothing came in time."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._counts: Counter[str] = Counter()

    def count(self, item: int) -> None:
        """Nothing came in this test."""
        self._counts.update(self._plan.exercises(item))

    def given_up(self, item: int, one_more: bool = False) -> dict[int, SubjectLost]:
        """The tests after this one that are not asked; with `one_more`, if nothing comes in this one either."""
        counts = self._counts + Counter(self._plan.exercises(item)) if one_more else self._counts
        lost = {}
        for later in range(item + 1, len(self._plan)):
            hung = [name for name in self._plan.exercises(later) if counts[name] >= HANGS]
            if hung:
                lost[later] = SubjectLost("timeout", f"earlier tests of {hung[0]} had to be ended")
        return lost
