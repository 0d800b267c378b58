"""How long a submission is waited for, and how long it has been."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from grader.subject.loading import Loading
from grader.subject.plan import Plan
from grader.subject.subjects import SubjectLost

TIME_IS_UP = "its time was used up by earlier tests"  # a `detail` of SubjectLost
RESERVE = 0.25  # of the time in all


@dataclass(frozen=True)
class Patience:
    """How long to wait: for one answer, and for the whole submission, in seconds of the parent's clock.

    Loading has `total_seconds` of its own, so that a statement that is stopped takes nothing from the grading, and
    one statement of it `statement_seconds`.
    """

    call_seconds: float = 2.0
    total_seconds: float = 10.0
    statement_seconds: float = 2.0

    def times(self, factor: float) -> Patience:
        """The same, with every limit multiplied: for somebody who is given more time."""
        return Patience(
            self.call_seconds * factor, self.total_seconds * factor, self.statement_seconds * factor
        )


class Clock:
    """The time that one submission was waited for.

    The first loading has a time of its own, so that what is stopped there takes nothing from the tests. When the time
    is over, exercises that have not had their share of it are asked all the same, in `RESERVE` of the time in all, of
    which each may use the same: a slow function takes no points from what stands beside it.
    """

    def __init__(self, patience: Patience, loading: Loading, plan: Plan) -> None:
        self._patience, self._loading, self._plan = patience, loading, plan
        self._seconds = patience.total_seconds
        self._waited = 0.0
        self._used: defaultdict[str, float] = defaultdict(float)  # seconds of each exercise
        self._given_up: set[str] = set()  # the exercises that took more than their share
        self._in_reserve = 0.0  # seconds that were given out of the reserve

    def charge(self, seconds: float, item: int | None = None) -> None:
        """Count seconds of waiting, for a test of the plan where that is known."""
        if self._loading.loaded is None:
            self._loading.spend(seconds)
        else:
            self._waited += seconds
            for name in () if item is None else self._plan.exercises(item):
                self._used[name] += seconds

    def over(self, item: int) -> dict[int, SubjectLost]:
        """The tests after this one that are not asked because time is over; the others have some of the reserve."""
        if self.has_time:
            return {}
        tests = {number: self._plan.exercises(number) for number in range(len(self._plan))}
        if self._in_reserve:
            self._given_up |= tests[item]
        else:
            share = self._patience.total_seconds / max(
                1, len({name for names in tests.values() for name in names})
            )
            self._given_up |= {name for name, seconds in self._used.items() if seconds >= share}
        later = {number: names for number, names in tests.items() if number > item}
        waiting = {name for names in later.values() if not names & self._given_up for name in names}
        reserve = RESERVE * self._patience.total_seconds - self._in_reserve
        if waiting:
            self._in_reserve += reserve / len(waiting)
            self._waited = self._seconds  # what was waited beyond it is nobody's
            self._seconds = self._patience.total_seconds + self._in_reserve
        return {
            number: SubjectLost("timeout", TIME_IS_UP)
            for number, names in later.items()
            if names & self._given_up
        }

    @property
    def is_up(self) -> bool:
        """Whether no time is left for what goes on: the first loading, or the tests."""
        return self._loading.time_is_up if self._loading.loaded is None else not self.has_time

    @property
    def has_time(self) -> bool:
        """Whether time is left for the tests."""
        return self._waited < self._seconds

    @property
    def left(self) -> float:
        """The seconds that are left for the tests; a moment at least."""
        return max(0.05, self._seconds - self._waited)
