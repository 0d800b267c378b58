"""The main process's side of a run: one warm process, workers forked from it, submissions out and results in.

This process loads neither numpy nor torch and never forks, so a program with threads may grade. Submissions go to a
worker as places in a file that it has open; results come back as records over a pipe between trusted processes. A
worker that dies takes no submission with it, nor does the warm process: another one is started.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait

from grader.assignments import Assignment, Course
from grader.errors import GraderError, JailError, MachineryError
from grader.records import Result, Submission
from grader.run import session
from grader.run.answers import NOWHERE, Place
from grader.run.handed_over import HandedOver
from grader.run.session import Failure, Order, Verdict
from grader.subject.confinement import Confinement
from grader.subject.imports import uses
from grader.subject.keeper import Keeper
from grader.subject.runqueue import RunQueue

START_SECONDS = 180.0  # for collecting and rehearsing the suite, on a busy machine
STOP_SECONDS = 1.0
LEAST_STARVED = 1.0  # seconds that a worker got no processor, for which it is given more time
AHEAD = 2  # submissions given to a worker before its first answer, so that it never waits for the next
HUGE_PAGES_FROM = 10  # submissions: fewer do not earn back what they cost at the start
#: Names in programs that use what torch loads its compiler for: it is loaded before, once.
LATE = ("_dynamo", "torch.func", "jacrev", "jacfwd", "hessian", "checkpoint")
MOST_WARM = 5  # warm processes in one run: more than that do not die by accident


@dataclass
class Worker:
    """The main process's view of one worker."""

    pid: int
    pipe: Connection
    queue: RunQueue
    busy_with: deque[int] = field(default_factory=deque)
    until: float = float("inf")  # when it is taken to be stuck, on the monotonic clock
    starved: float = 0.0  # what its run queue said when `until` was set
    served: bool = False  # it has given a verdict
    verdicts: dict[int, Result] = field(default_factory=dict)  # whose mistakes it is looking for
    gone: bool = False  # its end of the pipe is closed, and all that it sent has been read; or it is stuck

    def wait(self, seconds: float) -> None:
        """Take it to be stuck after so many seconds from now, and not before."""
        self.until, self.starved = time.monotonic() + seconds, self.queue.seconds

    def is_stuck(self) -> bool:
        """Whether its time is up. What a busy machine kept from it since then is given to it first."""
        if self.until >= time.monotonic():
            return False
        starved = self.queue.seconds - self.starved
        if starved > LEAST_STARVED:
            self.wait(starved)
            return False
        return True


class Pool:
    """Grades submissions on several processors. `close` it at the end."""

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        confinement: Confinement,
        count: int,
        diagnose: bool = True,
        keeper: Keeper | None = None,
        answers: Place = NOWHERE,
        changes: int = 0,
        *,
        table: bool = True,
        several: bool = True,
    ) -> None:
        """`keeper` is that of a warm process that was launched before; from now on it is the pool's own."""
        self._changes, self._table, self._several = changes, table, several
        self._course, self._assignment, self._diagnose = course, assignment, diagnose
        self._confinement, self._answers = confinement, answers
        # One worker and its child may use two processors; several are quicker each with its own.
        self._processors: list[int | None] = [None] if count == 1 else [*sorted(os.sched_getaffinity(0))]
        self._count = count
        self._workers: list[Worker] = []
        self._handed_over = HandedOver()
        self._launched = 1
        self._most_time = 1.0
        self._keeper = keeper or Keeper.launch()
        self._keeper.confine(confinement)

    def results(
        self, submissions: Iterable[tuple[int, Submission]]
    ) -> Iterator[tuple[int, Result | Failure]]:
        """Each of the numbered submissions as it is graded, in no order.

        Raises SuiteError when the suite is at fault, JailError when the jail cannot be built, MachineryError when
        workers or the warm process die again and again.
        """
        self._most_time = max(self._most_time, self._handed_over.write(submissions, may_hang))
        waiting = deque(self._handed_over.numbers)
        tries: dict[int, int] = {}
        if not self._workers:
            self._begin()
        while waiting or any(worker.busy_with for worker in self._workers):
            for number, worker in enumerate(self._workers):
                if worker.gone:
                    yield from self._bury(worker, waiting, tries)
                    self._workers[number] = self._start_again(number)
                self._give(self._workers[number], waiting)
            yield from self._collect()

    def _begin(self) -> None:
        """Start all workers; they collect and rehearse the suite while the warm process goes on warming."""
        self._keeper.wait_loaded()
        waiting = []
        for number in range(self._count):
            worker, controls = self._fork(number)
            self._workers.append(worker)
            waiting.append(controls)
        self._keeper.warm()
        self._keeper.wait()
        for controls in waiting:
            self._serve(controls)

    def _start_again(self, number: int) -> Worker:
        """Another worker in the place of one that died, from another warm process if that one has died, too."""
        try:
            worker, controls = self._fork(number)
            self._serve(controls)
        except (MachineryError, JailError):
            if self._launched == MOST_WARM:
                raise
            self._launched += 1
            self._keeper.close()
            self._keeper = Keeper.launch(self._confinement)
            self._keeper.wait()
            worker, controls = self._fork(number)
            self._serve(controls)
        return worker

    def _fork(self, number: int) -> tuple[Worker, list[socket.socket]]:
        """A worker, and the sockets on which its two zygotes are to serve once they can be forked."""
        pipe, its_pipe = socket.socketpair()
        pairs = [socket.socketpair() for _ in range(2)]
        parent_ends, child_ends = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        standard_error = _standard_error()
        try:
            sockets = [part.fileno() for part in (its_pipe, *child_ends)]
            pid = self._keeper.worker(session.ENTRY, [*sockets, self._handed_over.fileno(), standard_error])
        finally:
            os.close(standard_error)
            for mine in (its_pipe, *child_ends):
                mine.close()
        worker = Worker(pid, Connection(pipe.detach()), queue=RunQueue(pid))
        worker.wait(self._patience + START_SECONDS)
        order = Order(
            course=self._course,
            assignment=self._assignment,
            jail=self._confinement.stamp,
            diagnose=self._diagnose,
            processor=self._processors[number % len(self._processors)],
            environment=dict(os.environ),
            answers=self._answers,
            changes=self._changes,
            table=self._table,
            several=self._several,
        )
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # noticed when it is asked
            worker.pipe.send(order)
        return worker, parent_ends

    def _serve(self, controls: Sequence[socket.socket]) -> None:
        # The first zygote serves nobody: only this process may speak to it. Of the two clones one is given the plan.
        for control in controls:
            with control:
                self._keeper.clone_onto(control)

    def _give(self, worker: Worker, waiting: deque[int]) -> None:
        slow = self._handed_over.slow  # nobody is given behind one of these: both would be waited for
        while waiting and len(worker.busy_with) < (AHEAD if slow.isdisjoint(worker.busy_with) else 1):
            index = waiting.popleft()
            if not worker.busy_with:
                worker.wait(max(worker.until - time.monotonic(), self._patience))
            worker.busy_with.append(index)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # noticed when it is asked
                worker.pipe.send(self._handed_over.place(index))

    def _collect(self) -> Iterator[tuple[int, Result | Failure]]:
        busy = [worker for worker in self._workers if worker.busy_with]
        if not busy:
            return
        by_pipe = {worker.pipe: worker for worker in self._workers if not worker.gone}
        patience = max(0.0, min(worker.until for worker in busy) - time.monotonic())
        for ready in wait(list(by_pipe), patience):
            assert isinstance(ready, Connection)
            worker = by_pipe[ready]
            try:
                message = worker.pipe.recv()
            except (EOFError, ConnectionResetError):
                worker.gone = True
                continue
            if isinstance(message, GraderError):
                raise message
            if message is None:  # the suite is rehearsed: from now on a submission's time counts
                worker.wait(self._patience)
                continue
            index, result = message
            if isinstance(result, Verdict):
                worker.verdicts = {index: result.result}
                worker.wait(self._patience)
                continue
            worker.busy_with.remove(index)
            worker.served = True
            worker.wait(self._patience)
            yield index, result
        for worker in busy:
            if worker.busy_with and worker.is_stuck():
                worker.gone = True  # it is stuck, and buried like one that died by itself

    @property
    def _patience(self) -> float:
        """How many seconds a worker may take for a verdict."""
        return self._assignment.limits.judge_seconds * self._most_time

    def _bury(
        self, worker: Worker, waiting: deque[int], tries: dict[int, int]
    ) -> Iterator[tuple[int, Result | Failure]]:
        """A dead worker's submissions: the one it was busy with gets a second try, the next ones go back."""
        how = self._reap(worker)
        for position, index in enumerate(worker.busy_with):
            if index in worker.verdicts:  # it stands, whatever became of the rest
                verdict = worker.verdicts[index]
                failed = "shown" if verdict.diagnoses else "looked for, or not be shown"
                worker.served = True
                why = f"Its mistakes could not be {failed}: the worker process died ({how})."
                yield index, replace(verdict, fault=why)
                continue
            tries[index] = tries.get(index, 0) + (position == 0)
            if tries[index] < 2:
                waiting.appendleft(index)
            else:
                yield index, Failure(f"a worker process of the grader died twice on it ({how})")
        if not worker.busy_with and not worker.served:
            raise MachineryError("a worker process of the grader died before it was given work")

    def _reap(self, worker: Worker) -> str:
        """End a worker if it has not ended; says how it did."""
        worker.pipe.close()
        worker.queue.close()
        try:
            return f"exit status {self._keeper.reap(worker.pid)}"
        except MachineryError:  # the warm process is gone, and its workers with it
            return "the warm process died"

    def close(self) -> None:
        """End the workers and the warm process."""
        for worker in self._workers:
            with contextlib.suppress(OSError):  # dead already
                worker.pipe.send(None)
        deadline = time.monotonic() + STOP_SECONDS
        for worker in self._workers:
            with contextlib.suppress(OSError, EOFError):
                while not worker.gone and worker.pipe.poll(max(0.0, deadline - time.monotonic())):
                    worker.pipe.recv()  # until it closes its end
            self._reap(worker)
        self._workers = []
        self._handed_over.close()
        self._keeper.close()


def confinement_for(confinement: Confinement, submissions: Sequence[Submission]) -> Confinement:
    """The confinement with only that warmed which these submissions use."""
    return replace(
        confinement,
        compiler=uses_compiler(confinement.harness, submissions, confinement.given),
        huge_pages=len(submissions) >= HUGE_PAGES_FROM,
    )


def may_hang(submission: Submission) -> bool:
    """Whether a program has a loop that may have no end: what hangs mostly does so in a `while`."""
    return any(uses(("while",), file.source) for file in submission.source.files)


def uses_compiler(
    harness: str, submissions: Sequence[Submission], given: Sequence[tuple[str, str]] = ()
) -> bool:
    """Whether one of these sources, or the course's own beside them, may use what torch loads late.

    Copies of the modules that are `given` do not count: whoever hands in the folder hands them in as well.
    """
    given_sources = {source for _, source in given}
    sources = (
        file.source
        for submission in submissions
        for part in (submission, submission.other)
        if part is not None
        for file in part.source.files
        if file.source not in given_sources
    )
    return any(uses(LATE, source) for source in (harness, *sources))


def _standard_error() -> int:
    """A descriptor of this process's standard error, or of nothing where it is closed."""
    try:
        return os.dup(2)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)
