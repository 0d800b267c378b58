"""Ends a process in which one step takes too long: Python cannot be stopped otherwise.

As in grading, the time of a step stands still while the machine leaves this process no processor (`ProcessTime`).
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from grader.subject.runqueue import MOST_STARVED, RunQueue

Tell = Callable[[Mapping[str, Any]], None]
HUNG = 86  # exit status of a step that took too long
POLL = 0.05  # seconds


class ProcessTime:
    """The seconds that a process has had since `start`, less those in which it got no processor."""

    def __init__(self, queue: RunQueue) -> None:
        self._queue = queue
        self.start()

    def start(self) -> None:
        """Count from now on."""
        self._begun, self._waited = time.monotonic(), self._queue.seconds

    def is_over(self, limit: float) -> bool:
        """Whether the process has had `limit` seconds. Nobody is waited for without end."""
        left = self._begun + limit - time.monotonic()
        # What a process has waited is looked up only where it decides.
        return left <= 0 and left + min(self._queue.seconds - self._waited, MOST_STARVED * limit) <= 0


class Watchdog:
    """Ends this process when a step takes longer than the limit, and tells where the student's code was then."""

    def __init__(self, limit: float, labels: Mapping[str, str], tell: Tell) -> None:
        self.limit, self.labels, self.tell = limit, labels, tell
        self.step, self.seconds = "", float("inf")
        self.clock = ProcessTime(RunQueue(os.getpid()))  # before files are closed to this process
        self.watched = threading.get_ident()
        threading.Thread(target=self._watch, daemon=True).start()

    def begin(self, step: str, limit: float | None = None) -> None:
        """`step` is the name of a check, or "" for a step of the loading. `limit` stands for the usual one."""
        self.seconds = float("inf")  # until the clock is set
        self.clock.start()
        self.step, self.seconds = step, self.limit if limit is None else limit

    def end(self) -> None:
        """The step is over."""
        self.seconds = float("inf")

    def _watch(self) -> None:
        while not self.clock.is_over(self.seconds):
            time.sleep(POLL)
        frames: list[tuple[str, int, str]] = []
        frame = sys._current_frames().get(self.watched)
        while frame is not None and not frames:
            if frame.f_code.co_filename in self.labels:
                label = self.labels[frame.f_code.co_filename]
                frames.append((label, frame.f_lineno, frame.f_code.co_name))
            frame = frame.f_back
        self.tell({"event": "hang", "check": self.step, "frames": frames})
        os._exit(HUNG)
