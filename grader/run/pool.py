"""The main process's side of a run: a warm process, one that has the suite, its workers; submissions out, results in.

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
from dataclasses import replace
from multiprocessing.connection import Connection, wait

from grader.assignments import Assignment, Course
from grader.errors import GraderError, JailError, MachineryError
from grader.records import Result, Submission
from grader.run.answer_store import NOWHERE, AnswerFolders
from grader.run.handed_over import HandedOver
from grader.run.session import Failure, Order, Verdict
from grader.run.trusted import START_SECONDS, STOP_SECONDS, SuiteProcess, WarmStart, Worker
from grader.subject.compiler import needs_registrations
from grader.subject.confinement import Confinement
from grader.subject.imports import uses
from grader.subject.keeper import Keeper

AHEAD = 2  # submissions given to a worker before its first answer, so that it never waits for the next
HUGE_PAGES_FROM = 10  # submissions: fewer do not earn back what they cost at the start
#: Names in programs that use what torch loads its compiler for: it is loaded before, once.
LATE = (
    "_dynamo",
    "torch.func",
    "jagged",
    "nested_tensor_from_jagged",
    "jacrev",
    "jacfwd",
    "hessian",
    "checkpoint",
)
MOST_WARM = 5  # warm processes in one run: more than that do not die by accident


class Pool:
    """Grades submissions on several processors. `close` it at the end."""

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        confinement: Confinement,
        count: int,
        diagnose: bool = True,
        warm: WarmStart | None = None,
        answers: AnswerFolders = NOWHERE,
        changes: int = 0,
        *,
        table: bool = True,
        several: bool = True,
    ) -> None:
        """`warm` is what was launched before; from now on it is the pool's own."""
        self._changes, self._table, self._several = changes, table, several
        self._course, self._assignment, self._diagnose = course, assignment, diagnose
        self._confinement, self._answers = confinement, answers
        # One worker and its child may use two processors; several are quicker each with its own.
        self._processors: list[int | None] = [None] if count == 1 else [*sorted(os.sched_getaffinity(0))]
        self._count = count
        self._suite = None if warm is None else warm.suite
        self._workers: list[Worker] = []
        self._handed_over = HandedOver()
        self._launched = 1
        self._most_time = 1.0
        self._keeper = Keeper.launch() if warm is None else warm.keeper
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
        """Start all workers."""
        suite = self._start()
        served = [self._zygote_sockets() for _ in range(self._count)]
        suite.wait()
        self._workers = [self._fork_worker(number, controls) for number, controls in enumerate(served)]

    def _start(self) -> SuiteProcess:
        """Have the suite collected and rehearsed while the warm process goes on warming; wait for the latter."""
        self._keeper.wait_loaded()
        if self._suite is None:
            self._suite = SuiteProcess(self._keeper, self._course, self._assignment)
        self._suite.wait_forked()
        self._keeper.wait()
        return self._suite

    def _start_again(self, number: int) -> Worker:
        """Another worker in the place of one that died, from new processes where those it came from have died."""
        try:
            return self._fork_worker(number, self._zygote_sockets())
        except (MachineryError, JailError):
            if self._launched == MOST_WARM:
                raise
        self._launched += 1
        self._end_processes()
        self._keeper = Keeper.launch(self._confinement)
        suite, served = self._start(), self._zygote_sockets()
        suite.wait()
        return self._fork_worker(number, served)

    @property
    def _order(self) -> Order:
        return Order(
            course=self._course,
            assignment=self._assignment,
            jail=self._confinement.stamp,
            diagnose=self._diagnose,
            answers=self._answers,
            changes=self._changes,
            table=self._table,
            several=self._several,
        )

    def _zygote_sockets(self) -> list[socket.socket]:
        """Sockets of which each is served by a zygote of its own. One of them is to be given the plan."""
        # The first zygote serves nobody: only this process may speak to it.
        controls = []
        for _ in range(2):
            control, its_control = socket.socketpair()
            with control:
                self._keeper.clone_onto(control)
            controls.append(its_control)
        return controls

    def _fork_worker(self, number: int, controls: Sequence[socket.socket]) -> Worker:
        """A worker, which has a rehearsed suite and speaks to the zygotes on these sockets."""
        assert self._suite is not None
        with contextlib.ExitStack() as open_sockets:
            sockets = [open_sockets.enter_context(control).fileno() for control in controls]
            processor = self._processors[number % len(self._processors)]
            order = replace(self._order, processor=processor)
            worker = self._suite.worker([*sockets, self._handed_over.fileno()], order)
        worker.wait(self._patience + START_SECONDS)
        return worker

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
        assert self._suite is not None
        how = self._suite.reap(worker)
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

    def close(self) -> None:
        """End the workers and the warm process."""
        for worker in self._workers:
            with contextlib.suppress(OSError):  # dead already
                worker.pipe.send(None)
        deadline = time.monotonic() + STOP_SECONDS
        for worker in self._workers:
            if not worker.gone:
                worker.let_end(deadline)
            if self._suite is not None:
                self._suite.reap(worker)
        self._workers = []
        self._end_processes()
        self._handed_over.close()

    def _end_processes(self) -> None:
        """End the process that has the suite, the workers that are left of it, and the warm process."""
        if self._suite is not None:
            self._suite.close()
            self._suite = None
        self._keeper.close()


def confinement_for(confinement: Confinement, submissions: Sequence[Submission]) -> Confinement:
    """The confinement with only that warmed which these submissions use."""
    own = (confinement.harness, *(source for _, source in confinement.given))
    sources = (*own, *_sources(submissions, confinement.given))
    return replace(
        confinement,
        compiler=uses_compiler(confinement.harness, submissions, confinement.given),
        registrations=any(map(needs_registrations, sources)),
        huge_pages=len(submissions) >= HUGE_PAGES_FROM,
    )


def may_hang(submission: Submission) -> bool:
    """Whether a program has a loop that may have no end: what hangs mostly does so in a `while`."""
    return any(uses(("while",), file.source) for file in submission.source.files)


def uses_compiler(
    harness: str, submissions: Sequence[Submission], modules: Sequence[tuple[str, str]] = ()
) -> bool:
    """Whether one of these sources, or the course's own beside them, may use what torch loads late.

    Copies of the `modules` that the course gives do not count: whoever hands in the folder hands them in as well.
    """
    return any(uses(LATE, source) for source in (harness, *_sources(submissions, modules)))


def _sources(submissions: Sequence[Submission], modules: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The sources of submissions, but for copies of the course's modules."""
    given_sources = {source for _, source in modules}
    return (
        file.source
        for submission in submissions
        for part in (submission, submission.other)
        if part is not None
        for file in part.source.files
        if file.source not in given_sources
    )
