"""Warm workers for a program that grades one submission after another: nbgrader.

`standby` gives the pool of an assignment and makes one when there is none. Its worker has suite, reference and jail, as
in a `grade` run. It goes on its own after a while without work.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Sequence

from grader.assignments import Assignment, Course
from grader.errors import GraderError, MachineryError
from grader.records import Result, Submission
from grader.run import answer_store, digests
from grader.run.path import confine, unreadable
from grader.run.pool import Pool
from grader.run.session import Failure

IDLE_SECONDS = 300.0  # without work, after which the worker ends

_running: dict[tuple[str, ...], Standby] = {}


def standby(
    course: Course, assignment: Assignment, allow_unsafe: Sequence[str] = (), diagnose: bool = True
) -> Standby:
    """The warm worker for an assignment as it is now; another one once its suite or reference has changed."""
    place = (str(course.root), assignment.name, *sorted(allow_unsafe), str(diagnose))
    suite = digests.suite_digest(course, assignment)
    pool = _running.get(place)
    if pool is None or pool.suite != suite:
        if pool is not None:
            pool.close()
        pool = _running[place] = Standby(course, assignment, allow_unsafe, diagnose, suite)
    return pool


class Standby:
    """A pool of one worker. It is started when the first submission comes, and again after it has gone."""

    def __init__(
        self, course: Course, assignment: Assignment, allow_unsafe: Sequence[str], diagnose: bool, suite: str
    ) -> None:
        self.suite = suite
        self._course, self._assignment = course, assignment
        self._allow_unsafe, self._diagnose = tuple(allow_unsafe), diagnose
        self._pool: Pool | None = None
        self._idle: threading.Timer | None = None
        self._lock = threading.Lock()

    def grade(self, submission: Submission) -> Result:
        """Grade one submission. Raises GraderError when it cannot be judged; the fault is never the student's."""
        if submission.fault:
            raise MachineryError(
                f"What {submission.student} handed in could not be read: {submission.problem}",
                next_step="Put that right and grade again; nothing was saved.",
            )
        if submission.problem:
            return unreadable(submission, self._assignment)
        with self._lock:
            self._stop_timer()
            try:
                answer = self._grade(submission)
            except GraderError:
                self._end()
                raise
            self._wait_for_more()
        if isinstance(answer, Failure):
            raise MachineryError(
                answer.message, next_step="Nothing was graded by it. Try again, or look at: grader grade"
            )
        return answer

    def _grade(self, submission: Submission) -> Result | Failure:
        if self._pool is None:
            confinement = confine(self._course, self._assignment, self._allow_unsafe)
            place = answer_store.place(
                self._course,
                self._assignment,
                self.suite,
                digests.engine_digest(),
                confinement.readable,
                confinement.skip,
            )
            self._pool = Pool(self._course, self._assignment, confinement, 1, self._diagnose, answers=place)
            atexit.register(self.close)
        ((_, answer),) = self._pool.results([(0, submission)])
        return answer

    def _wait_for_more(self) -> None:
        self._idle = threading.Timer(IDLE_SECONDS, self.close)
        self._idle.daemon = True
        self._idle.start()

    def _stop_timer(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None
            atexit.unregister(self.close)

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            self._stop_timer()
            self._end()
