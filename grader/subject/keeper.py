"""The trusted side of the warm process: starts it, and has children forked and ended.

Must not know suites or results. `Keeper` speaks to one zygote.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from grader.errors import JailError, MachineryError
from grader.subject import frames
from grader.subject.confinement import Confinement
from grader.subject.stream import Child

START_SECONDS = 120.0
REPLY_SECONDS = 30.0


class Keeper:
    """One zygote and the control socket to it."""

    def __init__(
        self,
        control: socket.socket,
        process: subprocess.Popen[bytes] | None = None,
        confinement: Confinement | None = None,
    ) -> None:
        self._control = control
        self._process = process
        self._confinement = confinement
        self._loaded = self._warming = self._serving = False
        self.is_pinned = False  # to one processor: others are at work on the others
        self._reader = frames.FrameReader()

    @classmethod
    def launch(cls, confinement: Confinement | None = None) -> Keeper:
        """Start a zygote without waiting for it to be warm; `wait` does that.

        Without a confinement it only loads numpy and torch, until `confine` says what it is to be.
        """
        ours, theirs = socket.socketpair()
        boot = "from grader.safe_path import leave_current_folder; leave_current_folder(); "
        boot += f"from grader.subject.zygote import main; main({theirs.fileno()})"
        process = subprocess.Popen(
            [sys.executable, "-s", "-B", "-c", boot],
            env=frames.ENVIRONMENT,
            cwd="/",
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()
        return cls(ours, process, confinement)

    def confine(self, confinement: Confinement) -> None:
        """Say what the zygote is to be, before it is warmed."""
        self._confinement = confinement

    @property
    def pid(self) -> int | None:
        """The number of the warm process, where this is who launched it."""
        return None if self._process is None else self._process.pid

    def wait_loaded(self) -> None:
        """Wait until numpy and torch are loaded: workers may then be started. Raises JailError when they cannot be."""
        if not self._loaded:
            self._wait_started()
            self._loaded = True

    def warm(self) -> None:
        """Have the zygote warm itself; `wait` tells when it is done."""
        confinement = self._confinement
        assert confinement is not None
        self._warming = True
        self._send(
            {
                "do": "warm",
                "name": confinement.name,
                "preload": confinement.preload,
                "watch": confinement.watch,
                "given": dict(confinement.given),
                "harness": confinement.harness,
                "readable": confinement.readable,
                "memory_bytes": confinement.memory_bytes,
                "cpu_seconds": confinement.cpu_seconds,
                "skip": sorted(confinement.skip),
                "compiler": confinement.compiler,
                "registrations": confinement.registrations,
                "huge_pages": confinement.huge_pages,
            }
        )

    def wait(self) -> None:
        """Wait until children can be forked. Raises JailError with its reason when they cannot."""
        self.wait_loaded()
        if not self._warming:
            self.warm()
        self._wait_started()

    def _wait_started(self) -> None:
        self._serving = False
        try:
            self._reply()
        except MachineryError as error:
            raise JailError(f"The warm process did not start: {error.message}") from error

    def worker(self, descriptors: Sequence[int], entry: str = "") -> int:
        """Fork a trusted process with these descriptors; gives its number.

        The warm process has it run `entry`, "module:function"; whoever has a suite knows what to run.
        """
        self.ask_for_worker(descriptors, entry)
        return self.worker_asked_for()

    def ask_for_worker(self, descriptors: Sequence[int], entry: str = "") -> None:
        """Have a trusted process forked as `worker` does, by a warm process that may still be loading torch."""
        self._send({"do": "worker", "entry": entry}, descriptors)

    def worker_asked_for(self) -> int:
        """Wait until it is forked, after `wait_loaded`; gives its number."""
        return int(self._reply()["pid"])

    def reap(self, pid: int) -> int:
        """End a worker if it has not ended, and give its exit status, negative for a signal."""
        return os.waitstatus_to_exitcode(self._request({"do": "reap", "pid": pid})["status"])

    def clone(self) -> Keeper:
        """A second zygote, forked from this one, with a control socket of its own."""
        ours, theirs = socket.socketpair()
        with theirs:
            self.clone_onto(theirs)
        return Keeper(ours)

    def clone_onto(self, control: socket.socket) -> None:
        """Fork a second zygote that serves on this socket; whoever has its other end is its keeper."""
        self._send({"do": "clone"}, [control.fileno()])
        self._reply()

    def pin(self, cpu: int) -> None:
        """Keep the zygote and its children on one processor."""
        self._request({"do": "pin", "cpu": cpu})
        self.is_pinned = True

    def plan(self, items: Sequence[Sequence[bytes]]) -> None:
        """Give the zygote the batches of every item of the suite."""
        self._request({"do": "plan", "items": [list(item) for item in items]})

    def fork(self, anywhere: bool = False) -> Child:
        """A fresh locked child, on the zygote's processor or `anywhere`.

        Raises MachineryError when it could not lock itself.
        """
        ours, theirs = socket.socketpair()
        self._send({"do": "fork", "anywhere": anywhere}, [theirs.fileno()])
        theirs.close()
        child = Child(int(self._reply()["pid"]), ours)
        try:
            locked = child.receive(REPLY_SECONDS)
        except (EOFError, TimeoutError, frames.WireError):
            locked = b"it ended without a word"
        if locked != frames.LOCKED:
            self.end(child)
            raise MachineryError(f"a child could not be locked: {locked.decode('utf-8', 'replace')}")
        return child

    def end(self, child: Child) -> dict[str, Any]:
        """Kill and reap a child; gives its wait status, processor seconds and peak memory in bytes.

        "killed": it had died of a SIGKILL before, that neither we nor its own limits sent.
        """
        usage = self._request({"do": "reap", "pid": child.pid})
        child.close()
        return usage

    def close(self) -> None:
        """End the zygote and with it every child."""
        self._control.close()
        if self._process is not None:
            if not self._loaded:
                self._process.kill()  # it would go on loading, and serves nobody yet
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _request(self, message: dict[str, Any]) -> dict[str, Any]:
        self._send(message)
        return self._reply()

    def _send(self, message: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
        try:
            frames.send(self._control, message, descriptors)
        except OSError as error:
            raise MachineryError("the warm process has ended") from error

    def _reply(self) -> dict[str, Any]:
        # The first may be awaited before there is anybody to give it: the zygote is being warmed.
        seconds = REPLY_SECONDS if self._serving else START_SECONDS
        deadline = time.monotonic() + seconds
        while (data := self._reader.next()) is None:
            self._control.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                received = self._control.recv(frames.READ_SIZE)
            except ConnectionResetError:
                received = b""
            except TimeoutError:
                raise MachineryError(f"no reply from the warm process within {seconds:.0f} s") from None
            finally:
                self._control.settimeout(None)
            if not received:
                raise MachineryError("the warm process has ended")
            self._reader.feed(received)
        self._serving = True
        reply = frames.decode_control(data)
        if "error" in reply:
            raise MachineryError(str(reply["error"]))
        return reply
