"""The main process's view of its own processes: one that has the suite, and the workers that are forked from it."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from grader.assignments import Assignment, Course
from grader.errors import GraderError, MachineryError
from grader.records import Result
from grader.run import session
from grader.subject.keeper import Keeper
from grader.subject.runqueue import RunQueue

START_SECONDS = 180.0  # for collecting and rehearsing the suite, on a busy machine
STOP_SECONDS = 1.0
LEAST_STARVED = 1.0  # seconds that a process got no processor, for which it is given more time


@dataclass
class TrustedProcess:
    """A process of ours, the pipe to it, and until when it may take for what it does now."""

    pid: int
    pipe: Connection
    queue: RunQueue
    until: float = float("inf")  # when it is taken to be stuck, on the monotonic clock
    starved: float = 0.0  # what its run queue said when `until` was set

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

    def let_end(self, deadline: float) -> None:
        """Wait until it closes its end of the pipe, or until the deadline."""
        with contextlib.suppress(OSError, EOFError):
            while self.pipe.poll(max(0.0, deadline - time.monotonic())):
                self.pipe.recv()

    def close(self) -> None:
        """Close what is open of it here."""
        self.pipe.close()
        self.queue.close()


@dataclass
class Worker(TrustedProcess):
    """The main process's view of one worker."""

    busy_with: deque[int] = field(default_factory=deque)
    served: bool = False  # it has given a verdict
    verdicts: dict[int, Result] = field(default_factory=dict)  # whose mistakes it is looking for
    gone: bool = False  # its end of the pipe is closed, and all that it sent has been read; or it is stuck


class SuiteProcess:
    """The process that collects and rehearses the suite, once for all workers. `close` it at the end."""

    def __init__(self, warm: Keeper, course: Course, assignment: Assignment) -> None:
        """Have it forked from a warm process, as soon as that has loaded torch. It begins at once; `wait` for it."""
        control, its_control = socket.socketpair()
        self._warm, self._control = warm, Keeper(control)
        with its_control:
            self._pipe = _ask_for(warm, [its_control.fileno()], session.ENTRY)
        self._process: TrustedProcess | None = None  # once it is forked
        self._is_ready = False
        rehearsal = session.Rehearsal(course, assignment, dict(os.environ))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # noticed when it is waited for
            self._pipe.send(rehearsal)

    def wait_forked(self) -> TrustedProcess:
        """Wait until it is forked. Raises JailError when the warm process cannot load torch."""
        if self._process is None:
            self._warm.wait_loaded()
            pid = self._warm.worker_asked_for()
            self._process = TrustedProcess(pid, self._pipe, RunQueue(pid))
            self._process.wait(START_SECONDS)
        return self._process

    def wait(self) -> None:
        """Wait until the suite is rehearsed.

        Raises SuiteError when it is at fault, MachineryError when the process has died or is stuck.
        """
        process = self.wait_forked()
        while not self._is_ready:
            if process.pipe.poll(max(0.0, process.until - time.monotonic())):
                try:
                    message = process.pipe.recv()
                except (EOFError, ConnectionResetError):
                    raise MachineryError("the process that rehearses the suite died") from None
                if isinstance(message, GraderError):
                    raise message
                self._is_ready = True
            elif process.is_stuck():
                raise MachineryError(f"the suite was not rehearsed within {START_SECONDS:.0f} s")

    def worker(self, descriptors: Sequence[int], order: session.Order) -> Worker:
        """A worker with an order and these descriptors. Raises MachineryError when there is nobody to fork it."""
        pipe = _ask_for(self._control, descriptors)
        pid = self._control.worker_asked_for()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # noticed when it is asked
            pipe.send(order)
        return Worker(pid, pipe, RunQueue(pid))

    def reap(self, worker: Worker) -> str:
        """End a worker if it has not ended; says how it did."""
        worker.close()
        try:
            return f"exit status {self._control.reap(worker.pid)}"
        except MachineryError:  # whoever forked it is gone, and its workers with it
            return "the process that it was forked from died"

    def close(self) -> None:
        """End it, and with it its workers."""
        self._control.close()
        if self._process is not None:
            if self._is_ready:  # else it is ended with the warm process
                self._process.let_end(time.monotonic() + STOP_SECONDS)
            self._process.close()
        self._pipe.close()


class WarmStart:
    """A warm process, launched before anything is read, and the suite that is rehearsed while submissions are read."""

    def __init__(self, keeper: Keeper) -> None:
        self.keeper = keeper
        self.suite: SuiteProcess | None = None

    def rehearse(self, course: Course, assignment: Assignment) -> None:
        """Have the suite rehearsed as soon as torch is loaded; nothing is waited for."""
        with contextlib.suppress(
            MachineryError
        ):  # whoever waits for the warm process says what is the matter
            self.suite = SuiteProcess(self.keeper, course, assignment)

    def close(self) -> None:
        """End both."""
        if self.suite is not None:
            self.suite.close()
        self.keeper.close()


def rehearse_early(warm: WarmStart | None, course: Course, assignment: Assignment) -> None:
    """Have the suite rehearsed in the meantime, where there is a warm process to do it."""
    if warm is not None:
        warm.rehearse(course, assignment)


def _ask_for(keeper: Keeper, descriptors: Sequence[int], entry: str = "") -> Connection:
    """Have a process forked with a pipe of its own, these descriptors and our standard error; our end of the pipe."""
    pipe, its_pipe = socket.socketpair()
    with its_pipe, _standard_error() as standard_error:
        keeper.ask_for_worker([its_pipe.fileno(), *descriptors, standard_error], entry)
    return Connection(pipe.detach())


@contextlib.contextmanager
def _standard_error() -> Iterator[int]:
    """A descriptor of this process's standard error, or of nothing where it is closed."""
    try:
        descriptor = os.dup(2)
    except OSError:
        descriptor = os.open(os.devnull, os.O_WRONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
