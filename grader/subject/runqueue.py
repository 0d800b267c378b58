"""How long a process wanted to run and got no processor, as Linux counts it in /proc/<pid>/schedstat.

A machine that is busy with others is not the student's doing, so this time is taken off what a submission was waited
for. A process that sleeps, or that uses its processor, does not wait for one: it cannot make the number grow alone.
"""

from __future__ import annotations

import contextlib
import os

#: How many times its seconds a process is waited for when the machine leaves it no processor.
MOST_STARVED = 9


class RunQueue:
    """The waiting of one process's main thread. Where the kernel does not count it, it is 0."""

    def __init__(self, pid: int) -> None:
        self._file = -1
        with contextlib.suppress(OSError):  # students' machines have other systems, too
            self._file = os.open(f"/proc/{pid}/schedstat", os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))

    @property
    def seconds(self) -> float:
        """Seconds so far; 0 once the process is gone."""
        if self._file < 0:
            return 0.0
        try:
            return int(os.pread(self._file, 100, 0).split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            return 0.0

    def close(self) -> None:
        """Give the file back; afterwards nothing is counted."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1
