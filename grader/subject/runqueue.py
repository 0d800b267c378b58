"""How long a process wanted to run and could not: for want of a processor, or because somebody had stopped it.

A machine that is busy with others, or that suspends a container, is not the student's doing, so this time is taken off
what a submission was waited for. A process that sleeps, or that uses its processor, does not wait for one; and none in
the jail can stop itself (the filter): it cannot make the number grow alone. Linux counts the waiting for a processor
in /proc/<pid>/schedstat, but only once it is over. It counts no stops either. So both are seen by whoever looks often
enough (`look`).
"""

from __future__ import annotations

import contextlib
import os

#: How many times its seconds a process is waited for when the machine leaves it no processor, or has it stopped.
MOST_STARVED = 9
#: Between two looks: a longer gap between them, by so much, is one in which whoever looks was stopped as well.
LOOK_SECONDS = 0.25
#: A process that runs shows it within so many seconds: its time is counted at each tick of the clock.
TICK_SECONDS = 0.02
_STOPPED, _RUNNABLE = b"T", b"R"


class RunQueue:
    """The waiting of one process's main thread. Where the kernel does not count it, it is 0."""

    def __init__(self, pid: int) -> None:
        self._file = self._state = -1
        self._stopped = 0.0
        self._counts = (-1, -1)  # nanoseconds that it ran, and that it waited, as they were read last
        self._not_over = 0.0  # seconds that it has waited since then, which are not counted yet
        with contextlib.suppress(OSError):  # students' machines have other systems, too
            flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0)
            self._file = os.open(f"/proc/{pid}/schedstat", flags)
            self._state = os.open(f"/proc/{pid}/stat", flags)

    @property
    def seconds(self) -> float:
        """Seconds so far; 0 once the process is gone."""
        try:
            self._has_news()
        except (OSError, ValueError):
            return 0.0
        return self._counts[1] / 1e9 + self._stopped + self._not_over

    def _has_news(self) -> bool:
        """Read what Linux counts; whether the process ran since the last time. Raises OSError, ValueError."""
        ran, waited, _ = map(int, os.pread(self._file, 100, 0).split())
        if (ran, waited) == self._counts:
            return False
        self._counts, self._not_over = (ran, waited), 0.0
        return True

    @property
    def is_stopped(self) -> bool:
        """Whether the process is stopped now, as by SIGSTOP."""
        return self._letter == _STOPPED

    @property
    def _letter(self) -> bytes:
        """What it does, in Linux's letters; none once it is gone."""
        try:
            return os.pread(self._state, 500, 0).rpartition(b")")[2].split()[0]
        except (OSError, IndexError):
            return b""

    def look(self, since: float) -> None:
        """Count the `since` seconds up to now as waiting, if the process is stopped, or could run and never did.

        Where they are far more than LOOK_SECONDS, whoever looks could not run, nor could those of its container: what
        is over counts.
        """
        letter = self._letter
        if letter == _STOPPED:
            self._stopped += since
        elif since > 4 * LOOK_SECONDS:
            self._stopped += since - LOOK_SECONDS
        elif letter == _RUNNABLE and since >= TICK_SECONDS:
            with contextlib.suppress(OSError, ValueError):
                never_ran = not self._has_news() and self._counts[0] > 0  # 0 where Linux counts nothing
                self._not_over += since if never_ran else 0.0

    def close(self) -> None:
        """Give the files back; afterwards nothing is counted."""
        for descriptor in (self._file, self._state):
            if descriptor >= 0:
                os.close(descriptor)
        self._file = self._state = -1
