"""How long a process wanted to run and could not: for want of a processor, or because somebody had stopped it.

A machine that is busy with others, or that suspends a container, is not the student's doing, so this time is taken off
what a submission was waited for. A process that sleeps, or that uses its processor, does not wait for one; and none in
the jail can stop itself (the filter): it cannot make the number grow alone. Linux counts the waiting for a processor
in /proc/<pid>/schedstat. It counts no stops, so they are seen by whoever looks often enough (`look`).
"""

from __future__ import annotations

import contextlib
import os

#: How many times its seconds a process is waited for when the machine leaves it no processor, or has it stopped.
MOST_STARVED = 9
#: Between two looks: a longer gap between them, by so much, is one in which whoever looks was stopped as well.
LOOK_SECONDS = 0.25
_STOPPED = b"T"


class RunQueue:
    """The waiting of one process's main thread. Where the kernel does not count it, it is 0."""

    def __init__(self, pid: int) -> None:
        self._file = self._state = -1
        self._stopped = 0.0
        with contextlib.suppress(OSError):  # students' machines have other systems, too
            flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0)
            self._file = os.open(f"/proc/{pid}/schedstat", flags)
            self._state = os.open(f"/proc/{pid}/stat", flags)

    @property
    def seconds(self) -> float:
        """Seconds so far; 0 once the process is gone."""
        if self._file < 0:
            return 0.0
        try:
            return int(os.pread(self._file, 100, 0).split()[1]) / 1e9 + self._stopped
        except (OSError, ValueError, IndexError):
            return 0.0

    @property
    def is_stopped(self) -> bool:
        """Whether the process is stopped now, as by SIGSTOP."""
        if self._state < 0:
            return False
        try:
            return os.pread(self._state, 500, 0).rpartition(b")")[2].split()[0] == _STOPPED
        except (OSError, IndexError):
            return False

    def look(self, since: float) -> None:
        """Count the `since` seconds from the last look to this one as waiting, if the process is stopped.

        Where they are far more than LOOK_SECONDS, whoever looks could not run, nor could those of its container: what
        is over counts.
        """
        if self.is_stopped:
            self._stopped += since
        elif since > 4 * LOOK_SECONDS:
            self._stopped += since - LOOK_SECONDS

    def close(self) -> None:
        """Give the files back; afterwards nothing is counted."""
        for descriptor in (self._file, self._state):
            if descriptor >= 0:
                os.close(descriptor)
        self._file = self._state = -1
