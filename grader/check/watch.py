"""A new look at every save, answered from a warm process.

The folder is polled: sizes and dates of a few files, their content only when these change. A look that is
overtaken by another save is stopped, so what stands on the screen is never about an older version for long; and as
the source goes with the request, it is never about another version than it says.
"""

from __future__ import annotations

import hashlib
import stat
import time
from collections.abc import Callable
from pathlib import Path

from grader.check.folder import ENDINGS, Exercise
from grader.check.process import Runner, Superseded
from grader.check.report import Report
from grader.check.session import LIMIT_SECONDS, look
from grader.errors import UsageError

POLL_SECONDS = 0.05
SETTLE_SECONDS = 0.03  # an editor empties a file before it writes it
GONE_SECONDS = 1.0  # or moves another one over it
COARSE_SECONDS = 3.0

State = tuple[tuple[str, int, int], ...]


class FolderWatcher:
    """Knows whether anything in the exercise's folder that a look depends on has changed."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self._state: State = ()
        self._digest = ""

    def note(self) -> None:
        """What is there now is what is going to be looked at."""
        self._state = self._now()
        self._digest = self._content()

    def changed(self) -> bool:
        """Whether a file's content is another than when it was noted; saving the same again is no change."""
        state = self._now()
        if state == self._state and not self._is_recent(state):
            return False
        if self._content() == self._digest:
            self._state = state
            return False
        return True

    def _is_recent(self, state: State) -> bool:
        """Whether another save could have the same date: some file systems count in steps of two seconds."""
        return any(abs(time.time() - date / 1e9) < COARSE_SECONDS for _, date, _ in state)

    def settle(self) -> None:
        """Wait until nothing changes any more: a save may be half done."""
        before = self._now()
        while True:
            time.sleep(SETTLE_SECONDS)
            after = self._now()
            if after == before:
                return
            before = after

    def _paths(self) -> list[Path]:
        named = [self.exercise.file] if self.exercise.file is not None else []
        suffixes = (*ENDINGS, ".toml")
        return sorted({*named, *(p for p in self.exercise.folder.glob("*.*") if p.suffix in suffixes)})

    def _now(self) -> State:
        paths = []
        for path in self._paths():
            try:
                status = path.stat()
            except OSError:  # just removed or moved
                continue
            paths.append((str(path), status.st_mtime_ns, status.st_size))
        return tuple(paths)

    def _content(self) -> str:
        digest = hashlib.sha256()
        for path in self._paths():
            try:
                kind = stat.S_IFMT(path.stat().st_mode)
                # A pipe or a device would be read for ever.
                data = path.read_bytes() if stat.S_ISREG(kind) else b""
            except OSError:
                continue
            digest.update(f"{path}\0{kind}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
            digest.update(data)
        return digest.hexdigest()


def watch(
    exercise: Exercise,
    runner: Runner,
    show: Callable[[Report | UsageError], None],
    limit: float = LIMIT_SECONDS,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Look, show, and look again whenever a file changes, until `stop` is true.

    What is wrong with the files is shown like a report: the next save may put it right.
    """
    watcher = FolderWatcher(exercise)
    while not stop():
        watcher.note()
        try:
            report: Report | UsageError = _look(exercise, runner, limit, lambda: stop() or watcher.changed())
        except Superseded:
            watcher.settle()
            continue
        if watcher.changed():
            watcher.settle()
            continue
        show(report)
        while not stop() and not watcher.changed():
            time.sleep(POLL_SECONDS)
        watcher.settle()


def _look(exercise: Exercise, runner: Runner, limit: float, stop: Callable[[], bool]) -> Report | UsageError:
    deadline = time.monotonic() + GONE_SECONDS
    while True:
        try:
            return look(exercise, runner, limit, stop)
        except UsageError as error:
            if time.monotonic() > deadline:
                return error
            time.sleep(POLL_SECONDS)
            if stop():
                raise Superseded from None
