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

    def __init__(self, warm: Keeper, order: session.Order) -> None:
        """Have it forked from a warm process that has loaded torch. It begins at once; `wait` for it."""
        control, its_control = socket.socketpair()
        self._control = Keeper(control)
        with its_control:
            pid, pipe = _fork(warm, [its_control.fileno()], session.ENTRY)
        self._process = TrustedProcess(pid, pipe, RunQueue(pid))
        self._process.wait(START_SECONDS)
        self._is_ready = False
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # noticed when it is waited for
            pipe.send(order)

    def wait(self) -> None:
        """Wait until the suite is rehearsed.

        Raises SuiteError when it is at fault, MachineryError when the process has died or is stuck.
        """
        process = self._process
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

    def worker(self, descriptors: Sequence[int], processor: int | None) -> Worker:
        """A worker on this processor, with these descriptors. Raises MachineryError when there is nobody to fork it."""
        pid, pipe = _fork(self._control, descriptors)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # noticed when it is asked
            pipe.send(processor)
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
        self._process.let_end(time.monotonic() + STOP_SECONDS)
        self._process.close()


def _fork(keeper: Keeper, descriptors: Sequence[int], entry: str = "") -> tuple[int, Connection]:
    """A process with a pipe of its own, these descriptors and our standard error: its number, our end of the pipe."""
    pipe, its_pipe = socket.socketpair()
    with its_pipe, _standard_error() as standard_error:
        pid = keeper.worker([its_pipe.fileno(), *descriptors, standard_error], entry)
    return pid, Connection(pipe.detach())


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
