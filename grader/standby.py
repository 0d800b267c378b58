"""One warm worker, for a program that grades one submission after another and must not fork: nbgrader.

`standby` gives the worker of an assignment and starts it when there is none: a process of its own (`main`) with
suite, reference and jail, as a worker of a `grade` run has them. It goes on its own after a while without work.
What passes between the two are records, over a socket between trusted processes.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from grader import store
from grader.assignments import Assignment, Course, find_course, load
from grader.errors import GraderError, MachineryError
from grader.grade import ONE_THREAD, confine, unreadable
from grader.records import Result, Submission

IDLE_SECONDS = 300.0  # without work, after which the worker ends
START_SECONDS = 180.0
_READY = "ready"
PLAIN = "--no-diagnoses"
LAYER = "--allow-unsafe="

_running: dict[tuple[str, ...], Standby] = {}


def standby(
    course: Course, assignment: Assignment, allow_unsafe: Sequence[str] = (), diagnose: bool = True
) -> Standby:
    """The warm worker for an assignment as it is now; another one once its suite or reference has changed."""
    options = (*(f"{LAYER}{layer}" for layer in sorted(allow_unsafe)), *([] if diagnose else [PLAIN]))
    place = (str(course.root), assignment.name, *options)
    suite = store.suite_digest(course, assignment)
    found = _running.get(place)
    if found is None or found.suite != suite:
        if found is not None:
            found.close()
        found = _running[place] = Standby(course, assignment, options, suite)
    return found


class Standby:
    """The near end of a warm worker. It is started when the first submission comes."""

    def __init__(self, course: Course, assignment: Assignment, options: tuple[str, ...], suite: str) -> None:
        self.suite = suite
        self._course, self._assignment, self._options = course, assignment, options
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
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
            for attempt in (1, 2):
                try:
                    answer = self._ask(submission)
                except (EOFError, OSError):
                    # It has ended for want of work, or died: a fresh one tries again, once.
                    how = self._end()
                    if attempt == 2:
                        raise MachineryError(
                            f"the grading process of {self._assignment.name} died twice ({how}).",
                            next_step="Nothing was graded by it. Try again, or look at: grader grade",
                        ) from None
                else:
                    if isinstance(answer, GraderError):
                        raise answer
                    return answer
        raise AssertionError("unreachable")

    def _ask(self, submission: Submission) -> Result | GraderError:
        if self._pipe is None:
            self._start()
        assert self._pipe is not None
        self._pipe.send(submission)
        answer = self._receive(self._assignment.limits.judge_seconds)
        assert isinstance(answer, Result | GraderError)
        return answer

    def _start(self) -> None:
        near, far = socket.socketpair()
        boot = "from grader.safe_path import leave_current_folder; leave_current_folder(); "
        boot += "from grader.standby import main; main()"
        command = [sys.executable, "-c", boot, str(far.fileno()), str(self._course.root)]
        with far:
            self._process = subprocess.Popen(
                [*command, self._assignment.name, *self._options],
                pass_fds=[far.fileno()],
                stdin=subprocess.DEVNULL,
                cwd="/",
                env={**os.environ, **ONE_THREAD},
            )
        atexit.register(self.close)
        self._pipe = Connection(near.detach())
        answer = self._receive(START_SECONDS)
        if isinstance(answer, GraderError):
            self._end()
            raise answer

    def _receive(self, seconds: float) -> object:
        assert self._pipe is not None
        if not self._pipe.poll(seconds):
            raise EOFError
        return self._pipe.recv()

    def _end(self) -> str:
        """End the process; says how it ended."""
        if self._pipe is not None:
            self._pipe.close()
        how = ""
        if self._process is not None:
            try:  # it ends when nobody listens any more
                how = f"exit status {self._process.wait(timeout=2)}"
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
                how = "no answer in time"
        self._process = self._pipe = None
        atexit.unregister(self.close)
        return how

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            self._end()


def main() -> None:
    """The worker; its arguments are DESCRIPTOR COURSE ASSIGNMENT [OPTION…]."""
    descriptor, root, name, *options = sys.argv[1:]
    pipe = Connection(int(descriptor))
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            _serve(pipe, Path(root), name, options)
        except GraderError as error:
            pipe.send(error)


def _serve(pipe: Connection, root: Path, name: str, options: Sequence[str]) -> None:
    from grader.judge import Judge
    from grader.subject.jail import die_with_parent
    from grader.subject.keeper import Keeper
    from grader.suite.bench import Suite
    from grader.suite.collect import with_suite

    die_with_parent()
    course = find_course(root)
    assignment = load(course, name)
    layers = [option.removeprefix(LAYER) for option in options if option.startswith(LAYER)]
    confinement = confine(course, assignment, layers)
    keeper = Keeper.launch(confinement)  # given the plan below; its clone, made before, never holds it

    def work(suite: Suite) -> None:
        keeper.wait()  # it loaded torch while the suite's reference did
        unplanned = keeper.clone()
        try:
            keeper.plan(suite.plan.encoded)
            answer_all(Judge(suite, keeper, unplanned, confinement.stamp, diagnose=PLAIN not in options))
        finally:
            unplanned.close()

    def answer_all(judge: Judge) -> None:
        pipe.send(_READY)
        while pipe.poll(IDLE_SECONDS):
            submission = pipe.recv()
            try:
                answer: Result | GraderError = judge.judge(submission)
            except MachineryError:
                return  # the warm process is gone or ill: a fresh one is started and tries again
            except GraderError as error:
                answer = error
            # Anything else is a fault of the grader: reported as such, never as a score.
            except Exception:
                answer = MachineryError("a fault of the grader:\n" + traceback.format_exc(limit=-3))
            pipe.send(answer)

    try:
        with_suite(course, assignment, work)
    finally:
        keeper.close()
