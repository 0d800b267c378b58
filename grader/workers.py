"""Worker processes: each collects the suite once, owns a zygote, and grades one submission after another.

A worker is forked from the main process after torch was imported there (and nothing computed with it), so the
import is paid once. Submissions go to it by their index; results come back as records over a pipe between trusted
processes. A worker that dies takes no submission with it: the pool reports it and starts another.
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import signal
import time
import traceback
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection
from typing import Any

from grader.assignments import Assignment, Course
from grader.errors import GraderError, MachineryError
from grader.records import Result, Submission
from grader.subject.jail import die_with_parent
from grader.subject.keeper import Confinement, Keeper

START_SECONDS = 180.0  # for collecting and rehearsing the suite, on a busy machine
AHEAD = 2  # submissions given to a worker before its first answer, so that it never waits for the next
OWN_THREADS = (
    1  # of the process that grades: its main one (a test runner adds one that only waits for its orders)
)
_FORK = multiprocessing.get_context("fork") if hasattr(os, "fork") else None


@dataclass(frozen=True)
class Failure:
    """A submission that the machinery could not grade, and why."""

    message: str


@dataclass
class Worker:
    """The main process's view of one worker."""

    process: Any
    pipe: Any
    busy_with: deque[int] = field(default_factory=deque)
    until: float = float("inf")  # when it is taken to be stuck, on the monotonic clock
    served: bool = False  # it has given a verdict
    gone: bool = False  # its end of the pipe is closed, and all that it sent has been read


class Pool:
    """Grades submissions on several processors."""

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        submissions: Sequence[Submission],
        confinement: Confinement,
        count: int,
        diagnose: bool = True,
    ) -> None:
        self._course, self._assignment, self._submissions = course, assignment, submissions
        self._confinement = confinement
        self._processors = sorted(os.sched_getaffinity(0))
        self._count, self._diagnose = count, diagnose
        self._keeper = Keeper.launch(confinement)

    def results(self, indices: Sequence[int]) -> Iterator[tuple[int, Result | Failure]]:
        """Every submission of `indices` as it is graded, in no order.

        Raises SuiteError when the suite is at fault, JailError when the jail cannot be built, MachineryError when this
        process has threads, before the first.
        """
        # Loaded while the zygote loads its own: the workers, forked from here, then have it.
        importlib.import_module("torch")
        importlib.import_module("grader.judge")
        _refuse_threads()
        self._keeper.wait()
        waiting = deque(indices)
        tries: dict[int, int] = {}
        workers = [self._start(number) for number in range(self._count)]
        try:
            while waiting or any(worker.busy_with for worker in workers):
                for number, worker in enumerate(workers):
                    if worker.gone:
                        yield from self._bury(worker, waiting, tries)
                        worker = workers[number] = self._start(number)
                    self._give(worker, waiting)
                yield from self._collect(workers)
        finally:
            self._stop(workers)

    def _give(self, worker: Worker, waiting: deque[int]) -> None:
        while waiting and len(worker.busy_with) < AHEAD:
            index = waiting.popleft()
            if not worker.busy_with:
                worker.until = max(worker.until, self._deadline())
            worker.busy_with.append(index)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # noticed when it is asked
                worker.pipe.send(index)

    def _collect(self, workers: Sequence[Worker]) -> Iterator[tuple[int, Result | Failure]]:
        busy = [worker for worker in workers if worker.busy_with]
        if not busy:
            return
        by_pipe = {worker.pipe: worker for worker in workers if not worker.gone}
        patience = max(0.0, min(worker.until for worker in busy) - time.monotonic())
        for ready in connection.wait(list(by_pipe), patience):
            worker = by_pipe[ready]
            try:
                message = worker.pipe.recv()
            except (EOFError, ConnectionResetError):
                worker.gone = True
                continue
            if isinstance(message, GraderError):
                raise message
            if message is None:  # the suite is rehearsed: from now on a submission's time counts
                worker.until = self._deadline()
                continue
            index, result = message
            worker.busy_with.remove(index)
            worker.served, worker.until = True, self._deadline()
            yield index, result
        for worker in busy:
            if worker.busy_with and worker.until < time.monotonic():
                worker.process.kill()  # it is stuck, and buried like one that died by itself

    def _deadline(self) -> float:
        return time.monotonic() + self._assignment.limits.judge_seconds

    def _bury(
        self, worker: Worker, waiting: deque[int], tries: dict[int, int]
    ) -> Iterator[tuple[int, Result | Failure]]:
        """A dead worker's submissions: the one it was busy with gets a second try, the next ones go back."""
        worker.process.join()
        worker.pipe.close()
        for position, index in enumerate(worker.busy_with):
            tries[index] = tries.get(index, 0) + (position == 0)
            if tries[index] < 2:
                waiting.appendleft(index)
            else:
                how = f"exit status {worker.process.exitcode}"
                yield index, Failure(f"a worker process of the grader died twice on it ({how})")
        if not worker.busy_with and not worker.served:
            raise MachineryError("a worker process of the grader died before it was given work")

    def _start(self, number: int) -> Worker:
        # The first zygote serves nobody: only this process may speak to it. Of the two clones one is given the plan.
        keepers = self._keeper.clone(), self._keeper.clone()
        assert _FORK is not None
        ours, theirs = _FORK.Pipe()
        processor = self._processors[number % len(self._processors)]
        process = _FORK.Process(target=self._work, args=(theirs, ours, keepers, processor), daemon=True)
        process.start()
        theirs.close()
        for keeper in keepers:
            keeper.forget()
        return Worker(process, ours, until=self._deadline() + START_SECONDS)

    def _work(self, pipe: Any, other_end: Any, keepers: tuple[Keeper, Keeper], processor: int) -> None:
        """The worker's life."""
        from grader.judge import Judge
        from grader.suite.bench import Suite
        from grader.suite.collect import with_suite

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process decides when to stop
        die_with_parent()
        other_end.close()
        with contextlib.suppress(OSError):  # only speed
            os.sched_setaffinity(0, [processor])

        def work(suite: Suite) -> None:
            for keeper in keepers:
                keeper.pin(processor)
            keepers[0].plan(suite.plan.encoded)
            judge = Judge(suite, *keepers, self._confinement.stamp, self._diagnose)
            pipe.send(None)
            while True:
                index = pipe.recv()
                if index is None:
                    return
                try:
                    answer: Result | Failure = judge.judge(self._submissions[index])
                except MachineryError:
                    # Its warm process is gone or ill, and would fail everyone after: another worker tries again.
                    raise SystemExit(1) from None
                except GraderError as error:
                    answer = Failure(str(error))
                # Anything else is a fault of the grader: reported as such, never as a score.
                except Exception:
                    answer = Failure("a fault of the grader:\n" + traceback.format_exc(limit=-3))
                pipe.send((index, answer))

        try:
            with_suite(self._course, self._assignment, work)
        except GraderError as error:
            with contextlib.suppress(BrokenPipeError):  # another worker was first to say so
                pipe.send(error)

    def _stop(self, workers: Sequence[Worker]) -> None:
        for worker in workers:
            with contextlib.suppress(BrokenPipeError):  # dead already
                worker.pipe.send(None)
        for worker in workers:
            worker.process.join(timeout=1)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.pipe.close()
        self._keeper.close()

    def close(self) -> None:
        """End the warm process when `results` was never asked for."""
        self._keeper.close()


def _refuse_threads() -> None:
    """A forked copy of a process with threads may wait for ever for one that it does not have."""
    count = len(os.listdir("/proc/self/task"))
    if count > OWN_THREADS:
        raise MachineryError(
            f"This process has {count} threads, and workers must not be forked from it.",
            next_step="Grade in a process of its own: grader grade … (or set OMP_NUM_THREADS=1 and"
            " OPENBLAS_NUM_THREADS=1 before numpy and torch are imported).",
        )
