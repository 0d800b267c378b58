"""The processes that student code runs in, from outside: started warm, asked, listened to, stopped.

On Linux one warm process forks for each request. Where fork is missing or cannot be trusted with a loaded torch
(Windows, macOS), each request has a process of its own, and `Runner` keeps the next one loading meanwhile. Nothing is
shared with student code but pipes; whatever it does to its process, a `Runner` is usable afterwards.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.check.watchdog import ProcessTime
from grader.errors import MachineryError
from grader.subject.runqueue import RunQueue

CAN_FORK = sys.platform.startswith("linux") and hasattr(os, "fork")
START_SECONDS = 120.0  # a cold disk can take a minute to load torch
GRACE_SECONDS = 2.0  # the child's own watchdog goes first: it can say where it hangs
TICK = 0.03  # seconds between two looks at whether the answer is still wanted

Event = Mapping[str, Any]
_MAIN = "import sys; sys.path[:] = {path!r}; from grader.check.child import main; main({modules!r}, {fork!r})"


class Superseded(Exception):
    """The answer is no longer wanted: `stop` said so while the request ran."""


class Runner:
    """Runs requests, one at a time, each in a process that knows nothing of those before.

    `modules` are loaded beforehand. `warm`: more requests will come, so a process is kept loaded for the next one.
    Use it as a context manager: leaving it ends every process.
    """

    def __init__(self, modules: Sequence[str], warm: bool = False, fork: bool = CAN_FORK) -> None:
        self.modules, self.warm, self.fork = tuple(modules), warm, fork
        self._child: _Child | None = None
        self._next_child()

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes."""
        self.warm = False
        if self._child is not None:
            self._child.end()
            self._child = None

    def run(
        self, request: Mapping[str, Any], limit: float, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Event]:
        """The events of a request (see `perform.run`), the last one being `ended` with the exit status.

        A step that is silent for longer than `limit` seconds of its own, and a little, is killed. Raises Superseded
        as soon as `stop` is true, and MachineryError when no process can be started.
        """
        child = self._next_child()
        child.wait_until_ready(stop)
        child.ask(request)
        child.clock.start()
        killed, ended = False, False
        try:
            while True:
                event = child.event(TICK)
                if event is None:
                    if stop():
                        raise Superseded
                    if not killed and child.clock.is_over(limit + GRACE_SECONDS):
                        killed = True
                        child.kill_request()
                    continue
                child.clock.start()
                if event["event"] == "ended":
                    ended = True
                    yield {**event, "killed": killed}
                    return
                yield event
        finally:
            if not ended:
                child.kill_request()
            if not self.fork or child.is_over:
                child.end()
                self._child = None
                if self.warm:
                    self._next_child()
            elif not ended:
                child.drain()

    def _next_child(self) -> _Child:
        if self._child is None or self._child.is_over:
            self._child = _Child(self.modules, self.fork)
        return self._child


class _Child:
    """One process and what it says, as a queue; None stands at its end."""

    def __init__(self, modules: Sequence[str], fork: bool) -> None:
        folder = os.getcwd()  # the student's folder, most often: nothing in it may stand in for a library
        path = [entry for entry in sys.path if entry and os.path.abspath(entry) != folder]
        path.append(str(Path(__file__).resolve().parents[2]))
        code = _MAIN.format(path=path, modules=list(modules), fork=fork)
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
        self.forks, self.is_ready, self.is_over = fork, False, False
        self._request_pid: int | None = None
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `end`)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=environment,
            )
        except OSError as error:
            raise MachineryError(
                f"{sys.executable} could not be started: {error}.", next_step="Try again."
            ) from error
        self._queue = RunQueue(self._process.pid)
        self.clock = ProcessTime(self._queue)  # of what runs the request
        self._events: queue.Queue[Event | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with contextlib.suppress(ValueError):  # half a line of a process that was killed
                event = json.loads(line) if line.strip() else None
                if isinstance(event, dict) and isinstance(event.get("event"), str):
                    self._events.put(event)
        self._events.put(None)

    def event(self, seconds: float) -> Event | None:
        """The next thing it says; None when it says nothing for so long."""
        if self.is_over:
            return {"event": "ended", "status": self._process.wait()}
        try:
            event = self._events.get(timeout=seconds)
        except queue.Empty:
            return None
        if event is None:
            self.is_over = True
            return {"event": "ended", "status": self._process.wait()}
        if event["event"] == "started":
            self._request_pid = event["pid"]
            self._queue.close()
            self._queue = RunQueue(event["pid"])
            self.clock = ProcessTime(self._queue)
        elif event["event"] == "ended":
            self._request_pid = None
        return event

    def wait_until_ready(self, stop: Callable[[], bool]) -> None:
        """Wait for the process to have loaded its modules. Raises MachineryError when it ends or takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready:
            event = self.event(TICK)
            if event is not None and event["event"] == "ready":
                self.is_ready = True
            elif event is not None and event["event"] == "ended":
                self._errors.seek(0)
                output = self._errors.read().decode(errors="replace").strip().splitlines()
                raise MachineryError(
                    f"The process that runs your code did not start: {output[-1] if output else 'it printed nothing'}",
                    next_step=f"Does this work? {sys.executable} -c 'import grader.check.child, torch'",
                )
            elif stop():
                raise Superseded
            elif time.monotonic() > deadline:
                raise MachineryError(
                    f"The process that runs your code did not start within {START_SECONDS:.0f} s.",
                    next_step="Try again when the machine is less busy.",
                )

    def ask(self, request: Mapping[str, Any]) -> None:
        """Send a request (`perform.run` says what it holds); a process that has died says so in its next event."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it has died: `event` will say so
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()

    def kill_request(self) -> None:
        """End what runs the request, and where it forks only that."""
        if not self.forks:
            self._process.kill()
            return
        # It forks at once when asked, so its pid is on the way.
        deadline = time.monotonic() + GRACE_SECONDS
        pending: list[Event] = []
        while self._request_pid is None and not self.is_over and time.monotonic() < deadline:
            event = self.event(TICK)
            pending += [event] if event is not None else []
            if event is not None and event["event"] == "ended":
                break
        for event in pending:
            self._events.put(event)
        if self._request_pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._request_pid, 9)
        elif not pending:
            self._process.kill()

    def drain(self) -> None:
        """Read to the end of the request that was killed, so that the next one's answer is the next one's."""
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline:
            event = self.event(TICK)
            if event is not None and event["event"] == "ended":
                return
        self.end()

    def end(self) -> None:
        """End the process and wait for it."""
        self.is_over = True
        if self._request_pid is not None:
            with contextlib.suppress(OSError):
                os.kill(self._request_pid, 9)
        self._process.kill()
        self._process.wait()
        self._queue.close()
        self._reader.join(GRACE_SECONDS)
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()
        self._errors.close()
