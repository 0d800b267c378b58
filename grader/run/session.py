"""A worker's life, and the one way to make a Judge: collect the suite, rehearse it, give its plan to the jail, grade.

`main` runs in a process that was forked from the warm one before that had anything of a course. What it is to do comes
over its pipe. It collects and rehearses, once for all workers, which are forked from it. Submissions come to them as
places in a file that both sides have open, so no message is large.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import socket
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from grader.assignments import Assignment, Course
from grader.errors import GraderError, MachineryError, SuiteError
from grader.records import Result, StudentSource, Submission
from grader.run.answer_store import NOWHERE, AnswerFolders, Answers
from grader.subject import scheduling
from grader.subject.compiler import needs_registrations, with_registrations
from grader.subject.forker import Forker
from grader.subject.keeper import Keeper

if TYPE_CHECKING:
    from grader.run.judge import Judge
    from grader.suite.bench import Suite

ENTRY = f"{__name__}:main"
MOST_THREADS = 3  # that a message names


@dataclass(frozen=True)
class Rehearsal:
    """Which suite is to be rehearsed, and the main process's surroundings."""

    course: Course
    assignment: Assignment
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """What workers are to do: for whom, and in which jail.

    `processor` is the one that a worker and its children are kept on, or None. `answers` is where those are kept that
    name mistakes. `changes` is how many may be tried of a submission to find the line. Without `table`, nothing is
    known of mistakes.py; then `several` mistakes at once are looked for, or one alone.
    """

    course: Course
    assignment: Assignment
    jail: str
    diagnose: bool
    processor: int | None = None
    answers: AnswerFolders = NOWHERE
    changes: int = 0
    table: bool = True
    several: bool = True

    def pin(self) -> None:
        """Keep this process on its processor, where it does not interrupt its children."""
        if self.processor is not None:
            scheduling.stay_on(self.processor)
            scheduling.without_interrupting()


@dataclass(frozen=True)
class Position:
    """Where in the shared file a pickled submission is; `index` is its number in the run."""

    index: int
    offset: int
    length: int


@dataclass(frozen=True)
class Verdict:
    """A result that is final but for the names of its mistakes, which are looked for now."""

    result: Result


@dataclass(frozen=True)
class Failure:
    """A submission that the machinery could not grade, and why."""

    message: str


def main(descriptors: Sequence[int]) -> None:
    """Serve as the process of a suite: a pipe, and a control socket over which it is asked for workers.

    It is forked while submissions may still be read, and knows nothing of them.

    It says over the pipe that the suite is rehearsed, or what is at fault.
    """
    pipe, control = Connection(descriptors[0]), socket.socket(fileno=descriptors[1])
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):  # whoever asked has gone
        rehearsal: Rehearsal = pipe.recv()
        os.environ.clear()
        os.environ.update(rehearsal.environment)

        def serve(suite: Suite) -> None:
            from grader.run import judge  # noqa: F401 (so that workers find it loaded)

            _refuse_threads(rehearsal.assignment)
            gc.freeze()  # suite and reference stay: nobody need look for garbage in them, or copy them for it
            pipe.send(None)
            RehearsedProcess(control, suite).serve()

        try:
            if any(map(needs_registrations, _texts(rehearsal.assignment))):
                with_registrations()
            with_suite(rehearsal.course, rehearsal.assignment, serve)
        except GraderError as error:
            pipe.send(error)


def _texts(assignment: Assignment) -> Iterator[str]:
    """The programs of an assignment's course that run on the trusted side."""
    folders = (assignment.hidden, assignment.shared)
    for path in (assignment.solution, *assignment.given, *(at for to in folders for at in to.rglob("*.py"))):
        yield path.read_text(encoding="utf-8", errors="replace")


def _refuse_threads(assignment: Assignment) -> None:
    """Raise SuiteError where the suite has left threads behind: workers, which are forked, would not have them.

    A test that waits for one would wait for ever.
    """
    names = [thread.name for thread in threading.enumerate() if thread is not threading.current_thread()]
    if names:
        raise SuiteError(
            f"{assignment.hidden}: the suite has started {len(names)} thread{'s' if len(names) > 1 else ''} "
            f"({', '.join(names[:MOST_THREADS])}) that still ran when it had been tried on the reference. Workers are "
            "forked from the process that has the suite, and threads do not come along.",
            next_step="Start threads in the test or fixture that uses them, and end them there.",
        )


class RehearsedProcess(Forker):
    """A process that has a rehearsed suite. Each worker is forked from it, and has the suite in its memory."""

    def __init__(self, control: socket.socket, suite: Suite) -> None:
        super().__init__(control)
        self._suite = suite

    def become(self, request: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        """Serve as a worker: a pipe, the controls of two zygotes (one for the plan, one without), submissions."""
        pipe = Connection(descriptors[0])
        planned, unplanned = (Keeper(socket.socket(fileno=number)) for number in descriptors[1:3])
        with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):  # whoever asked has gone
            order: Order = pipe.recv()
            order.pin()
            try:
                with opened(self._suite, order, planned, unplanned) as judge:
                    _grade_all(judge, pipe, descriptors[3])
            except GraderError as error:
                pipe.send(error)


@contextlib.contextmanager
def opened(suite: Suite, order: Order, planned: Keeper, unplanned: Keeper) -> Iterator[Judge]:
    """The one way to a Judge: for a suite that has been rehearsed, and two warm processes of its own.

    `planned` is given the suite's plan. Workers, nbgrader's among them, come here through `RehearsedProcess`; tests
    run by hand, through `byhand`. Raises CourseError where harness.py cannot be loaded in the jail, MachineryError
    when a warm process is gone.
    """
    from grader.run.judge import Judge
    from grader.subject.jailed import JailedSubject
    from grader.subject.patience import Patience

    if order.processor is not None:
        for keeper in (planned, unplanned):
            keeper.pin(order.processor)
    limits = order.assignment.limits
    nothing = StudentSource(order.assignment.name, ())
    empty = JailedSubject(unplanned, nothing, Patience(limits.call_seconds, limits.total_seconds))
    with contextlib.closing(empty):
        suite.check_in_jail(empty)
    planned.plan(suite.plan.encoded)
    answers = Answers(order.answers)
    try:
        yield Judge(
            *(suite, planned, unplanned, order.jail, order.diagnose, answers, order.changes),
            table=order.table,
            several=order.several,
        )
    finally:
        answers.save()


def with_judge(order: Order, planned: Keeper, unplanned: Keeper, work: Callable[[Judge], None]) -> None:
    """Collect and rehearse the suite in this process, give its plan to `planned`, and call `work` with a Judge.

    Raises SuiteError when the suite is at fault, MachineryError when a zygote is gone.
    """

    def judged(suite: Suite) -> None:
        with opened(suite, order, planned, unplanned) as judge:
            work(judge)

    order.pin()
    with_suite(order.course, order.assignment, judged)


def with_suite(course: Course, assignment: Assignment, work: Callable[[Suite], None]) -> None:
    """Collect and rehearse the suite, and call `work` with it. Raises SuiteError when it is at fault."""
    from grader.suite import collect

    collect.with_suite(course, assignment, work)


def _grade_all(judge: Judge, pipe: Connection, submissions: int) -> None:
    gc.freeze()  # mistakes stay as well
    pipe.send(None)  # from now on a submission's time counts
    while True:
        place: Position | None = pipe.recv()
        if place is None:
            return
        submission: Submission = pickle.loads(os.pread(submissions, place.length, place.offset))
        index = place.index

        def on_verdict(result: Result, index: int = index) -> None:
            pipe.send((index, Verdict(result)))

        try:
            answer: Result | Failure = judge.judge(submission, on_verdict)
        except MachineryError:
            # Its warm process is gone or ill, and would fail everyone after: another worker tries again.
            raise SystemExit(1) from None
        except GraderError as error:
            answer = Failure(str(error))
        # Anything else is a fault of the grader: reported as such, never as a score.
        except Exception:
            answer = Failure("a fault of the grader:\n" + traceback.format_exc(limit=-3))
        pipe.send((index, answer))
