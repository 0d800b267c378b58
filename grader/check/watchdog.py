"""Ends a process in which one step takes too long: Python cannot be stopped otherwise."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

Tell = Callable[[Mapping[str, Any]], None]
HUNG = 86  # exit status of a step that took too long
POLL = 0.05  # seconds


class Watchdog:
    """Ends this process when a step takes longer than the limit, and tells where the student's code was then."""

    def __init__(self, limit: float, labels: Mapping[str, str], tell: Tell) -> None:
        self.limit, self.labels, self.tell = limit, labels, tell
        self.step, self.deadline = "", float("inf")
        self.watched = threading.get_ident()
        threading.Thread(target=self._watch, daemon=True).start()

    def begin(self, step: str, limit: float | None = None) -> None:
        """`step` is the name of a check, or "" for a step of the loading. `limit` stands for the usual one."""
        self.step, self.deadline = step, time.monotonic() + (self.limit if limit is None else limit)

    def end(self) -> None:
        """The step is over."""
        self.deadline = float("inf")

    def _watch(self) -> None:
        while time.monotonic() < self.deadline:
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
