"""How long a submission is waited for, and how long it has been."""

from __future__ import annotations

from dataclasses import dataclass

from grader.subject.loading import Loading


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

    The first loading has a time of its own, so that what is stopped there takes nothing from the tests.
    """

    def __init__(self, patience: Patience, loading: Loading) -> None:
        self._patience, self._loading = patience, loading
        self._waited = 0.0

    def charge(self, seconds: float) -> None:
        """Count seconds of waiting."""
        if self._loading.loaded is None:
            self._loading.spend(seconds)
        else:
            self._waited += seconds

    @property
    def is_up(self) -> bool:
        """Whether no time is left for what goes on: the first loading, or the tests."""
        return self._loading.time_is_up if self._loading.loaded is None else not self.has_time

    @property
    def has_time(self) -> bool:
        """Whether time is left for the tests."""
        return self._waited < self._patience.total_seconds

    @property
    def left(self) -> float:
        """The seconds that are left for the tests; a moment at least."""
        return max(0.05, self._patience.total_seconds - self._waited)
